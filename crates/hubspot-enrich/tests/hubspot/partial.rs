//! Replies that are good in parts, or odd, as only scripted ones are.

use std::time::Duration;

use calls::{CompanyId, CrmObjectKind, DealId};
use hubspot_enrich::{CrmSource, HubSpotApi, HubSpotConfig};
use resilience::ErrorKind;
use serde_json::{Value, json};

use crate::hubspot::scripted::{Reply, Scripted, json};
use crate::hubspot::world::config;

fn deal_ids(ids: &[&str]) -> Vec<DealId> {
    ids.iter().map(|id| DealId::new(*id)).collect()
}

fn nothing_associated() -> Reply {
    json(200, &json!({"status": "COMPLETE", "results": []}))
}

async fn asking_for_two_companies(reply: &Value) -> hubspot_enrich::Result<Vec<String>> {
    let server = Scripted::replying(vec![json(207, reply)]).await;
    let ids = ["1", "2"].map(CompanyId::from);
    let batch = server.api().companies(&ids).await?;
    Ok(batch.found.iter().map(|one| one.id.to_string()).collect())
}

#[tokio::test]
async fn a_part_that_is_not_there_is_missing() {
    let reply = json!({
        "status": "COMPLETE",
        "results": [{"id": "2", "properties": {"name": "Two"}}],
        "numErrors": 1,
        "errors": [{"category": "OBJECT_NOT_FOUND", "context": {"ids": ["1"]}}],
    });
    assert_eq!(asking_for_two_companies(&reply).await.unwrap(), ["2"]);
}

#[tokio::test]
async fn a_part_that_fails_otherwise_is_no_missing_record() {
    for (category, kind) in [
        (json!("MISSING_SCOPES"), ErrorKind::Permission),
        (json!("VALIDATION_ERROR"), ErrorKind::InvalidInput),
        (json!("RATE_LIMITS"), ErrorKind::RateLimited),
        (json!("INTERNAL_ERROR"), ErrorKind::Transient),
        (Value::Null, ErrorKind::Transient),
        (json!(7), ErrorKind::Transient),
    ] {
        let reply = json!({
            "status": "COMPLETE",
            "results": [{"id": "2", "properties": {}}],
            "errors": [
                {"category": "OBJECT_NOT_FOUND"},
                {"category": category, "message": "something else"},
            ],
        });
        let error = asking_for_two_companies(&reply).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{category}");
        assert!(error.to_string().contains("something else"), "{error}");
    }
}

