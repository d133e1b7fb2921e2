//! One session of `snowflake-api`, with the transaction on it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::snowflake_api::{RawQueryResult, SnowflakeApi};
use async_trait::async_trait;
use resilience::ErrorKind;
use tokio::runtime::Handle;

use super::exchange::Exchange;
use super::outcome::{Outcome, too_long};
use super::outgoing::Outgoing;
use super::rows;
use crate::transaction::{BEGIN, COMMIT, ROLLBACK, Transaction};
use crate::{
    Error, Remedy, Result, Rows, SessionCapabilities, SqlFault, SqlSession, SqlText, Statement,
};

/// After so long Snowflake answers that the statement is still running.
pub(super) const LONGEST: Duration = Duration::from_secs(45);

/// Snowflake's code for a statement that ran into `STATEMENT_TIMEOUT_IN_SECONDS`.
const TIMED_OUT: &str = "000630";

/// A session. Dropped, it is closed on the server, which rolls its transaction back.
pub(super) struct ApiSession {
    /// Taken when it is closed.
    api: Option<SnowflakeApi>,
    exchange: Arc<Exchange>,
    /// After how long the server ends a statement of this session.
    limit: Duration,
    network_timeout: Duration,
    transaction: Transaction,
    /// Nobody heard how a statement ended, and it cannot be cancelled: what follows on
    /// this session would run beside it.
    is_lost: bool,
}

impl ApiSession {
    pub(super) const CAPABILITIES: SessionCapabilities = SessionCapabilities {
        binds: true,
        transactions: true,
        longest_statement: Some(LONGEST),
        ordered_rows: true,
        vector_columns: true,
        cancels: false,
        query_ids: true,
    };

    pub(super) fn new(
        api: SnowflakeApi,
        exchange: Arc<Exchange>,
        limit: Duration,
        network_timeout: Duration,
    ) -> Self {
        Self {
            api: Some(api),
            exchange,
            limit,
            network_timeout,
            transaction: Transaction::None,
            is_lost: false,
        }
    }

    async fn execute(&mut self, statement: &Statement, wait: Duration) -> Result<Rows> {
        self.is_usable()?;
        let outgoing = Outgoing::of(statement)?;
        let stand_in = outgoing.stand_in.clone();
        let api = self.api.as_ref().ok_or_else(gone)?;
        self.exchange.prepare(outgoing);
        // Whoever drops this future leaves that behind.
        self.is_lost = true;
        let transaction = self.transaction;
        self.transaction = transaction.dropped();
        let answered = tokio::time::timeout(wait, api.exec_raw(&stand_in)).await;
        let Ok(answered) = answered else {
            return Err(self.exhausted(statement, wait));
        };
        self.transaction = transaction;
        match (self.exchange.take_outcome(), answered) {
            (Some(Outcome::Reply(reply)), Ok(raw)) => {
                self.is_lost = false;
                let parts = match raw {
                    RawQueryResult::Bytes(parts) => parts,
                    _ => Vec::new(),
                };
                rows::read(reply, parts)
            }
            (Some(Outcome::Failure(failure)), _) => {
                self.is_lost = !failure.ended;
                Err(self.at_the_limit(failure.error))
            }
            // Its own words may repeat what it was given.
            (Some(Outcome::Reply(_)) | None, _) => Err(Error::new(
                ErrorKind::Internal,
                "snowflake-api failed by itself",
            )),
        }
    }

    fn is_usable(&self) -> Result<()> {
        match self.is_lost {
            false => Ok(()),
            true => Err(gone()),
        }
    }

    /// How long to wait for a statement.
    fn patience(&self, statement: &Statement) -> Duration {
        match statement.timeout() {
            Some(own) if own < self.limit => own,
            _ => self.limit.saturating_add(self.network_timeout),
        }
    }

    fn exhausted(&self, statement: &Statement, wait: Duration) -> Error {
        let seconds = wait.as_secs_f64();
        let (message, remedy) = match statement.timeout() {
            Some(own) if own == wait => (
                format!(
                    "did not finish within the statement's {seconds} s; snowflake-api cannot \
                     cancel it, so the session was abandoned"
                ),
                Remedy::LongerTimeout,
            ),
            _ => (
                format!("did not answer within the {seconds} s it was given"),
                Remedy::Retry,
            ),
        };
        let fault = SqlFault {
            code: None,
            query_id: None,
            message,
            remedy,
        };
        Error::of_fault(ErrorKind::Transient, fault)
    }

    /// A longer limit does not help against the longest one.
    fn at_the_limit(&self, error: Error) -> Error {
        match error.fault() {
            Some(fault) if fault.code.as_deref() == Some(TIMED_OUT) && self.limit >= LONGEST => {
                too_long(fault.query_id.clone())
            }
            _ => error,
        }
    }

    /// Sends what Snowflake answers at once.
    async fn control(&mut self, name: &'static str, text: SqlText) -> Result<()> {
        let wait = self.network_timeout;
        self.execute(&Statement::new(name, text), wait).await?;
        Ok(())
    }
}

fn gone() -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "the outcome of a statement in this session is unknown; take another session",
    )
}

#[async_trait]
impl SqlSession for ApiSession {
    fn capabilities(&self) -> SessionCapabilities {
        Self::CAPABILITIES
    }

    async fn run(&mut self, statement: &Statement) -> Result<Rows> {
        self.transaction.allows_a_statement()?;
        let wait = self.patience(statement);
        self.execute(statement, wait).await
    }

    async fn begin(&mut self) -> Result<()> {
        self.transaction.allows_begin()?;
        // Open already while the reply is waited for: whoever stops waiting has it open.
        self.transaction = Transaction::Open;
        let begun = self.control("begin", BEGIN).await;
        self.transaction = Transaction::after_begin(&begun);
        begun
    }

    async fn commit(&mut self) -> Result<()> {
        self.transaction.allows_commit()?;
        // It may take as long as a statement.
        let commit = Statement::new("commit", COMMIT);
        let wait = self.patience(&commit);
        self.execute(&commit, wait).await?;
        self.transaction = Transaction::None;
        Ok(())
    }

    async fn rollback(&mut self) -> Result<()> {
        // Closing the session rolls back what it cannot be asked to.
        self.is_usable()?;
        if self.transaction == Transaction::None {
            return Ok(());
        }
        self.control("rollback", ROLLBACK).await?;
        self.transaction = Transaction::None;
        Ok(())
    }
}

impl Drop for ApiSession {
    fn drop(&mut self) {
        // Without a runtime there is no connection either.
        let (Some(mut api), Ok(runtime)) = (self.api.take(), Handle::try_current()) else {
            return;
        };
        let limit = self.network_timeout;
        runtime.spawn(async move {
            let closed = tokio::time::timeout(limit, api.close_session()).await;
            let is_closed = matches!(closed, Ok(Ok(())));
            tracing::debug!(is_closed, "a session was given up");
        });
    }
}

impl fmt::Debug for ApiSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiSession")
            .field("limit", &self.limit)
            .field("transaction", &self.transaction)
            .field("is_lost", &self.is_lost)
            .finish_non_exhaustive()
    }
}
