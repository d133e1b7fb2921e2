//! The views for analysts, by plain SQL, on both stores: the same rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod database;
use crate::fakesnow;
mod readings;

use calls::{Company, Contact, Deal, DealOutcome, Owner, Stage, StageStay};
use serde_json::json;
use snowflake_store::{
    CallStore, CrmMatch, CrmSnapshot, GongRecord, LandingPage, MatchReason, RecordPage,
    RecordStream, TransformScope,
};
use testkit::conformance::store::CallDocument;

use database::Database;

async fn load(store: &dyn CallStore, calls: impl IntoIterator<Item = CallDocument>) {
    let page = LandingPage::new("run-1")
        .with_calls(calls.into_iter().map(|call| call.document()).collect());
    let landed = store.land(page).await.unwrap();
    let scope = TransformScope::Calls(landed.changed);
    assert_eq!(store.transform(scope).await.unwrap().failed, []);
}

fn deal(id: &str, outcome: DealOutcome, amount: Option<&str>, currency: Option<&str>) -> Deal {
    let mut deal = Deal::new(id);
    deal.name = Some(format!("Deal {id}"));
    deal.amount = amount.map(|amount| amount.parse().unwrap());
    deal.currency = currency.map(str::to_owned);
    deal.pipeline_id = Some("p".into());
    deal.stage_id = Some("s-2".into());
    deal.stage_label = Some("The label when it was read".to_owned());
    deal.close_date = "2026-03-31T23:00:00Z".parse().ok();
    deal.created = "2026-03-01T12:00:00Z".parse().ok();
    deal.owner_id = Some("o".into());
    deal.outcome = outcome;
    deal.company_ids = vec!["k".into()];
    deal
}

fn records() -> CrmSnapshot {
    let stage = |id: &str, label: &str| Stage {
        pipeline_id: "p".into(),
        id: id.into(),
        label: label.to_owned(),
        probability: Some(0.5),
        display_order: 0,
    };
    CrmSnapshot {
        contacts: vec![Contact {
            id: "c".into(),
            email: Some("bo@buyer.test".to_owned()),
            name: Some("Bo Lind".to_owned()),
            title: Some("CFO".to_owned()),
            company_id: Some("k".into()),
        }],
        companies: vec![Company {
            id: "k".into(),
            name: Some("Buyer".to_owned()),
            domain: Some("buyer.test".to_owned()),
            industry: None,
        }],
        stages: vec![stage("s-1", "Demo booked"), stage("s-2", "Contract sent")],
        owners: vec![Owner {
            id: "o".into(),
            name: Some("Ana Reyes".to_owned()),
            email: Some("ana@seller.test".to_owned()),
            archived: false,
        }],
        read_at: "2026-04-01T00:00:00Z".parse().unwrap(),
        ..CrmSnapshot::default()
    }
}

#[tokio::test]
async fn an_enriched_call_shows_its_deal_and_why_it_has_it() {
    enriched(Database::sqlite().await).await;
}

#[tokio::test]
async fn an_enriched_call_shows_the_same_on_snowflake() {
    if let Some(database) = Database::snowflake().await {
        enriched(database).await;
    }
}

