//! Webhooks of Gong's automation rules. For callers that want a call when it is there.
//!
//! Gong knows one event: a call matched a rule. It says nothing about order, repetition or
//! loss, so tell calls apart by id and let the next sync fill what never came.
//!
//! A rule either signs what it sends ([`WebhookVerifier`]) or calls an address that holds a
//! key ([`UrlKey`]). Prefer the former: addresses end up in logs.
//!
//! ```
//! # fn example(public_key: &str, authorization: &str, body: &[u8]) -> gong_client::Result<()> {
//! use gong_client::webhooks::WebhookVerifier;
//!
//! let verifier = WebhookVerifier::new(public_key, "https://example.com/gong")?;
//! let event = verifier.verify(authorization, body)?;
//! println!("{} (test: {})", event.document.call_id, event.is_test);
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "axum")]
mod axum;
mod event;
mod url_key;
mod verifier;

#[cfg(feature = "axum")]
pub use axum::LARGEST_EVENT;
pub use event::CallEvent;
pub use url_key::UrlKey;
pub use verifier::WebhookVerifier;
