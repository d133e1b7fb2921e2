//! Which of two implementations answers a request.
//!
//! For callers that move from one implementation to the other by and by.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use crate::meter::table;
use crate::route_stats::RouteCounters;
use crate::{Answered, BreakerState, CircuitBreaker, ErrorKind, Failure, RouteStats};

/// How a `Hybrid` of two implementations divides its requests.
///
/// A stable hash of a key sends a share of the keys to the primary, so that the
/// same key always goes the same way, in every process and version. The others go
/// to the fallback. When the primary takes too long, fails with one of the named
/// kinds or has its breaker open, the fallback answers in its place.
///
/// ```
/// use resilience::Route;
///
/// let route = Route::default().with_primary_share(0.25);
/// let primary = (0..10_000).filter(|n| route.prefers_primary(&n.to_string())).count();
/// assert!((2_300..2_700).contains(&primary));
/// ```
#[derive(Debug, Clone)]
pub struct Route {
    primary_share: f64,
    primary_timeout: Option<Duration>,
    fall_back_on: Vec<ErrorKind>,
    shadow_share: f64,
    breaker: Option<Arc<CircuitBreaker>>,
    counters: Arc<RouteCounters>,
    component: Option<&'static str>,
}

/// A result, and which of the two gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Routed<T> {
    /// The result.
    pub value: T,
    /// Who gave it, and why.
    pub answered: Answered,
}

impl Default for Route {
    /// Everything to the primary, no timeout, no shadow, no breaker; the fallback
    /// steps in for transient errors, limits, used-up quotas and what the primary
    /// cannot do.
    fn default() -> Self {
        Self {
            primary_share: 1.0,
            primary_timeout: None,
            fall_back_on: vec![
                ErrorKind::Transient,
                ErrorKind::RateLimited,
                ErrorKind::QuotaExhausted,
                ErrorKind::Unsupported,
            ],
            shadow_share: 0.0,
            breaker: None,
            counters: Arc::default(),
            component: None,
        }
    }
}

impl Route {
    /// Share of keys that go to the primary, from 0 to 1.
    pub fn primary_share(&self) -> f64 {
        self.primary_share
    }

    /// Time after which the fallback answers in the primary's place.
    pub fn primary_timeout(&self) -> Option<Duration> {
        self.primary_timeout
    }

    /// What the breaker does with the next request; `None` without a breaker.
    pub fn breaker_state(&self) -> Option<BreakerState> {
        self.breaker.as_deref().map(CircuitBreaker::state)
    }

    /// Who answered so far. Clones of a route count together.
    pub fn stats(&self) -> RouteStats {
        self.counters.snapshot()
    }

    /// Whether a key belongs to the primary's share.
    pub fn prefers_primary(&self, key: &str) -> bool {
        share_of(key, b"primary") < self.primary_share
    }

    /// Whether both are asked for a key.
    pub fn shadows(&self, key: &str) -> bool {
        self.prefers_primary(key) && share_of(key, b"shadow") < self.shadow_share
    }

    /// Asks the one that the key belongs to, and the fallback where the primary
    /// does not answer.
    ///
    /// # Errors
    /// The primary's error when it is of no kind that the fallback steps in for,
    /// else the fallback's.
    pub async fn run<T, E, PrimaryFuture, FallbackFuture>(
        &self,
        key: &str,
        primary: impl FnOnce() -> PrimaryFuture,
        fallback: impl FnOnce() -> FallbackFuture,
    ) -> Result<Routed<T>, E>
    where
        E: Failure,
        PrimaryFuture: Future<Output = Result<T, E>>,
        FallbackFuture: Future<Output = Result<T, E>>,
    {
        self.answer(key, primary, fallback).await.transposed()
    }

    /// As [`run`](Self::run), and says of errors too whose they are.
    pub async fn answer<T, E, PrimaryFuture, FallbackFuture>(
        &self,
        key: &str,
        primary: impl FnOnce() -> PrimaryFuture,
        fallback: impl FnOnce() -> FallbackFuture,
    ) -> Routed<Result<T, E>>
    where
        E: Failure,
        PrimaryFuture: Future<Output = Result<T, E>>,
        FallbackFuture: Future<Output = Result<T, E>>,
    {
        match self.ask_primary(key, primary).await {
            Ok(value) => self.routed(Answered::Primary, value),
            Err(reason) => self.routed(reason, fallback().await),
        }
    }

