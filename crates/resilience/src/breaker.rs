//! A circuit breaker: leaves alone for a while what keeps failing.
//!
//! It is written here because the existing crates (`failsafe`, `recloser`) read
//! the system clock, which tests cannot pause, and cannot tell an error that the
//! other side caused from one that the caller caused ([`ErrorKind`]).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::{ErrorKind, Failure};

/// When a [`CircuitBreaker`] opens and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CircuitBreakerConfig {
    /// Failures in a row that open it; 0 counts as 1. Default 5.
    pub failures_to_open: u32,
    /// How long it stays open before one request may try. Default 30 s.
    pub open_for: Duration,
}

impl Default for CircuitBreakerConfig {
    fn default() -> Self {
        Self {
            failures_to_open: 5,
            open_for: Duration::from_secs(30),
        }
    }
}

/// Counts failures in a row, and refuses requests for a while after too many.
///
/// Closed lets everything through. Open refuses everything. After `open_for` it
/// is half open: one request at a time tries; its success closes the breaker and
/// its failure opens it again.
///
/// Only errors that speak of the other side's health count: transient, rate
/// limited, quota exhausted. A request that is refused for its content shows that
/// the other side works.
///
/// ```
/// use resilience::{BreakerState, CircuitBreaker, CircuitBreakerConfig};
///
/// let breaker = CircuitBreaker::new(CircuitBreakerConfig {
///     failures_to_open: 1,
///     ..CircuitBreakerConfig::default()
/// });
/// breaker.enter()?.failed();
/// assert_eq!(breaker.state(), BreakerState::Open);
/// assert!(breaker.enter().is_err());
/// # Ok::<(), resilience::CircuitOpen>(())
/// ```
#[derive(Debug)]
pub struct CircuitBreaker {
    config: CircuitBreakerConfig,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
enum Inner {
    Closed { failures: u32 },
    Open { until: Instant },
    Probing,
}

/// What a [`CircuitBreaker`] does with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BreakerState {
    /// Lets it through.
    Closed,
    /// Refuses it.
    Open,
    /// Lets one through to see.
    HalfOpen,
}

impl BreakerState {
    /// `closed`, `open` or `half_open`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// A request was not sent because the breaker is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not tried, because it has failed repeatedly just now")]
#[non_exhaustive]
pub struct CircuitOpen {
    /// Time until a request may try; zero while another one is trying.
    pub retry_after: Duration,
}

impl CircuitBreaker {
    /// A closed breaker.
    pub fn new(config: CircuitBreakerConfig) -> Self {
        Self {
            config,
            inner: Mutex::new(Inner::Closed { failures: 0 }),
        }
    }

    /// Asks to send one request. A ticket that is dropped unused says nothing
    /// about the other side.
    ///
    /// # Errors
    /// [`CircuitOpen`] when it may not be sent.
    pub fn enter(&self) -> Result<Ticket<'_>, CircuitOpen> {
        let mut inner = self.lock();
        let probe = match *inner {
            Inner::Closed { .. } => false,
            Inner::Probing => {
                return Err(CircuitOpen {
                    retry_after: Duration::ZERO,
                });
            }
            Inner::Open { until } => {
                let now = Instant::now();
                if now < until {
                    return Err(CircuitOpen {
                        retry_after: until - now,
                    });
                }
                *inner = Inner::Probing;
                true
            }
        };
        Ok(Ticket {
            breaker: self,
            probe,
            settled: false,
        })
    }

    /// What it does with the next request.
    pub fn state(&self) -> BreakerState {
        match *self.lock() {
            Inner::Closed { .. } => BreakerState::Closed,
            Inner::Open { until } if Instant::now() < until => BreakerState::Open,
            Inner::Open { .. } => BreakerState::HalfOpen,
            Inner::Probing => BreakerState::Open,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened(&self) -> Inner {
        Inner::Open {
            until: Instant::now() + self.config.open_for,
        }
    }
}

/// Permission to send one request, and the duty to report how it went.
#[derive(Debug)]
#[must_use = "say how the request went, or the breaker learns nothing"]
pub struct Ticket<'a> {
    breaker: &'a CircuitBreaker,
    probe: bool,
    settled: bool,
}

impl Ticket<'_> {
    /// The other side answered.
    pub fn succeeded(mut self) {
        self.settled = true;
        let mut inner = self.breaker.lock();
        match *inner {
            Inner::Closed { ref mut failures } => *failures = 0,
            Inner::Probing if self.probe => *inner = Inner::Closed { failures: 0 },
            // An answer to an old request does not close what others have opened.
            Inner::Open { .. } | Inner::Probing => {}
        }
    }

    /// The other side failed.
    pub fn failed(mut self) {
        self.settled = true;
        let mut inner = self.breaker.lock();
        match *inner {
            Inner::Closed { ref mut failures } => {
                *failures += 1;
                if *failures >= self.breaker.config.failures_to_open {
                    *inner = self.breaker.opened();
                }
            }
            Inner::Probing if self.probe => *inner = self.breaker.opened(),
            Inner::Open { .. } | Inner::Probing => {}
        }
    }

    /// Sorts a result into success or failure by the kind of its error.
    pub fn record<T, E: Failure>(self, result: &Result<T, E>) {
        let unhealthy = result.as_ref().err().is_some_and(|error| {
            matches!(
                error.kind(),
                ErrorKind::Transient | ErrorKind::RateLimited | ErrorKind::QuotaExhausted
            )
        });
        if unhealthy {
            self.failed()
        } else {
            self.succeeded()
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.probe && !self.settled {
            // The probe was cancelled: let the next request try.
            let mut inner = self.breaker.lock();
            if matches!(*inner, Inner::Probing) {
                *inner = Inner::Open {
                    until: Instant::now(),
                };
            }
        }
    }
}
