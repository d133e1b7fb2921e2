//! The contract of `CrmSource` over REST, in both versions and all settings, and over
//! what can be put around it.

use hubspot_enrich::{ApiVersion, CrmSource, HubSpotApi, HubSpotConfig, Hybrid, InMemoryCrm};
use resilience::Route;
use testkit::conformance::crm::CrmFixture;
use testkit::crm_source_suite;
use testkit::hubspot::{HubSpotSimulator, HubSpotSimulatorBuilder};

use crate::hubspot::world::World;

async fn api(
    fixture: &CrmFixture,
    build: impl FnOnce(HubSpotSimulatorBuilder) -> HubSpotSimulatorBuilder,
    configure: impl FnOnce(HubSpotConfig) -> HubSpotConfig,
) -> HubSpotApi {
    let builder = build(HubSpotSimulator::builder().fixture(fixture));
    let World { hubspot, api } = World::start(builder, configure).await;
    // It serves until the test's process ends.
    Box::leak(Box::new(hubspot));
    api
}

async fn latest(fixture: CrmFixture) -> HubSpotApi {
    api(&fixture, |builder| builder, |config| config).await
}

async fn of_march(fixture: CrmFixture) -> HubSpotApi {
    let version = ApiVersion::V2026_03;
    api(
        &fixture,
        |builder| builder,
        |config| config.with_api_version(version),
    )
    .await
}

/// Short pages, and numbers where text is promised.
async fn in_pieces(fixture: CrmFixture) -> HubSpotApi {
    let build = |builder: HubSpotSimulatorBuilder| {
        let builder = builder.associations_page(1).owners_page(1);
        builder.numeric_association_ids(true)
    };
    api(&fixture, build, |config| config.with_concurrency(1)).await
}

async fn with_archived(fixture: CrmFixture) -> HubSpotApi {
    api(
        &fixture,
        |builder| builder,
        |config| config.with_archived(true),
    )
    .await
}

/// A primary that has nothing, whose fallback is HubSpot.
async fn as_fallback(fixture: CrmFixture) -> impl CrmSource {
    let route = Route::default().with_primary_share(0.0);
    Hybrid::new(InMemoryCrm::new(), latest(fixture).await).with_route(route)
}

crm_source_suite!(rest, latest);
crm_source_suite!(rest_2026_03, of_march);
crm_source_suite!(rest_in_pieces, in_pieces);
crm_source_suite!(rest_with_archived, with_archived);
crm_source_suite!(rest_as_fallback, as_fallback);
