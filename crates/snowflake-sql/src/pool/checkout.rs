//! One caller's use of a session.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use resilience::ErrorKind;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tracing::Instrument;

use super::keep_alive;
use super::slots::{LoggedIn, Slots};
use crate::observe::Measurement;
use crate::{Error, Remedy, Result, Rows, SessionCapabilities, SqlSession, Statement};

/// How long the background gives a rollback.
const ROLLBACK_LIMIT: Duration = Duration::from_secs(120);

/// A session and the permit for it. Dropped, it gives both back: at once when nothing
/// is left on the session, else after a rollback in the background.
pub(super) struct Checkout {
    slots: Arc<Slots>,
    held: Option<(LoggedIn, OwnedSemaphorePermit)>,
    /// What has to be known when it is dropped.
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Clean,
    /// A transaction is open, or a statement did not end as far as we heard.
    NeedsRollback,
    /// Nothing can be run on it any more.
    Gone,
}

impl Checkout {
    /// A session whose statements may run for `limit`, when it is this caller's turn.
    pub(super) async fn of(slots: &Arc<Slots>, limit: Duration) -> Result<Self> {
        let held = slots.acquire(limit).await?;
        keep_alive::watch(slots);
        Ok(Self {
            slots: Arc::clone(slots),
            held: Some(held),
            state: State::Clean,
        })
    }

    fn session(&mut self) -> Result<&mut dyn SqlSession> {
        match &mut self.held {
            Some((logged_in, _)) => Ok(logged_in.session.as_mut()),
            None => Err(Error::new(
                ErrorKind::Internal,
                "the session was given back",
            )),
        }
    }

    /// Runs statements in one transaction.
    pub(super) async fn transaction(&mut self, statements: &[Statement]) -> Result<Vec<Rows>> {
        self.begin().await?;
        let mut answers = Vec::with_capacity(statements.len());
        for statement in statements {
            answers.push(self.run(statement).await?);
        }
        self.commit().await?;
        Ok(answers)
    }

    /// Rolls back what is left; a session on which that fails is thrown away.
    pub(super) async fn settle(&mut self) {
        if self.state == State::NeedsRollback && self.rollback().await.is_err() {
            self.state = State::Gone;
        }
    }

    /// Takes note of how a statement ended. `after` is the state when it succeeded.
    fn ended<T>(&mut self, outcome: Result<T>, before: State, after: State) -> Result<T> {
        self.state = match &outcome {
            Ok(_) => after,
            Err(error) if error.remedy() == Remedy::Reconnect => State::Gone,
            // Snowflake said how it ended, so that nothing is left of it.
            Err(error) if error.fault().is_some_and(|fault| fault.code.is_some()) => before,
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput) => before,
            Err(_) => State::NeedsRollback,
        };
        outcome
    }
}

#[async_trait]
impl SqlSession for Checkout {
    fn capabilities(&self) -> SessionCapabilities {
        self.slots.capabilities()
    }

    async fn run(&mut self, statement: &Statement) -> Result<Rows> {
        let measurement = Measurement::start(self.slots.observer(), statement);
        let before = self.state;
        // Whoever drops this future leaves that behind.
        self.state = State::NeedsRollback;
        let span = tracing::info_span!("statement", statement = statement.name());
        let outcome = self.session()?.run(statement).instrument(span).await;
        measurement.ended(&outcome);
        self.ended(outcome, before, before)
    }

    async fn begin(&mut self) -> Result<()> {
        let measurement = Measurement::start_named(self.slots.observer(), "begin");
        let before = self.state;
        self.state = State::NeedsRollback;
        let outcome = self.session()?.begin().await;
        measurement.ended_without_rows(&outcome);
        self.ended(outcome, before, State::NeedsRollback)
    }

    async fn commit(&mut self) -> Result<()> {
        let measurement = Measurement::start_named(self.slots.observer(), "commit");
        let before = self.state;
        self.state = State::NeedsRollback;
        let outcome = self.session()?.commit().await;
        measurement.ended_without_rows(&outcome);
        self.ended(outcome, before, State::Clean)
    }

    async fn rollback(&mut self) -> Result<()> {
        let measurement = Measurement::start_named(self.slots.observer(), "rollback");
        self.state = State::NeedsRollback;
        let outcome = self.session()?.rollback().await;
        measurement.ended_without_rows(&outcome);
        self.ended(outcome, State::NeedsRollback, State::Clean)
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let Some((session, permit)) = self.held.take() else {
            return;
        };
        match self.state {
            State::Clean => self.slots.give_back(session, permit),
            State::Gone => drop(session),
            State::NeedsRollback => {
                let Ok(runtime) = Handle::try_current() else {
                    tracing::warn!("a session was dropped outside the runtime and discarded");
                    return;
                };
                runtime.spawn(roll_back(Arc::clone(&self.slots), session, permit));
            }
        }
    }
}

/// Rolls back with the permit in hand, so that nobody gets the session meanwhile.
async fn roll_back(slots: Arc<Slots>, mut session: LoggedIn, permit: OwnedSemaphorePermit) {
    match tokio::time::timeout(ROLLBACK_LIMIT, session.session.rollback()).await {
        Ok(Ok(())) => slots.give_back(session, permit),
        Ok(Err(error)) => {
            tracing::warn!(
                kind = error.kind().as_str(),
                "a session that could not be rolled back was discarded"
            );
        }
        Err(_) => tracing::warn!("a session was discarded, because its rollback took too long"),
    }
}

impl fmt::Debug for Checkout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checkout")
            .field("session", &self.held.as_ref().map(|(held, _)| held))
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
