//! Rows into Snowflake by Snowpipe Streaming's REST interface, exactly once.
//!
//! For backfills: no warehouse runs, no statement carries documents as bound values,
//! and nothing is staged. Rows are appended to a table by a *named channel*: they
//! carry rising offsets, Snowflake remembers the offset up to which it has committed,
//! and after a failure the channel is opened again and goes on from there. Whoever
//! appends a row must be able to append it again with the same offset until it is
//! [committed](RowChannel::committed).
//!
//! Snowflake's words for the interface are [its reference][rest]; what stands here
//! follows it as of November 2026 and has not met a live account.
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
