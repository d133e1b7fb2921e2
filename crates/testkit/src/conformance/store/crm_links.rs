//! Which CRM records a call is linked to, and why.

use calls::{Contact, Stage, StageStay, Timestamp};
use resilience::ErrorKind;
use serde_json::json;
use snowflake_store::{
    CallQuery, CallStore, CrmMatch, CrmSnapshot, CrmWanted, MatchReason, UnlinkedCall,
};

use super::crm::deal;
use super::documents::{CallDocument, deletion, page};
use super::{at, detail, done, land, load_well};

/// A deal as Gong's CRM context has it.
fn context(system: &str, id: &str, timing: &str, stage: &str) -> serde_json::Value {
    json!({"system": system, "objects": [{
        "objectType": "Opportunity", "objectId": id, "timing": timing,
        "fields": [{"name": "StageName", "value": stage}]}]})
}

/// A call may have several deals, each with values of two moments; objects of other CRM
/// systems are counted and not joined.
pub async fn a_call_has_all_its_deals(store: &dyn CallStore) {
    let call = CallDocument::new("1").with_part(
        "context",
        json!([
            context("Salesforce", "d-9", "Now", "Negotiation"),
            context("HubSpot", "d-2", "TimeOfCall", "demo"),
            context("HubSpot", "d-2", "Now", "contract"),
            context("HubSpot", "d-1", "Now", "demo"),
        ]),
    );
    load_well(store, page([call.document()], [])).await;
    let before = detail(store, "1").await;
    assert_eq!(before.crm.reason, Some(MatchReason::GongContext));
    assert_eq!(before.crm.deal_stage_at_call.as_deref(), Some("demo"));
    assert_eq!(before.crm.other_systems, 1);
    let wanted = done(store.crm_wanted(at("2026-04-01"), 10).await);
    assert_eq!(wanted.deals, ["d-1".into(), "d-2".into()]);
    assert_eq!(wanted.unlinked, [], "it is linked");

    let in_pipeline = |id: &str| {
        let mut deal = deal(id);
        deal.pipeline_id = Some("default".into());
        deal
    };
    let snapshot = CrmSnapshot {
        deals: vec![in_pipeline("d-1"), in_pipeline("d-2"), in_pipeline("d-9")],
        stages: vec![Stage {
            pipeline_id: "default".into(),
            id: "demo".into(),
            label: "Demo booked".to_owned(),
            probability: None,
            display_order: 0,
        }],
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&snapshot).await);
    let detail = detail(store, "1").await;
    assert_eq!(detail.deal, Some(in_pipeline("d-2")), "Gong's first");
    assert_eq!(detail.crm.further_deals, [in_pipeline("d-1")]);
    assert_eq!(
        detail.crm.deal_stage_at_call.as_deref(),
        Some("Demo booked")
    );
    for (asked, expected) in [("d-1", 1), ("d-2", 1), ("d-9", 0)] {
        let query = CallQuery {
            deal_id: Some(asked.into()),
            limit: 10,
            ..CallQuery::default()
        };
        let found = done(store.find_calls(&query).await);
        assert_eq!(found.len(), expected, "{asked}");
    }
}

/// A call of Ana's with Bo, spelled twice, a colleague of Bo's, somebody without an
/// address, and somebody of whom Gong does not know the side.
fn unlinked_call(id: &str) -> CallDocument {
    let party = |email: Option<&str>, affiliation: &str| json!({"id": "p", "emailAddress": email, "affiliation": affiliation});
    CallDocument::new(id).with_part(
        "parties",
        json!([
            {"id": "p-1", "userId": "u-ana", "name": "Ana Reyes", "emailAddress": "ana@seller.test",
             "affiliation": "Internal"},
            party(Some("Bo.Lind@Buyer.test"), "External"),
            party(None, "External"),
            party(Some(" bo.lind@buyer.test "), "External"),
            party(Some("cy@buyer.test"), "External"),
            party(Some("dialled.in@buyer.test"), "Unknown"),
        ]),
    )
}

