//! How many sessions exist, who is waiting for one, and which are idle.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use resilience::{ErrorKind, retry};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::{Login, PoolSettings};
use crate::observe::SqlObserver;
use crate::{Error, Result, SessionCapabilities, SqlSession};

/// What the checkouts of a pool share.
#[derive(Debug)]
pub(super) struct Slots {
    login: Arc<dyn Login>,
    settings: PoolSettings,
    observer: Arc<dyn SqlObserver>,
    /// A permit for each session in use. Tokio serves its waiters in order.
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<LoggedIn>>,
    /// Started by whoever takes a session first.
    watch: OnceLock<()>,
}

/// A session with what the pool knows of it.
#[derive(Debug)]
pub(super) struct LoggedIn {
    pub(super) session: Box<dyn SqlSession>,
    /// After how long the server ends its statements.
    pub(super) limit: Duration,
    since: Instant,
    used: Instant,
}

impl Slots {
    pub(super) fn new(
        login: Arc<dyn Login>,
        settings: PoolSettings,
        observer: Arc<dyn SqlObserver>,
    ) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(settings.size.get()));
        Arc::new(Self {
            login,
            settings,
            observer,
            permits,
            idle: Mutex::default(),
            watch: OnceLock::new(),
        })
    }

    pub(super) fn settings(&self) -> &PoolSettings {
        &self.settings
    }

    pub(super) fn observer(&self) -> &Arc<dyn SqlObserver> {
        &self.observer
    }

    pub(super) fn capabilities(&self) -> SessionCapabilities {
        self.login.capabilities()
    }

    /// A session whose statements may run for `limit`, when it is this caller's turn.
    pub(super) async fn acquire(
        &self,
        limit: Duration,
    ) -> Result<(LoggedIn, OwnedSemaphorePermit)> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| Error::new(ErrorKind::Internal, "the pool is closed"))?;
        let session = match self.take_idle(limit) {
            Some(session) => session,
            None => self.log_in(limit).await?,
        };
        Ok((session, permit))
    }

    async fn log_in(&self, limit: Duration) -> Result<LoggedIn> {
        let started = Instant::now();
        let session = retry(
            &self.settings.retry,
            || self.login.login(limit),
            |error, pause| {
                tracing::info!(
                    kind = error.kind().as_str(),
                    pause_ms = pause.as_millis() as u64,
                    "a login is repeated"
                );
            },
        )
        .await?;
        tracing::debug!(
            elapsed_ms = started.elapsed().as_millis() as u64,
            "logged in to Snowflake"
        );
        let now = Instant::now();
        Ok(LoggedIn {
            session,
            limit,
            since: now,
            used: now,
        })
    }

    /// The session used last of those with this limit. Those that callers with other
    /// needs left behind make room.
    fn take_idle(&self, limit: Duration) -> Option<LoggedIn> {
        let lifetime = self.settings.session_lifetime;
        let mut idle = self.idle();
        idle.retain(|session| session.since.elapsed() < lifetime);
        if let Some(place) = idle.iter().rposition(|session| session.limit == limit) {
            return Some(idle.remove(place));
        }
        let in_use = self.settings.size.get() - self.permits.available_permits();
        let room = self.settings.size.get() - in_use;
        while idle.len() > room {
            idle.remove(0);
        }
        None
    }

    /// Takes a session back, and with it the permit.
    pub(super) fn give_back(&self, mut session: LoggedIn, permit: OwnedSemaphorePermit) {
        session.used = Instant::now();
        // Before the permit: who gets that next is to find the session.
        self.idle().push(session);
        drop(permit);
    }

    /// A session that nobody has used for so long, with a permit for it; `None` when
    /// there is none, or others wait.
    pub(super) fn take_unused(
        self: &Arc<Self>,
        unused_for: Duration,
    ) -> Option<(LoggedIn, OwnedSemaphorePermit)> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        let mut idle = self.idle();
        let place = idle
            .iter()
            .position(|session| session.used.elapsed() >= unused_for)?;
        Some((idle.remove(place), permit))
    }

    /// Starts the watch over idle sessions, once.
    pub(super) fn watch(&self, start: impl FnOnce()) {
        self.watch.get_or_init(start);
    }

    /// A panic elsewhere cannot leave the list half written.
    fn idle(&self) -> MutexGuard<'_, Vec<LoggedIn>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
