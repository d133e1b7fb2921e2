//! What Snowflake's procedures run, run by the client on a stand-in: streamed rows are
//! merged once, and staging within the database agrees with staging by the client.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::fakesnow;

use std::sync::Arc;

use calls::{RawDocument, Timestamp};
use serde_json::{Value, json};
use snowflake_sql::{SqlPool, SqlText, Statement};
use snowflake_store::{
    CallReader, DeadLettersQuery, Landing, LandingPage, SnowflakeServer, SnowflakeStore,
    SnowflakeStoreConfig, StagingWriter, StreamedCall, StreamedTranscript, TransformScope,
};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

use fakesnow::{APPEND_CALLS, APPEND_TRANSCRIPTS, rows};

struct Documents {
    calls: Vec<RawDocument>,
    transcripts: Vec<RawDocument>,
}

fn documents() -> Documents {
    let org = SyntheticOrg::generate(&SyntheticConfig {
        deals: 4,
        ..SyntheticConfig::default()
    });
    let document =
        |id: &str, value: &Value| RawDocument::new(id.into(), value.to_string()).unwrap();
    let calls = org.calls.iter();
    Documents {
        calls: calls
            .clone()
            .map(|call| document(call.id().unwrap(), &call.extensive))
            .collect(),
        transcripts: calls
            .filter_map(|call| Some(document(call.id().unwrap(), call.transcript.as_ref()?)))
            .collect(),
    }
}

/// As a channel of Snowpipe Streaming appends them.
async fn append(pool: &Arc<dyn SqlPool>, text: &'static str, rows: Vec<Value>) {
    let statement = Statement::new("append", SqlText::fixed(text)).bind(json!(rows).to_string());
    pool.query(&statement).await.unwrap();
}

/// A store with its sessions, and whatever must live as long.
async fn store() -> Option<(SnowflakeStore, Arc<dyn SqlPool>, fakesnow::Server)> {
    let (pool, server) = fakesnow::migrated().await?;
    let pool: Arc<dyn SqlPool> = pool;
    let config = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
    let store = SnowflakeStore::new(Arc::clone(&pool), config).unwrap();
    Some((store, pool, server))
}

#[tokio::test]
async fn streamed_documents_are_landed_once() {
    let Some((store, pool, _server)) = store().await else {
        return;
    };
    let Documents { calls, transcripts } = documents();
    let now = Timestamp::now();
    let stream = |documents: &[RawDocument]| -> Vec<Value> {
        let rows = documents.iter();
        rows.map(|document| serde_json::to_value(StreamedCall::new(document, "run", now).unwrap()))
            .map(Result::unwrap)
            .collect()
    };
    let said: Vec<Value> = transcripts
        .iter()
        .map(|document| {
            serde_json::to_value(StreamedTranscript::new(document, "run", now).unwrap())
        })
        .map(Result::unwrap)
        .collect();
    append(&pool, APPEND_CALLS, stream(&calls)).await;
    append(&pool, APPEND_CALLS, stream(&calls[..2])).await;
    append(&pool, APPEND_TRANSCRIPTS, said).await;
    let merged = store.merge_streamed().await.unwrap();
    assert_eq!(merged, (calls.len() + transcripts.len()) as u64);
    assert_eq!(store.merge_streamed().await.unwrap(), 0);
    let left = rows(&*pool, "SELECT CALL_ID FROM GONG_CALLS_STREAMED").await;
    assert!(left.is_empty(), "{left:?}");

    // The same documents by SQL: the hashes agree, so nothing is landed again.
    let page = LandingPage::new("later")
        .with_calls(calls.clone())
        .with_transcripts(transcripts.clone());
    let landed = store.land(page).await.unwrap();
    assert_eq!(landed.calls.unchanged, calls.len() as u64);
    assert_eq!(landed.transcripts.unchanged, transcripts.len() as u64);

    store
        .transform(TransformScope::Pending { limit: 1_000 })
        .await
        .unwrap();
    let detail = store.call_detail(&calls[0].call_id).await.unwrap();
    assert!(detail.is_some());
}

