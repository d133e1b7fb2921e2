//! One session, which holds at most one transaction.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::{Result, Rows, SessionCapabilities, Statement};

/// One session on Snowflake.
///
/// # Contract
/// - **Exclusive**: statements of one session share its transaction, so every
///   method takes `&mut self`, and nobody else uses it meanwhile.
/// - **Settings**: time zone UTC, a query tag, and limits for running and queueing
///   are in force before the first statement.
/// - **Rows** come complete and in the statement's order, however many parts the
///   server splits them into. A statement that returns no rows gives what Snowflake
///   replies: for DML, one row with `number of rows inserted` and the like, see
///   [`Rows::affected`].
/// - **Errors** carry what Snowflake said ([`Error::fault`](crate::Error::fault)).
///   An implementation does not retry; recovery is the pool's and the caller's.
/// - **Transactions**: after a failed statement the transaction is still open and
///   must be rolled back. DDL commits.
/// - **Cancellation**: dropping the future of a statement cancels it on the server
///   as far as [`SessionCapabilities::cancels`] says. The session is not used again
///   before what it left behind is rolled back.
/// - **Privacy**: no bound value and no cell is logged, at any level.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SqlSession: Debug + Send + Sync + 'static {
    /// What this kind of session can do.
    fn capabilities(&self) -> SessionCapabilities;

    /// Runs one statement.
    async fn run(&mut self, statement: &Statement) -> Result<Rows>;

    /// Opens a transaction.
    ///
    /// # Errors
    /// `Internal` when one is open.
    async fn begin(&mut self) -> Result<()>;

    /// Commits the open transaction.
    async fn commit(&mut self) -> Result<()>;

    /// Rolls the open transaction back; without one it does nothing.
    async fn rollback(&mut self) -> Result<()>;
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: SqlSession + ?Sized> SqlSession for Box<S> {
    fn capabilities(&self) -> SessionCapabilities {
        (**self).capabilities()
    }

    async fn run(&mut self, statement: &Statement) -> Result<Rows> {
        (**self).run(statement).await
    }

    async fn begin(&mut self) -> Result<()> {
        (**self).begin().await
    }

    async fn commit(&mut self) -> Result<()> {
        (**self).commit().await
    }

    async fn rollback(&mut self) -> Result<()> {
        (**self).rollback().await
    }
}
