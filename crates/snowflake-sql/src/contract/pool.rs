//! Where sessions come from, and how work on them survives transient failures.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::{Result, Rows, SessionCapabilities, SqlSession, Statement};

/// Sessions on Snowflake, handed out one caller at a time.
///
/// # Contract
/// - **Recovery**: [`query`](Self::query) and [`transaction`](Self::transaction) act
///   on [`Remedy`](crate::Remedy): log in again and repeat, repeat after a pause,
///   repeat with a longer limit, or give up. A returned error is final for now. A
///   transaction is repeated as a whole, and only if all of its statements are
///   [repeatable](Statement::is_repeatable).
/// - **A commit whose reply is lost** may have happened. The transaction is
///   repeated, so its statements must be idempotent.
/// - **Sessions** log in when first needed, up to the size of the pool;
///   callers wait their turn in order.
/// - **Dropping** a future leaves a transaction undone (or wholly done), and its
///   session is rolled back before anybody else gets it.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SqlPool: Debug + Send + Sync + 'static {
    /// What its sessions can do.
    fn capabilities(&self) -> SessionCapabilities;

    /// A session for one caller, returned when dropped; for work that
    /// [`query`](Self::query) and [`transaction`](Self::transaction) do not cover.
    /// Nothing is repeated on it.
    async fn session(&self) -> Result<Box<dyn SqlSession>>;

    /// Runs one statement on a session of its own.
    async fn query(&self, statement: &Statement) -> Result<Rows>;

    /// Runs statements in order in one transaction: all of them, or none.
    async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>>;
}

resilience::forward_pointers! {
    SqlPool {
        fn capabilities(&self) -> SessionCapabilities;
        async fn session(&self) -> Result<Box<dyn SqlSession>>;
        async fn query(&self, statement: &Statement) -> Result<Rows>;
        async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>>;
    }
}
