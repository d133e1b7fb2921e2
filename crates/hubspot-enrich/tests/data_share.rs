//! The data share, as a schema of its shape on Snowflake's stand-in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::share_schema;

use std::time::Duration;

use calls::{CrmObjectKind, Deal, DealId, DealOutcome};
use hubspot_enrich::{
    AccessToken, Batch, CrmSource, DataShare, DataShareConfig, HubSpotApi, HubSpotConfig, Hybrid,
    OnMissing, ShareSchema, resolve_stage_labels,
};
use resilience::ErrorKind;
use share_schema::{Share, share_of};
use testkit::conformance::crm::CrmFixture;
use testkit::crm_source_suite;
use testkit::hubspot::{DEFAULT_TOKEN, HubSpotSimulator, ObjectType};

async fn direct(fixture: CrmFixture) -> Option<DataShare> {
    Some(share_of(&fixture).await?.source())
}

async fn secured(fixture: CrmFixture) -> Option<DataShare> {
    Some(share_of(&fixture).await?.secured().await)
}

async fn rest(fixture: &CrmFixture) -> (HubSpotSimulator, HubSpotApi) {
    let hubspot = HubSpotSimulator::builder().fixture(fixture);
    let hubspot = hubspot.start().await.unwrap();
    let config = HubSpotConfig::new(AccessToken::new(DEFAULT_TOKEN).unwrap())
        .unwrap()
        .with_base_url(&hubspot.base_url())
        .unwrap()
        .with_requests_per_ten_seconds(0)
        .with_searches_per_second(0);
    (hubspot, HubSpotApi::new(config).unwrap())
}

async fn share_and_rest(fixture: CrmFixture) -> Option<impl CrmSource> {
    let share = direct(fixture.clone()).await?;
    let (hubspot, api) = rest(&fixture).await;
    // It serves until the test's process ends.
    Box::leak(Box::new(hubspot));
    Some(Hybrid::new(share, api))
}

async fn rest_and_share(fixture: CrmFixture) -> Option<impl CrmSource> {
    let share = direct(fixture.clone()).await?;
    let (hubspot, api) = rest(&fixture).await;
    Box::leak(Box::new(hubspot));
    let both = Hybrid::new(api, share);
    Some(both.with_on_missing(OnMissing::AskFallback))
}

crm_source_suite!(share, direct, or skip);
crm_source_suite!(secure_views, secured, at once or skip);
crm_source_suite!(share_then_rest, share_and_rest, at once or skip);
crm_source_suite!(rest_then_share, rest_and_share, at once or skip);

fn one(batch: Batch<Deal, DealId>) -> Deal {
    assert_eq!(batch.found.len(), 1, "{batch:?}");
    batch.found.into_iter().next().unwrap()
}

#[tokio::test]
async fn columns_that_the_share_lacks_are_not_asked_for() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    share.run(Share::DROP_AMOUNT).await;
    let first = fixture.deals[0].id.clone();
    let deal = one(share.source().deals(&[first]).await.unwrap());
    assert_eq!(deal.amount, None);
    assert_eq!(deal.outcome, DealOutcome::Won);
}

#[tokio::test]
async fn a_share_that_does_not_say_what_was_won_is_refused() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    share.run(Share::DROP_WON).await;
    let first = fixture.deals[0].id.clone();
    let error = share.source().deals(&[first]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(
        error.message().contains("PROPERTY_HS_IS_CLOSED_WON"),
        "{error}"
    );
    let contact = fixture.contacts[0].id.clone();
    let contacts = share.source().contacts(&[contact]).await.unwrap();
    assert_eq!(contacts.found.len(), 1, "the rest can be read");
}

#[tokio::test]
async fn a_share_that_does_not_say_what_was_merged_misses_it() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    share.run(Share::FORGET_MERGES).await;
    let merged = &fixture.merged.0;
    let asked = std::slice::from_ref(&merged.asked);
    let batch = share.source().deals(asked).await.unwrap();
    assert_eq!(batch.missing, asked);
    assert!(batch.found.is_empty() && batch.merged.is_empty());
}

#[tokio::test]
async fn stages_that_no_property_is_named_after_are_told() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    let source = share.source();
    assert!(source.stages().await.unwrap().undated.is_empty());
    share.run(Share::STAGE_WITH_CAPITALS).await;
    let undated = source.stages().await.unwrap().undated;
    assert_eq!(undated, ["Legal-Review".into()]);
}

