//! Two stores that act as one.
//!
//! For callers that move from one store to another, or go on without one that is down.

mod differences;
mod keeping;
mod reading;
pub mod serving;
mod shadow;
mod upkeep;

use std::future::Future;

use resilience::{Answered, ErrorKind, Route};
use tracing::Instrument;
use tracing::field::{self, Empty};

use crate::{Error, Result};
use differences::Compare;
use shadow::ShadowLog;
pub use shadow::{Compared, ShadowReport};

/// Asks a primary store first and a fallback where the [`Route`] says so.
///
/// - **Reads** are routed by what they are about: a call's id, a rep, else the method. Within
///   [`serving::by_one`] they are routed by its key instead, so that a share of the *tasks*
///   goes to the primary, and one store answers all of a task.
/// - **What the fallback cannot do** ([`Unsupported`](ErrorKind::Unsupported)) the primary
///   is asked for, also for keys of the fallback's share.
/// - **What agents keep** (insights and readings) goes to the store that is asked for the call,
///   and to the fallback when the primary cannot take it within the same limits.
/// - **Erasing and retention** reach both, one after the other, and the second also when the first
///   fails: the error names the side that failed, and repeating is safe. Leases are the
///   primary's; who erases holds those of both.
/// - **All other writes** go to the primary alone, without limits, so a `Hybrid` of two
///   [`CallStore`](crate::CallStore)s is one.
/// - **Shadow reads** ask both and are [counted by kind of difference](ShadowReport), without
///   a word of what differs.
///
/// A fallback should not be a `Hybrid` itself: a task knows of one fallback.
///
/// ```
/// use snowflake_store::{CallReader, Hybrid, SqliteStore, serving};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> snowflake_store::Result<()> {
/// let (warehouse, file) = (SqliteStore::in_memory().await?, SqliteStore::in_memory().await?);
/// let store = Hybrid::new(warehouse, file).named("snowflake", "sqlite");
///
/// let id = "7782342274025937895".into();
/// let (detail, served) = serving::by_one("7782342274025937895", || store.call_detail(&id)).await;
/// assert_eq!(detail?, None);
/// assert_eq!(served.sources(), ["snowflake"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Hybrid<P, F> {
    pub(crate) primary: P,
    fallback: F,
    route: Route,
    names: [&'static str; 2],
    shadow: ShadowLog,
}

impl<P, F> Hybrid<P, F> {
    /// Everything to the primary, the fallback where it fails; see [`Route::default`].
    pub fn new(primary: P, fallback: F) -> Self {
        Self {
            primary,
            fallback,
            route: Route::default(),
            names: ["primary", "fallback"],
            shadow: ShadowLog::default(),
        }
    }

    /// Another division of the requests.
    #[must_use]
    pub fn with_route(mut self, route: Route) -> Self {
        self.route = route;
        self
    }

    /// What answers call the two; `primary` and `fallback` otherwise.
    #[must_use]
    pub fn named(mut self, primary: &'static str, fallback: &'static str) -> Self {
        self.names = [primary, fallback];
        self
    }

    /// How requests are divided, with who answered so far and how the breaker stands.
    pub fn route(&self) -> &Route {
        &self.route
    }

    /// How the two differed where both were asked.
    pub fn shadow_report(&self) -> ShadowReport {
        self.shadow.report()
    }

    /// Why a key is not the primary's, in this task.
    fn passed_over(&self, own_key: &str) -> Option<Answered> {
        if let Some(why) = serving::given_up() {
            return Some(why);
        }
        let key = serving::key().unwrap_or_else(|| own_key.to_owned());
        (!self.route.prefers_primary(&key)).then_some(Answered::FallbackByShare)
    }

    async fn ask<T, PrimaryFuture, FallbackFuture>(
        &self,
        method: &'static str,
        own_key: &str,
        primary: impl Fn() -> PrimaryFuture + Send + Sync,
        fallback: impl Fn() -> FallbackFuture + Send + Sync,
    ) -> Result<T>
    where
        T: Compare + Send + Sync,
        PrimaryFuture: Future<Output = Result<T>> + Send,
        FallbackFuture: Future<Output = Result<T>> + Send,
    {
        let span = tracing::debug_span!("store_read", method, source = Empty, answered = Empty);
        self.answer(method, own_key, primary, fallback)
            .instrument(span)
            .await
    }

    async fn answer<T, PrimaryFuture, FallbackFuture>(
        &self,
        method: &'static str,
        own_key: &str,
        primary: impl Fn() -> PrimaryFuture + Send + Sync,
        fallback: impl Fn() -> FallbackFuture + Send + Sync,
    ) -> Result<T>
    where
        T: Compare + Send + Sync,
        PrimaryFuture: Future<Output = Result<T>> + Send,
        FallbackFuture: Future<Output = Result<T>> + Send,
    {
        if let Some(why) = serving::given_up() {
            match fallback().await {
                Err(error) if error.kind() == ErrorKind::Unsupported => {}
                answer => return self.served(method, why, answer),
            }
        }
        let key = serving::key();
        let routed = self
            .route
            .answer_with_shadow(
                key.as_deref().unwrap_or(own_key),
                &primary,
                &fallback,
                |ours, theirs| self.shadow.compare(method, ours, theirs),
            )
            .await;
        match (routed.value, routed.answered) {
            (Err(error), Answered::FallbackByShare) if error.kind() == ErrorKind::Unsupported => {
                match self.route.primary_alone(&primary).await {
                    Ok(answer) => self.served(method, Answered::Primary, answer),
                    Err(why) => self.served(method, why, Err(self.neither(why, error))),
                }
            }
            (Err(error), why) if why.is_degraded() && error.kind() == ErrorKind::Unsupported => {
                self.served(method, why, Err(self.neither(why, error)))
            }
            (answer, answered) => self.served(method, answered, answer),
        }
    }

    /// Tells the task and the logs who answered.
    fn served<T>(&self, method: &'static str, by: Answered, answer: Result<T>) -> Result<T> {
        let [primary, fallback] = self.names;
        let source = match by {
            Answered::Primary => primary,
            _ => fallback,
        };
        let span = tracing::Span::current();
        span.record("source", source);
        span.record("answered", field::debug(by));
        // Once a task: what follows goes to the fallback for the same reason.
        if by.is_degraded() && serving::given_up().is_none() {
            tracing::warn!(
                method,
                primary,
                fallback,
                reason = ?by,
                "the fallback answered instead of the primary"
            );
        }
        serving::report(source, primary, by);
        answer
    }

    /// The primary did not answer, and the fallback cannot.
    fn neither(&self, why: Answered, fallback: Error) -> Error {
        let kind = match why {
            Answered::FallbackAfter(kind) => kind,
            _ => ErrorKind::Transient,
        };
        let [ours, theirs] = self.names;
        let why = why.why().unwrap_or_default();
        let message = format!("{ours} {why}, and {theirs} cannot: {}", fallback.message());
        Error::new(kind, message)
            .with_retry_after(fallback.retry_after())
            .exhausted()
            .with_source(fallback)
    }
}
