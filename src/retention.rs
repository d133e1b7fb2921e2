//! Retention of the store and of the one that answers when it does not.

use std::sync::Arc;

use async_trait::async_trait;
use calls::Timestamp;
use ingest::schedule::{Job, JobReport};
use resilience::ErrorKind;
use snowflake_store::{CallStore, CancellationToken, Hybrid, Upkeep};

use crate::{Error, FallbackStore, Settings, StoreLocation, StoreOptions};

const FALLBACK: &str = "fallback-store";

impl Settings {
    /// Opens the [fallback](crate::settings::StoreSettings::fallback) if it is another store, for
    /// what is to reach both. A file that is not there is none: a path with a typing error is
    /// not a new, empty store.
    ///
    /// # Errors
    /// As [`open`](Self::open), on the field `fallback-store` where they name none; `InvalidInput`
    /// for a file that is not there.
    pub async fn open_fallback_store(
        &self,
        options: &StoreOptions,
    ) -> Result<Option<Arc<dyn CallStore>>, Error> {
        let FallbackStore::Store(location) = &self.store.fallback else {
            return Ok(None);
        };
        if *location == self.store.location {
            return Ok(None);
        }
        if let StoreLocation::Sqlite(path) = location
            && !path.exists()
        {
            let message = format!("{}: there is no such file", path.display());
            return Err(Error::new(ErrorKind::InvalidInput, message).with_field(FALLBACK));
        }
        let store = self.open(location, options).await;
        store.map(Some).map_err(|error| match error.field() {
            Some(_) => error,
            None => error.with_field(FALLBACK),
        })
    }
}

/// Removes what `GONG_DATA_RETENTION_POLICY` says is too old, from the store and from its
/// fallback, each by its own policy.
///
/// A job of a schedule. The fallback is opened for each run: one that is down holds up neither
/// the other jobs nor the store's own retention.
#[derive(Debug)]
pub struct RetainBoth {
    settings: Settings,
    store: Arc<dyn CallStore>,
}

impl RetainBoth {
    /// Retention in a store, and in the fallback that settings name.
    pub fn new(settings: Settings, store: Arc<dyn CallStore>) -> Self {
        Self { settings, store }
    }
}

#[async_trait]
impl Job for RetainBoth {
    fn name(&self) -> &'static str {
        "retain"
    }

    fn stream(&self) -> &'static str {
        "retention"
    }

    async fn run(&self, now: Timestamp, _: CancellationToken) -> ingest::Result<JobReport> {
        let options = StoreOptions::new("retain");
        // One transaction in each: it is done or not.
        let outcomes = match self.settings.open_fallback_store(&options).await {
            Ok(None) => self.store.apply_retention(now).await?,
            Ok(Some(fallback)) => {
                let both = Hybrid::new(Arc::clone(&self.store), fallback);
                both.named("store", FALLBACK).apply_retention(now).await?
            }
            Err(error) => {
                self.store.apply_retention(now).await?;
                let message = format!("{error}; the store itself is done");
                let named = ingest::Error::new(error.kind(), message).with_field(FALLBACK);
                return Err(named.with_source(error));
            }
        };
        JobReport::new(&outcomes, true)
    }
}
