//! What calls have of the CRM after an enrichment, and what the CRM was asked for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::crm_world;

use calls::{DealOutcome, Timestamp};
use crm_world::{CrmWorld, call_with, company, contact, deal, owner, stage};
use hubspot_enrich::InMemoryCrm;
use resilience::ErrorKind;
use serde_json::json;
use snowflake_store::{Insights, MatchReason};
use testkit::conformance::store::CallDocument;

fn records() -> InMemoryCrm {
    InMemoryCrm::new()
        .with_stages([stage()])
        .with_owners([owner()])
        .with_companies([company("k-1", "buyer.test"), company("k-2", "other.test")])
        .with_contacts([
            contact("c-1", "bo@buyer.test", Some("k-1")),
            contact("c-2", "cy@buyer.test", Some("k-1")),
        ])
}

/// Later than every answer so far.
fn later() -> Timestamp {
    Timestamp::now()
}

fn ids<Id: AsRef<str>>(ids: impl IntoIterator<Item = Id>) -> Vec<String> {
    ids.into_iter().map(|id| id.as_ref().to_owned()).collect()
}

#[tokio::test]
async fn mirrors_what_gong_links_and_what_that_refers_to() {
    let calls = vec![
        call_with("1", &["bo@buyer.test"])
            .linked("Opportunity", "d-1")
            .linked("Deal", "d-2"),
        call_with("2", &[]).linked("Account", "k-2"),
    ];
    let records = records().with_deals([deal("d-1", &["c-1"], &["k-1"]), deal("d-2", &[], &[])]);
    let world = CrmWorld::new(records, calls).await;
    let report = world.enrich(later()).await;
    assert_eq!(
        (
            report.deals,
            report.contacts,
            report.companies,
            report.owners
        ),
        (2, 1, 2, 1)
    );
    assert_eq!(
        (report.missing, report.merged, report.other_systems),
        (0, 0, 0)
    );
    let call = world.call("1").await;
    let mirrored = call.deal.unwrap();
    assert_eq!(mirrored.stage_label.as_deref(), Some("Demo booked"));
    assert_eq!(mirrored.owner_name.as_deref(), Some("Ana Reyes"));
    assert_eq!(
        ids(call.crm.further_deals.iter().map(|deal| &deal.id)),
        ["d-2"]
    );
    assert_eq!(call.company.unwrap().id.as_str(), "k-1", "the deal's");
    assert_eq!(call.crm.reason, Some(MatchReason::GongContext));
    assert_eq!(world.call("2").await.company.unwrap().id.as_str(), "k-2");
}

#[tokio::test]
async fn a_run_without_news_asks_for_nothing() {
    let calls = vec![
        call_with("1", &[]).linked("Deal", "d-1"),
        call_with("2", &[]).linked("Deal", "unknown"),
        call_with("3", &["bo@buyer.test"]),
        call_with("4", &["who@nowhere.test"]),
    ];
    let records = records().with_deals([deal("d-1", &["c-2", "unknown"], &["unknown"])]);
    let world = CrmWorld::new(records, calls).await;
    let start = later();
    let report = world.enrich(start).await;
    assert_eq!(report.missing, 3);
    assert!(!world.crm.asked().is_empty());

    let again = world.enrich(start).await;
    assert_eq!(world.crm.asked(), []);
    assert_eq!((again.deals, again.missing, again.unmatched), (0, 0, 0));

    world
        .land(vec![call_with("5", &[]).linked("Deal", "d-1")])
        .await;
    world.enrich(start).await;
    assert_eq!(world.crm.asked(), [], "all of the new call is there");

    let all_again = world.enrich(later()).await;
    assert_eq!(
        (all_again.missing, all_again.unmatched),
        (3, 0),
        "strangers are asked for again when their call is twice as old"
    );
}

