//! Every way in which HubSpot refuses, and what becomes of it.

use std::time::Duration;

use calls::{CrmObjectKind, DealId};
use hubspot_enrich::{CrmSource, Error, Hybrid, InMemoryCrm};
use resilience::{ErrorKind, Failure};
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{Fault, FaultEffect, HubSpotLimits, HubSpotSimulator, LimitPolicy};

use crate::hubspot::world::{World, config, quick};

const DEALS: &str = "/crm/objects/deals/batch/read";

fn some_deal() -> Vec<DealId> {
    vec![CrmFixture::new().deals[1].id.clone()]
}

/// What comes of a deal that is asked for while a fault lasts, and the requests for it.
async fn failing(effect: FaultEffect) -> (Error, u64) {
    let world = World::with_fixture().await;
    world
        .state()
        .inject(Fault::new(effect).always().on_path(DEALS));
    let error = world.api.deals(&some_deal()).await.unwrap_err();
    (error, world.state().traffic().requests_for(DEALS))
}

fn status(status: u16, retry_after: Option<u64>) -> FaultEffect {
    FaultEffect::Status {
        status,
        retry_after,
    }
}

fn limited(policy: LimitPolicy, retry_after: Option<u64>) -> FaultEffect {
    FaultEffect::RateLimited {
        policy,
        retry_after,
    }
}

#[tokio::test]
async fn a_wrong_token_is_told_at_once_and_with_a_correlation_id() {
    let world = World::with_fixture().await;
    let api = world.client("pat-na1-wrong-but-possible");
    let error = api.deals(&some_deal()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    let told = error.to_string();
    assert!(
        told.contains("401") && told.contains("(correlation "),
        "{told}"
    );
    assert!(!format!("{error:?} {api:?}").contains("wrong-but-possible"));
    assert_eq!(world.state().traffic().requests(), 1);
}

#[tokio::test]
async fn an_expired_token_is_told_from_a_wrong_one() {
    let world = World::with_fixture().await;
    world.state().expire_token();
    let error = world.api.deals(&some_deal()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.to_string().contains("has expired"), "{error}");
}

#[tokio::test]
async fn a_token_of_impossible_form_is_a_wrong_token() {
    let world = World::with_fixture().await;
    let error = world.client("nonsense").stages().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.to_string().contains("530"), "{error}");
    assert_eq!(world.state().traffic().requests(), 1);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let world = World::with_fixture().await;
    let fixture = CrmFixture::new();
    world.state().revoke_scope("crm.objects.owners.read");
    world.state().revoke_scope("crm.objects.companies.read");
    let owners = world.api.owners(&[fixture.owners[0].id.clone()]).await;
    let domain = CrmFixture::SHARED_DOMAIN.to_owned();
    let companies = world.api.companies_by_domain(&[domain]).await;
    let (deal, company) = (CrmObjectKind::Deal, CrmObjectKind::Company);
    let ids = [fixture.deals[1].id.to_string()];
    let associations = world.api.associations(&deal, &ids, &company).await;
    for (error, scope) in [
        (owners.unwrap_err(), "crm.objects.owners.read"),
        (companies.unwrap_err(), "crm.objects.companies.read"),
        (associations.unwrap_err(), "crm.objects.companies.read"),
    ] {
        assert_eq!(error.kind(), ErrorKind::Permission);
        assert!(error.to_string().contains(scope), "{error}");
    }
    assert_eq!(world.state().traffic().requests(), 3, "none is tried again");
}

#[tokio::test]
async fn scopes_that_hubspot_does_not_name_are_known_anyway() {
    let (error, _) = failing(status(403, None)).await;
    assert!(
        error.to_string().contains("crm.objects.deals.read"),
        "{error}"
    );
}

#[tokio::test]
async fn a_move_to_another_data_centre_is_not_slept_through() {
    let (error, requests) = failing(status(477, Some(7_200))).await;
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7_200)));
    assert!(!error.is_retryable() && error.is_exhausted());
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_move_that_is_over_in_a_moment_is_waited_for() {
    let world = World::with_fixture().await;
    world
        .state()
        .inject(Fault::new(status(477, Some(0))).times(2));
    assert_eq!(world.api.deals(&some_deal()).await.unwrap().found.len(), 1);
    assert_eq!(world.api.stats().retries, 2);
}

