//! What a configuration accepts, and what a request then looks like.

use std::collections::HashMap;

use hubspot_enrich::{AccessToken, ApiVersion, CrmSource, HubSpotConfig};
use resilience::ErrorKind;
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{DEFAULT_TOKEN, HubSpotSimulator};

use crate::hubspot::world::World;

fn from(variables: &[(&'static str, &str)]) -> Result<HubSpotConfig, hubspot_enrich::Error> {
    let variables: HashMap<&str, String> = variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    HubSpotConfig::from_variables(|name| Ok(variables.get(name).cloned()))
}

#[test]
fn an_address_is_encrypted_or_on_this_machine() {
    let config = || HubSpotConfig::new(AccessToken::new("token").unwrap()).unwrap();
    for accepted in [
        "https://api.hubapi.com",
        "https://gateway.example/hubspot/",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://localhost:8080",
    ] {
        assert!(config().with_base_url(accepted).is_ok(), "{accepted}");
    }
    for refused in [
        "http://api.hubapi.com",
        "http://127.0.0.1.example",
        "ftp://api.hubapi.com",
        "https://user:secret@api.hubapi.com",
        "https://api.hubapi.com?key=secret",
        "api.hubapi.com",
        "",
    ] {
        let error = config().with_base_url(refused).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some("base_url"))
        );
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn a_token_can_be_sent_in_a_header() {
    for refused in ["", "two words", "line\nbreak", "schl\u{fc}ssel"] {
        let error = AccessToken::new(refused).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some("token"))
        );
    }
    let shown = format!(
        "{:?}",
        HubSpotConfig::new(AccessToken::new("hush-hush").unwrap())
    );
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn errors_name_the_variable() {
    let token = ("HUBSPOT_TOKEN", DEFAULT_TOKEN);
    assert!(from(&[token]).is_ok());
    assert!(from(&[token, ("HUBSPOT_API_VERSION", " ")]).is_ok());
    for (variables, at_fault) in [
        (vec![], "HUBSPOT_TOKEN"),
        (vec![("HUBSPOT_TOKEN", " ")], "HUBSPOT_TOKEN"),
        (vec![("HUBSPOT_TOKEN", "a b")], "HUBSPOT_TOKEN"),
        (
            vec![token, ("HUBSPOT_BASE_URL", "http://far.example")],
            "HUBSPOT_BASE_URL",
        ),
        (
            vec![token, ("HUBSPOT_API_VERSION", "v3")],
            "HUBSPOT_API_VERSION",
        ),
        (
            vec![token, ("HUBSPOT_REQUESTS_PER_TEN_SECONDS", "-1")],
            "HUBSPOT_REQUESTS_PER_TEN_SECONDS",
        ),
    ] {
        let error = from(&variables).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some(at_fault))
        );
    }
}

#[tokio::test]
async fn one_value_changes_the_version_in_all_paths() {
    for (version, expected) in [
        (ApiVersion::default(), "2026-09"),
        (ApiVersion::V2026_03, "2026-03"),
    ] {
        let fixture = CrmFixture::new();
        let builder = HubSpotSimulator::builder().fixture(&fixture);
        let world = World::start(builder, |config| config.with_api_version(version)).await;
        world
            .api
            .deals(&[fixture.deals[1].id.clone()])
            .await
            .unwrap();
        world.api.stages().await.unwrap();
        world
            .api
            .owners(&[fixture.owners[0].id.clone()])
            .await
            .unwrap();
        let domain = CrmFixture::SHARED_DOMAIN.to_owned();
        world.api.companies_by_domain(&[domain]).await.unwrap();
        let requests = world.state().requests();
        assert_eq!(requests.len(), 6);
        for request in requests {
            assert!(
                request.path.contains(&format!("/{expected}")),
                "{}",
                request.path
            );
        }
        assert_eq!(version.to_string().parse::<ApiVersion>().unwrap(), version);
    }
}
