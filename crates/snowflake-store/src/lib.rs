//! Where calls live: one contract over embedded SQLite and Snowflake.
//!
//! [`CallStore`] combines five traits, each with a written contract: [`Landing`] takes
//! documents and records the progress of a sync, [`CallReader`] answers the agents'
//! questions, [`Insights`] adds what was computed or read elsewhere, [`Records`] keeps
//! what Gong has beside calls, and [`Upkeep`] keeps the store in order. All are
//! object-safe, and an `Arc` or `Box` of a store is a store. [`SqliteStore`] implements
//! all five on one file. The statements in `sql/` are hand-written and bind every value.
//!
//! A store of your own implements the same five; `testkit::store_conformance!`, in the
//! package `gong-snowflake-testkit`, checks it against the contract.
//!
//! ```
//! use calls::{CallId, RawDocument};
//! use snowflake_store::{CallReader, Landing, LandingPage, SqliteStore, TransformScope};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = SqliteStore::in_memory().await?;
//! let id = CallId::new("7782342274025937895");
//! let call = r#"{"metaData":{"id":"7782342274025937895","title":"Demo","started":"2026-03-02T10:00:00-08:00"}}"#;
//! let said = r#"{"callId":"7782342274025937895","transcript":[
//!     {"speakerId":"1","sentences":[{"start":0,"end":1500,"text":"Hello."}]}]}"#;
//! let page = LandingPage::new("run")
//!     .with_calls(vec![RawDocument::new(id.clone(), call)?])
//!     .with_transcripts(vec![RawDocument::new(id.clone(), said)?]);
//! let landed = store.land(page).await?;
//! store.transform(TransformScope::Calls(landed.changed)).await?;
//!
//! let detail = store.call_detail(&id).await?.ok_or("not there")?;
//! assert_eq!(detail.call.title.as_deref(), Some("Demo"));
//! assert_eq!(detail.transcript.map(|transcript| transcript.sentences.len()), Some(1));
//! # Ok(())
//! # }
//! ```
//!
//! | feature | what it adds |
//! |---|---|
//! | `sqlite` (default) | [`SqliteStore`]: one file, and SQLite compiled in |
//! | `snowflake` (default) | [`SnowflakeStore`] |
//! | `cortex-search` (default) | [`CortexSearch`]: chunks found by a Cortex Search service |
//! | `streaming` (default) | [`StreamedLanding`]: backfills over Snowpipe Streaming |
//! | `mocks` | `mockall` mocks of the traits, of a whole store too, for the tests of other crates |
#![warn(missing_docs)]
// What backends share has callers in the full build, where the lints look.
#![cfg_attr(
    not(all(feature = "sqlite", feature = "snowflake")),
    allow(dead_code, unused_imports)
)]

mod blocking;
#[cfg(any(feature = "sqlite", feature = "snowflake"))]
mod cleaning;
mod contract;
mod document;
mod erasure;
mod forward;
mod gong_context;
mod hybrid;
mod input;
mod instant;
mod lease_keeper;
#[cfg(feature = "mocks")]
mod mocks;
mod model;
mod page;
mod payload_hash;
mod process;
mod records;
mod reopenable;
#[cfg(feature = "snowflake")]
mod snowflake;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stage_stays;
mod staging;
mod statistics;

mod stored;
mod unstored;

pub use contract::{CallReader, CallSource, CallStore, Insights, Landing, Records, Upkeep};
pub use hybrid::{Compared, Hybrid, ShadowReport, serving};
pub use lease_keeper::LeaseKeeper;
#[cfg(feature = "mocks")]
pub use mocks::{
    MockCallReader, MockCallStore, MockInsights, MockLanding, MockRecords, MockUpkeep,
};
pub use model::*;
pub use reopenable::Reopenable;
#[cfg(feature = "cortex-search")]
pub use snowflake::CortexSearch;
#[cfg(all(feature = "mocks", feature = "snowflake"))]
pub use snowflake::MockChunkSearch;
#[cfg(feature = "streaming")]
pub use snowflake::StreamedLanding;
#[cfg(feature = "snowflake")]
pub use snowflake::{
    AccountCheck, AccountNeeds, CheckOutcome, ChunkSearch, FoundChunk, GongShareConfig,
    GongShareReport, GrantedRole, ReadCache, ReaderInDatabase, SearchServiceName,
    SnowflakeMigration, SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, SpentCredits,
    StagingWriter, StreamedCall, StreamedTranscript, check_account, check_session,
    snowflake_migrations, split_statements,
};
#[cfg(feature = "sqlite")]
pub use sqlite::{Access, SqliteConfig, SqliteStore};

// What signatures here show, so that a program needs no other crate for it.
pub use calls::{self, CallId, RawDocument, Timestamp};
#[cfg(feature = "snowflake")]
pub use outbound;
pub use resilience::{self, ErrorKind, RetryPolicy};
#[cfg(feature = "snowflake")]
pub use snowflake_sql;
#[cfg(feature = "streaming")]
pub use snowflake_streaming;
pub use tokio_util::sync::CancellationToken;

resilience::error_type! {
    /// What went wrong in a store.
    pub struct Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