/// A match of call 1 with a deal of Bo's.
fn matched(call_id: &str, reason: MatchReason) -> CrmMatch {
    CrmMatch {
        call_id: call_id.into(),
        deals: vec!["d-1".into()],
        contacts: vec!["c-1".into()],
        companies: vec![],
        reason,
        matched_at: at("2026-04-01"),
    }
}

/// Calls without CRM context are to be matched when others than colleagues with addresses
/// took part, and again when the match is old; calls of strangers when it is as old as the
/// call was then.
pub async fn calls_without_context_are_to_be_matched(store: &dyn CallStore) {
    let nobody =
        json!([{"id": "p-1", "emailAddress": "ana@seller.test", "affiliation": "Internal"}]);
    let elsewhere = json!([context("Salesforce", "006", "Now", "Negotiation")]);
    let calls = [
        unlinked_call("1"),
        unlinked_call("2").linked("Account", "k-1"),
        CallDocument::new("3").with_part("parties", nobody),
        unlinked_call("4").with_part("context", elsewhere),
        unlinked_call("5"),
    ];
    load_well(store, page(calls.map(|call| call.document()), [])).await;
    land(store, deletion(&["5"])).await;
    let unlinked = |id: &str| UnlinkedCall {
        id: id.into(),
        started: at("2026-03-02T10:00:00Z"),
        emails: [
            "bo.lind@buyer.test",
            "cy@buyer.test",
            "dialled.in@buyer.test",
        ]
        .map(str::to_owned)
        .into(),
        colleagues: vec!["ana@seller.test".to_owned()],
    };
    let asked = at("2026-04-01");
    // Call 4 was 29 days and some hours old when nobody was known of it.
    let (later, much_later) = (at("2026-04-30"), at("2026-05-01"));
    let wanted = async |since, limit| done(store.crm_wanted(since, limit).await).unlinked;
    assert_eq!(wanted(asked, 10).await, [unlinked("1"), unlinked("4")]);
    assert_eq!(wanted(asked, 1).await, [unlinked("1")]);
    let matches = [
        matched("1", MatchReason::ParticipantEmail),
        matched("4", MatchReason::NobodyKnown),
    ];
    assert_eq!(done(store.save_crm_matches(&matches).await), 2);
    assert_eq!(wanted(asked, 10).await, []);
    assert_eq!(wanted(later, 10).await, [unlinked("1")]);
    assert_eq!(wanted(much_later, 10).await, [unlinked("1"), unlinked("4")]);
}

/// Where Gong does not say in which stage the deal was, the CRM's memory does.
pub async fn the_stage_at_the_time_of_a_call_may_come_from_the_crm(store: &dyn CallStore) {
    let said = CallDocument::new("1").with_part(
        "context",
        json!([context("HubSpot", "d-1", "TimeOfCall", "As Gong saw it")]),
    );
    let calls = [
        said,
        CallDocument::new("2").linked("Deal", "d-1"),
        CallDocument::new("3").linked("Deal", "d-2"),
        CallDocument::new("4").linked("Deal", "d-3"),
    ];
    load_well(store, page(calls.map(|call| call.document()), [])).await;
    let started = detail(store, "2").await.call.started;
    let hours = |hours: i64| started + jiff::SignedDuration::from_hours(hours);
    let stay = |id: &str, label: Option<&str>, entered, exited: Option<Timestamp>| StageStay {
        stage_id: id.into(),
        stage_label: label.map(str::to_owned),
        entered,
        exited,
    };
    let was_in = |id: &str, stage_stays: Vec<StageStay>| {
        let mut deal = deal(id);
        deal.stage_stays = stage_stays;
        deal
    };
    let deals = vec![
        was_in(
            "d-1",
            vec![
                stay("new", None, hours(-48), Some(started)),
                stay("demo", Some("Demo booked"), started, Some(hours(1))),
                stay("won", Some("Won"), hours(1), None),
            ],
        ),
        was_in("d-2", vec![stay("1234", None, hours(-1), None)]),
        was_in("d-3", vec![stay("late", None, hours(1), None)]),
    ];
    let snapshot = CrmSnapshot {
        deals: deals.clone(),
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&snapshot).await);
    for (call, expected) in [
        ("1", Some("As Gong saw it")),
        ("2", Some("Demo booked")),
        ("3", Some("1234")),
        ("4", None),
    ] {
        let stage = detail(store, call).await.crm.deal_stage_at_call;
        assert_eq!(stage.as_deref(), expected, "call {call}");
    }
    assert_eq!(detail(store, "2").await.deal, Some(deals[0].clone()));
}