#[tokio::test]
async fn a_call_that_another_reader_failed_to_read_is_tried_once_more() {
    let Some((store, pool, _server)) = store().await else {
        return;
    };
    let bad = r#"{"metaData":{"id":"1","started":"soon","duration":1}}"#;
    let page = LandingPage::default().with_calls(vec![RawDocument::new("1".into(), bad).unwrap()]);
    store.land(page).await.unwrap();
    let failed = async || {
        let pending = TransformScope::Pending { limit: 10 };
        store.transform(pending).await.unwrap().failed.len()
    };
    assert_eq!((failed().await, failed().await), (1, 0));
    for forget in [
        "UPDATE PIPELINE_ERRORS SET READER_VERSION = READER_VERSION - 1",
        "UPDATE PIPELINE_ERRORS SET READER_VERSION = NULL",
    ] {
        let forget = Statement::new("test", SqlText::fixed(forget));
        pool.query(&forget).await.unwrap();
        assert_eq!((failed().await, failed().await), (1, 0));
    }
}

#[tokio::test]
async fn letters_from_before_keep_their_place() {
    let Some((store, pool, _server)) = store().await else {
        return;
    };
    let run = async |text: SqlText| {
        let statement = Statement::new("test", text);
        pool.query(&statement).await.unwrap();
    };
    run(SqlText::fixed(
        "INSERT INTO GONG_DEAD_LETTERS (LETTER_ID, STREAM, LETTER_KEY, CALL_ID, WINDOW_FROM, WINDOW_TO,
            REASON, PAYLOAD, CORRELATION_ID, ATTEMPTS, FIRST_FAILED_AT, LAST_FAILED_AT, RECORDING_ID)
        SELECT COLUMN1, 'calls', COLUMN2, COLUMN3, COLUMN4::TIMESTAMP_LTZ, COLUMN5::TIMESTAMP_LTZ, 'why',
            COLUMN6, 'run', 2, '2026-02-01T00:00:00Z'::TIMESTAMP_LTZ, '2026-02-01T00:00:00Z'::TIMESTAMP_LTZ, 'r'
        FROM VALUES
            ('1', 'call:7', '7', NULL, NULL, '{}'),
            ('2', 'window:a', NULL, '2026-01-01T00:00:00Z', '2026-01-08T00:00:00Z', NULL),
            ('3', 'window:b', NULL, '2026-01-01T00:00:00Z', '2026-01-08T00:00:00Z', '{}'),
            ('4', 'run', NULL, NULL, NULL, NULL)",
    ))
    .await;
    // Twice: a migration that broke off runs again.
    for _ in 0..2 {
        let migrations = snowflake_store::snowflake_migrations().unwrap();
        let migration = migrations.into_iter().find(|found| found.version == 25);
        for statement in migration.unwrap().statements {
            run(statement).await;
        }
        let letters = store
            .dead_letters(&DeadLettersQuery::first(10))
            .await
            .unwrap();
        let mut kinds: Vec<String> = letters
            .iter()
            .map(|record| record.letter.fault.key())
            .map(|key| key[..key.find(':').unwrap()].to_owned())
            .collect();
        kinds.sort();
        assert_eq!(kinds, ["call", "record", "window", "window"]);
    }
}

#[tokio::test]
async fn staging_in_the_database_agrees_with_staging_by_the_client() {
    let Some((store, pool, _server)) = store().await else {
        return;
    };
    let Documents { calls, transcripts } = documents();
    let page = LandingPage::new("run")
        .with_calls(calls.clone())
        .with_transcripts(transcripts);
    store.land(page).await.unwrap();
    assert_eq!(by_task(&store).await, calls.len() as u64);
    agrees(&store, &*pool, calls.len() as u64).await;
    // Nothing is queued, and what the client has staged is not staged again.
    assert_eq!(by_task(&store).await, 0);
}

