//! Where calls live: one contract over embedded SQLite and Snowflake.
#![warn(missing_docs)]

mod contract;
mod model;

pub use contract::{CallReader, CallStore, Insights, Landing, Upkeep};
pub use model::*;

resilience::error_type! {
    /// What went wrong in a store.
    pub struct Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