#[tokio::test]
async fn a_used_up_day_is_not_tried_again() {
    let (error, requests) = failing(limited(LimitPolicy::Daily, None)).await;
    assert_eq!((error.kind(), requests), (ErrorKind::QuotaExhausted, 1));
    let (error, requests) = failing(limited(LimitPolicy::Daily, Some(1))).await;
    assert_eq!((error.kind(), requests), (ErrorKind::QuotaExhausted, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
}

#[tokio::test]
async fn the_accounts_own_day_ends_as_an_exhausted_quota() {
    let builder = HubSpotSimulator::builder().fixture(&CrmFixture::new());
    let limits = HubSpotLimits {
        daily: Some(4),
        ..HubSpotLimits::default()
    };
    let world = World::start(builder.limits(limits), |config| config).await;
    world.api.deals(&some_deal()).await.unwrap();
    assert_eq!(world.api.stats().daily_remaining, Some(1));
    let error = world.api.deals(&some_deal()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_day_of_ones_own_can_be_shorter() {
    let builder = HubSpotSimulator::builder().fixture(&CrmFixture::new());
    let world = World::start(builder, |config| config.with_daily_requests(Some(3))).await;
    world.api.deals(&some_deal()).await.unwrap();
    let error = world.api.deals(&some_deal()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    assert!(error.retry_after().is_some());
    assert_eq!(world.state().traffic().requests(), 3);
}

#[tokio::test]
async fn a_burst_that_is_too_much_is_waited_out() {
    let world = World::with_fixture().await;
    let effect = limited(LimitPolicy::TenSecondlyRolling, Some(1));
    world.state().inject(Fault::new(effect).on_path(DEALS));
    assert_eq!(world.api.deals(&some_deal()).await.unwrap().found.len(), 1);
    let stats = world.api.stats();
    assert_eq!((stats.retries, stats.refused_for_rate), (1, 1));
}

#[tokio::test]
async fn ten_seconds_are_known_where_hubspot_does_not_say() {
    let (error, requests) = failing(limited(LimitPolicy::TenSecondlyRolling, None)).await;
    assert_eq!((error.kind(), requests), (ErrorKind::RateLimited, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(10)));
    let (error, _) = failing(limited(LimitPolicy::TenSecondlyRolling, Some(3_600))).await;
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
}

#[tokio::test]
async fn a_search_too_many_waits_for_a_second() {
    let world = World::with_fixture().await;
    let effect = limited(LimitPolicy::Secondly, None);
    world.state().inject(Fault::new(effect).times(1));
    let domain = CrmFixture::SHARED_DOMAIN.to_owned();
    let batch = world.api.companies_by_domain(&[domain]).await.unwrap();
    assert_eq!(batch.found.len(), 2);
    assert_eq!(world.api.stats().searches, 2);
}

#[tokio::test]
async fn a_locked_record_is_left_alone_for_two_seconds() {
    let (error, requests) = failing(status(423, None)).await;
    assert_eq!((error.kind(), requests), (ErrorKind::Transient, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    let effects = [500, 502, 503, 504, 521, 522, 523, 524, 408]
        .map(|code| status(code, None))
        .into_iter()
        .chain([
            FaultEffect::CutBody,
            FaultEffect::Disconnect,
            FaultEffect::MalformedJson,
            FaultEffect::EmptyBody,
        ]);
    for effect in effects {
        let world = World::with_fixture().await;
        let name = format!("{effect:?}");
        world.state().inject(Fault::new(effect).times(3));
        let batch = world.api.deals(&some_deal()).await;
        assert_eq!(batch.expect(&name).found.len(), 1, "{name}");
        assert_eq!(world.api.stats().retries, 3, "{name}");
    }
}

#[tokio::test]
async fn what_does_not_pass_is_given_up() {
    let (error, requests) = failing(status(502, None)).await;
    assert_eq!((error.kind(), requests), (ErrorKind::Transient, 4));
    assert!(error.is_exhausted());
    // Of a request that is called invalid, one with an id that is sound is tried too.
    for (code, kind, expected) in [
        (400, ErrorKind::InvalidInput, 2),
        (404, ErrorKind::NotFound, 1),
        (414, ErrorKind::InvalidInput, 2),
        (301, ErrorKind::Config, 1),
    ] {
        let (error, requests) = failing(status(code, None)).await;
        assert_eq!((error.kind(), requests), (kind, expected), "{code}");
        assert!(error.to_string().contains(&code.to_string()), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_not_awaited() {
    let builder = HubSpotSimulator::builder().fixture(&CrmFixture::new());
    let timeout = Duration::from_millis(200);
    let world = World::start(builder, |config| config.with_attempt_timeout(timeout)).await;
    let effect = FaultEffect::Hang(Duration::from_secs(30));
    world.state().inject(Fault::new(effect).on_path(DEALS));
    assert_eq!(world.api.deals(&some_deal()).await.unwrap().found.len(), 1);
    assert_eq!(world.api.stats().retries, 1);
}

#[tokio::test]
async fn nobody_there_is_a_transient_error_that_names_the_host() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let config = config(&format!("http://{address}"));
    let api = hubspot_enrich::HubSpotApi::new(config.with_retry(quick())).unwrap();
    let error = api.stages().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn a_hybrid_steps_in_for_a_used_up_day_and_not_for_a_wrong_token() {
    let fixture = CrmFixture::new();
    let world = World::with_fixture().await;
    let effect = limited(LimitPolicy::Daily, None);
    world.state().inject(Fault::new(effect).always());
    let export = || InMemoryCrm::new().with_deals(fixture.deals.clone());
    let crm = Hybrid::new(world.api, export());
    assert_eq!(crm.deals(&some_deal()).await.unwrap().found.len(), 1);

    let world = World::with_fixture().await;
    let crm = Hybrid::new(world.client("pat-na1-another-one"), export());
    let error = crm.deals(&some_deal()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
}
