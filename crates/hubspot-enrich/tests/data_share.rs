//! The data share, as a schema of its shape on Snowflake's stand-in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod share_schema;

use calls::{CrmObjectKind, Deal, DealId, DealOutcome};
use hubspot_enrich::{Batch, CrmSource, DataShare, DataShareConfig, ShareSchema};
use resilience::ErrorKind;
use share_schema::{Share, share_of};
use testkit::conformance::crm::{self, CrmFixture};

/// Runs the cases of the suite that concern every source, each on a share of its own.
macro_rules! cases {
    ($($case:ident)+) => {$(
        #[tokio::test]
        async fn $case() {
            let fixture = CrmFixture::new();
            let Some(share) = share_of(&fixture).await else { return };
            crm::$case(&share.source(), &fixture).await;
        }
    )+};
}

cases! {
    has_a_name
    finds_records_by_id_in_the_order_asked
    keeps_missing_ids_apart
    treats_archived_records_as_declared
    answers_merged_ids_as_declared
    answers_duplicates_once
    answers_an_empty_request_with_an_empty_batch
    takes_requests_of_any_size
    matches_addresses_in_any_case
    matches_domains_in_any_case_and_with_www
    finds_every_company_of_a_domain
    says_which_key_found_which_record
    matches_secondary_addresses_as_declared
    finds_nothing_for_blank_keys
    finds_owners_by_id
    associates_in_every_direction
    finds_primary_associations_first
    keeps_ids_without_associations_apart
    refuses_kinds_that_nobody_associates
    lists_stages_by_pipeline_and_position
    dates_what_it_read
    answers_alike_at_once_and_after_a_dropped_request
}

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
async fn secure_views_answer_as_the_share_does() {
    let fixture = CrmFixture::new();
    let Some(share) = share_of(&fixture).await else {
        return;
    };
    let ids: Vec<DealId> = fixture.deals.iter().map(|deal| deal.id.clone()).collect();
    let direct = share.source().deals(&ids).await.unwrap();
    let secured = share.secured().await.deals(&ids).await.unwrap();
    assert_eq!(direct.found, secured.found);
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