/// As tasks do, which write staging from then on.
async fn by_task(store: &SnowflakeStore) -> u64 {
    let task = StagingWriter::Task;
    store.set_staging_writer(task).await.unwrap();
    assert_eq!(store.staging_writer().await.unwrap(), task);
    store.transform_in_database().await.unwrap()
}

/// What the database has staged is what the client stages.
async fn agrees(store: &SnowflakeStore, pool: &dyn SqlPool, calls: u64) {
    const STAGED: [&str; 3] = [
        "SELECT CALL_ID, CALL_TITLE, CALL_DATETIME_UTC, SCHEDULED_DATETIME_UTC, CALL_DURATION_SECONDS,
            CALL_DIRECTION, CALL_MEDIA, CALL_SCOPE, CALL_SYSTEM, CALL_LANGUAGE, CALL_URL, WORKSPACE_ID,
            IS_PRIVATE, PRIMARY_USER_ID, PRIMARY_USER_EMAIL, PRIMARY_USER_NAME, PRIMARY_USER_EMAIL_FOLDED,
            PRIMARY_USER_NAME_FOLDED, BRIEF,
            SENTENCE_COUNT, SENTENCES_SHA
        FROM STG_GONG_CALLS ORDER BY CALL_ID",
        "SELECT CALL_ID, PARTICIPANT_INDEX, PARTY_ID, SPEAKER_ID, USER_ID, PARTICIPANT_NAME,
            PARTICIPANT_EMAIL, PARTICIPANT_TITLE, AFFILIATION
        FROM STG_GONG_CALL_PARTICIPANTS ORDER BY CALL_ID, PARTICIPANT_INDEX",
        "SELECT TRANSCRIPT_ID, SPEAKER_ID, SPEAKER_NAME, SPEAKER_EMAIL, SPEAKER_TYPE, TRANSCRIPT_TEXT,
            START_MS, END_MS, WORD_COUNT, TOPIC
        FROM STG_GONG_CALL_TRANSCRIPTS ORDER BY CALL_ID, SENTENCE_INDEX",
    ];
    let mut by_database = Vec::new();
    for text in STAGED {
        by_database.push(rows(pool, text).await);
    }
    // Once the client writes staging, it adds what SQL cannot.
    let client = StagingWriter::Client;
    store.set_staging_writer(client).await.unwrap();
    let report = store
        .transform(TransformScope::Pending { limit: 1_000 })
        .await
        .unwrap();
    assert_eq!(report.transformed, calls);
    for (text, before) in STAGED.into_iter().zip(by_database) {
        assert!(!before.is_empty());
        assert_eq!(before, rows(pool, text).await, "{text}");
    }
}

/// Documents in which anything stands in any place that is read.
fn odd_documents() -> Documents {
    let values = [
        json!(null),
        json!(true),
        json!(7),
        json!(-2.5),
        json!("text"),
        json!("12.5"),
        json!([1, "x"]),
        json!({"a": "b"}),
        json!("inf"),
        json!(1e300),
        json!(""),
    ];
    let mut documents = Documents {
        calls: Vec::new(),
        transcripts: Vec::new(),
    };
    for (number, value) in values.iter().enumerate() {
        for place in 0..30 {
            let id = format!("{number}-{place}");
            let odd = |at: usize, usual: Value| if at == place { value.clone() } else { usual };
            let call = json!({
                "metaData": {
                    "id": id, "started": odd(0, json!("2026-03-02T10:00:00Z")), "scheduled": "2026-03-02T09:00:00Z",
                    "title": odd(1, json!("Demo")), "duration": odd(2, json!(60)), "isPrivate": odd(3, json!(true)),
                    "primaryUserId": odd(4, json!("u")), "direction": odd(5, json!("Inbound")), "url": odd(6, json!("u")),
                    "system": odd(7, json!("Zoom")), "language": odd(8, json!("eng")), "workspaceId": odd(9, json!(3)),
                },
                "parties": odd(10, json!([
                    odd(11, json!({"id": "x"})),
                    {"id": odd(12, json!("p")), "userId": odd(13, json!("u")), "speakerId": odd(14, json!("s")),
                     "name": odd(15, json!("Ana")), "emailAddress": odd(16, json!("ana@seller.test")),
                     "title": odd(17, json!("AE")), "affiliation": odd(18, json!("Internal"))},
                ])),
                "content": odd(19, json!({"brief": odd(20, json!("Brief."))})),
            });
            let said = json!({"callId": id, "transcript": odd(21, json!([
                odd(22, json!({"speakerId": "t", "sentences": [{"start": 1, "end": 5, "text": "Before."}]})),
                {"speakerId": odd(23, json!("s")), "topic": odd(24, json!("Topic")), "sentences": odd(25, json!([
                    {"start": odd(26, json!(10)), "end": odd(27, json!(20.5)), "text": odd(28, json!("Some words."))},
                    odd(29, json!({"start": 30, "end": 40, "text": "More."})),
                    {"text": "No time."}, {"text": "None either."},
                ]))},
            ]))});
            let document =
                |value: &Value| RawDocument::new(id.as_str().into(), value.to_string()).unwrap();
            documents.calls.push(document(&call));
            documents.transcripts.push(document(&said));
        }
    }
    documents
}