    /// As [`run`](Self::run), but for the shadowed share of keys asks both at once
    /// and hands both results to `compare` (primary's first). The fallback's result
    /// then serves as the fallback too: nothing is asked twice.
    ///
    /// A shadowed request takes as long as the slower of the two, but waits for the
    /// shadow no longer than for the primary. What the shadow does wrong never reaches the
    /// caller. `compare` is not called unless both have answered by then.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_with_shadow<T, E, PrimaryFuture, FallbackFuture>(
        &self,
        key: &str,
        primary: impl FnOnce() -> PrimaryFuture,
        fallback: impl FnOnce() -> FallbackFuture,
        compare: impl FnOnce(&Result<T, E>, &Result<T, E>),
    ) -> Result<Routed<T>, E>
    where
        E: Failure,
        PrimaryFuture: Future<Output = Result<T, E>>,
        FallbackFuture: Future<Output = Result<T, E>>,
    {
        let routed = self.answer_with_shadow(key, primary, fallback, compare);
        routed.await.transposed()
    }

    /// As [`run_with_shadow`](Self::run_with_shadow), and says of errors too whose they are.
    pub async fn answer_with_shadow<T, E, PrimaryFuture, FallbackFuture>(
        &self,
        key: &str,
        primary: impl FnOnce() -> PrimaryFuture,
        fallback: impl FnOnce() -> FallbackFuture,
        compare: impl FnOnce(&Result<T, E>, &Result<T, E>),
    ) -> Routed<Result<T, E>>
    where
        E: Failure,
        PrimaryFuture: Future<Output = Result<T, E>>,
        FallbackFuture: Future<Output = Result<T, E>>,
    {
        if !self.shadows(key) {
            return self.answer(key, primary, fallback).await;
        }
        let mut shadow = pin!(fallback());
        let (asked, shown) = tokio::join!(
            self.ask_primary_in_full(key, primary),
            self.in_time(shadow.as_mut())
        );
        if let (Asked::Answered(answer), Some(shown)) = (&asked, &shown) {
            compare(answer, shown);
        }
        let answered = match asked {
            Asked::Answered(Err(error)) if self.falls_back_on(error.kind()) => {
                Answered::FallbackAfter(error.kind())
            }
            Asked::Answered(answer) => return self.routed(Answered::Primary, answer),
            Asked::Silent(reason) => reason,
        };
        let value = match shown {
            Some(shown) => shown,
            None => shadow.await,
        };
        self.routed(answered, value)
    }

    /// Asks the primary alone, whoever the key belongs to, within its timeout and as its
    /// breaker allows.
    ///
    /// # Errors
    /// Why it did not answer: [`Answered::FallbackAfterTimeout`] or
    /// [`Answered::FallbackForBreaker`].
    pub async fn primary_alone<T, E, PrimaryFuture>(
        &self,
        primary: impl FnOnce() -> PrimaryFuture,
    ) -> Result<Result<T, E>, Answered>
    where
        E: Failure,
        PrimaryFuture: Future<Output = Result<T, E>>,
    {
        match self.ask_within_limits(primary).await {
            Asked::Answered(answer) => Ok(answer),
            Asked::Silent(reason) => Err(reason),
        }
    }

    fn routed<T>(&self, answered: Answered, value: T) -> Routed<T> {
        self.counters.count(answered);
        self.measure(answered);
        Routed { value, answered }
    }

    /// Tells the meters, under the component's name.
    fn measure(&self, answered: Answered) {
        let Some(component) = self.component else {
            return;
        };
        if let Some(reason) = answered.reason() {
            table::FALLBACKS.add(&[component, reason], 1);
        }
        if let Some(state) = self.breaker_state() {
            let is_open = state != BreakerState::Closed;
            table::BREAKER.set(&[component], f64::from(u8::from(is_open)));
        }
    }

    /// What a future gives within the primary's timeout.
    async fn in_time<F: Future>(&self, future: F) -> Option<F::Output> {
        match self.primary_timeout {
            Some(limit) => tokio::time::timeout(limit, future).await.ok(),
            None => Some(future.await),
        }
    }

    /// Whether the fallback steps in for errors of a kind.
    pub fn falls_back_on(&self, kind: ErrorKind) -> bool {
        self.fall_back_on.contains(&kind)
    }

    /// The primary's answer to pass on, or why the fallback must answer.
    async fn ask_primary<T, E, PrimaryFuture>(
        &self,
        key: &str,
        primary: impl FnOnce() -> PrimaryFuture,
    ) -> Result<Result<T, E>, Answered>
    where
        E: Failure,
        PrimaryFuture: Future<Output = Result<T, E>>,
    {
        match self.ask_primary_in_full(key, primary).await {
            Asked::Silent(reason) => Err(reason),
            Asked::Answered(Err(error)) if self.falls_back_on(error.kind()) => {
                Err(Answered::FallbackAfter(error.kind()))
            }
            Asked::Answered(answer) => Ok(answer),
        }
    }

    async fn ask_primary_in_full<T, E, PrimaryFuture>(
        &self,
        key: &str,
        primary: impl FnOnce() -> PrimaryFuture,
    ) -> Asked<T, E>
    where
        E: Failure,
        PrimaryFuture: Future<Output = Result<T, E>>,
    {
        if !self.prefers_primary(key) {
            return Asked::Silent(Answered::FallbackByShare);
        }
        self.ask_within_limits(primary).await
    }

    async fn ask_within_limits<T, E, PrimaryFuture>(
        &self,
        primary: impl FnOnce() -> PrimaryFuture,
    ) -> Asked<T, E>
    where
        E: Failure,
        PrimaryFuture: Future<Output = Result<T, E>>,
    {
        let ticket = match self
            .breaker
            .as_deref()
            .map(CircuitBreaker::enter)
            .transpose()
        {
            Ok(ticket) => ticket,
            Err(_) => return Asked::Silent(Answered::FallbackForBreaker),
        };
        let answer = self.in_time(primary()).await;
        match (answer, ticket) {
            (Some(answer), ticket) => {
                if let Some(ticket) = ticket {
                    ticket.record(&answer);
                }
                Asked::Answered(answer)
            }
            (None, ticket) => {
                if let Some(ticket) = ticket {
                    ticket.failed();
                }
                Asked::Silent(Answered::FallbackAfterTimeout)
            }
        }
    }
}

