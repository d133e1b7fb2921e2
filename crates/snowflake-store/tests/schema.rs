//! What other programs see: tables, views and figures by plain SQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use calls::gong;
use resilience::ErrorKind;
use rusqlite::Connection;
use snowflake_store::{
    CallReader, GongRecord, Landing, LandingPage, RecordPage, RecordStream, Records, SqliteStore,
    TransformScope, Upkeep,
};
use testkit::conformance::store::{CallDocument, Line, transcript_document};

const LINES: &[Line<'static>] = &[
    (
        "v-rep",
        0,
        6_000,
        "We looked at the numbers of last quarter together.",
    ),
    (
        "v-buyer",
        6_000,
        10_000,
        "The security review takes two weeks with us.",
    ),
    ("v-nobody", 10_000, 12_000, "Who is speaking here?"),
];

async fn store_with_a_call(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path).await.unwrap();
    load(&store, "1", LINES).await;
    store
}

async fn load(store: &SqliteStore, id: &str, lines: &[Line<'_>]) {
    let landed = store
        .land(
            LandingPage::new("run-1")
                .with_calls(vec![CallDocument::new(id).document()])
                .with_transcripts(vec![transcript_document(id, lines)]),
        )
        .await
        .unwrap();
    store
        .transform(TransformScope::Calls(landed.changed))
        .await
        .unwrap();
}

fn text(path: &Path, statement: &str) -> String {
    let connection = Connection::open(path).unwrap();
    let value: rusqlite::types::Value = connection
        .query_row(statement, [], |row| row.get(0))
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
    match value {
        rusqlite::types::Value::Null => "null".to_owned(),
        rusqlite::types::Value::Integer(value) => value.to_string(),
        rusqlite::types::Value::Real(value) => value.to_string(),
        rusqlite::types::Value::Text(value) => value,
        rusqlite::types::Value::Blob(value) => format!("{} bytes", value.len()),
    }
}

#[tokio::test]
async fn tables_have_the_columns_that_the_architecture_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    drop(store_with_a_call(&path).await);
    for (statement, expected) in [
        (
            "SELECT PROCESSED || (PROCESSED_AT IS NOT NULL) || (PROCESSING_ERROR IS NULL) || (DELETED_AT IS NULL) FROM GONG_CALLS_RAW",
            "1111",
        ),
        (
            "SELECT CORRELATION_ID || LENGTH(PAYLOAD_SHA) FROM GONG_CALLS_RAW",
            "run-164",
        ),
        (
            "SELECT RAW_DATA ->> '$.metaData.title' FROM GONG_CALLS_RAW",
            "Call 1",
        ),
        (
            "SELECT JSON_ARRAY_LENGTH(TRANSCRIPT_DATA, '$.transcript') FROM GONG_CALL_TRANSCRIPTS_RAW",
            "3",
        ),
        (
            "SELECT CALL_TITLE || CALL_DURATION_SECONDS || PRIMARY_USER_ID || PRIMARY_USER_EMAIL || PRIMARY_USER_NAME FROM STG_GONG_CALLS",
            "Call 13600u-anaana@seller.testAna Reyes",
        ),
        (
            "SELECT CALL_DATETIME_UTC FROM STG_GONG_CALLS",
            "2026-03-02T10:00:00+00:00",
        ),
        (
            "SELECT STRFTIME('%Y-%m', CALL_DATETIME_UTC) FROM STG_GONG_CALLS",
            "2026-03",
        ),
        (
            "SELECT TALK_RATIO IS NOT NULL AND LONGEST_MONOLOGUE_SECONDS = 6 AND INTERACTIVITY_SCORE IS NOT NULL AND QUESTIONS_ASKED_COUNT = 0 FROM STG_GONG_CALLS",
            "1",
        ),
        (
            "SELECT GROUP_CONCAT(TRANSCRIPT_ID) FROM STG_GONG_CALL_TRANSCRIPTS WHERE CALL_ID = '1'",
            "1:0,1:1,1:2",
        ),
        (
            "SELECT GROUP_CONCAT(SPEAKER_TYPE) FROM STG_GONG_CALL_TRANSCRIPTS",
            "Internal,External,Unknown",
        ),
        (
            "SELECT SPEAKER_NAME || SPEAKER_EMAIL || START_MS || '-' || END_MS || ' ' || WORD_COUNT FROM STG_GONG_CALL_TRANSCRIPTS WHERE SENTENCE_INDEX = 1",
            "Bo Lindbo@buyer.test6000-10000 8",
        ),
        ("SELECT COUNT(*) FROM STG_GONG_CALL_PARTICIPANTS", "2"),
        (
            "SELECT TOPIC_NAME FROM STG_GONG_CALL_TOPICS WHERE DURATION_SECONDS = 45.5",
            "Next steps",
        ),
        (
            "SELECT COUNT(*) FROM GONG_DATA_RETENTION_POLICY WHERE LAST_CLEANUP IS NULL",
            "6",
        ),
        (
            "SELECT PRIMARY_USER_NAME || CALL_MONTH || CALL_COUNT || TOTAL_SECONDS FROM VW_SALES_PERFORMANCE_ANALYSIS",
            "Ana Reyes2026-0313600",
        ),
        ("SELECT CALL_ID FROM VW_ENRICHED_GONG_CALLS", "1"),
    ] {
        assert_eq!(text(&path, statement), expected, "{statement}");
    }
}

