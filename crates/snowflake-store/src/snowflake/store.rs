//! The store: a pool of sessions, and a cache of replies.

use std::fmt;
use std::sync::Arc;

use resilience::ErrorKind;
use snowflake_sql::{Rows, SqlPool, SqlSession, Statement};
use tokio::sync::Mutex;

use super::config::SnowflakeStoreConfig;
use super::failure::of_sql;
use super::reads::ReadReplies;
use crate::erasure::Erased;
use crate::{Error, Result};

/// A call store on Snowflake.
///
/// It keeps the same contract as [`SqliteStore`](crate::SqliteStore) under the same
/// names of tables, so that one stands in for the other. What differs:
///
/// - [`land`](crate::Landing::land) reads the hashes that are stored before its
///   transaction, so that what is unchanged is not sent. A page is one transaction on
///   one session; several pages at a time go over several sessions.
/// - [`transform`](crate::Landing::transform) reads documents, prepares rows with the code
///   that `SqliteStore` runs, and writes them in one transaction a batch.
/// - Replies to [`CallReader`](crate::CallReader) are remembered for a while
///   ([`ReadCache`](crate::ReadCache)); writes through this store count at once, those of
///   others when the time is over.
/// - Search by words is BM25 over all chunks without an index, or asks a
///   [search service](SnowflakeStoreConfig::with_search_service); search by vectors
///   compares all vectors of the model.
#[derive(Clone)]
pub struct SnowflakeStore {
    pool: Arc<dyn SqlPool>,
    config: SnowflakeStoreConfig,
    replies: ReadReplies,
    erased: Arc<Mutex<Option<Arc<Erased>>>>,
}

impl fmt::Debug for SnowflakeStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnowflakeStore")
            .field("pool", &self.pool)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl SnowflakeStore {
    /// A store over sessions. Nothing is sent yet: [`Upkeep::migrate`](crate::Upkeep::migrate)
    /// makes the tables.
    ///
    /// # Errors
    /// `Unsupported` when the sessions know no binds or no transactions.
    pub fn new(pool: Arc<dyn SqlPool>, config: SnowflakeStoreConfig) -> Result<Self> {
        let capabilities = pool.capabilities();
        if !(capabilities.binds && capabilities.transactions) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the sessions lack binds or transactions, which the store needs",
            )
            .with_field("pool"));
        }
        Ok(Self {
            replies: ReadReplies::new(config.read_cache()),
            erased: Arc::default(),
            pool,
            config,
        })
    }

    pub(super) fn config(&self) -> &SnowflakeStoreConfig {
        &self.config
    }

    /// Runs one statement that reads.
    pub(super) async fn ask(&self, statement: &Statement) -> Result<Rows> {
        self.pool.query(statement).await.map_err(of_sql)
    }

    /// As [`ask`](Self::ask), from what is remembered when it is.
    pub(super) async fn ask_remembering(&self, statement: &Statement) -> Result<Arc<Rows>> {
        self.replies
            .get(statement, || async { self.ask(statement).await })
            .await
    }

    /// Runs statements that write in one transaction, and forgets what was read before.
    /// One statement is a transaction by itself, without the round trips of another.
    pub(super) async fn write(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        // Also when the write fails or is dropped: it may have happened.
        let _forget = self.replies.forget_when_done();
        match statements {
            [] => Ok(Vec::new()),
            [statement] => Ok(vec![self.pool.query(statement).await.map_err(of_sql)?]),
            statements => self.pool.transaction(statements).await.map_err(of_sql),
        }
    }

    /// Runs statements that write on a session of its own, and takes back what they did.
    pub(super) async fn take_back(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        let mut session = self.pool.session().await.map_err(of_sql)?;
        let replies = run_all(&mut *session, statements).await;
        session.rollback().await.map_err(of_sql)?;
        replies.map_err(of_sql)
    }

    /// Runs statements that write in one transaction, with a last one that speaks of what they
    /// did. A commit whose reply is lost is an error: it is for what may be done again.
    pub(super) async fn write_with_record(
        &self,
        statements: &[Statement],
        record: impl FnOnce(&[Rows]) -> Result<Statement> + Send,
    ) -> Result<()> {
        let _forget = self.replies.forget_when_done();
        let mut session = self.pool.session().await.map_err(of_sql)?;
        let written = async {
            let replies = run_all(&mut *session, statements).await.map_err(of_sql)?;
            session.run(&record(&replies)?).await.map_err(of_sql)
        };
        match written.await {
            Ok(_) => session.commit().await.map_err(of_sql),
            Err(error) => {
                session.rollback().await.map_err(of_sql)?;
                Err(error)
            }
        }
    }

    /// Who was erased, if that was asked already.
    pub(super) fn erased(&self) -> &Mutex<Option<Arc<Erased>>> {
        &self.erased
    }

    /// Has the next to need it ask who was erased.
    pub(super) async fn forget_erased(&self) {
        *self.erased.lock().await = None;
    }
}

async fn run_all(
    session: &mut dyn SqlSession,
    statements: &[Statement],
) -> snowflake_sql::Result<Vec<Rows>> {
    session.begin().await?;
    let mut replies = Vec::with_capacity(statements.len());
    for statement in statements {
        replies.push(session.run(statement).await?);
    }
    Ok(replies)
}
