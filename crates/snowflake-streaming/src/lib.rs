//! Rows into Snowflake through Snowpipe Streaming's REST interface, exactly once.
//!
//! For backfills: no warehouse runs, no statement carries documents as bound values,
//! and nothing is staged. Rows reach a table over a *named channel*. They
//! carry increasing offsets; Snowflake remembers the last committed offset,
//! and after a failure the channel is reopened and continues from there. The caller
//! must be able to append a row again with the same offset until it is
//! [committed](RowChannel::committed).
//!
//! The crate follows Snowflake's [reference][rest] of the interface as of November 2026
//! and has not run against a live account.
//!
//! [rest]: https://docs.snowflake.com/en/user-guide/snowpipe-streaming/snowpipe-streaming-high-performance-rest-api
//!
//! ```
//! use snowflake_streaming::{InMemoryChannel, Row, RowChannel};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), snowflake_streaming::Error> {
//! let mut channel = InMemoryChannel::default();
//! let row = |offset, id: &str| Row::new(offset, &serde_json::json!({ "CALL_ID": id }));
//! channel.append(&[row(1, "a")?, row(2, "b")?]).await?;
//! // After a crash the same rows come again: they are left out.
//! channel.append(&[row(2, "b")?, row(3, "c")?]).await?;
//! assert_eq!(channel.flush().await?, Some(3));
//! assert_eq!(channel.rows().len(), 3);
//! # Ok(())
//! # }
//! ```
//!
//! | feature | what it adds |
//! |---|---|
//! | `mocks` | a `mockall` mock of [`RowChannel`], for the tests of other crates |
#![warn(missing_docs)]

mod batch;
mod channel;
mod config;
mod contract;
mod endpoint;
mod failure;
mod memory;
mod row;

pub use channel::SnowpipeChannel;
pub use config::ChannelConfig;
#[cfg(feature = "mocks")]
pub use contract::MockRowChannel;
pub use contract::RowChannel;
pub use memory::InMemoryChannel;
pub use row::Row;

// What signatures here show, so that a program needs no other crate for it.
pub use outbound::{self, Url};
pub use resilience::{self, ErrorKind, RetryPolicy};

resilience::error_type! {
    /// What went wrong on a channel.
    pub struct Error;
    from outbound::Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