#[tokio::test]
async fn reads_by_rep_and_time_use_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    drop(store_with_a_call(&path).await);
    let connection = Connection::open(&path).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/sqlite/statements/");
    for (file, tables) in [
        ("calls_for_coaching", vec!["STG_GONG_CALLS"]),
        ("calls_for_coaching_of_all", vec!["C"]),
        ("find_calls_of_rep", vec!["STG_GONG_CALLS"]),
        (
            "find_calls_of",
            vec!["C", "STG_GONG_CALL_CRM_LINKS", "STG_GONG_CALL_PARTICIPANTS"],
        ),
        ("contacts_of_call", vec!["STG_GONG_CALL_CRM_LINKS"]),
        ("deals_of_call", vec!["STG_GONG_CALL_CRM_LINKS"]),
        ("find_calls_newest_first", vec!["C"]),
        ("find_calls_oldest_first", vec!["C"]),
        ("team_figures", vec!["C"]),
        ("sentences", vec!["STG_GONG_CALL_TRANSCRIPTS"]),
        ("delete_sentences", vec!["STG_GONG_CALL_TRANSCRIPTS"]),
        ("save_sentence_sentiment", vec!["STG_GONG_CALL_TRANSCRIPTS"]),
        ("chunk_vector", vec!["STG_GONG_TRANSCRIPT_CHUNKS"]),
        ("watermark", vec!["GONG_INGESTION_STATE"]),
        ("record_state", vec!["GONG_INGESTION_STATE"]),
        ("dead_letters", vec!["GONG_DEAD_LETTERS"]),
        ("documents_to_check", vec!["GONG_CALLS_RAW"]),
        ("count_live_calls", vec!["GONG_CALLS_RAW"]),
        ("position", vec!["GONG_INGESTION_STATE"]),
    ] {
        let sql = std::fs::read_to_string(format!("{folder}{file}.sql")).unwrap();
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        for parameter in 1..=statement.parameter_count() {
            statement
                .raw_bind_parameter(parameter, rusqlite::types::Null)
                .unwrap();
        }
        let mut plan = String::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().unwrap() {
            plan += &(row.get::<_, String>(3).unwrap() + "\n");
        }
        // Words in titles and names that only Gong saw have no index, and are looked for when
        // they are asked for.
        assert!(
            file == "find_calls_of" || !plan.contains("SCAN STG_GONG"),
            "{file}:\n{plan}"
        );
        for table in tables {
            let how = match file {
                // The index of all links of a kind would be read wholly for each call.
                "contacts_of_call" | "deals_of_call" => " INTEGER PRIMARY KEY",
                _ => "",
            };
            assert!(
                plan.contains(&format!("SEARCH {table} USING{how}")),
                "{file} reads all of {table}:\n{plan}"
            );
        }
    }
}

