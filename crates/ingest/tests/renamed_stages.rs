//! What the mirror says of deals whose stage or pipeline was renamed, or is gone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::crm_world;

use std::sync::Arc;

use calls::{DealOutcome, Timestamp};
use crm_world::{call_with, land};
use hubspot_enrich::{AccessToken, HubSpotApi, HubSpotConfig};
use ingest::Enricher;
use snowflake_store::{CallReader, CallStore, SqliteStore};
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{DEFAULT_TOKEN, HubSpotSimulator};

/// A simulated HubSpot, and a store with a call of each of three deals: won, open in a
/// stage that will go, and one that is not refreshed.
struct World {
    hubspot: HubSpotSimulator,
    store: Arc<SqliteStore>,
}

impl World {
    async fn start() -> Self {
        let hubspot = HubSpotSimulator::builder().fixture(&CrmFixture::new());
        let store = Arc::new(SqliteStore::in_memory().await.unwrap());
        Self {
            hubspot: hubspot.start().await.unwrap(),
            store,
        }
    }

    async fn call_of(&self, call: &str, deal: &str) {
        let call = call_with(call, &[]).linked("Opportunity", deal);
        land(&*self.store, vec![call]).await;
    }

    async fn enrich(&self, older_than: Timestamp) {
        // A client of its own, so that no catalogue is kept.
        let config = HubSpotConfig::new(AccessToken::new(DEFAULT_TOKEN).unwrap())
            .unwrap()
            .with_base_url(&self.hubspot.base_url())
            .unwrap()
            .with_requests_per_ten_seconds(0);
        let crm = Arc::new(HubSpotApi::new(config).unwrap());
        let store = Arc::clone(&self.store) as Arc<dyn CallStore>;
        Enricher::new(crm, store).enrich(older_than).await.unwrap();
    }

    async fn stage_and_outcome(&self, call: &str) -> (Option<String>, DealOutcome) {
        let detail = self.store.call_detail(&call.into()).await.unwrap().unwrap();
        let deal = detail.deal.unwrap();
        (deal.stage_label, deal.outcome)
    }
}

#[tokio::test]
async fn a_renamed_stage_is_shown_by_its_new_name_and_decides_nothing() {
    let world = World::start().await;
    let deals = CrmFixture::new().deals;
    world.call_of("1", deals[0].id.as_str()).await;
    world.call_of("2", deals[2].id.as_str()).await;
    let before = Timestamp::now();
    world.enrich(before).await;
    let label = |label: &str| Some(label.to_owned());
    assert_eq!(
        world.stage_and_outcome("1").await,
        (label("Closed won"), DealOutcome::Won)
    );
    assert_eq!(
        world.stage_and_outcome("2").await,
        (label("Qualified"), DealOutcome::Open)
    );

    let state = world.hubspot.state();
    state.rename_pipeline("default", "New business").unwrap();
    let stage = "closedwon";
    state
        .rename_stage("default", stage, "Lost for now")
        .unwrap();
    state.remove_stage("default", "qualified").unwrap();
    // A deal of a new call has the catalogue read; the others are not old enough.
    world.call_of("3", deals[4].id.as_str()).await;
    world.enrich(before).await;
    for call in ["1", "3"] {
        assert_eq!(
            world.stage_and_outcome(call).await,
            (label("Lost for now"), DealOutcome::Won),
            "{call}"
        );
    }
    // What is gone is called what it was called last, also after the deal is read again.
    world.enrich(Timestamp::now()).await;
    assert_eq!(
        world.stage_and_outcome("2").await,
        (label("Qualified"), DealOutcome::Open)
    );
}
