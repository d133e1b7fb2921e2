//! Backends that stand before a backend.
//!
//! Each implements [`LanguageBackend`](crate::LanguageBackend) over any other, passes
//! provenance and capabilities through, and does one thing. They are put together from
//! the inside out, and the order decides what they mean:
//!
//! | from the outside | why there |
//! |---|---|
//! | [`Hybrid`](crate::Hybrid) | sees the final word of either side, and [`attributed`](crate::Hybrid::attributed) stays at hand; further in, answers of two models would share a cache |
//! | [`Redacted`](crate::redaction::Redacted) | nothing further in, neither cache nor store nor log nor network, holds what it takes out; only before the side that sends texts away |
//! | [`Cached`] | what is known costs no wait and no token |
//! | the backend | |
//!
//! ```
//! use std::sync::Arc;
//!
//! use cortex::decorators::{CacheConfig, Cached};
//! use cortex::redaction::Redacted;
//! use cortex::{Hybrid, LanguageBackend, LanguageBackendExt, LocalLanguage};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> cortex::Result<()> {
//! # let remote = LocalLanguage::new();
//! let cached = Cached::new(remote, CacheConfig::default());
//! let language = Redacted::new(cached.clone())?;
//!
//! // Names are known call by call; everything further in is shared.
//! let language = language.for_parties(["Dana Smith", "Ravi Patel"])?;
//! let language: Arc<dyn LanguageBackend> =
//!     Arc::new(Hybrid::new(language, LocalLanguage::new()));
//!
//! language.sentiment_of("Dana loves it, write to dana@acme.example.").await?;
//! language.sentiment_of("Dana loves it, write to dana@acme.example.").await?;
//! assert_eq!((cached.stats().misses, cached.stats().hits), (1, 1));
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "cache")]
mod cached;

#[cfg(feature = "cache")]
pub use cached::{CacheConfig, CacheStats, Cached};
