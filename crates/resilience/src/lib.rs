//! What every client of an outside system needs, written once and free of any domain.
//!
//! - [`ErrorKind`] and [`Failure`]: errors classified by what the caller does next.
//! - [`error_type!`]: defines the one opaque error struct of each crate.
//! - [`forward_pointers!`]: implements an async trait for `Arc` and `Box`.
//! - [`Traced`]: an implementation whose requests are seen in traces.
//! - [`setters!`]: methods that set one field of settings each.
//! - [`retry`] and [`RetryPolicy`]: backoff with jitter, `Retry-After` and a time budget.
//! - [`RateLimiter`]: requests per second, and a budget per twenty-four hours.
//! - [`CircuitBreaker`]: stops calling what keeps failing.
//! - [`meter`]: what the workspace measures, by name.
//! - [`Route`]: which of two implementations answers, and when the other steps in.
//!
//! Every wait is a `tokio` sleep, so tests can run on paused time.
//!
//! ```
//! use std::time::Duration;
//! use resilience::{ErrorKind, RetryPolicy, retry};
//!
//! resilience::error_type! {
//!     /// What went wrong.
//!     pub struct Error;
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Error> {
//! let mut attempts = 0;
//! let answer = retry(
//!     &RetryPolicy::default(),
//!     || {
//!         attempts += 1;
//!         let attempt = attempts;
//!         async move {
//!             if attempt < 3 { Err(Error::new(ErrorKind::Transient, "try again")) } else { Ok(42) }
//!         }
//!     },
//!     |_error, _wait| {},
//! )
//! .await?;
//! assert_eq!((answer, attempts), (42, 3));
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

mod answered;
mod breaker;
mod error;
mod forward;
mod kind;
mod limit;
pub mod meter;
mod quota;
mod retry;
mod route;
mod route_stats;
mod setters;
#[doc(hidden)]
pub mod traced;

pub use answered::Answered;
pub use breaker::{BreakerState, CircuitBreaker, CircuitBreakerConfig, CircuitOpen, Ticket};
pub use error::Fault;
pub use kind::{ErrorKind, Failure};
pub use limit::{Admission, BudgetExhausted, RateLimiter};
pub use retry::{RetryPolicy, retry};
pub use route::{Route, Routed};
pub use route_stats::RouteStats;
pub use traced::Traced;
