//! Readings as analysts query them.

use calls::Provenance;
use calls::reading::{
    Confidence, Handling, Known, KnownState, NextStep, Owner, Pushback, PushbackKind, Reading,
    StepStatus,
};
use snowflake_store::{CallReading, LandingPage, TransformScope};
use testkit::conformance::store::{CallDocument, transcript_document};

use crate::views::database::Database;

#[tokio::test]
async fn items_are_rows() {
    items(Database::sqlite().await).await;
}

#[tokio::test]
async fn items_are_the_same_rows_on_snowflake() {
    if let Some(database) = Database::snowflake().await {
        items(database).await;
    }
}

fn reading() -> Reading {
    let sure = || Confidence::measured(0.75, "these tests");
    let mut reading = Reading::default();
    let mut step = NextStep::new("send the offer", vec![0, 1], sure());
    step.owner = Some(Owner::Party("p-1".into()));
    step.due = Some("2026-03-06".parse().unwrap());
    step.due_said = Some("by Friday".to_owned());
    step.status = StepStatus::Agreed;
    let mut together = NextStep::new("meet again", vec![1], sure());
    together.owner = Some(Owner::Both);
    reading.next_steps = vec![step, together];
    let mut pushback = Pushback::new(PushbackKind::Price, "too dear", vec![1], sure());
    pushback.handling = Handling::Dodged;
    pushback.severity = 3;
    reading.pushback = vec![pushback];
    let what = vec!["two days a month".to_owned()];
    reading.qualification.pain = Known::new(KnownState::Known, what, vec![1]);
    reading
}

async fn items(database: Database) {
    let store = &*database.store;
    let lines = [
        ("v-rep", 0, 4_000, "I will send the offer by Friday."),
        (
            "v-buyer",
            4_000,
            9_000,
            "It is too dear, but let us meet again.",
        ),
    ];
    let page = LandingPage::new("run-1")
        .with_calls(vec![CallDocument::new("1").document()])
        .with_transcripts(vec![transcript_document("1", &lines)]);
    let landed = store.land(page).await.unwrap();
    let scope = TransformScope::Calls(landed.changed);
    store.transform(scope).await.unwrap();
    let detail = store.call_detail(&"1".into()).await.unwrap().unwrap();
    let kept = CallReading {
        call_id: "1".into(),
        transcript_sha: detail.transcript_sha.unwrap(),
        provenance: Provenance::new("local", "reader-1"),
        read_at: "2026-03-03T00:00:00Z".parse().unwrap(),
        requests: 0,
        reading: reading(),
    };
    assert_eq!(store.save_readings(&[kept]).await.unwrap(), 1);

    let columns = "KIND, SUBKIND, STATUS, OWNER, SEVERITY, CONFIDENCE";
    let known = "KIND <> 'qualification' OR STATUS = 'known'";
    let view = format!("CALL_READING_ITEMS WHERE {known}");
    assert_eq!(
        database.rows(columns, &view, "KIND, OWNER DESC").await,
        [
            "next_step | - | agreed | p-1 | - | 0.75",
            "next_step | - | promised | both | - | 0.75",
            "pushback | price | - | - | 3 | 0.75",
            "qualification | pain | known | - | - | -",
        ]
    );
    let columns = "CALL_ID, WHAT, OWNER_NAME, DUE, DUE_SAID, STATUS, BACKEND";
    assert_eq!(
        database.rows(columns, "VW_NEXT_STEPS", "WHAT").await,
        [
            "1 | meet again | - | - | - | promised | local",
            "1 | send the offer | Ana Reyes | 2026-03-06 | by Friday | agreed | local",
        ]
    );
    let columns = "PUSHBACK_KIND, WHAT, SEVERITY, HANDLING, PRIMARY_USER_NAME";
    assert_eq!(
        database.rows(columns, "VW_PUSHBACK", "WHAT").await,
        ["price | too dear | 3 | dodged | Ana Reyes"]
    );
}
