//! The suite of all HTTP clients.

use async_trait::async_trait;
use hubspot_enrich::outbound::HttpSettings;
use hubspot_enrich::{AccessToken, CrmSource, HubSpotApi, HubSpotConfig};
use testkit::conformance::outbound::{AnyFailure, Asked, OutboundClient, retry_policy, run};

const TOKEN: &str = "pat-eu1-6c1d90fa-2b7e";

struct Stages;

#[async_trait]
impl OutboundClient for Stages {
    fn name(&self) -> &'static str {
        "hubspot"
    }

    fn secrets(&self) -> Vec<String> {
        vec![TOKEN.to_owned()]
    }

    fn good_reply(&self, _: &Asked, _: &str) -> String {
        r#"{"results":[]}"#.to_owned()
    }

    async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure> {
        let config = HubSpotConfig::new(AccessToken::new(TOKEN).unwrap())
            .and_then(|config| config.with_base_url(base_url))
            .unwrap()
            .with_requests_per_ten_seconds(0)
            .with_searches_per_second(0)
            .with_retry(retry_policy())
            .with_http(settings);
        let stages = async { HubSpotApi::new(config)?.stages().await };
        let stages = stages.await.map(drop);
        stages.map_err(|error| Box::new(error) as AnyFailure)
    }
}

#[tokio::test]
async fn it_is_a_client_like_the_others() {
    run(Stages, "hubspot::outbound::it_is_a_client_like_the_others").await;
}