async fn enriched(database: Database) {
    let store = &*database.store;
    let seen = |timing: &str, stage: &str| {
        json!({"objectType": "Opportunity", "objectId": "d-1",
        "timing": timing, "fields": [{"name": "StageName", "value": stage}, {"name": "Amount", "value": 9}]})
    };
    let context = json!([{"system": "HubSpot", "objects": [
        seen("Now", "s-2"), seen("TimeOfCall", "s-1"),
        {"objectType": "Deal", "objectId": "d-2", "fields": []}]}]);
    load(
        store,
        [
            CallDocument::new("linked").with_part("context", context),
            CallDocument::new("matched"),
            CallDocument::new("not mirrored").with_part(
                "context",
                json!([{"system": "HubSpot", "objects": [
                    {"objectType": "Deal", "objectId": "d-3", "fields": [{"name": "Amount", "value": 9}]}]}]),
            ),
            CallDocument::new("unknown"),
        ],
    )
    .await;
    let snapshot = CrmSnapshot {
        deals: vec![deal("d-1", DealOutcome::Won, None, Some("EUR"))],
        ..records()
    };
    store.save_crm(&snapshot).await.unwrap();
    let matched = CrmMatch {
        call_id: "matched".into(),
        deals: Vec::new(),
        contacts: vec!["c".into()],
        companies: Vec::new(),
        reason: MatchReason::ParticipantEmail,
        matched_at: snapshot.read_at,
    };
    store.save_crm_matches(&[matched]).await.unwrap();
    for (columns, expected) in [
        (
            "CALL_ID, CRM_MATCH_REASON, LINKED_DEALS",
            [
                "linked | gong_context | 2",
                "matched | participant_email | 0",
                "not mirrored | gong_context | 1",
                "unknown | - | 0",
            ],
        ),
        (
            "DEAL_NAME, DEAL_STAGE, DEAL_STAGE_AT_CALL, DEAL_AMOUNT, DEAL_CURRENCY, DEAL_PROBABILITY",
            [
                "Deal d-1 | Contract sent | Demo booked | - | EUR | 0.5",
                "- | - | - | - | - | -",
                "- | - | - | 9 | - | -",
                "- | - | - | - | - | -",
            ],
        ),
        (
            "DEAL_OUTCOME, DEAL_DAYS_TO_CLOSE, DEAL_OWNER_NAME, SUBSTR(CAST(DEAL_READ_AT AS VARCHAR), 1, 10)",
            [
                "won | 30 | Ana Reyes | 2026-04-01",
                "- | - | - | -",
                "- | - | - | -",
                "- | - | - | -",
            ],
        ),
        (
            "CONTACT_NAME, CONTACT_EMAIL, HUBSPOT_COMPANY_ID, COMPANY_NAME, COMPANY_DOMAIN",
            [
                "- | - | k | Buyer | buyer.test",
                "Bo Lind | bo@buyer.test | k | Buyer | buyer.test",
                "- | - | - | - | -",
                "- | - | - | - | -",
            ],
        ),
    ] {
        let rows = database
            .rows(columns, "VW_ENRICHED_GONG_CALLS", "CALL_ID")
            .await;
        assert_eq!(rows, expected, "{columns}");
    }
}

#[tokio::test]
async fn an_enriched_call_shows_the_stage_that_the_crm_remembers() {
    remembered(Database::sqlite().await).await;
}

#[tokio::test]
async fn an_enriched_call_shows_the_stage_that_the_crm_remembers_on_snowflake() {
    if let Some(database) = Database::snowflake().await {
        remembered(database).await;
    }
}