crate::setters! {
    Route {
        /// Share of keys that go to the primary, from 0 to 1. Default 1.
        with_primary_share(primary_share: f64);
        /// Time after which the fallback answers in the primary's place. Default: none.
        with_primary_timeout(primary_timeout: Duration) = Some(primary_timeout);
        /// Kinds of errors for which the fallback steps in; replaces the default list.
        with_fallback_on(fall_back_on: impl IntoIterator<Item = ErrorKind>) = fall_back_on.into_iter().collect();
        /// Share of the primary's keys for which both are asked and compared, from 0
        /// to 1. Default 0.
        with_shadow_share(shadow_share: f64);
        /// A breaker that keeps requests away from a primary that keeps failing.
        with_breaker(breaker: Arc<CircuitBreaker>) = Some(breaker);
        /// What meters call the two: `store`, `crm` or `language`. Default: they hear nothing.
        with_component(component: &'static str) = Some(component);
    }
}

enum Asked<T, E> {
    Answered(Result<T, E>),
    Silent(Answered),
}

impl<T, E> Routed<Result<T, E>> {
    fn transposed(self) -> Result<Routed<T>, E> {
        let answered = self.answered;
        self.value.map(|value| Routed { value, answered })
    }
}

/// A number from 0 (inclusive) to 1 (exclusive) that depends on the key and the
/// salt only: FNV-1a with murmur's finaliser. The standard library's hasher may
/// change between releases, and then keys would change over.
fn share_of(key: &str, salt: &[u8]) -> f64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in salt.iter().chain(key.as_bytes()) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^= hash >> 33;
    #[allow(clippy::cast_precision_loss)] // 53 bits fit exactly
    let share = (hash >> 11) as f64 / (1_u64 << 53) as f64;
    share
}
