//! Opening a store as the environment describes it.

use std::sync::Arc;

use outbound::Variables;
use resilience::ErrorKind;
use snowflake_sql::{QueryTag, SnowflakeConfig, SnowflakePool, SqlObserver};
use snowflake_store::{
    Access, CallStore, Error, SnowflakeStore, SnowflakeStoreConfig, SqliteConfig, SqliteStore,
    StreamedLanding, Upkeep,
};

use crate::StoreLocation;
use crate::search::search_service;

/// Says what answers the statements: `snowflake`, or `fakesnow` for tests.
const SNOWFLAKE_SERVER: &str = "SNOWFLAKE_SERVER";

/// Where rows are streamed to, when it is not where sessions log in: for test servers.
const SNOWFLAKE_STREAMING_URL: &str = "SNOWFLAKE_STREAMING_URL";

/// Who opens a store, and who hears of its statements. SQLite needs none of it.
///
/// ```
/// use std::sync::Arc;
/// use gong_snowflake::StoreOptions;
/// use gong_snowflake::snowflake_sql::StatementMetrics;
///
/// let metrics = Arc::new(StatementMetrics::default());
/// let options = StoreOptions::new("ingest").with_run("run-1").with_observer(metrics.clone());
/// // StoreLocation::Snowflake.open_with(&options).await?
/// assert_eq!(metrics.snapshot().sent(), 0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct StoreOptions {
    step: Option<String>,
    run: Option<String>,
    observer: Option<Arc<dyn SqlObserver>>,
    reads_only: bool,
}

impl StoreOptions {
    /// Options of a step, such as `ingest`: it stands in the query tag.
    pub fn new(step: impl Into<String>) -> Self {
        Self {
            step: Some(step.into()),
            ..Self::default()
        }
    }

    /// Which run of it, such as its correlation id: it stands in the query tag.
    #[must_use]
    pub fn with_run(mut self, run: impl Into<String>) -> Self {
        self.run = Some(run.into());
        self
    }

    /// Tells an observer of every statement, such as
    /// [`StatementMetrics`](snowflake_sql::StatementMetrics).
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn SqlObserver>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Opens the store for reading only: the right to read is enough, nothing is created or
    /// migrated, and other processes that write hold nobody up.
    #[must_use]
    pub fn reading(mut self) -> Self {
        self.reads_only = true;
        self
    }

    fn tag(&self) -> QueryTag {
        let mut tag = QueryTag::new("gong-snowflake");
        if let Some(step) = &self.step {
            tag = tag.with_step(step);
        }
        if let Some(run) = &self.run {
            tag = tag.with_run(run);
        }
        tag
    }

    /// The Snowflake store that the environment describes. Nothing is sent yet.
    ///
    /// Beside the variables of [`SnowflakeConfig::from_env`]:
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `SNOWFLAKE_SERVER` | `snowflake`, the default, or `fakesnow` for tests |
    /// | `SNOWFLAKE_SEARCH_SERVICE` | a Cortex Search service that finds chunks, `database.schema.name` |
    /// | `SNOWFLAKE_SEARCH_TOKEN` | a programmatic access token for it; by default it is asked with what sessions log in with, but for a password |
    ///
    /// # Errors
    /// Of kind `Config` or `InvalidInput`, naming the variable.
    pub fn snowflake_from_env(&self) -> Result<SnowflakeStore, Error> {
        self.store(sessions_from_env()?)
    }

    fn store(&self, config: SnowflakeConfig) -> Result<SnowflakeStore, Error> {
        let server = match variable(SNOWFLAKE_SERVER)? {
            Some(server) => server
                .parse()
                .map_err(|error: Error| error.with_field(SNOWFLAKE_SERVER))?,
            None => Default::default(),
        };
        let mut settings = SnowflakeStoreConfig::default().with_server(server);
        if let Some(service) = search_service(&config, variable)? {
            settings = settings.with_search_service(Arc::new(service));
        }
        let config = config.with_query_tag(self.tag());
        let pool = match &self.observer {
            Some(observer) => SnowflakePool::observed(config, Arc::clone(observer)),
            None => SnowflakePool::new(config),
        };
        SnowflakeStore::new(Arc::new(pool), settings)
    }
}

impl StoreLocation {
    /// As [`open_with`](Self::open_with), without options.
    ///
    /// # Errors
    /// As [`open_with`](Self::open_with).
    pub async fn open(&self) -> Result<Arc<dyn CallStore>, Error> {
        self.open_with(&StoreOptions::default()).await
    }

    /// Opens the store and, unless it is only [read](StoreOptions::reading), applies its
    /// migrations; an SQLite file is created then when it is absent. On Snowflake a role that may not create tables can open a schema that is
    /// up to date.
    ///
    /// # Errors
    /// The store's own; for Snowflake also those of its settings, naming the variable.
    pub async fn open_with(&self, options: &StoreOptions) -> Result<Arc<dyn CallStore>, Error> {
        match self {
            Self::Sqlite(path) => {
                let config = SqliteConfig::new(path).with_access(match options.reads_only {
                    true => Access::ReadOnly,
                    false => Access::ReadWrite,
                });
                Ok(Arc::new(SqliteStore::open_with(config).await?))
            }
            Self::Snowflake => {
                let store = options.snowflake_from_env()?;
                if !options.reads_only {
                    store.migrate().await?;
                }
                Ok(Arc::new(store))
            }
        }
    }

    /// Opens the store for a backfill whose documents are streamed
    /// ([`StreamedLanding`]), and applies its migrations.
    ///
    /// # Errors
    /// `Unsupported` for a store that nothing can be streamed into, and for a password; as
    /// [`open_with`](Self::open_with); what opening the channels answers.
    pub async fn open_streaming(
        &self,
        options: &StoreOptions,
    ) -> Result<Arc<dyn CallStore>, Error> {
        if !matches!(self, Self::Snowflake) {
            let error = Error::new(ErrorKind::Unsupported, "nothing can be streamed into it");
            return Err(error.with_field("store"));
        }
        let config = sessions_from_env()?;
        let tokens = config.token_source().map_err(of_settings)?;
        let address = match variable(SNOWFLAKE_STREAMING_URL)? {
            Some(url) => {
                let other = config.clone().with_base_url(&url);
                let named = |error| of_settings(error).with_field(SNOWFLAKE_STREAMING_URL);
                other.map_err(named)?.base_url().clone()
            }
            None => config.base_url().clone(),
        };
        let store = options.store(config)?;
        store.migrate().await?;
        Ok(Arc::new(
            StreamedLanding::connect(store, &address, tokens).await?,
        ))
    }
}

/// As [`StoreOptions::snowflake_from_env`], without options.
///
/// # Errors
/// As [`StoreOptions::snowflake_from_env`].
pub fn snowflake_from_env() -> Result<SnowflakeStore, Error> {
    StoreOptions::default().snowflake_from_env()
}

/// An empty variable counts as absent.
fn variable(name: &'static str) -> Result<Option<String>, Error> {
    let value = Variables::from(outbound::variable::<outbound::Error>).verbatim(name);
    value.map_err(Error::from_below)
}

fn sessions_from_env() -> Result<SnowflakeConfig, Error> {
    SnowflakeConfig::from_env().map_err(of_settings)
}

fn of_settings(error: snowflake_sql::Error) -> Error {
    let named = Error::new(error.kind(), error.message());
    match error.field() {
        Some(field) => named.with_field(field),
        None => named,
    }
}
