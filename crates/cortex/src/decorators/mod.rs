//! Backends that stand before a backend: caching, retry, batching, budget and meter.
//!
//! Each implements [`LanguageBackend`](crate::LanguageBackend) over any other, passes
//! provenance and capabilities through, and does one thing. They are put together from
//! the inside out, and the order decides what they mean:
//!
//! | from the outside | why there |
//! |---|---|
//! | [`Hybrid`](crate::Hybrid) | sees the final word of either side, and [`attributed`](crate::Hybrid::attributed) stays at hand; further in, answers of two models would share a cache and a batch |
//! | [`Redacted`](crate::redaction::Redacted) | nothing further in, neither cache nor store nor log nor network, holds what it takes out; only before the side that sends texts away |
//! | [`Cached`] | what is known costs no wait, no token and no budget |
//! | [`Retried`] | failed items join the next round trip by themselves; others of their batch do not wait for them twice |
//! | [`Batched`] | everything further in sees round trips as they go out |
//! | [`Budgeted`] | each attempt is reserved for before it is sent, since each may be charged |
//! | [`Metered`] | counts what was sent, attempts included, and nothing that was refused |
//! | the backend | |
//!
//! Other orders work and mean something else: a meter outside the cache counts what
//! callers asked for, a budget outside `Retried` reserves once for all attempts. A
//! backend that retries by itself marks its errors exhausted, and `Retried` leaves
//! those alone.
//!
//! Tokens come from [`usage`](crate::usage) where the backend reports them, else from
//! a [`TokenEstimate`].
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use cortex::decorators::{
//!     BatchConfig, Batched, Budget, Budgeted, CacheConfig, Cached, CostMeter, Metered, Retried,
//! };
//! use cortex::redaction::Redacted;
//! use cortex::{Hybrid, LanguageBackend, LanguageBackendExt, LocalLanguage};
//! use resilience::RetryPolicy;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> cortex::Result<()> {
//! # let remote = LocalLanguage::new();
//! let meter = CostMeter::default();
//! let day = Budget::tokens(2_000_000).with_window(Duration::from_secs(24 * 60 * 60));
//!
//! let language = Metered::new(remote, meter.clone()).with_label("pipeline:analyse");
//! let language = Budgeted::new(language, day.clone());
//! let language = Batched::new(language, BatchConfig::default());
//! let language = Retried::new(language, RetryPolicy::default());
//! let language = Cached::new(language, CacheConfig::default());
//! let language = Redacted::new(language)?;
//!
//! // Names are known call by call; everything further in is shared.
//! let language = language.for_parties(["Dana Smith", "Ravi Patel"])?;
//! let language: Arc<dyn LanguageBackend> =
//!     Arc::new(Hybrid::new(language, LocalLanguage::new()));
//!
//! language.sentiment_of("Dana loves it, write to dana@acme.example.").await?;
//! language.sentiment_of("Dana loves it, write to dana@acme.example.").await?;
//! // The second answer came from the cache.
//! assert_eq!(meter.lines()[0].items, 1);
//! assert!(day.status().spent > 0.into());
//! # Ok(())
//! # }
//! ```

mod batched;
mod budget;
mod budgeted;
mod cached;
mod estimate;
mod meter;
mod metered;
mod price;
mod retried;
mod spending;

pub use batched::{BatchConfig, Batched};
pub use budget::{Budget, BudgetStatus};
pub use budgeted::Budgeted;
pub use cached::{AnswerKey, AnswerStore, CacheConfig, CacheStats, Cached};
pub use estimate::TokenEstimate;
pub use meter::{CostLine, CostMeter};
pub use metered::Metered;
pub use price::{Price, PriceTable};
pub use retried::Retried;