/// A match gives a call its records until Gong links some or the call changes.
pub async fn a_match_stands_until_the_call_changes(store: &dyn CallStore) {
    let calls = [unlinked_call("1"), unlinked_call("2").linked("Deal", "d-2")];
    load_well(store, page(calls.map(|call| call.document()), [])).await;
    let snapshot = CrmSnapshot {
        deals: vec![deal("d-1"), deal("d-2")],
        contacts: vec![Contact {
            id: "c-1".into(),
            email: None,
            name: Some("Bo Lind".to_owned()),
            title: None,
            company_id: None,
        }],
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&snapshot).await);
    let by_domain = [
        matched("1", MatchReason::ParticipantDomain),
        matched("2", MatchReason::ParticipantDomain),
        matched("unknown", MatchReason::ParticipantDomain),
    ];
    assert_eq!(done(store.save_crm_matches(&by_domain).await), 1);
    assert_eq!(done(store.save_crm_matches(&[]).await), 0);
    assert_eq!(
        detail(store, "2").await.deal,
        Some(deal("d-2")),
        "Gong links it"
    );
    let first = detail(store, "1").await;
    assert_eq!(first.crm.reason, Some(MatchReason::ParticipantDomain));
    assert_eq!(first.deal, Some(deal("d-1")));
    assert_eq!(first.contacts, snapshot.contacts);
    assert_eq!(first.crm.deal_stage_at_call, None, "nobody knows");

    let other = CrmMatch {
        deals: vec![],
        contacts: vec![],
        ..matched("1", MatchReason::NobodyKnown)
    };
    assert_eq!(done(store.save_crm_matches(&[other]).await), 1);
    let second = detail(store, "1").await;
    assert_eq!(second.crm.reason, Some(MatchReason::NobodyKnown));
    assert_eq!((second.deal, second.contacts), (None, vec![]));

    let again = [matched("1", MatchReason::ParticipantEmail)];
    done(store.save_crm_matches(&again).await);
    let edited = unlinked_call("1").with("title", "Another title");
    load_well(store, page([edited.document()], [])).await;
    let third = detail(store, "1").await;
    assert_eq!((third.crm.reason, third.deal), (None, None));
    let wanted = done(store.crm_wanted(at("2026-12-31"), 10).await);
    assert_eq!(wanted.unlinked.len(), 1);
    assert_eq!(
        (wanted.deals, wanted.contacts),
        (vec!["d-2".into()], vec![]),
        "the match's records are nobody's now"
    );
}

/// Only Gong can say that Gong linked a call.
pub async fn gong_context_is_no_match(store: &dyn CallStore) {
    load_well(store, page([unlinked_call("1").document()], [])).await;
    let matches = [
        matched("1", MatchReason::ParticipantEmail),
        matched("1", MatchReason::GongContext),
    ];
    let error = store.save_crm_matches(&matches).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::InvalidInput, Some("reason"))
    );
    assert_eq!(detail(store, "1").await.crm.reason, None);
    let nothing = done(store.crm_wanted(at("2026-04-01"), 0).await);
    assert_eq!(nothing, CrmWanted::default());
}
