//! A simulated account and a client for it.

use std::time::Duration;

use hubspot_enrich::{AccessToken, HubSpotApi, HubSpotConfig};
use resilience::RetryPolicy;
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{DEFAULT_TOKEN, HubSpotSimulator, HubSpotSimulatorBuilder, HubSpotState};

/// A simulator, and a client that meets no limits and waits for nothing.
pub(crate) struct World {
    pub(crate) hubspot: HubSpotSimulator,
    pub(crate) api: HubSpotApi,
}

impl World {
    /// The records of the conformance suite.
    pub(crate) async fn with_fixture() -> Self {
        Self::start(
            HubSpotSimulator::builder().fixture(&CrmFixture::new()),
            |config| config,
        )
        .await
    }

    pub(crate) async fn start(
        builder: HubSpotSimulatorBuilder,
        configure: impl FnOnce(HubSpotConfig) -> HubSpotConfig,
    ) -> Self {
        let hubspot = builder.start().await.unwrap();
        let api = HubSpotApi::new(configure(config(&hubspot.base_url()))).unwrap();
        Self { hubspot, api }
    }

    pub(crate) fn state(&self) -> HubSpotState {
        self.hubspot.state()
    }

    /// Another client of the same account.
    pub(crate) fn client(&self, token: &str) -> HubSpotApi {
        let token = AccessToken::new(token).unwrap();
        let config = HubSpotConfig::new(token).unwrap();
        let config = config.with_base_url(&self.hubspot.base_url()).unwrap();
        HubSpotApi::new(without_waits(config)).unwrap()
    }
}

pub(crate) fn config(base_url: &str) -> HubSpotConfig {
    let token = AccessToken::new(DEFAULT_TOKEN).unwrap();
    let config = HubSpotConfig::new(token).unwrap();
    without_waits(config.with_base_url(base_url).unwrap())
}

pub(crate) fn without_waits(config: HubSpotConfig) -> HubSpotConfig {
    config
        .with_requests_per_ten_seconds(0)
        .with_searches_per_second(0)
        .with_catalogue_max_age(Duration::ZERO)
        .with_retry(quick())
}

/// Four attempts without noticeable waits, and none where HubSpot asks for a long one.
pub(crate) fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .with_max_attempts(4)
        .with_base(Duration::from_millis(1))
        .with_cap(Duration::from_millis(4))
        .with_longest_retry_after(Duration::from_millis(1_500))
}