#[tokio::test]
async fn a_deal_that_was_deleted_between_two_reads_leaves_its_calls() {
    let gong = json!([{"system": "HubSpot", "objects": [{"objectType": "Opportunity",
        "objectId": "d-1", "fields": [{"name": "Name", "value": "As Gong saw it"}]}]}]);
    let calls = vec![call_with("1", &[]).with_part("context", gong)];
    let world = CrmWorld::new(records().with_deals([deal("d-1", &[], &[])]), calls).await;
    world.enrich(later()).await;
    assert!(world.call("1").await.deal.is_some());
    world.crm.records.archive_deal(&"d-1".into());
    let report = world.enrich(later()).await;
    assert_eq!(report.missing, 1);
    let call = world.call("1").await;
    assert_eq!((call.deal, call.crm.deal_read_at), (None, None));
    assert_eq!(call.call.crm[0].name.as_deref(), Some("As Gong saw it"));

    world.crm.records.put_deal(deal("d-1", &[], &[]));
    world.enrich(later()).await;
    assert!(world.call("1").await.deal.is_some(), "it was restored");
}

#[tokio::test]
async fn a_merged_deal_is_the_survivor_for_its_calls() {
    let calls = vec![call_with("1", &[]).linked("Deal", "d-old")];
    let records = records().with_deals([deal("d-old", &[], &[]), deal("d-new", &["c-1"], &[])]);
    let world = CrmWorld::new(records, calls).await;
    world.enrich(later()).await;
    world
        .crm
        .records
        .merge_deal(&"d-old".into(), &"d-new".into());
    let start = later();
    let report = world.enrich(start).await;
    assert_eq!((report.merged, report.missing), (1, 0));
    let call = world.call("1").await;
    assert_eq!(call.deal.unwrap().id.as_str(), "d-new");
    world.crm.asked();
    world.enrich(start).await;
    assert_eq!(world.crm.asked(), []);
}

#[tokio::test]
async fn matches_by_address_then_by_domain_and_keeps_the_reason() {
    let calls = vec![
        call_with("by address", &["stranger@other.test", "Bo@Buyer.test "]),
        call_with("by domain", &["stranger@other.test"]),
        call_with("by nothing", &["stranger@nowhere.test"]),
        call_with("public mail", &["stranger@gmail.com"]),
        call_with("insiders", &[]),
    ];
    let records = records()
        .with_companies([company("k-mail", "gmail.com")])
        .with_deals([deal("d-1", &["c-1"], &["k-1"]), deal("d-2", &[], &["k-2"])]);
    let world = CrmWorld::new(records, calls).await;
    let report = world.enrich(later()).await;
    assert_eq!(
        (
            report.matched_by_email,
            report.matched_by_domain,
            report.unmatched
        ),
        (1, 1, 2)
    );
    for (id, reason, deal, contacts, company) in [
        (
            "by address",
            Some(MatchReason::ParticipantEmail),
            Some("d-1"),
            vec!["c-1"],
            Some("k-1"),
        ),
        (
            "by domain",
            Some(MatchReason::ParticipantDomain),
            Some("d-2"),
            vec![],
            Some("k-2"),
        ),
        (
            "by nothing",
            Some(MatchReason::NobodyKnown),
            None,
            vec![],
            None,
        ),
        (
            "public mail",
            Some(MatchReason::NobodyKnown),
            None,
            vec![],
            None,
        ),
        ("insiders", None, None, vec![], None),
    ] {
        let call = world.call(id).await;
        assert_eq!(call.crm.reason, reason, "{id}");
        assert_eq!(call.deal.map(|deal| deal.id), deal.map(Into::into), "{id}");
        assert_eq!(
            ids(call.contacts.iter().map(|one| &one.id)),
            contacts,
            "{id}"
        );
        assert_eq!(
            call.company.map(|company| company.id),
            company.map(Into::into),
            "{id}"
        );
    }
}

