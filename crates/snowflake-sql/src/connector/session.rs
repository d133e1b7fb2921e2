//! One session of the connector, with the transaction on it.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use resilience::ErrorKind;
use snowflake_connector_rs::{QueryCanceller, QueryOptions, Session};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::{binds, failure, rows};
use crate::transaction::{BEGIN, COMMIT, ROLLBACK, Transaction};
use crate::{
    Error, Remedy, Result, Rows, SessionCapabilities, SnowflakeConfig, SqlFault, SqlSession,
    SqlText, Statement,
};

pub(super) struct ConnectorSession {
    session: Session,
    /// After how long the server ends a statement of this session.
    limit: Duration,
    queue_timeout: Duration,
    network_timeout: Duration,
    transaction: Transaction,
    /// The cancellation of a statement that was dropped, under way.
    cancelling: Option<JoinHandle<()>>,
}

impl ConnectorSession {
    pub(super) const CAPABILITIES: SessionCapabilities = SessionCapabilities {
        binds: true,
        transactions: true,
        longest_statement: None,
        ordered_rows: true,
        vector_columns: true,
        cancels: true,
        query_ids: true,
    };

    pub(super) fn new(session: Session, limit: Duration, config: &SnowflakeConfig) -> Self {
        Self {
            session,
            limit,
            queue_timeout: config.queue_timeout,
            network_timeout: config.network_timeout,
            transaction: Transaction::None,
            cancelling: None,
        }
    }

    /// Waits until what was dropped is cancelled.
    async fn settle(&mut self) {
        if let Some(cancelling) = &mut self.cancelling {
            // A cancellation that panicked was none; the rollback shows what is left.
            let _ = cancelling.await;
            self.cancelling = None;
        }
    }

    /// How long to wait for a statement, and what it means when that was too short.
    fn patience(&self, statement: &Statement) -> Patience {
        match statement.timeout() {
            // The server knows the session's limit and no other; a shorter one is ours.
            Some(own) if own < self.limit => Patience {
                wait: own,
                remedy: Remedy::LongerTimeout,
            },
            _ => Patience {
                wait: self
                    .limit
                    .saturating_add(self.queue_timeout)
                    .saturating_add(self.network_timeout),
                remedy: Remedy::Retry,
            },
        }
    }

    /// Sends what Snowflake answers at once.
    async fn control(&mut self, name: &'static str, text: SqlText) -> Result<()> {
        let patience = Patience {
            wait: self.network_timeout,
            remedy: Remedy::Retry,
        };
        self.execute(&Statement::new(name, text), patience).await?;
        Ok(())
    }

    async fn execute(&mut self, statement: &Statement, patience: Patience) -> Result<Rows> {
        self.settle().await;
        let wire = binds::wire(statement)?;
        let wait = patience.wait;
        // The connector's own limit does not cover the parts of a result.
        let options = QueryOptions::new().with_query_response_timeout(wait.saturating_mul(2));
        let handle = self
            .session
            .query_handle_with_options(wire, options)
            .map_err(|error| failure::of_statement(&error))?;
        let mut running = Running {
            canceller: Some(handle.canceller()),
            in_transaction: &mut self.transaction,
            cancelling: &mut self.cancelling,
        };
        let answered = tokio::time::timeout(wait, async {
            let cursor = handle.execute().await?;
            cursor.collect_table().await
        })
        .await;
        match answered {
            Ok(Ok(table)) => {
                running.ended();
                rows::of_table(&table)
            }
            Ok(Err(error)) => {
                if failure::leaves_open(&error) {
                    running.cancel();
                } else {
                    running.ended();
                }
                Err(failure::of_statement(&error))
            }
            Err(_) => {
                running.cancel();
                Err(patience.exhausted())
            }
        }
    }
}

/// How long to wait, and what helps when nobody answered by then.
#[derive(Debug, Clone, Copy)]
struct Patience {
    wait: Duration,
    remedy: Remedy,
}

impl Patience {
    fn exhausted(self) -> Error {
        let seconds = self.wait.as_secs_f64();
        let message = match self.remedy {
            Remedy::LongerTimeout => {
                format!("did not finish within the statement's {seconds} s and was cancelled")
            }
            _ => format!("did not answer within the {seconds} s it was given"),
        };
        Error::of_fault(
            ErrorKind::Transient,
            SqlFault {
                code: None,
                query_id: None,
                message,
                remedy: self.remedy,
            },
        )
    }
}

/// A statement under way. Dropped before it [ended](Self::ended), it is cancelled on
/// the server.
struct Running<'a> {
    canceller: Option<QueryCanceller>,
    in_transaction: &'a mut Transaction,
    cancelling: &'a mut Option<JoinHandle<()>>,
}

impl Running<'_> {
    fn ended(&mut self) {
        self.canceller = None;
    }

    /// Cancels on the server, in a task of its own; the session waits for it before
    /// its next statement.
    fn cancel(&mut self) {
        let Some(canceller) = self.canceller.take() else {
            return;
        };
        // Without a runtime there is no connection either.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        *self.cancelling = Some(runtime.spawn(async move {
            match canceller.cancel().await {
                Ok(status) => tracing::debug!(?status, "a statement was cancelled"),
                // It has ended, or the session has.
                Err(error) => {
                    tracing::debug!(code = error.snowflake_code(), "nothing was cancelled");
                }
            }
        }));
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if self.canceller.is_some() {
            *self.in_transaction = self.in_transaction.dropped();
            self.cancel();
        }
    }
}

#[async_trait]
impl SqlSession for ConnectorSession {
    fn capabilities(&self) -> SessionCapabilities {
        Self::CAPABILITIES
    }

    async fn run(&mut self, statement: &Statement) -> Result<Rows> {
        self.transaction.allows_a_statement()?;
        let patience = self.patience(statement);
        self.execute(statement, patience).await
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
        let patience = self.patience(&commit);
        self.execute(&commit, patience).await?;
        self.transaction = Transaction::None;
        Ok(())
    }

    async fn rollback(&mut self) -> Result<()> {
        self.settle().await;
        if self.transaction == Transaction::None {
            return Ok(());
        }
        self.control("rollback", ROLLBACK).await?;
        self.transaction = Transaction::None;
        Ok(())
    }
}

impl fmt::Debug for ConnectorSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectorSession")
            .field("limit", &self.limit)
            .field("transaction", &self.transaction)
            .finish_non_exhaustive()
    }
}
