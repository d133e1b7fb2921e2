//! The Snowflake account as settings describe it.

use std::sync::Arc;

use resilience::ErrorKind;
use snowflake_sql::{QueryTag, SnowflakeConfig, SnowflakePool};
use snowflake_store::{
    CallStore, GongShareConfig, SnowflakeStore, SnowflakeStoreConfig, StreamedLanding, Upkeep,
};

use crate::search::search_service;
use crate::settings::SnowflakeServer;
use crate::{Error, Settings, StoreLocation, StoreOptions};

/// Where rows are streamed to, when it is not where sessions log in.
const STREAMING_URL: &str = "SNOWFLAKE_STREAMING_URL";

impl StoreOptions {
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

    fn pool(&self, config: SnowflakeConfig) -> SnowflakePool {
        let config = config.with_query_tag(self.tag());
        match &self.observer {
            Some(observer) => SnowflakePool::observed(config, Arc::clone(observer)),
            None => SnowflakePool::new(config),
        }
    }
}

impl Settings {
    /// Sessions with the account. Nothing is sent yet.
    ///
    /// # Errors
    /// Of kind `Config` or `InvalidInput`, naming the variable.
    pub fn snowflake_pool(&self, options: &StoreOptions) -> Result<SnowflakePool, Error> {
        Ok(options.pool(self.snowflake_config()?))
    }

    /// The store in the account. Nothing is sent yet.
    ///
    /// # Errors
    /// Of kind `Config` or `InvalidInput`, naming the variable.
    pub fn snowflake_store(&self, options: &StoreOptions) -> Result<SnowflakeStore, Error> {
        self.store_of(self.snowflake_config()?, options)
    }

    /// Opens [the store](crate::settings::StoreSettings::location) for a backfill whose documents
    /// are streamed ([`StreamedLanding`]), and applies its migrations.
    ///
    /// # Errors
    /// `Unsupported` for a store that nothing can be streamed into, and for a password; as
    /// [`open`](Self::open); what opening the channels answers.
    pub async fn open_streaming(
        &self,
        options: &StoreOptions,
    ) -> Result<Arc<dyn CallStore>, Error> {
        if self.store.location != StoreLocation::Snowflake {
            let error = Error::new(ErrorKind::Unsupported, "nothing can be streamed into it");
            return Err(error.with_field("store"));
        }
        let config = self.snowflake_config()?;
        let tokens = config.token_source().map_err(|error| self.located(error))?;
        let address = match &self.snowflake.streaming_url {
            Some(url) => {
                let other = config.clone().with_base_url(url.as_str());
                let other = other.map_err(|error| self.located(error.with_field(STREAMING_URL)))?;
                other.base_url().clone()
            }
            None => config.base_url().clone(),
        };
        let store = self.store_of(config, options)?;
        store.migrate().await.map_err(|error| self.located(error))?;
        let http = self.http()?;
        let landing = StreamedLanding::connect(store, &address, tokens, &http).await;
        Ok(Arc::new(landing.map_err(|error| self.located(error))?))
    }

    /// Gong's own share, if the settings name the database that it is mounted as.
    ///
    /// # Errors
    /// `InvalidInput`, naming the setting, when a name is none.
    pub fn gong_share(&self) -> Result<Option<GongShareConfig>, Error> {
        let Some(database) = &self.gong.share_database else {
            return Ok(None);
        };
        let mut share = GongShareConfig::new(database)
            .map_err(|error| self.located(error.with_field("GONG_SHARE_DATABASE")))?;
        if let Some(schema) = &self.gong.share_schema {
            let other = share.with_schema(schema);
            share = other.map_err(|error| self.located(error.with_field("GONG_SHARE_SCHEMA")))?;
        }
        Ok(Some(share.with_private_calls(self.sync.include_private)))
    }

    fn snowflake_config(&self) -> Result<SnowflakeConfig, Error> {
        let config = SnowflakeConfig::from_variables(|name| Ok(self.variable(name)));
        config.map_err(|error| self.located(error))
    }

    fn store_of(
        &self,
        config: SnowflakeConfig,
        options: &StoreOptions,
    ) -> Result<SnowflakeStore, Error> {
        let server = match self.snowflake.server {
            SnowflakeServer::Snowflake => snowflake_store::SnowflakeServer::Snowflake,
            SnowflakeServer::FakeSnow => snowflake_store::SnowflakeServer::Fakesnow,
        };
        let mut settings = SnowflakeStoreConfig::default().with_server(server);
        let service = search_service(&config, &self.http()?, |name| self.variable(name));
        if let Some(service) = service.map_err(|error| self.located(error))? {
            settings = settings.with_search_service(Arc::new(service));
        }
        let store = SnowflakeStore::new(Arc::new(options.pool(config)), settings);
        store.map_err(|error| self.located(error))
    }
}