#[tokio::test]
async fn only_a_deal_that_is_alone_in_question_is_the_calls() {
    let changed = |id: &str, outcome, created: &str, closed: &str| {
        let mut deal = deal(id, &["c-1"], &[]);
        deal.outcome = outcome;
        deal.created = created.parse().ok();
        deal.close_date = closed.parse().ok();
        deal
    };
    let (february, march, april) = (
        "2026-02-01T00:00:00Z",
        "2026-03-06T00:00:00Z",
        "2026-04-01T00:00:00Z",
    );
    let won = DealOutcome::Won;
    for (what, deals, expected, ambiguous) in [
        ("one", vec![deal("d", &["c-1"], &[])], Some("d"), 0),
        (
            "one that was closed before, one that came much later, one in question",
            vec![
                changed("closed", won, "2026-01-01T00:00:00Z", february),
                changed("d", won, february, april),
                changed("later", DealOutcome::Open, april, april),
            ],
            Some("d"),
            0,
        ),
        (
            "one that was written down after the call",
            vec![changed("d", DealOutcome::Open, march, april)],
            Some("d"),
            0,
        ),
        (
            "one that was closed before",
            vec![changed("closed", won, "2026-01-01T00:00:00Z", february)],
            None,
            0,
        ),
        (
            "two",
            vec![deal("d-1", &["c-1"], &[]), deal("d-2", &["c-1"], &[])],
            None,
            1,
        ),
        (
            "two, one of which both contacts have",
            vec![deal("d-1", &["c-1"], &[]), deal("d", &["c-1", "c-2"], &[])],
            Some("d"),
            0,
        ),
        (
            "one of the contacts' company",
            vec![deal("d", &[], &["k-1"])],
            Some("d"),
            0,
        ),
    ] {
        let calls = vec![call_with("1", &["bo@buyer.test", "cy@buyer.test"])];
        let world = CrmWorld::new(records().with_deals(deals), calls).await;
        let report = world.enrich(later()).await;
        assert_eq!(report.ambiguous_deals, ambiguous, "{what}");
        let call = world.call("1").await;
        assert_eq!(
            call.deal.map(|deal| deal.id),
            expected.map(Into::into),
            "{what}"
        );
        assert_eq!(
            ids(call.contacts.iter().map(|one| &one.id)),
            ["c-1", "c-2"],
            "{what}"
        );
        let report = world.enrich(Timestamp::UNIX_EPOCH).await;
        assert_eq!((report.deals, report.missing), (0, 0), "{what}");
    }
}

#[tokio::test]
async fn a_domain_of_two_companies_and_an_unseen_address() {
    let calls = vec![
        call_with("shared", &["stranger@holding.test"]),
        call_with("secondary", &["bo@private.test"]),
    ];
    let records = records().with_companies([
        company("k-8", "holding.test"),
        company("k-9", "holding.test"),
    ]);
    records.put_secondary_email(&"c-1".into(), "bo@private.test");
    let world = CrmWorld::new(records, calls).await;
    let report = world.enrich(later()).await;
    assert_eq!((report.matched_by_email, report.unmatched), (1, 1));
    let call = world.call("secondary").await;
    assert_eq!(ids(call.contacts.iter().map(|one| &one.id)), ["c-1"]);
}

#[tokio::test]
async fn other_crm_systems_are_counted_and_not_asked_for() {
    let context = json!([{"system": "Salesforce", "objects": [
        {"objectType": "Opportunity", "objectId": "d-1"},
        {"objectType": "Account", "objectId": "k-1"}]}]);
    let calls = vec![CallDocument::new("1").with_part("context", context)];
    let world = CrmWorld::new(records().with_deals([deal("d-1", &[], &[])]), calls).await;
    let report = world.enrich(later()).await;
    assert_eq!((report.other_systems, report.deals), (2, 0));
    let call = world.call("1").await;
    assert_eq!((call.deal, call.crm.other_systems), (None, 2));
    assert_eq!(
        call.crm.reason,
        Some(MatchReason::ParticipantEmail),
        "it is matched like a call without context"
    );
}

