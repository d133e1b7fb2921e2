//! Gong's public API as streams of pages that lose nothing.
#![warn(missing_docs)]

mod api;
mod filter;
mod page;

pub use api::{GongApi, User, Workspace};
pub use filter::{CallFilter, ContentSelector, TranscriptFilter};
pub use page::{Cursor, Page, Rejected};

resilience::error_type! {
    /// What went wrong between here and Gong.
    pub struct Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