async fn remembered(database: Database) {
    let store = &*database.store;
    let call = |id: &str, started: &str| CallDocument::new(id).linked("Deal", "d").at(started);
    let calls = [
        call("before", "2026-02-28T23:59:59Z"),
        call("demo", "2026-03-01T00:00:00Z"),
        call("won", "2026-03-05T12:00:00.5Z"),
        call("now", "2026-03-20T00:00:00Z"),
    ];
    load(store, calls).await;
    let stay = |id: &str, label: Option<&str>, entered: &str, exited: Option<&str>| StageStay {
        stage_id: id.into(),
        stage_label: label.map(str::to_owned),
        entered: entered.parse().unwrap(),
        exited: exited.map(|exited| exited.parse().unwrap()),
    };
    let turn = "2026-03-05T12:00:00.25Z";
    let stage_stays = vec![
        stay(
            "s-1",
            Some("Demo booked"),
            "2026-03-01T00:00:00Z",
            Some(turn),
        ),
        stay("s-2", None, turn, None),
    ];
    let mut deal = deal("d", DealOutcome::Open, None, None);
    deal.stage_stays = stage_stays;
    let snapshot = CrmSnapshot {
        deals: vec![deal],
        ..records()
    };
    store.save_crm(&snapshot).await.unwrap();
    let rows = database
        .rows(
            "CALL_ID, DEAL_STAGE_AT_CALL",
            "VW_ENRICHED_GONG_CALLS",
            "CALL_DATETIME_UTC",
        )
        .await;
    let expected = ["before | -", "demo | Demo booked", "won | s-2", "now | s-2"];
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn a_rep_and_month_shows_outcomes_of_deals_once_each() {
    performance(Database::sqlite().await).await;
}

#[tokio::test]
async fn a_rep_and_month_shows_the_same_on_snowflake() {
    if let Some(database) = Database::snowflake().await {
        performance(database).await;
    }
}

async fn performance(database: Database) {
    let store = &*database.store;
    let mut calls = Vec::new();
    for (rep, month, deals) in [
        ("ana", 3, &["won-1", "won-1", "won-2", "lost", "open"][..]),
        ("ana", 4, &["open", "none"]),
        ("bo", 3, &["won-1", "dollars"]),
    ] {
        for (index, deal) in deals.iter().enumerate() {
            let call = CallDocument::new(&format!("{rep}-{month}-{index}"))
                .hosted_by(rep, rep, rep)
                .at(&format!("2026-0{month}-02T10:00:00Z"));
            calls.push(if *deal == "none" {
                call
            } else {
                call.linked("Deal", deal)
            });
        }
    }
    load(store, calls).await;
    let snapshot = CrmSnapshot {
        deals: vec![
            deal("won-1", DealOutcome::Won, Some("1000.10"), Some("EUR")),
            deal("won-2", DealOutcome::Won, Some("0.20"), Some("EUR")),
            deal("dollars", DealOutcome::Won, Some("7"), Some("USD")),
            deal("lost", DealOutcome::Lost, Some("5"), Some("EUR")),
            deal("open", DealOutcome::Open, Some("5"), Some("EUR")),
        ],
        ..records()
    };
    store.save_crm(&snapshot).await.unwrap();
    let columns = "PRIMARY_USER_ID, CALL_MONTH, CALL_COUNT, CALLS_WITH_DEAL, DEALS_WON, DEALS_LOST, DEALS_OPEN,
        ROUND(WIN_RATE, 3), AVG_DAYS_TO_WIN, AMOUNT_WON, AMOUNT_WON_CURRENCY";
    let rows = database
        .rows(
            columns,
            "VW_SALES_PERFORMANCE_ANALYSIS",
            "PRIMARY_USER_ID, CALL_MONTH",
        )
        .await;
    assert_eq!(
        rows,
        [
            "ana | 2026-03 | 5 | 5 | 2 | 1 | 1 | 0.667 | 30 | 1000.3 | EUR",
            "ana | 2026-04 | 2 | 1 | 0 | 0 | 1 | - | - | - | -",
            "bo | 2026-03 | 2 | 2 | 2 | 0 | 0 | 1 | 30 | - | -",
        ]
    );
}

/// What people wrote about a call is seen while Gong serves the call.
async fn answered(database: Database) {
    let store = &*database.store;
    load(
        store,
        [CallDocument::new("gone"), CallDocument::new("kept")],
    )
    .await;
    let review = |key: &str, call: serde_json::Value| GongRecord {
        key: key.to_owned(),
        day: "2026-03-01".parse().ok(),
        json: json!({"callId": call, "answers": [{"answerText": key}]}).to_string(),
    };
    let reviews = RecordPage {
        stream: RecordStream::AnsweredScorecards,
        run_id: "run-1".to_owned(),
        records: vec![
            review("a", json!("gone")),
            review("b", json!("kept")),
            review("c", json!("not stored")),
            review("d", json!(null)),
        ],
        gone: Vec::new(),
    };
    store.land_records(&reviews).await.unwrap();
    let deleted = LandingPage::new("run-1").with_deleted(vec!["gone".into()]);
    store.land(deleted).await.unwrap();
    let rows = database
        .rows(
            "CALL_ID, ANSWER_TEXT",
            "STG_GONG_SCORECARD_ANSWERS",
            "ANSWER_TEXT",
        )
        .await;
    assert_eq!(rows, ["kept | b", "not stored | c", "- | d"]);
}

#[tokio::test]
async fn answers_go_with_their_call() {
    answered(Database::sqlite().await).await;
}

#[tokio::test]
async fn answers_go_with_their_call_on_snowflake() {
    if let Some(database) = Database::snowflake().await {
        answered(database).await;
    }
}