#[tokio::test]
async fn an_edit_of_the_call_alone_keeps_its_sentences_and_insights() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = store_with_a_call(&path).await;
    let mark = Connection::open(&path).unwrap();
    mark.execute_batch("UPDATE STG_GONG_CALL_TRANSCRIPTS SET SEGMENT_SENTIMENT = 0.5; UPDATE STG_GONG_CALLS SET CALL_SUMMARY = 'kept', INSIGHTS_BACKEND = 'b', INSIGHTS_MODEL = 'm'").unwrap();
    let renamed = |title: &str| {
        LandingPage::default()
            .with_calls(vec![CallDocument::new("1").with("title", title).document()])
    };
    let edit = async |page: LandingPage| {
        let landed = store.land(page).await.unwrap();
        store
            .transform(TransformScope::Calls(landed.changed))
            .await
            .unwrap()
    };
    assert_eq!(
        edit(renamed("New title")).await.sentences,
        0,
        "no sentence was written"
    );
    assert_eq!(
        text(
            &path,
            "SELECT CALL_TITLE || CALL_SUMMARY FROM STG_GONG_CALLS"
        ),
        "New titlekept"
    );
    assert_eq!(
        text(
            &path,
            "SELECT SUM(SEGMENT_SENTIMENT) FROM STG_GONG_CALL_TRANSCRIPTS"
        ),
        "1.5"
    );

    // Who speaks is part of the sentences.
    let other_host = CallDocument::new("1").hosted_by("u-ana", "Ana Reyes-Lind", "ana@seller.test");
    let report = edit(LandingPage::default().with_calls(vec![other_host.document()])).await;
    assert_eq!(report.sentences, LINES.len() as u64);
    assert_eq!(
        text(
            &path,
            "SELECT SPEAKER_NAME FROM STG_GONG_CALL_TRANSCRIPTS WHERE SENTENCE_INDEX = 0"
        ),
        "Ana Reyes-Lind"
    );
    assert_eq!(
        text(&path, "SELECT CALL_SUMMARY FROM STG_GONG_CALLS"),
        "null"
    );
}

#[tokio::test]
async fn errors_of_the_transform_are_recorded_and_resolved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = store_with_a_call(&path).await;
    let land = async |call: CallDocument| {
        let page = LandingPage::new("run-2").with_calls(vec![call.document()]);
        store.land(page).await.unwrap();
    };
    land(CallDocument::new("1").at("never")).await;
    for attempt in 1..=2 {
        store
            .transform(TransformScope::Failed { limit: 10 })
            .await
            .unwrap();
        assert_eq!(
            text(
                &path,
                "SELECT ATTEMPTS FROM PIPELINE_ERRORS WHERE RESOLVED_AT IS NULL"
            ),
            attempt.to_string()
        );
    }
    assert_eq!(
        text(
            &path,
            "SELECT STAGE || STREAM || CALL_ID FROM PIPELINE_ERRORS"
        ),
        "transformcalls1"
    );
    for table in ["GONG_CALLS_RAW", "STG_GONG_CALLS"] {
        let error = text(&path, &format!("SELECT PROCESSING_ERROR FROM {table}"));
        assert!(error.contains("metaData.started"), "{table}: {error}");
    }
    assert!(
        store.call_detail(&"1".into()).await.unwrap().is_some(),
        "what was staged before stays"
    );
    land(CallDocument::new("1")).await;
    store
        .transform(TransformScope::Pending { limit: 10 })
        .await
        .unwrap();
    assert_eq!(
        text(
            &path,
            "SELECT COUNT(*) FROM PIPELINE_ERRORS WHERE RESOLVED_AT IS NOT NULL"
        ),
        "1"
    );
    assert_eq!(
        text(&path, "SELECT PROCESSING_ERROR FROM STG_GONG_CALLS"),
        "null"
    );
}

