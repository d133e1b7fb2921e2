//! A pool of sessions that recovers from transient failures.

mod checkout;
mod keep_alive;
mod login;
mod recovery;
mod settings;
mod slots;
mod work;

use std::sync::Arc;

use async_trait::async_trait;
use resilience::ErrorKind;

pub use login::Login;
pub use settings::PoolSettings;

use crate::observe::{SqlObserver, Unobserved};
use crate::{Error, Result, Rows, SessionCapabilities, SqlPool, SqlSession, Statement};
use checkout::Checkout;
use slots::Slots;
use work::Work;

/// Sessions on Snowflake: logged in when first needed, handed out in the order of
/// asking, replaced when they end.
///
/// # Recovery
/// | what happens | what the pool does |
/// |---|---|
/// | the session is gone (390104, 390111, 390112, 390114) | throws it away and repeats at once on a new one |
/// | HTTP 5xx or 408, a cut connection, no answer, a lock that is held | cancels what may still run, then repeats after a pause |
/// | HTTP 429 | repeats after a pause |
/// | the statement ran into its limit (000630, or the statement's own) | repeats once with twice the limit, on a session that has it |
/// | anything else | gives up at once |
///
/// A transaction is repeated whole, after a rollback. What is
/// [not repeatable](Statement::not_repeatable) is repeated only where the session was
/// refused before the statement began. [`with_retry`](crate::SnowflakeConfig::with_retry)
/// and [`with_overall_limit`](crate::SnowflakeConfig::with_overall_limit) end it; an
/// error that comes out is marked, so that a retry further out leaves it alone.
///
/// # What is dropped
/// A statement whose future is dropped is cancelled on the server. A session with an
/// open transaction, or with a statement whose end nobody heard, is rolled back in the
/// background before anybody else gets it, and thrown away when that fails.
#[derive(Debug, Clone)]
pub struct SnowflakePool {
    slots: Arc<Slots>,
}

impl SnowflakePool {
    /// A pool on `snowflake-connector-rs`. Nothing is sent before it is needed.
    #[cfg(feature = "connector")]
    pub fn new(config: crate::SnowflakeConfig) -> Self {
        let settings = PoolSettings::of(&config);
        Self::over(Arc::new(crate::ConnectorLogin::new(config)), settings)
    }

    /// A pool on `snowflake-api`, within the limits that
    /// [`ApiLogin`](crate::ApiLogin) lists. Nothing is sent before it is needed.
    /// For callers that run on `snowflake-api` already.
    ///
    /// # Errors
    /// `Config`, naming the part of the configuration that `snowflake-api` cannot do.
    #[cfg(feature = "snowflake-api")]
    pub fn on_snowflake_api(config: crate::SnowflakeConfig) -> Result<Self> {
        let settings = PoolSettings::of(&config);
        Ok(Self::over(
            Arc::new(crate::ApiLogin::new(config)?),
            settings,
        ))
    }

    /// A pool over any kind of session.
    pub fn over(login: Arc<dyn Login>, settings: PoolSettings) -> Self {
        Self::observed_over(login, settings, Arc::new(Unobserved))
    }

    /// As [`over`](Self::over), with somebody who hears of every statement, those of
    /// transactions and repetitions included.
    pub fn observed_over(
        login: Arc<dyn Login>,
        settings: PoolSettings,
        observer: Arc<dyn SqlObserver>,
    ) -> Self {
        Self {
            slots: Slots::new(login, settings, observer),
        }
    }

    /// As [`new`](Self::new), with somebody who hears of every statement, those of
    /// transactions and repetitions included; see
    /// [`StatementMetrics`](crate::StatementMetrics).
    #[cfg(feature = "connector")]
    pub fn observed(config: crate::SnowflakeConfig, observer: Arc<dyn SqlObserver>) -> Self {
        let settings = PoolSettings::of(&config);
        Self::observed_over(
            Arc::new(crate::ConnectorLogin::new(config)),
            settings,
            observer,
        )
    }

    async fn within_limit(&self, work: Work<'_>) -> Result<Vec<Rows>> {
        let limit = self.slots.settings().overall_limit;
        match tokio::time::timeout(limit, recovery::recover(&self.slots, work)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::new(
                ErrorKind::Transient,
                format!("gave up after {} s in all", limit.as_secs_f64()),
            )
            .exhausted()),
        }
    }
}

#[async_trait]
impl SqlPool for SnowflakePool {
    fn capabilities(&self) -> SessionCapabilities {
        self.slots.capabilities()
    }

    async fn session(&self) -> Result<Box<dyn SqlSession>> {
        let limit = self.slots.settings().statement_timeout;
        Ok(Box::new(Checkout::of(&self.slots, limit).await?))
    }

    async fn query(&self, statement: &Statement) -> Result<Rows> {
        let mut rows = self.within_limit(Work::One(statement)).await?;
        rows.pop()
            .ok_or_else(|| Error::new(ErrorKind::Internal, "a statement returned no result"))
    }

    async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.within_limit(Work::All(statements)).await
    }
}
