//! The store on Snowflake.
//!
//! Rows travel as one JSON document per statement, which `PARSE_JSON` and `FLATTEN` take
//! apart: binds are few, rows are many, and VARIANT cannot be bound. What belongs
//! together is one [`SqlPool::transaction`](snowflake_sql::SqlPool::transaction) of
//! idempotent statements: a commit whose reply was lost is repeated, and the client
//! creates the ids that tell repetitions apart.

mod account;
mod batches;
#[cfg(feature = "streaming")]
mod bulk;
mod chunk_search;
mod config;
mod counted;
mod credits;
mod crm;
mod erasure;
mod export;
mod failure;
mod gong_share;
mod in_database;
mod insights;
mod landing;
mod leases;
mod migrations;
mod reader;
mod readings;
mod reads;
mod records;
mod retention;
mod search_terms;
mod statements;
mod store;
mod streamed;
mod transform;
mod upkeep;

pub use account::{
    AccountCheck, AccountNeeds, CheckOutcome, GrantedRole, check_account, check_session,
};
#[cfg(feature = "streaming")]
pub use bulk::StreamedLanding;
#[cfg(feature = "cortex-search")]
pub use chunk_search::CortexSearch;
#[cfg(feature = "mocks")]
pub use chunk_search::MockChunkSearch;
pub use chunk_search::{ChunkSearch, FoundChunk, SearchServiceName};
pub use config::{ReadCache, SnowflakeServer, SnowflakeStoreConfig};
pub use credits::SpentCredits;
pub use gong_share::{GongShareConfig, GongShareReport};
pub use in_database::StagingWriter;
pub use migrations::{SnowflakeMigration, snowflake_migrations, split_statements};
pub use reader::ReaderInDatabase;
pub use store::SnowflakeStore;
pub use streamed::{StreamedCall, StreamedTranscript};

use calls::Timestamp;
use serde::Serialize;
use snowflake_sql::Bind;

use crate::{Error, Result, instant};

/// A limit as Snowflake takes it.
fn limit(at_most: usize) -> i64 {
    i64::try_from(at_most).unwrap_or(i64::MAX)
}

/// Now, as statements take it.
fn now() -> String {
    instant::text(Timestamp::now())
}

/// A value as the one JSON bind of a statement.
fn json<T: Serialize + ?Sized>(value: &T) -> Result<Bind> {
    serde_json::to_string(value)
        .map(Bind::Text)
        .map_err(|error| {
            Error::new(
                resilience::ErrorKind::Internal,
                "value cannot be written as JSON",
            )
            .with_source(error)
        })
}

/// An instant as text, within the years that Snowflake's timestamps have.
fn bounded_instant(instant: Timestamp) -> String {
    // Seconds of 0001-01-01 and of 9999-12-30, the last whole day that jiff knows.
    const FIRST: i64 = -62_135_596_800;
    const LAST: i64 = 253_402_128_000;
    let first = Timestamp::from_second(FIRST).unwrap_or(Timestamp::MIN);
    let last = Timestamp::from_second(LAST).unwrap_or(Timestamp::MAX);
    instant::text(instant.clamp(first, last))
}

/// An id that no other row has and that sorts after those made before it.
fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
