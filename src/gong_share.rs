//! Calls from Gong's own share in Snowflake, before those of its API.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use calls::Timestamp;
use gong_client::GongClient;
use ingest::schedule::{Job, JobReport, SyncJob};
use ingest::{Progress, SyncSettings};
use resilience::ErrorKind;
use serde::{Serialize, Serializer};
use serde_json::json;
use snowflake_store::{
    CallStore, CancellationToken, GongShareConfig, GongShareReport, Landing, LeaseKeeper,
    SnowflakeStore, TransformScope,
};

use crate::{Error, Settings, StoreLocation, StoreOptions};

const DATABASE: &str = "GONG_SHARE_DATABASE";

/// Calls that one transform takes.
const BATCH: usize = 1_000;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// Brings what Gong's own share has, and tells syncs what is left for them.
///
/// A job of a schedule, ahead of [`SyncBesideShare`].
#[derive(Debug, Clone)]
pub struct GongShare {
    gong: Arc<GongClient>,
    store: Arc<SnowflakeStore>,
    share: GongShareConfig,
    /// What syncs read of old calls, where somebody has said so.
    keeps_lookback: bool,
    keeps_first_sync: bool,
    keeps_sweep: bool,
    as_of: Arc<Mutex<Option<Timestamp>>>,
}

/// What one reading of the share did. Serialises as the reports of runs have it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct GongShareRun {
    /// What was landed, removed and withheld.
    pub report: GongShareReport,
    /// Transcripts that the share lacks and Gong's API had.
    pub transcripts_fetched: u64,
}

impl GongShareRun {
    /// Whether nothing is left open that a person should look at.
    pub fn is_complete(&self) -> bool {
        self.report.removals_withheld == 0
    }
}

impl Serialize for GongShareRun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = &self.report;
        json!({
            "as_of": report.as_of.map(|at| at.to_string()),
            "seconds_behind": report.seconds_behind,
            "calls_landed": report.calls_landed,
            "transcripts_landed": report.transcripts_landed,
            "calls_deleted": report.calls_deleted,
            "transcripts_withdrawn": report.transcripts_withdrawn,
            "removals_withheld": report.removals_withheld,
            "without_transcript": report.without_transcript.len(),
            "transcripts_from_the_api": self.transcripts_fetched,
        })
        .serialize(serializer)
    }
}

impl Settings {
    /// Gong's own share as a source of calls; `None` where the settings name none. Nothing is
    /// sent yet.
    ///
    /// # Errors
    /// `InvalidInput`, naming the setting, for a store that is not in Snowflake and for a name
    /// that is none; as [`snowflake_store`](Self::snowflake_store) and
    /// [`gong_client`](Self::gong_client).
    pub fn gong_share_source(&self, options: &StoreOptions) -> Result<Option<GongShare>, Error> {
        let Some(share) = self.gong_share()? else {
            return Ok(None);
        };
        if self.store.location != StoreLocation::Snowflake {
            let message = "Gong's share is read within Snowflake: --store snowflake";
            let error = Error::new(ErrorKind::InvalidInput, message).with_field(DATABASE);
            return Err(self.located(error));
        }
        Ok(Some(GongShare {
            gong: self.gong_client()?,
            store: Arc::new(self.snowflake_store(options)?),
            share,
            keeps_lookback: self.is_set("GONG_INGESTION_LOOKBACK_DAYS"),
            keeps_first_sync: self.is_set("GONG_INGESTION_FIRST_SYNC_DAYS"),
            keeps_sweep: self.is_set("GONG_INGESTION_SWEEP_CALLS"),
            as_of: Arc::default(),
        }))
    }
}

impl GongShare {
    /// Lands and stages what has changed in the share, then lands the transcripts of recent
    /// calls that the share lacks and Gong's API has. It holds the lease `sync` as every sync
    /// does.
    ///
    /// # Errors
    /// `Transient` when a sync is running or the lease was lost; `Cancelled` when the token ended it; those of
    /// [`SnowflakeStore::land_from_gong_share`] and [`ingest::fetch_transcripts`]. What landed
    /// before stays.
    pub async fn bring(
        &self,
        run_id: &str,
        now: Timestamp,
        stop: &CancellationToken,
    ) -> Result<GongShareRun, Error> {
        let store: Arc<dyn CallStore> = self.store.clone();
        let lease = LeaseKeeper::acquire(store, "sync", "share").await;
        let lease = lease.map_err(of_store)?.map_err(|holder| {
            let message = format!("a sync is running on this store: {holder}");
            Error::new(ErrorKind::Transient, message)
        })?;
        let lost = lease.lost();
        let done = tokio::select! {
            () = stop.cancelled() => Err(Error::new(ErrorKind::Cancelled, "stopped")),
            () = lost.cancelled() => Err(Error::new(ErrorKind::Transient, "the lease was lost")),
            done = self.bring_alone(run_id, now) => done,
        };
        if let Err(error) = lease.release().await {
            tracing::warn!(%error, "the lease was not released and will expire");
        }
        done
    }