#[tokio::test]
async fn what_a_good_status_hides_has_a_correlation_id_too() {
    let header = || vec![("x-hubspot-correlation-id", "c-207".to_owned())];
    let part = json!({"status": "COMPLETE", "results": [], "errors": [
        {"category": "MISSING_SCOPES", "message": "no"}]});
    let odd = json!({"status": "COMPLETE", "results": "none"});
    let replies = [
        (207, part.to_string()),
        (200, odd.to_string()),
        (200, r#"{"results": ["#.to_owned()),
    ];
    for (status, body) in replies {
        let server = Scripted::replying(vec![(status, header(), body)]).await;
        let ids = ["1"].map(CompanyId::from);
        let error = server.api().companies(&ids).await.unwrap_err();
        assert!(
            error.to_string().ends_with("(correlation c-207)"),
            "{error}"
        );
    }
    let named = json!({"status": "COMPLETE", "results": [], "errors": [
        {"category": "MISSING_SCOPES", "message": "no", "correlationId": "c-part"}]});
    let server = Scripted::replying(vec![(207, header(), named.to_string())]).await;
    let error = server.api().companies(&["1".into()]).await.unwrap_err();
    assert!(
        error.to_string().ends_with("(correlation c-part)"),
        "{error}"
    );
}

#[tokio::test]
async fn errors_that_are_only_counted_are_not_overlooked() {
    let reply = json!({"status": "COMPLETE", "results": [], "numErrors": 2});
    let error = asking_for_two_companies(&reply).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_batch_that_is_not_done_is_asked_for_again() {
    let unfinished = json(200, &json!({"status": "PROCESSING", "results": []}));
    let done = json(
        200,
        &json!({"status": "COMPLETE", "results": [{"id": "1", "properties": {}}]}),
    );
    let server = Scripted::replying(vec![unfinished, done, nothing_associated()]).await;
    let api = server.api();
    let batch = api.deals(&deal_ids(&["1"])).await.unwrap();
    assert_eq!((batch.found.len(), api.stats().retries), (1, 1));
}

#[tokio::test]
async fn a_reply_without_results_is_not_an_empty_one() {
    let server = Scripted::replying(vec![json(200, &json!({"status": "COMPLETE"}))]).await;
    let error = server.api().deals(&deal_ids(&["1"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(server.received().len(), 1, "its shape will not change");
}

#[tokio::test]
async fn ids_and_values_may_be_numbers_and_fields_may_be_new() {
    let deals = json!({
        "results": [{
            "id": 9007199254740993_u64,
            "properties": {"dealname": "Seven", "amount": 12.5, "hs_is_closed": true,
                "hs_is_closed_won": false, "new": {}},
            "archived": false,
            "novelty": [1, 2],
        }],
        "errors": null,
        "warnings": [],
    });
    let associations = json!({"results": [{
        "from": {"id": 9007199254740993_u64},
        "to": [
            {"toObjectId": 72, "associationTypes": [
                {"category": "HUBSPOT_DEFINED", "typeId": 341, "label": null}]},
            {"toObjectId": "71", "associationTypes": [
                {"category": "USER_DEFINED", "typeId": 5, "label": "Reseller"}]},
            {"toObjectId": 73, "associationTypes": [
                {"category": "HUBSPOT_DEFINED", "typeId": 5, "label": "Primary"},
                {"category": "HUBSPOT_DEFINED", "typeId": 341, "label": null}]},
        ],
    }]});
    let replies = vec![json(200, &deals), json(200, &associations)];
    let server = Scripted::replying(replies).await;
    let id = "9007199254740993";
    let batch = server.api().deals(&deal_ids(&[id])).await.unwrap();
    let deal = &batch.found[0];
    assert_eq!(deal.id.as_str(), id, "no digit is lost");
    assert_eq!(deal.amount.unwrap().to_string(), "12.5");
    assert_eq!(deal.outcome, calls::DealOutcome::Lost);
    let companies: Vec<&str> = deal.company_ids.iter().map(|id| id.as_str()).collect();
    assert_eq!(companies, ["73", "71", "72"]);

    let server = Scripted::replying(vec![json(200, &associations)]).await;
    let (from, to) = (CrmObjectKind::Deal, CrmObjectKind::Company);
    let api = server.api();
    let batch = api
        .associations(&from, &[id.to_owned()], &to)
        .await
        .unwrap();
    let labels: Vec<&[String]> = batch.found.iter().map(|end| &*end.labels).collect();
    assert_eq!(labels, [&[] as &[String], &["Reseller".to_owned()], &[]]);
}

#[tokio::test]
async fn pages_that_lead_nowhere_end_in_an_error() {
    let page = json!({"results": [], "paging": {"next": {"after": "same"}}});
    let server = Scripted::replying(vec![json(200, &page)]).await;
    let error = server.api().owners(&["1".into()]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(server.received().len(), 2);

    let page = json!({"results": [{
        "from": {"id": "1"}, "to": [{"toObjectId": "7"}], "paging": {"next": {"after": "same"}},
    }]});
    let server = Scripted::replying(vec![json(200, &page)]).await;
    let (from, to) = (CrmObjectKind::Deal, CrmObjectKind::Contact);
    let answer = server
        .api()
        .associations(&from, &["1".to_owned()], &to)
        .await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Decode);

    let page =
        json!({"results": [{"id": "1", "properties": {}}], "paging": {"next": {"after": "0"}}});
    let server = Scripted::replying(vec![json(200, &page)]).await;
    let answer = server
        .api()
        .companies_by_domain(&["a.example".to_owned()])
        .await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn errors_are_read_however_little_they_say() {
    for body in [
        "",
        "null",
        "[]",
        "\"no\"",
        "<html>",
        r#"{"message": 5, "errors": "none"}"#,
    ] {
        let server = Scripted::replying(vec![(400, Vec::new(), body.to_owned())]).await;
        let error = server.api().stages().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{body}");
    }
    let named = json!({"message": "bad\nline", "correlationId": "c-1", "errors": [
        {"message": "worse", "context": {"ids": ["1"]}}]});
    let server = Scripted::replying(vec![json(400, &named)]).await;
    let told = server.api().stages().await.unwrap_err().to_string();
    assert!(
        told.contains("bad line; worse") && told.contains("(correlation c-1)"),
        "{told}"
    );
}

#[tokio::test]
async fn a_token_that_is_repeated_is_left_out() {
    let token = testkit::hubspot::DEFAULT_TOKEN;
    let named = json!({"message": format!("who is Bearer {token}?"), "correlationId": token});
    let server = Scripted::replying(vec![json(401, &named)]).await;
    let error = server.api().stages().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(token), "{error}");
}

#[tokio::test]
async fn requests_stop_when_hubspot_says_that_nothing_remains() {
    let empty = json(200, &json!({"results": []}));
    let spent = |remaining: &str| {
        let headers = vec![
            ("x-hubspot-ratelimit-max", "100".to_owned()),
            ("x-hubspot-ratelimit-remaining", remaining.to_owned()),
            (
                "x-hubspot-ratelimit-interval-milliseconds",
                "150".to_owned(),
            ),
        ];
        (200, headers, empty.2.clone())
    };
    let server = Scripted::replying(vec![spent("1"), spent("0"), spent("99")]).await;
    let api = server.api();
    let waited = || api.stats().limit_wait_time;
    api.stages().await.unwrap();
    api.stages().await.unwrap();
    assert_eq!(waited(), Duration::ZERO, "one was left");
    api.stages().await.unwrap();
    assert!(waited() > Duration::ZERO);
}

#[tokio::test]
async fn a_reply_that_is_too_large_is_not_read() {
    let server = Scripted::replying(vec![json(200, &json!({"results": []}))]).await;
    let config: HubSpotConfig = config(&server.base_url()).with_max_response_bytes(8);
    let error = HubSpotApi::new(config).unwrap().stages().await.unwrap_err();
    assert_eq!(error.field(), Some("max_response_bytes"));
}

#[tokio::test]
async fn a_search_by_words_is_compared_by_whole_addresses() {
    let not_found = json!({
        "status": "COMPLETE",
        "results": [],
        "numErrors": 1,
        "errors": [{"category": "OBJECT_NOT_FOUND", "context": {"ids": ["ana@buyer.example"]}}],
    });
    let page = json!({"total": 2, "results": [
        {"id": "7", "properties": {
            "email": "diaz@buyer.example",
            "hs_additional_emails": "ana.b@buyer.example; Ana@Buyer.example",
        }},
        {"id": "8", "properties": {
            "email": "other@buyer.example",
            "hs_additional_emails": "ana@buyer.example.org",
        }},
    ]});
    let server = Scripted::replying(vec![json(207, &not_found), json(200, &page)]).await;
    let asked = [" ANA@buyer.example".to_owned()];
    let batch = server.api().contacts_by_email(&asked).await.unwrap();
    let found: Vec<&str> = batch.found.iter().map(|one| one.id.as_str()).collect();
    assert_eq!((found, batch.missing), (vec!["7"], vec![]));
    assert_eq!(batch.matches[0].key, asked[0]);
    let sent = &server.received()[1];
    assert!(sent.contains("hs_additional_emails") && sent.contains("\"ana@buyer.example\""));
}

#[tokio::test]
async fn an_archived_record_that_a_search_still_has_answers_to_nothing() {
    let page = json!({"total": 1, "results": [
        {"id": "7", "archived": true, "properties": {"domain": "a.example"}},
    ]});
    let server = Scripted::replying(vec![json(200, &page)]).await;
    let asked = ["a.example".to_owned()];
    let batch = server.api().companies_by_domain(&asked).await.unwrap();
    assert_eq!((batch.found, batch.missing), (vec![], asked.to_vec()));
    assert_eq!(batch.matches, []);
}
