//! Where calls live: one contract over embedded SQLite and Snowflake.
#![warn(missing_docs)]

mod contract;
mod forward;
mod model;
mod payload_hash;
mod sqlite;
mod statistics;

pub use contract::{CallReader, CallStore, Insights, Landing, Upkeep};
pub use model::*;
pub use sqlite::{Access, SqliteConfig, SqliteStore};

resilience::error_type! {
    /// What went wrong in a store.
    pub struct Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
