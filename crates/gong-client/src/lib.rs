//! Gong's public API: every operation, typed, as streams that lose nothing.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use gong_client::{GongClient, Result, Timestamp};
//!
//! # async fn example(from: Timestamp, to: Timestamp) -> Result<()> {
//! // GONG_BASE_URL, GONG_ACCESS_KEY, GONG_ACCESS_KEY_SECRET.
//! let gong = GongClient::from_env()?;
//! let mut calls = gong.calls().between(from, to).stream();
//! while let Some(call) = calls.try_next().await? {
//!     println!("{:?} {:?}", call.started, call.title);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Where things are
//! - [`GongClient`]: the groups of operations, such as [`calls()`](GongClient::calls) and
//!   [`users()`](GongClient::users); their types are in [`groups`]. One reply is a
//!   [`Pending`], which is awaited; a listing is [`Paged`].
//! - [`GongConfig`]: address, credentials, limits, timeouts, retries.
//! - [`oauth`]: grants of other companies, and renewing them.
//! - `webhooks` (a feature): checking and reading what Gong's automation rules send.
//! - [`GongApi`], [`GongApiExt`]: the reads of ingestion as a trait, with raw documents that
//!   are landed as they come and [`calls::gong`] decodes later.
//! - [`operations`]: every operation with its scope, as data.
//!
//! # What Gong does, and what is done about it
//! - **Limits**: 3 requests per second and 10,000 per day for the whole company. The client
//!   keeps to both; [`quota`](GongClient::quota) says what is used,
//!   [`estimate`](Paged::estimate) what a listing would cost, and a [`SharedLimiter`] keeps
//!   several clients or processes under them together.
//! - **Lateness**: a call appears once its recording is processed, up to a day after it
//!   ended and under its old start; its transcript later still; there is no filter by time of
//!   change. Look back several days and compare.
//! - **Loose types**: fields are absent or null anywhere, numbers come as text, new fields
//!   without notice. All of it is read, and what is not modelled is kept in `extra`.
//!   A malformed record is set aside in [`Page::rejected`] and never fails its page.
//! - **Empty results** are HTTP 404 at Gong and an empty page here. A key that may see no
//!   calls looks the same.
//! - **Endless listings** are ended by a [`PageGuard`] with a typed error.
//! - **Writes** are sent once, because Gong takes no idempotency key: after a failure other
//!   than 429 the error is not retryable. Look before you repeat.
//! - **Tracing**: every attempt is a `request` span with `endpoint`, `status` and Gong's
//!   `trace_id`; [`counts`](GongClient::counts) has the figures.
//!
//! | feature | adds |
//! |---|---|
//! | `webhooks` | the module `webhooks` |
//! | `axum` | an extractor of verified webhooks for axum |
//! | `sqlite` | `oauth::SqliteTokenStore`, which keeps grants in a SQLite file |
//! | `mocks` | `MockGongApi`, to force errors in tests |
#![warn(missing_docs)]

mod api;
mod client;
mod config;
mod counts;
mod decode;
mod draft;
mod envelope;
mod environment;
mod failure;
mod filter;
mod filter_body;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod gong;
mod group;
pub mod groups;
mod guard;
mod ledger;
mod limiter;
mod listing;
pub mod oauth;
mod operation;
mod page;
mod quota;
mod raw;
mod raw_records;
mod record_id;
mod request;
mod seen;
mod selector;
mod stream;
mod upload;
mod utf8;
#[cfg(feature = "webhooks")]
pub mod webhooks;
mod wire;

#[cfg(feature = "mocks")]
pub use api::MockGongApi;
pub use api::{GongApi, User, Workspace};
pub use client::GongClient;
pub use config::{Credentials, GongConfig};
pub use counts::EndpointCount;
pub use draft::{Paged, Pending};
pub use filter::{CallFilter, TranscriptFilter};
pub use gong::operations;
pub use guard::PageGuard;
pub use limiter::SharedLimiter;
pub use listing::Listing;
pub use operation::Operation;
pub use page::{Cursor, Page, Rejected};
pub use quota::{Estimate, Quota};
pub use raw::RawCall;
pub use stream::{GongApiExt, items};

// What signatures here show, so that a program needs no other crate for it.
pub use calls::{self, CallId, RawDocument, Timestamp, UserId, WorkspaceId};
pub use jiff::civil::Date;
pub use outbound::reqwest::{Body, Method};
pub use outbound::{self, ClientStats, SecretString};
pub use resilience::{self, ErrorKind, RetryPolicy};
pub use selector::{ContentParts, ContentSelector, ContextTiming, CrmContext, InteractionParts};
pub use wire::Extra;

resilience::error_type! {
    /// What went wrong between here and Gong.
    pub struct Error;
    from outbound::Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