#[tokio::test]
async fn staging_of_odd_documents_agrees_too() {
    let Some((store, pool, _server)) = store().await else {
        return;
    };
    let Documents { calls, transcripts } = odd_documents();
    let count = calls.len() as u64;
    let page = LandingPage::new("run")
        .with_calls(calls)
        .with_transcripts(transcripts);
    store.land(page).await.unwrap();
    assert_eq!(by_task(&store).await, count);
    agrees(&store, &*pool, count).await;
}

/// A call and its transcript, as Gong sends them but for what is put in.
fn odd_page(id: &str, meta: &Value, parties: &Value, start: &Value) -> LandingPage {
    let mut call = json!({
        "metaData": {"id": id, "started": "2026-03-02T10:00:00Z", "duration": 60, "isPrivate": true},
        "parties": parties,
    });
    for (name, value) in meta.as_object().unwrap() {
        call["metaData"][name] = value.clone();
    }
    let transcript = json!({
        "callId": id,
        "transcript": [{"speakerId": "s", "sentences": [{"start": start, "end": 2_000, "text": "Words stay."}]}],
    });
    let document = |value: &Value| RawDocument::new(id.into(), value.to_string()).unwrap();
    LandingPage::new("run")
        .with_calls(vec![document(&call)])
        .with_transcripts(vec![document(&transcript)])
}

#[tokio::test]
async fn a_document_of_odd_types_holds_up_no_other() {
    let Some((store, pool, _server)) = store().await else {
        return;
    };
    let odd = json!({"duration": "soon", "isPrivate": "perhaps"});
    let party = json!([{"id": "p", "speakerId": "s", "name": "Ana"}]);
    for page in [
        odd_page("good", &json!({}), &party, &json!(1_000)),
        odd_page("odd", &odd, &json!({"name": "Ana"}), &json!("early")),
        odd_page("vast", &json!({"duration": 1e30}), &party, &json!(1e300)),
    ] {
        store.land(page).await.unwrap();
    }
    assert_eq!(by_task(&store).await, 3);
    let staged = rows(
        &*pool,
        "SELECT C.CALL_ID, C.CALL_DURATION_SECONDS, C.IS_PRIVATE::VARCHAR, T.START_MS, T.TRANSCRIPT_TEXT,
            (SELECT COUNT(*) FROM STG_GONG_CALL_PARTICIPANTS AS P WHERE P.CALL_ID = C.CALL_ID)
        FROM STG_GONG_CALLS AS C
        INNER JOIN STG_GONG_CALL_TRANSCRIPTS AS T ON T.CALL_ID = C.CALL_ID
        ORDER BY C.CALL_ID",
    )
    .await;
    let row = |cells: [&str; 6]| cells.map(|cell| Some(cell.to_owned())).to_vec();
    assert_eq!(
        staged,
        [
            row(["good", "60", "true", "1000", "Words stay.", "1"]),
            row(["odd", "0", "false", "0", "Words stay.", "0"]),
            row(["vast", "0", "true", "0", "Words stay.", "1"]),
        ]
    );
}