#[tokio::test]
async fn retention_follows_its_policy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = store_with_a_call(&path).await;
    // Reviews of the call, of one that is not stored, and one as young as the policy allows.
    let review = |key: &str, day: &str, call: &str| GongRecord {
        key: key.to_owned(),
        day: Some(day.parse().unwrap()),
        json: format!(r#"{{"callId":"{call}"}}"#),
    };
    let reviews = RecordPage {
        stream: RecordStream::AnsweredScorecards,
        run_id: "run-1".to_owned(),
        records: vec![
            review("of the call", "2027-03-01", "1"),
            review("old", "2026-03-02", "2"),
            review("young", "2026-03-03", "2"),
        ],
        gone: Vec::new(),
    };
    store.land_records(&reviews).await.unwrap();
    let now = "2027-03-02T00:00:00Z".parse().unwrap();
    let removed = async || {
        let outcomes = store.apply_retention(now).await.unwrap();
        outcomes
            .iter()
            .map(|outcome| (outcome.table.clone(), outcome.removed))
            .filter(|(_, removed)| *removed > 0)
            .collect::<Vec<_>>()
    };
    assert_eq!(removed().await, [], "calls that are served have no limit");
    assert_eq!(
        text(
            &path,
            "SELECT COUNT(*) FROM GONG_DATA_RETENTION_POLICY WHERE LAST_CLEANUP IS NULL"
        ),
        "2",
        "those without a limit"
    );
    let policy = Connection::open(&path).unwrap();
    let set = |days: i64| {
        policy.execute("UPDATE GONG_DATA_RETENTION_POLICY SET RETENTION_DAYS = ?1 WHERE TABLE_NAME = 'STG_GONG_CALLS'", [days]).unwrap();
    };
    set(365);
    assert_eq!(removed().await, []);
    set(364);
    let before = store.counts().await.unwrap();
    let preview = store.preview_retention(now).await.unwrap();
    assert_eq!(store.counts().await.unwrap(), before, "a preview");
    let expected = [
        ("STG_GONG_CALL_TRANSCRIPTS", 3),
        ("STG_GONG_CALL_PARTICIPANTS", 2),
        ("STG_GONG_CALL_TOPICS", 2),
        ("GONG_RECORDS_RAW", 2),
        ("GONG_CALLS_RAW", 1),
        ("GONG_CALL_TRANSCRIPTS_RAW", 1),
        ("STG_GONG_CALLS", 1),
    ]
    .map(|(table, rows)| (table.to_owned(), rows));
    assert_eq!(removed().await, expected);
    let preview: Vec<_> = preview
        .into_iter()
        .map(|outcome| (outcome.table, outcome.removed))
        .filter(|(_, removed)| *removed > 0)
        .collect();
    assert_eq!(preview, expected);
    for table in [
        "GONG_CALLS_RAW",
        "GONG_CALL_TRANSCRIPTS_RAW",
        "STG_GONG_CALLS",
        "STG_GONG_CALL_TRANSCRIPTS",
        "STG_GONG_CALL_PARTICIPANTS",
        "STG_GONG_CALL_TOPICS",
        "STG_GONG_CALL_CRM_LINKS",
    ] {
        assert_eq!(
            text(&path, &format!("SELECT COUNT(*) FROM {table}")),
            "0",
            "{table}"
        );
    }
    policy.execute("INSERT INTO GONG_DATA_RETENTION_POLICY (TABLE_NAME, RETENTION_DAYS) VALUES ('CRM_DEALS', 1)", []).unwrap();
    let error = store.apply_retention(now).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("TABLE_NAME"))
    );
    assert!(error.to_string().contains("CRM_DEALS"), "{error}");
}

#[tokio::test]
async fn a_transcript_of_twenty_megabytes_is_kept_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = store_with_a_call(&path).await;
    let words =
        "we would like to understand the pricing before our security team signs off ".repeat(14);
    let lines: Vec<Line<'_>> = (0..20_000_i64)
        .map(|line| {
            (
                ["v-rep", "v-buyer"][usize::from(line % 7 == 0)],
                line * 3_000,
                line * 3_000 + 2_800,
                words.as_str(),
            )
        })
        .collect();
    let transcript = transcript_document("2", &lines);
    assert!(transcript.text().len() > 20 << 20);
    let expected = gong::decode_transcript(transcript.text()).unwrap();
    load(&store, "2", &lines).await;
    let detail = store.call_detail(&"2".into()).await.unwrap().unwrap();
    assert_eq!(detail.transcript.unwrap(), expected);
    assert_eq!(
        text(&path, "SELECT COUNT(*) FROM STG_GONG_CALL_TRANSCRIPTS"),
        (20_000 + LINES.len()).to_string()
    );
    assert!(store.call_detail(&"1".into()).await.unwrap().is_some());
}
