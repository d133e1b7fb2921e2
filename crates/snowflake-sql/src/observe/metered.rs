//! Measures pools that do not measure themselves.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::{Measurement, SqlObserver};
use crate::{Result, Rows, SessionCapabilities, SqlPool, SqlSession, Statement};

/// A pool or a session whose statements somebody hears of.
///
/// A [`SnowflakePool`](crate::SnowflakePool) takes an observer itself and reports
/// more: each statement of a transaction, and repetitions. This one is for any other
/// pool; it sees from outside, so a transaction is one entry named `transaction`, and
/// repetitions are in the time and not counted.
#[derive(Clone)]
pub struct Metered<I> {
    inner: I,
    observer: Arc<dyn SqlObserver>,
}

impl<I> Metered<I> {
    /// Tells `observer` of the statements of `inner`.
    pub fn new(inner: I, observer: Arc<dyn SqlObserver>) -> Self {
        Self { inner, observer }
    }
}

impl<I: fmt::Debug> fmt::Debug for Metered<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Metered").field(&self.inner).finish()
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: SqlSession> SqlSession for Metered<S> {
    fn capabilities(&self) -> SessionCapabilities {
        self.inner.capabilities()
    }

    async fn run(&mut self, statement: &Statement) -> Result<Rows> {
        let measurement = Measurement::start(&self.observer, statement);
        let outcome = self.inner.run(statement).await;
        measurement.ended(&outcome);
        outcome
    }

    async fn begin(&mut self) -> Result<()> {
        let measurement = Measurement::start_named(&self.observer, "begin");
        let outcome = self.inner.begin().await;
        measurement.ended_without_rows(&outcome);
        outcome
    }

    async fn commit(&mut self) -> Result<()> {
        let measurement = Measurement::start_named(&self.observer, "commit");
        let outcome = self.inner.commit().await;
        measurement.ended_without_rows(&outcome);
        outcome
    }

    async fn rollback(&mut self) -> Result<()> {
        let measurement = Measurement::start_named(&self.observer, "rollback");
        let outcome = self.inner.rollback().await;
        measurement.ended_without_rows(&outcome);
        outcome
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<P: SqlPool> SqlPool for Metered<P> {
    fn capabilities(&self) -> SessionCapabilities {
        self.inner.capabilities()
    }

    async fn session(&self) -> Result<Box<dyn SqlSession>> {
        let session = self.inner.session().await?;
        Ok(Box::new(Metered::new(session, Arc::clone(&self.observer))))
    }

    async fn query(&self, statement: &Statement) -> Result<Rows> {
        let measurement = Measurement::start(&self.observer, statement);
        let outcome = self.inner.query(statement).await;
        measurement.ended(&outcome);
        outcome
    }

    async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        let measurement = Measurement::start_named(&self.observer, "transaction");
        let outcome = self.inner.transaction(statements).await;
        measurement.ended_as_transaction(&outcome);
        outcome
    }
}