    async fn bring_alone(&self, run_id: &str, now: Timestamp) -> Result<GongShareRun, Error> {
        let landed = self.store.land_from_gong_share(&self.share, run_id, now);
        let report = landed.await.map_err(of_store)?;
        *self.as_of.lock().unwrap_or_else(PoisonError::into_inner) = report.as_of;
        // Those that cannot be staged are recorded, and tried no more until they change.
        let scope = || TransformScope::Pending { limit: BATCH };
        while self
            .store
            .transform(scope())
            .await
            .map_err(of_store)?
            .transformed
            > 0
        {}
        let (gong, waiting) = (&*self.gong, &report.without_transcript);
        let fetched = ingest::fetch_transcripts(gong, &*self.store, waiting, run_id).await;
        Ok(GongShareRun {
            transcripts_fetched: fetched.map_err(Error::from_below)?,
            report,
        })
    }

    /// Leaves to Gong's API what the share has not yet: the days by which it is late, and one
    /// more. What is older is the share's to bring, unless settings say otherwise, or the share
    /// has brought nothing.
    #[must_use]
    pub fn beside(&self, mut settings: SyncSettings, now: Timestamp) -> SyncSettings {
        let as_of = *self.as_of.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(as_of) = as_of else {
            return settings;
        };
        let behind = now.duration_since(as_of).as_secs().max(0);
        let days = u32::try_from(behind / SECONDS_OF_A_DAY + 2).unwrap_or(u32::MAX);
        if !self.keeps_lookback {
            settings.lookback_days = days;
        }
        if !self.keeps_first_sync {
            settings.first_sync_days = days;
        }
        if !self.keeps_sweep {
            settings.sweep_calls = 0;
        }
        settings
    }
}

/// What is not there is the share, or the tables that it is landed by.
fn of_store(error: snowflake_store::Error) -> Error {
    let error = Error::from_below(error);
    match (error.kind(), error.field()) {
        (ErrorKind::NotFound, None) => error.with_field(DATABASE),
        _ => error,
    }
}

#[async_trait]
impl Job for GongShare {
    fn name(&self) -> &'static str {
        "share"
    }

    fn stream(&self) -> &'static str {
        "share"
    }

    async fn run(&self, now: Timestamp, stop: CancellationToken) -> ingest::Result<JobReport> {
        let done = self.bring(&format!("share-{now}"), now, &stop).await;
        let run = done.map_err(|error| {
            let named = ingest::Error::new(error.kind(), error.to_string());
            let field = error.field().map(str::to_owned);
            let named = match field {
                Some(field) => named.with_field(field),
                None => named,
            };
            named.with_source(error)
        })?;
        JobReport::new(&run, run.is_complete())
    }
}

/// The job `sync` for stores that Gong's share fills as well: as [`SyncJob`], of what the share
/// leaves to it.
#[derive(Debug)]
pub struct SyncBesideShare {
    share: GongShare,
    store: Arc<dyn CallStore>,
    settings: SyncSettings,
    progress: Progress,
}

impl SyncBesideShare {
    /// A sync from Gong's API into the store that the share fills.
    pub fn new(
        share: GongShare,
        store: Arc<dyn CallStore>,
        settings: SyncSettings,
        progress: Progress,
    ) -> Self {
        Self {
            share,
            store,
            settings,
            progress,
        }
    }
}

#[async_trait]
impl Job for SyncBesideShare {
    fn name(&self) -> &'static str {
        "sync"
    }

    fn stream(&self) -> &'static str {
        "calls"
    }

    async fn run(&self, now: Timestamp, stop: CancellationToken) -> ingest::Result<JobReport> {
        let settings = self.share.beside(self.settings.clone(), now);
        let sync = SyncJob::new(self.share.gong.clone(), self.store.clone(), settings);
        sync.with_progress(self.progress.clone())
            .run(now, stop)
            .await
    }
}
