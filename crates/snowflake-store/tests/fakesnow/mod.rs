//! A store on a Snowflake stand-in, with an account of its own.
#![allow(dead_code, unreachable_pub)]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use snowflake_sql::{
    Credentials, Result, Rows, SessionCapabilities, SnowflakeConfig, SnowflakePool, SqlPool,
    SqlSession, SqlText, Statement,
};
use snowflake_store::{
    SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, Upkeep, snowflake_migrations,
};
use testkit::conformance::store::MAX_DOCUMENT_BYTES;
use testkit::fakesnow::FakeSnow;

/// The running stand-in, for as long as a test needs it.
pub type Server = FakeSnow;

/// Appends rows as a channel of Snowpipe Streaming does, which the stand-in has not.
pub const APPEND_CALLS: &str = "INSERT INTO GONG_CALLS_STREAMED
    SELECT V:CALL_ID::VARCHAR, V:PAYLOAD_SHA::VARCHAR, V:LANDED_AT::VARCHAR, V:CORRELATION_ID::VARCHAR,
        V:STARTED_AT::VARCHAR, V:SCHEDULED_AT::VARCHAR, V:RAW_DATA, V:ORIGINAL_TEXT::VARCHAR, V:CLEANING_NOTES
    FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)";

/// The same for transcripts.
pub const APPEND_TRANSCRIPTS: &str = "INSERT INTO GONG_CALL_TRANSCRIPTS_STREAMED
    SELECT V:CALL_ID::VARCHAR, V:PAYLOAD_SHA::VARCHAR, V:LANDED_AT::VARCHAR, V:CORRELATION_ID::VARCHAR,
        V:TRANSCRIPT_DATA, V:ORIGINAL_TEXT::VARCHAR, V:CLEANING_NOTES
    FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)";

/// The cells of a statement's rows, as text.
pub async fn rows(pool: &dyn SqlPool, text: &'static str) -> Vec<Vec<Option<String>>> {
    let statement = Statement::new("test", SqlText::fixed(text));
    let rows = pool.query(&statement).await.unwrap();
    let columns = rows.columns().to_vec();
    rows.iter()
        .map(|row| {
            let cell = |column: &String| row.text(column).unwrap().map(str::to_owned);
            columns.iter().map(cell).collect()
        })
        .collect()
}

const DATABASE: &str = "GONG";

/// Sessions of an empty database of a new account, or `None` after saying so.
pub fn pool() -> Option<(Arc<SnowflakePool>, Server)> {
    let server = FakeSnow::available().unwrap()?;
    Some((sessions(&server, &new_account()), server))
}

/// Sessions of a database of a new account that is migrated and empty, or `None` after saying
/// so. Migrations run once for each build of them and stand-in; others get copies of what they
/// made.
pub async fn migrated() -> Option<(Arc<SnowflakePool>, Server)> {
    let server = FakeSnow::available().unwrap()?;
    let account = new_account();
    let mut hasher = DefaultHasher::new();
    for migration in snowflake_migrations().unwrap() {
        migration.checksum().hash(&mut hasher);
    }
    let name = format!("migrated-{:016x}", hasher.finish());
    let pool = sessions(&server, &account);
    if !server
        .restore_copy(&name, &account, DATABASE)
        .await
        .unwrap()
    {
        let store = SnowflakeStore::new(pool.clone(), config()).unwrap();
        store.migrate().await.unwrap();
        server.keep_copy(&name, &account, DATABASE).await.unwrap();
    }
    Some((pool, server))
}

fn new_account() -> String {
    format!("T{}", uuid::Uuid::new_v4().simple())
}

fn sessions(server: &Server, account: &str) -> Arc<SnowflakePool> {
    let config = SnowflakeConfig::new(account, "TESTER", Credentials::password("none"))
        .unwrap()
        .with_base_url(server.base_url().as_str())
        .unwrap()
        .with_database(DATABASE)
        .with_schema("CALLS");
    Arc::new(SnowflakePool::new(config))
}

/// A store that is migrated and empty, or `None` after saying so.
pub async fn store() -> Option<(SnowflakeStore, Server)> {
    let (pool, server) = migrated().await?;
    Some((SnowflakeStore::new(pool, config()).unwrap(), server))
}

/// Settings of a store on a stand-in, with documents of the size that the suite knows.
pub fn config() -> SnowflakeStoreConfig {
    SnowflakeStoreConfig::default()
        .with_server(SnowflakeServer::Fakesnow)
        .with_max_document_bytes(MAX_DOCUMENT_BYTES)
}

/// Does everything that writes twice, as a pool does whose first reply was lost.
#[derive(Debug)]
pub struct Repeating(pub Arc<SnowflakePool>);

#[async_trait]
impl SqlPool for Repeating {
    fn capabilities(&self) -> SessionCapabilities {
        self.0.capabilities()
    }

    async fn session(&self) -> Result<Box<dyn SqlSession>> {
        self.0.session().await
    }

    async fn query(&self, statement: &Statement) -> Result<Rows> {
        self.0.query(statement).await?;
        self.0.query(statement).await
    }

    async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        self.0.transaction(statements).await?;
        self.0.transaction(statements).await
    }
}

/// Counts round trips: a transaction is its statements, its begin and its commit.
#[derive(Debug)]
pub struct Counting {
    inner: Arc<SnowflakePool>,
    round_trips: AtomicUsize,
}

impl Counting {
    pub fn new(inner: Arc<SnowflakePool>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            round_trips: AtomicUsize::new(0),
        })
    }

    /// Since it was last asked.
    pub fn round_trips(&self) -> usize {
        self.round_trips.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl SqlPool for Counting {
    fn capabilities(&self) -> SessionCapabilities {
        self.inner.capabilities()
    }

    async fn session(&self) -> Result<Box<dyn SqlSession>> {
        self.inner.session().await
    }

    async fn query(&self, statement: &Statement) -> Result<Rows> {
        self.round_trips.fetch_add(1, Ordering::SeqCst);
        self.inner.query(statement).await
    }

    async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        self.round_trips
            .fetch_add(statements.len() + 2, Ordering::SeqCst);
        self.inner.transaction(statements).await
    }
}
