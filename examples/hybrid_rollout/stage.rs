//! What stands behind the agents: a simulated Gong, and two stores that were synced from it.

use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::Arc;

use gong_snowflake::Settings;
use gong_snowflake::agents::insights::{InsightBuilder, analyse_backlog};
use gong_snowflake::calls::Timestamp;
use gong_snowflake::gong_client::{Credentials, GongApi, GongClient, GongConfig};
use gong_snowflake::ingest::{GongSync, SyncSettings};
use gong_snowflake::snowflake_store::{CallStore, SqliteStore, SyncMode};
use testkit::faulty::FaultySource;
use testkit::gong::GongSimulator;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

/// A store that can be made to fail.
pub(crate) type Store = FaultySource<Arc<SqliteStore>>;

pub(crate) struct Stage {
    pub(crate) new: Arc<Store>,
    pub(crate) old: Arc<Store>,
    pub(crate) gong: Arc<GongClient>,
    pub(crate) language: InsightBuilder,
    pub(crate) calls: usize,
    _simulator: GongSimulator,
}

impl Stage {
    pub(crate) async fn set() -> Result<Self, Box<dyn Error>> {
        let org = SyntheticOrg::generate(&SyntheticConfig {
            anchor: Timestamp::now(),
            deals: 6,
            sentences: 40..=60,
            ..SyntheticConfig::default()
        });
        let simulator = GongSimulator::builder().org(&org).start().await?;
        let credentials = Credentials::basic(
            testkit::gong::DEFAULT_ACCESS_KEY,
            testkit::gong::DEFAULT_ACCESS_KEY_SECRET,
        );
        let config = GongConfig::new(&simulator.url(), credentials)?
            .with_requests_per_second(0.0)?
            .with_daily_requests(None);
        let gong = Arc::new(GongClient::new(config)?);
        let language = Settings::builder().load().await?.language()?;

        let new = synced(&gong, &language).await?;
        // What changes at Gong meanwhile only the old store knows.
        let state = simulator.state();
        for call in org.calls.iter().rev().filter_map(|call| call.id()).take(2) {
            state.retitle_call(call, "Renamed after the new store was synced")?;
        }
        let old = synced(&gong, &language).await?;
        Ok(Self {
            new: Arc::new(FaultySource::new(new, 1)),
            old: Arc::new(FaultySource::new(old, 2)),
            gong,
            language,
            calls: org.calls.len(),
            _simulator: simulator,
        })
    }
}

async fn synced(
    gong: &Arc<GongClient>,
    language: &InsightBuilder,
) -> Result<Arc<SqliteStore>, Box<dyn Error>> {
    let store = Arc::new(SqliteStore::in_memory().await?);
    let whole: Arc<dyn CallStore> = Arc::<SqliteStore>::clone(&store);
    let api: Arc<dyn GongApi> = Arc::<GongClient>::clone(gong);
    let settings = SyncSettings::new(SyncMode::Full);
    GongSync::new(api, Arc::clone(&whole), settings)
        .run()
        .await?;
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    analyse_backlog(whole, language.clone(), workers, |_| {}).await?;
    Ok(store)
}
