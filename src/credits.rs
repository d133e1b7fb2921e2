//! Tells the meters what Snowflake cost.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use calls::Timestamp;
use ingest::schedule::{Job, JobReport};
use resilience::meter::table;
use serde_json::json;
use snowflake_store::{CancellationToken, SnowflakeStore};

use crate::{Error, Settings, StoreLocation, StoreOptions};

/// Asks Snowflake what its statements cost, and sets the meter
/// [`SNOWFLAKE_CREDITS`](table::SNOWFLAKE_CREDITS).
///
/// A job of a schedule, some times a day: the account knows only hours later. Where the views
/// of `optional/cost_views.sql` cannot be read, the meter stays absent.
#[derive(Debug)]
pub struct CreditsJob {
    store: SnowflakeStore,
    /// What was told, so that it falls to 0 when there is no more of it.
    told: Mutex<BTreeSet<[String; 3]>>,
}

impl CreditsJob {
    fn new(store: SnowflakeStore) -> Self {
        Self {
            store,
            told: Mutex::default(),
        }
    }
}

impl Settings {
    /// Asks what the store's account cost; `None` for a store that is not on Snowflake.
    ///
    /// # Errors
    /// As [`snowflake_store`](Self::snowflake_store).
    pub fn credits_job(&self) -> Result<Option<CreditsJob>, Error> {
        if self.store.location != StoreLocation::Snowflake {
            return Ok(None);
        }
        let store = self.snowflake_store(&StoreOptions::new("credits"))?;
        Ok(Some(CreditsJob::new(store)))
    }
}

#[async_trait]
impl Job for CreditsJob {
    fn name(&self) -> &'static str {
        "credits"
    }

    fn stream(&self) -> &'static str {
        "credits"
    }

    async fn run(&self, _: Timestamp, _: CancellationToken) -> ingest::Result<JobReport> {
        let Some(spent) = self.store.credits().await? else {
            return JobReport::new(&json!({"shown": false}), true);
        };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for labels in &*told {
            table::SNOWFLAKE_CREDITS.set(&labels.each_ref().map(String::as_str), 0.0);
        }
        let mut whole = 0.0;
        for one in spent {
            let labels = [one.step, one.spent_on, one.day];
            table::SNOWFLAKE_CREDITS.set(&labels.each_ref().map(String::as_str), one.credits);
            whole += one.credits;
            told.insert(labels);
        }
        JobReport::new(&json!({"shown": true, "credits": whole}), true)
    }
}
