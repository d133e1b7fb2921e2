//! Opening a store as settings describe it.

use std::sync::Arc;

#[cfg(any(feature = "sqlite", feature = "snowflake"))]
use resilience::Traced;
#[cfg(feature = "snowflake")]
use snowflake_sql::SqlObserver;
use snowflake_store::CallStore;
#[cfg(feature = "snowflake")]
use snowflake_store::Upkeep;

use crate::{Error, Settings, StoreLocation};

/// Who opens a store, and who hears of its statements. SQLite needs none of it.
#[derive(Debug, Clone, Default)]
#[cfg_attr(not(feature = "snowflake"), allow(dead_code))] // SQLite has no query tags.
pub struct StoreOptions {
    pub(crate) step: Option<String>,
    pub(crate) run: Option<String>,
    #[cfg(feature = "snowflake")]
    pub(crate) observer: Option<Arc<dyn SqlObserver>>,
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
    ///
    /// ```
    /// use std::sync::Arc;
    /// use gong_snowflake::StoreOptions;
    /// use gong_snowflake::snowflake_sql::StatementMetrics;
    ///
    /// let metrics = Arc::new(StatementMetrics::default());
    /// let options = StoreOptions::new("ingest").with_run("run-1").with_observer(metrics.clone());
    /// // settings.open_store(&options).await?
    /// assert_eq!(metrics.snapshot().sent(), 0);
    /// ```
    #[cfg(feature = "snowflake")]
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
}

impl Settings {
    /// Opens [the store](crate::settings::StoreSettings::location).
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_store(&self, options: &StoreOptions) -> Result<Arc<dyn CallStore>, Error> {
        self.open(&self.store.location, options).await
    }

    /// Opens a store and, unless it is only [read](StoreOptions::reading), applies its
    /// migrations; an SQLite file is created then when it is absent. On Snowflake a role that may
    /// not create tables can open a schema that is up to date.
    ///
    /// # Errors
    /// The store's own; for Snowflake also those of its settings, naming the variable.
    /// `Unsupported` on the field `store` when the store's feature is off.
    pub async fn open(
        &self,
        location: &StoreLocation,
        options: &StoreOptions,
    ) -> Result<Arc<dyn CallStore>, Error> {
        match location {
            #[cfg(feature = "sqlite")]
            StoreLocation::Sqlite(path) => {
                use snowflake_store::{Access, SqliteConfig, SqliteStore};

                let config = SqliteConfig::new(path).with_access(match options.reads_only {
                    true => Access::ReadOnly,
                    false => Access::ReadWrite,
                });
                let store = SqliteStore::open_with(config).await;
                let store = store.map_err(Error::from_below)?;
                Ok(Arc::new(Traced::new(location.name(), store)))
            }
            #[cfg(feature = "snowflake")]
            StoreLocation::Snowflake => {
                let store = self.snowflake_store(options)?;
                if !options.reads_only {
                    store.migrate().await.map_err(|error| self.located(error))?;
                }
                Ok(Arc::new(Traced::new(location.name(), store)))
            }
            #[cfg(not(all(feature = "sqlite", feature = "snowflake")))]
            _ => {
                let _ = options;
                let why = "this program was built without the feature of that store";
                Err(Error::new(resilience::ErrorKind::Unsupported, why).with_field("store"))
            }
        }
    }
}
