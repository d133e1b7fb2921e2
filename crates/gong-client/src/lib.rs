//! Gong's public API as streams of pages that lose nothing.
//!
//! - [`GongApi`]: Gong as the rest of the workspace sees it, page by page.
//! - [`GongApiExt`]: the same as streams; [`items`] for single records.
//! - [`PageGuard`]: stops a listing that would never end.
//! - [`GongClient`]: the API over HTTP, configured by [`GongConfig`].
//!
//! Raw documents are landed as they come; [`calls::gong`] decodes them later. Malformed
//! records are set aside in [`Page::rejected`] and never fail their page.
//! Every attempt is a `request` span of `tracing` with `endpoint`, `status` and
//! Gong's `trace_id`.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use gong_client::{CallFilter, ContentSelector, GongApiExt, GongClient, GongConfig};
//!
//! # async fn example() -> Result<(), gong_client::Error> {
//! let gong = GongClient::new(GongConfig::from_env()?)?;
//! let mut pages = gong.extensive_call_pages(CallFilter::default(), ContentSelector::default());
//! while let Some(page) = pages.try_next().await? {
//!     for document in &page.items {
//!         let call = calls::gong::decode_call(document.text());
//!         println!("{}: {}", document.call_id, call.is_ok());
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | feature | adds |
//! |---|---|
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
mod gong;
pub mod groups;
mod guard;
mod ledger;
mod limiter;
pub mod oauth;
mod operation;
mod page;
mod quota;
mod raw;
mod record_id;
mod request;
mod seen;
mod stream;
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
pub use filter::{CallFilter, ContentSelector, TranscriptFilter};
pub use gong::operations;
pub use guard::PageGuard;
pub use limiter::SharedLimiter;
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
pub use wire::Extra;

resilience::error_type! {
    /// What went wrong between here and Gong.
    pub struct Error;
    from outbound::Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
