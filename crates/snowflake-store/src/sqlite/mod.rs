//! The embedded store: one SQLite file.

mod busy;
mod checkpoints;
mod config;
mod connection;
mod crm;
mod erasure;
mod export;
mod failure;
mod files;
mod freeing;
mod frozen;
mod insights;
mod instant;
mod landing;
mod leases;
mod migrations;
mod readers;
mod reads;
mod records;
mod retention;
mod sketches;
mod statements;
mod store;
mod transform;
mod upkeep;
mod writer;

use resilience::ErrorKind;

use crate::Error;
use failure::{JobError, JobResult};

pub use config::{Access, SqliteConfig};
pub use store::SqliteStore;

/// A limit as SQLite takes it.
fn limit(at_most: usize) -> i64 {
    i64::try_from(at_most).unwrap_or(i64::MAX)
}

/// A value as the JSON text of a column.
fn json<T: serde::Serialize>(value: &T) -> JobResult<String> {
    serde_json::to_string(value).map_err(|error| {
        JobError::Store(
            Error::new(ErrorKind::Internal, "value cannot be written as JSON").with_source(error),
        )
    })
}