#[tokio::test]
async fn text_that_does_not_fit_a_column_comes_out_as_it_is() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    share.run(Share::UNPARSED_AMOUNT).await;
    let first = fixture.deals[0].id.clone();
    let batch = share
        .source()
        .deals(std::slice::from_ref(&first))
        .await
        .unwrap();
    assert_eq!(batch.unreadable.len(), 1);
    assert_eq!(batch.unreadable[0].record_id, first.as_str());
    assert_eq!(batch.unreadable[0].raw, "about 20k");
    assert_eq!(one(batch).amount, None);
}

#[tokio::test]
async fn flags_of_closing_are_read_as_boolean_and_as_text() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    let ids: Vec<DealId> = fixture.deals.iter().map(|deal| deal.id.clone()).collect();
    let before = share.source().deals(&ids).await.unwrap().found;
    share.run(Share::FLAGS_AS_TEXT).await;
    let after = share.source().deals(&ids).await.unwrap().found;
    let outcomes = |deals: &[Deal]| deals.iter().map(|deal| deal.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes(&before), outcomes(&after));
    assert!(outcomes(&after).contains(&DealOutcome::Won));
    assert!(outcomes(&after).contains(&DealOutcome::Lost));
}

#[tokio::test]
async fn stays_in_stages_are_read_once_the_stages_are_known() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    for statement in Share::STAGE_DATES {
        share.run(statement).await;
    }
    let source = share.source();
    let ids = [fixture.deals[0].id.clone()];
    let before = one(source.deals(&ids).await.unwrap());
    assert_eq!(before.stage_stays, [], "nobody knows what stages there are");
    let stages = source.stages().await.unwrap().stages;
    let mut deals = [one(source.deals(&ids).await.unwrap())];
    resolve_stage_labels(&mut deals, &stages);
    let [deal] = deals;
    assert_eq!(deal.stage_stays.len(), 1, "{deal:?}");
    let stay = &deal.stage_stays[0];
    assert_eq!(stay.stage_id.as_str(), "qualified");
    assert_eq!(stay.stage_label.as_deref(), Some("Qualified"));
    assert_eq!(stay.entered, "2026-03-01T09:00:00Z".parse().unwrap());
    assert_eq!(stay.exited, None);
}

#[tokio::test]
async fn a_database_that_is_no_share_is_named() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    let config = DataShareConfig::new("NO_SUCH_SHARE").unwrap();
    let elsewhere = DataShare::new(share.pool(), config);
    let error = elsewhere.deals(&["1".into()]).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Config | ErrorKind::InvalidInput),
        "{error}"
    );
    let empty_side = DataShareConfig::new(share.database()).unwrap();
    let live = DataShare::new(share.pool(), empty_side.with_schema(ShareSchema::Live));
    let error = live.deals(&["1".into()]).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("database"))
    );
}

#[tokio::test]
async fn secure_views_say_what_could_not_be_read_and_how_old_it_is() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    share.run(Share::UNPARSED_AMOUNT).await;
    let ids: Vec<DealId> = fixture.deals.iter().map(|deal| deal.id.clone()).collect();
    let direct = share.source().deals(&ids).await.unwrap();
    let secured = share.secured().await.deals(&ids).await.unwrap();
    assert_eq!(direct.found, secured.found);
    assert_eq!(direct.unreadable.len(), ids.len());
    assert_eq!(direct.unreadable, secured.unreadable);
    assert!(
        secured
            .found
            .iter()
            .any(|deal| deal.outcome == DealOutcome::Won)
    );
}

#[tokio::test]
async fn an_answer_is_as_old_as_the_latest_row_of_its_table() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    let contacts = [fixture.contacts[1].id.clone()];
    let batch = share.source().contacts(&contacts).await.unwrap();
    assert_eq!(batch.as_of, fixture.copied_at);
    let nobody = share.source().contacts(&["77".into()]).await.unwrap();
    assert_eq!(nobody.as_of, fixture.copied_at, "what is missing is as old");
    assert!(nobody.read_at > fixture.copied_at);
}

#[tokio::test]
async fn where_nothing_says_how_old_it_is_an_answer_is_as_old_as_it_may_be() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    share.run(Share::FORGET_INGESTION).await;
    let ids = [fixture.deals[0].id.clone()];
    let batch = share.source().deals(&ids).await.unwrap();
    assert!(batch.as_of <= batch.read_at - DAY, "{batch:?}");
    let stages = share.source().stages().await.unwrap();
    assert_eq!(stages.as_of, stages.read_at - DAY);

    let config = DataShareConfig::new(share.database()).unwrap();
    let live = DataShare::new(share.pool(), config.with_schema(ShareSchema::Live));
    let declared = live.capabilities();
    assert_eq!(declared.max_lag, Some(Duration::from_secs(15 * 60)));
    assert_eq!(declared.catalogue_max_lag, Some(DAY), "these follow daily");
}