#[tokio::test]
async fn colleagues_of_the_seller_match_nothing_and_unknown_people_do() {
    let person = |email: &str, affiliation: &str| json!({"id": email, "emailAddress": email, "affiliation": affiliation});
    let ana = || person("ana@seller.test", "Internal");
    let private_ana = || person("ana@gmail.com", "Internal");
    let call = |id: &str, people: Vec<serde_json::Value>| {
        CallDocument::new(id)
            .at(crm_world::CALL_TIME)
            .with_part("parties", people.into())
    };
    let calls = vec![
        call(
            "colleague",
            vec![ana(), person("dee@seller.test", "External")],
        ),
        call(
            "dialled in",
            vec![ana(), person("bo@buyer.test", "Unknown")],
        ),
        call(
            "public mail",
            vec![private_ana(), person("eva@gmail.com", "External")],
        ),
    ];
    let records = records()
        .with_companies([company("k-own", "seller.test")])
        .with_contacts([
            contact("c-dee", "dee@seller.test", Some("k-own")),
            contact("c-eva", "eva@gmail.com", None),
        ]);
    let world = CrmWorld::new(records, calls).await;
    world.enrich(later()).await;
    for (id, reason, contacts) in [
        ("colleague", MatchReason::NobodyKnown, vec![]),
        ("dialled in", MatchReason::ParticipantEmail, vec!["c-1"]),
        ("public mail", MatchReason::ParticipantEmail, vec!["c-eva"]),
    ] {
        let call = world.call(id).await;
        assert_eq!(call.crm.reason, Some(reason), "{id}");
        let found = ids(call.contacts.iter().map(|one| &one.id));
        assert_eq!(found, contacts, "{id}");
    }
}

#[tokio::test]
async fn a_refused_question_holds_up_only_what_needs_the_answer() {
    let calls = vec![
        call_with("1", &[]).linked("Deal", "d-1"),
        call_with("2", &["cy@buyer.test"]),
    ];
    for (question, is_asked_for) in [
        ("contacts by email", [true, true]),
        ("contacts", [false, true]),
        ("companies", [true, false]),
    ] {
        let records = records().with_deals([deal("d-1", &["c-1"], &["k-2"])]);
        let world = CrmWorld::new(records, calls.clone()).await;
        *world.crm.failing.lock().unwrap() = Some(question);
        *world.crm.failing_with.lock().unwrap() = ErrorKind::Permission;
        let start = later();
        let error = world.try_enrich(start).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Permission, "{question}");
        assert!(world.call("1").await.deal.is_some(), "{question}");
        let wanted = world.store.crm_wanted(start, 10).await.unwrap();
        let left = [
            wanted.contacts.is_empty(),
            !wanted.companies.contains(&"k-2".into()),
        ];
        assert_eq!(left, is_asked_for, "{question}");
        let stranger = world.call("2").await.crm.reason;
        let is_matched = stranger == Some(MatchReason::ParticipantEmail);
        assert_eq!(is_matched, question != "contacts by email", "{question}");
    }
}

#[tokio::test]
async fn values_that_cannot_be_read_are_told_as_they_came() {
    let calls = vec![call_with("1", &["bo@buyer.test"])];
    let world = CrmWorld::new(records(), calls).await;
    *world.crm.unreadable.lock().unwrap() = Some("not an address".to_owned());
    let report = world.enrich(later()).await;
    assert_eq!(report.unreadable_values, 1);
    assert_eq!(report.unreadable[0].raw, "not an address");
    let shown = serde_json::to_string(&report).unwrap();
    assert!(!shown.contains("not an address"), "{shown}");
}

#[tokio::test]
async fn a_run_goes_on_where_another_stopped() {
    let calls = vec![
        call_with("1", &[]).linked("Deal", "d-1"),
        call_with("2", &["cy@buyer.test"]),
    ];
    let records = records().with_deals([deal("d-1", &["c-1"], &["k-2"])]);
    let world = CrmWorld::new(records, calls).await;
    let start = later();
    for (question, done) in [
        ("contacts by email", 0),
        ("associations of contact with deal", 0),
        ("deals", 0),
        ("contacts", 1),
        ("companies", 1),
        ("owners", 1),
    ] {
        *world.crm.failing.lock().unwrap() = Some(question);
        let error = world.try_enrich(start).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transient, "{question}");
        let deals = u64::from(world.call("1").await.deal.is_some());
        assert_eq!(deals, done, "{question}");
    }
    *world.crm.failing.lock().unwrap() = None;
    world.crm.asked();
    let report = world.enrich(start).await;
    assert_eq!((report.deals, report.owners), (0, 1), "only what is left");
    assert_eq!(world.crm.asked(), [("owners".to_owned(), 1)]);
    assert_eq!(world.call("1").await.company.unwrap().id.as_str(), "k-2");
    assert_eq!(
        ids(world.call("2").await.contacts.iter().map(|c| &c.id)),
        ["c-2"]
    );
}
