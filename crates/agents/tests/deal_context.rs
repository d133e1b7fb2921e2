//! The deal of a call in its analysis: from where, how old, and why this one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;

use agents::report::Report;
use agents::{CallAnalysis, CallAnalysisAgent};
use calls::{Company, Deal, DealOutcome, Stage, Timestamp};
use serde_json::json;
use snowflake_store::{
    CrmMatch, CrmSnapshot, Gone, GoneRecords, Insights, Landing, LandingPage, MatchReason,
    SqliteStore, TransformScope,
};
use support::PhraseLanguage;
use testkit::conformance::store::{CallDocument, transcript_document};

const LINES: [(&str, i64, i64, &str); 2] = [
    ("v-rep", 0, 6_000, "What is your budget for this year?"),
    (
        "v-buyer",
        6_000,
        20_000,
        "We have set aside some money for the project.",
    ),
];

async fn store_of(call: CallDocument) -> Arc<SqliteStore> {
    let store = SqliteStore::in_memory().await.unwrap();
    let page = LandingPage::new("test")
        .with_calls(vec![call.document()])
        .with_transcripts(vec![transcript_document("1", &LINES)]);
    let landed = store.land(page).await.unwrap();
    let scope = TransformScope::Calls(landed.changed);
    assert_eq!(store.transform(scope).await.unwrap().failed, []);
    Arc::new(store)
}

fn call_of_a_deal() -> CallDocument {
    let seen = |timing: &str, stage: &str| {
        json!({"objectType": "Opportunity", "objectId": "d-1", "timing": timing, "fields": [
            {"name": "Name", "value": "As Gong saw it"}, {"name": "StageName", "value": stage}]})
    };
    let context = json!([{"system": "HubSpot", "objects": [
        seen("Now", "signed"), seen("TimeOfCall", "demo"),
        {"objectType": "Deal", "objectId": "d-2", "fields": []}]}]);
    CallDocument::new("1").with_part("context", context)
}

fn records(read_at: &str) -> CrmSnapshot {
    let deal = |id: &str, name: Option<&str>| {
        let mut deal = Deal::new(id);
        deal.name = name.map(str::to_owned);
        deal.amount = "48000".parse().ok();
        deal.currency = Some("EUR".to_owned());
        deal.pipeline_id = Some("p".into());
        deal.stage_id = Some("signed".into());
        deal.close_date = "2026-03-31T00:00:00Z".parse().ok();
        deal.created = "2026-03-01T00:00:00Z".parse().ok();
        deal.owner_name = Some("Ana Reyes".to_owned());
        deal.outcome = DealOutcome::Won;
        deal
    };
    let stage = |id: &str, label: &str| Stage {
        pipeline_id: "p".into(),
        id: id.into(),
        label: label.to_owned(),
        probability: None,
        display_order: 0,
    };
    CrmSnapshot {
        deals: vec![deal("d-1", Some("Buyer: yearly plan")), deal("d-2", None)],
        companies: vec![Company {
            id: "k-1".into(),
            name: Some("Buyer".to_owned()),
            domain: Some("buyer.test".to_owned()),
            industry: None,
        }],
        stages: vec![
            stage("demo", "Demo booked"),
            stage("signed", "Contract signed"),
        ],
        read_at: read_at.parse().unwrap(),
        ..CrmSnapshot::default()
    }
}

async fn analysis_of(store: &Arc<SqliteStore>) -> CallAnalysis {
    let language = Arc::new(PhraseLanguage::default());
    let agent = CallAnalysisAgent::new(Arc::clone(store) as _, language);
    agent.analyse(&"1".into()).await.unwrap()
}

#[tokio::test]
async fn shows_the_deal_with_labels_outcome_and_age() {
    let store = store_of(call_of_a_deal()).await;
    store
        .save_crm(&records("2026-04-01T08:30:00Z"))
        .await
        .unwrap();
    let analysis = analysis_of(&store).await;
    let deal = analysis.deal.as_ref().unwrap();
    assert_eq!(deal.name.as_deref(), Some("Buyer: yearly plan"));
    assert_eq!(deal.stage.as_deref(), Some("Contract signed"));
    assert_eq!(deal.stage_at_call.as_deref(), Some("Demo booked"));
    assert_eq!(deal.outcome, Some(DealOutcome::Won));
    assert_eq!(deal.days_to_close, Some(30));
    assert_eq!(deal.match_reason, Some(MatchReason::GongContext));
    assert_eq!(deal.further_deals, ["d-2"]);
    assert_eq!(deal.read_at, "2026-04-01T08:30:00Z".parse().ok());
    assert!(
        !analysis.notes.iter().any(|note| note.contains("deal")),
        "{:?}",
        analysis.notes
    );

    let report = Report::new("Calls", Timestamp::UNIX_EPOCH).with_analysis(&analysis);
    let html = report.to_html().unwrap();
    for shown in [
        "Buyer: yearly plan",
        "Contract signed",
        "Demo booked at the call",
        "48,000 EUR",
        "<dd>won <small class=\"muted\">after 30 days</small></dd>",
        "Ana Reyes",
        "d-2",
        "1 Apr 2026",
    ] {
        assert!(html.contains(shown), "{shown} is not in the report");
    }
}

#[tokio::test]
async fn says_that_a_deal_was_read_before_the_call() {
    let store = store_of(call_of_a_deal()).await;
    store
        .save_crm(&records("2026-02-01T00:00:00Z"))
        .await
        .unwrap();
    let notes = analysis_of(&store).await.notes;
    assert!(
        notes.iter().any(|note| note.contains("before the call")),
        "{notes:?}"
    );
}

#[tokio::test]
async fn says_that_a_deal_is_gongs_copy() {
    let store = store_of(call_of_a_deal()).await;
    let gone = CrmSnapshot {
        gone: GoneRecords {
            deals: vec![Gone {
                id: "d-1".into(),
                survivor: None,
            }],
            ..GoneRecords::default()
        },
        ..records("2026-04-01T00:00:00Z")
    };
    store
        .save_crm(&CrmSnapshot {
            deals: Vec::new(),
            ..gone
        })
        .await
        .unwrap();
    let analysis = analysis_of(&store).await;
    let deal = analysis.deal.unwrap();
    assert_eq!(
        (deal.source, deal.outcome, deal.read_at),
        ("gong", None, None)
    );
    assert_eq!(deal.name.as_deref(), Some("As Gong saw it"));
    assert!(
        analysis
            .notes
            .iter()
            .any(|note| note.contains("as Gong saw it"))
    );
}

#[tokio::test]
async fn says_how_a_call_without_context_was_matched() {
    let store = store_of(CallDocument::new("1")).await;
    let snapshot = records("2026-04-01T00:00:00Z");
    store.save_crm(&snapshot).await.unwrap();
    let notes = analysis_of(&store).await.notes;
    assert!(
        notes.contains(&"No deal is linked to the call.".to_owned()),
        "{notes:?}"
    );
    for (deals, note) in [
        (vec!["d-1".into()], "the domain of a participant's address"),
        (vec![], "the CRM knows its people or their company"),
    ] {
        let matched = CrmMatch {
            call_id: "1".into(),
            deals,
            contacts: Vec::new(),
            companies: vec!["k-1".into()],
            reason: MatchReason::ParticipantDomain,
            matched_at: snapshot.read_at,
        };
        store.save_crm_matches(&[matched]).await.unwrap();
        let notes = analysis_of(&store).await.notes;
        assert!(notes.iter().any(|said| said.contains(note)), "{notes:?}");
    }
}