#[tokio::test]
async fn a_column_that_goes_while_the_program_runs_is_let_go() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    let source = share.source();
    let ids = [fixture.deals[1].id.clone()];
    let before = one(source.deals(&ids).await.unwrap());
    assert!(before.amount.is_some());
    share.run(Share::DROP_AMOUNT).await;
    let after = one(source.deals(&ids).await.unwrap());
    assert_eq!((after.amount, after.name), (None, before.name));
    // What nothing can be read without is told.
    share.run(Share::DROP_WON).await;
    let error = source.deals(&ids).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
}

#[tokio::test]
async fn a_stage_without_a_label_is_called_by_its_id() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    share.run(Share::STAGE_WITHOUT_LABEL).await;
    let stages = share.source().stages().await.unwrap().stages;
    assert_eq!(stages.len(), fixture.stages.len() + 1);
    let nameless = stages.iter().find(|stage| stage.id.as_str() == "nameless");
    assert_eq!(nameless.unwrap().label, "nameless");
}

#[tokio::test]
async fn what_is_younger_than_the_share_comes_over_rest() {
    let fixture = CrmFixture::new();
    let Some(share) = direct(fixture.clone()).await else {
        return;
    };
    let (hubspot, api) = rest(&fixture).await;
    let today = {
        let mut deal = fixture.deals[0].clone();
        deal.id = "9100000001".into();
        deal
    };
    hubspot.state().put_deal(&today);
    let archived = &fixture.deals[1].id;
    let state = hubspot.state();
    state.archive(ObjectType::Deal, archived.as_str()).unwrap();
    let both = Hybrid::new(share, api);
    let asked = [archived.clone(), today.id.clone(), "9100000002".into()];
    let batch = both.deals(&asked).await.unwrap();
    let found: Vec<&str> = batch.found.iter().map(|deal| deal.id.as_str()).collect();
    assert_eq!(found, [archived.as_str(), today.id.as_str()]);
    assert_eq!(batch.missing, asked[2..]);
    assert!(
        batch.as_of <= fixture.copied_at,
        "as old as its oldest part"
    );
}

#[tokio::test]
async fn hostile_keys_are_keys_that_nobody_has() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    let source = share.source();
    let hostile = [
        "' OR '1'='1",
        "1); DROP TABLE OBJECTS_DEALS; --",
        "\"]') AS x, LATERAL",
        "\\'; SELECT 1",
        "%",
        "\u{0}",
    ];
    let keys: Vec<String> = hostile.map(str::to_owned).to_vec();
    assert_eq!(source.contacts_by_email(&keys).await.unwrap().found, []);
    assert_eq!(source.companies_by_domain(&keys).await.unwrap().found, []);
    let ids: Vec<DealId> = keys.iter().map(|key| DealId::new(key.as_str())).collect();
    assert_eq!(source.deals(&ids).await.unwrap().missing, ids);
    let ends = source.associations(&CrmObjectKind::Deal, &keys, &CrmObjectKind::Contact);
    assert_eq!(ends.await.unwrap().found, []);
    let first = fixture.deals[0].id.clone();
    one(source.deals(&[first]).await.unwrap());
}

#[test]
fn the_database_must_be_named_by_an_identifier() {
    let error = DataShareConfig::new("share; DROP DATABASE x").unwrap_err();
    assert_eq!(error.field(), Some("database"));
    assert!(DataShareConfig::new("\"Our Share\"").is_ok());
}

#[test]
fn the_environment_says_which_database_and_which_side() {
    let read = |database: &str, schema: &str| {
        let (database, schema) = (database.to_owned(), schema.to_owned());
        DataShareConfig::from_variables(move |name| {
            Ok(Some(match name {
                "HUBSPOT_SHARE_DATABASE" => database.clone(),
                _ => schema.clone(),
            }))
        })
    };
    assert!(
        read(" ", "V2_LIVE").unwrap().is_none(),
        "there is no default"
    );
    for schema in ["", "V2_DAILY", "v2_live", "PUBLIC"] {
        assert!(read("HUB_7_DB", schema).unwrap().is_some(), "{schema}");
    }
    let error = read("HUB_7_DB", "V1").unwrap_err();
    assert_eq!(error.field(), Some("HUBSPOT_SHARE_SCHEMA"));
    let error = read("no; name", "").unwrap_err();
    assert_eq!(error.field(), Some("HUBSPOT_SHARE_DATABASE"));
}