#[tokio::test]
async fn a_transcript_that_changed_takes_its_analysis_along() {
    let Some((store, pool, _server)) = store().await else {
        return;
    };
    let page = |start| odd_page("1", &json!({}), &json!([]), &json!(start));
    let landed = store.land(page(0)).await.unwrap();
    let scope = TransformScope::Calls(landed.changed);
    store.transform(scope).await.unwrap();
    for text in [
        "UPDATE STG_GONG_CALLS SET CALL_SUMMARY = 'old', INSIGHTS_BACKEND = 'b', INSIGHTS_MODEL = 'm'",
        "UPDATE STG_GONG_CALL_TRANSCRIPTS SET SEGMENT_SENTIMENT = 0.5",
        "INSERT INTO STG_GONG_TRANSCRIPT_CHUNKS (CALL_ID, CHUNK_INDEX, FIRST_SENTENCE, LAST_SENTENCE, CHUNK_TEXT,
            SEARCH_TERMS, TERM_COUNT) SELECT '1', 0, 0, 0, 'old', '|old|', 1",
    ] {
        rows(&*pool, text).await;
    }
    store.land(page(500)).await.unwrap();
    assert_eq!(by_task(&store).await, 0, "the call is as it was");
    const LEFT: &str = "SELECT CALL_SUMMARY, INSIGHTS_BACKEND, TALK_RATIO, SENTENCE_COUNT,
            (SELECT COUNT(*) FROM STG_GONG_TRANSCRIPT_CHUNKS), (SELECT MAX(START_MS) FROM STG_GONG_CALL_TRANSCRIPTS)
        FROM STG_GONG_CALLS";
    let cell = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows(&*pool, LEFT).await,
        [[None, None, None, cell("1"), cell("0"), cell("500")]]
    );
    let client = StagingWriter::Client;
    store.set_staging_writer(client).await.unwrap();
    let scope = TransformScope::Pending { limit: 10 };
    let report = store.transform(scope).await.unwrap();
    assert_eq!(
        (report.transformed, report.sentences),
        (1, 0),
        "the sentences are there, the figures are not"
    );
}

#[test]
fn streamed_rows_are_cleaned_and_keep_how_the_document_came() {
    let json = r#"{"callId":"7","transcript":[{"sentences":[{"text":"in confidence \ud83d"}]}]}"#;
    let document = RawDocument::new("7".into(), json).unwrap();
    let row = StreamedTranscript::new(&document, "run", Timestamp::now()).unwrap();
    assert!(!format!("{row:?}").contains("confidence"));
    let columns = serde_json::to_value(&row).unwrap();
    let text = &columns["TRANSCRIPT_DATA"]["transcript"][0]["sentences"][0]["text"];
    assert_eq!(text, "in confidence \u{fffd}");
    assert_eq!(columns["ORIGINAL_TEXT"], json);
    let note = "transcript[0].sentences[0].text: a lone surrogate became U+FFFD";
    assert_eq!(columns["CLEANING_NOTES"], json!([note]));
}

#[test]
fn streamed_rows_have_the_tables_columns_and_show_no_words() {
    let document = RawDocument::new(
        "7".into(),
        r#"{"metaData":{"id":"7","started":"2026-03-02T10:00:00-08:00","title":"in confidence"}}"#,
    )
    .unwrap();
    let row = StreamedCall::new(&document, "run", Timestamp::now()).unwrap();
    assert!(!format!("{row:?}").contains("confidence"));
    let columns = serde_json::to_value(&row).unwrap();
    let expected = [
        "CALL_ID",
        "CORRELATION_ID",
        "LANDED_AT",
        "PAYLOAD_SHA",
        "RAW_DATA",
        "SCHEDULED_AT",
        "STARTED_AT",
    ];
    let mut names: Vec<&String> = columns.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, expected);
    assert_eq!(columns["RAW_DATA"]["metaData"]["title"], "in confidence");
}
