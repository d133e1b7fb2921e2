//! The examples as users run them: wrong input gets a clear answer, an exit code
//! other than 0, and nothing is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use commands::{Run, World, analyze, ingest};
use gong_snowflake::snowflake_store::{CallReader, SqliteStore, Upkeep};
use serde_json::{Value, json};
use testkit::gong::{Fault, FaultEffect};

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_ends_with_one_json_object_and_exit_code_0() {
    let world = World::start().await;
    let run = world.ingest(&["--mode", "full"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.last_line();
    assert_eq!(report["mode"], "full");
    assert_eq!(report["calls_inserted"], world.calls());
    assert_eq!(report["dead_letters"], 0);
    for key in [
        "correlation_id",
        "calls_seen",
        "calls_updated",
        "calls_deleted",
        "transcripts_inserted",
        "transcripts_missing",
        "requests",
        "retries",
        "seconds",
    ] {
        assert!(report.get(key).is_some(), "{key} is missing");
    }
    for _ in 0..2 {
        let again = world.ingest(&["--mode", "incremental"]).last_line();
        assert_eq!(again["calls_inserted"], 0);
        assert_eq!(again["calls_updated"], 0);
        assert_eq!(again["transcripts_inserted"], 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_told_and_nothing_is_stored() {
    let world = World::start().await;
    world.gong.state().rotate_access_key("other", "other");
    let run = world.ingest(&["--mode", "full"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("key"), "{}", run.stderr);
    assert_eq!(run.last_line()["error"]["kind"], "auth");
    run.holds_no_secret();
}

#[test]
fn an_unknown_host_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("calls.db").display());
    let run = ingest(
        "https://no-such-tenant.invalid",
        &["--mode", "full", "--store", &store],
    );
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("no-such-tenant.invalid"),
        "{}",
        run.stderr
    );
    run.holds_no_secret();
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_checked_before_the_first_request() {
    let world = World::start().await;
    let cases: [(&[&str], &str); 7] = [
        (&["--mode", "full", "--from", "yesterday"], "from"),
        (&["--mode", "full", "--to", "2026-02-30"], "to"),
        (&["--mode", "backfill"], "from"),
        (
            &[
                "--mode",
                "full",
                "--from",
                "2026-02-02",
                "--to",
                "2026-02-01",
            ],
            "to",
        ),
        (&["--mode", "sometimes"], "sometimes"),
        (&["--mode", "full", "--store", "postgres:x"], "sqlite:PATH"),
        (
            &["--mode", "full", "--gong-url", "http://example.com"],
            "--gong-url",
        ),
    ];
    for (arguments, named) in cases {
        let run = world.ingest(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(named), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(world.gong.state().traffic().requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_none_is_refused_and_left_alone() {
    let world = World::start().await;
    let folder = world.folder.path();
    let run = world.ingest(&[
        "--mode",
        "full",
        "--store",
        &format!("sqlite:{}", folder.display()),
    ]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("folder"), "{}", run.stderr);

    let letter = folder.join("letter.db");
    std::fs::write(&letter, "Dear database, ".repeat(500)).unwrap();
    let before = std::fs::read(&letter).unwrap();
    let run = world.ingest(&[
        "--mode",
        "full",
        "--store",
        &format!("sqlite:{}", letter.display()),
    ]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("letter.db"), "{}", run.stderr);
    assert!(
        !run.stderr.contains("a database"),
        "said once: {}",
        run.stderr
    );
    assert_eq!(std::fs::read(&letter).unwrap(), before);

    // A database of ours with pages overwritten in its middle.
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let mut bytes = std::fs::read(world.database()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 65_536].fill(0x5a);
    std::fs::write(world.database(), &bytes).unwrap();
    let run = world.ingest(&["--mode", "full"]);
    assert_ne!(run.code, 0);
    assert!(
        run.stderr.contains("damaged") || run.stderr.contains("corrupt"),
        "{}",
        run.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_task_gets_its_field_named() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let cases: [(&[u8], &str, Option<&str>); 6] = [
        (
            br#"{"task_type":"analyze_call"}"#,
            "missing_field",
            Some("call_id"),
        ),
        (
            br#"{"task_type":"analyze_call","call_id":"1"}"#,
            "call_not_found",
            Some("call_id"),
        ),
        (
            br#"{"task_type":"sing"}"#,
            "unknown_task_type",
            Some("task_type"),
        ),
        (br#"{"call_id":"1"}"#, "missing_field", Some("task_type")),
        (b"\xff\xfe{}", "invalid_json", None),
        (b"", "invalid_json", None),
    ];
    for (task, code, field) in cases {
        let run = analyze(&world.database(), task);
        let shown = String::from_utf8_lossy(task);
        assert_eq!(run.code, 2, "{shown}: {}", run.stdout);
        let reply: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(reply["success"], false);
        assert_eq!(reply["error"]["code"], code, "{shown}");
        if let Some(field) = field {
            assert_eq!(reply["error"]["field"], field, "{shown}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_analysed_with_sentences_that_exist() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let (call_id, sentences) = world.a_call_with_its_sentences();
    let task = json!({"task_type": "analyze_call", "call_id": call_id});
    let run = analyze(&world.database(), task.to_string().as_bytes());
    assert_eq!(run.code, 0, "{}", run.stdout);
    let reply: Value = serde_json::from_str(&run.stdout).unwrap();
    let score = reply["result"]["score"]["overall"].as_f64().unwrap();
    assert!((0.0..=100.0).contains(&score));
    let mut cited = 0;
    for part in reply["result"]["score"]["parts"].as_array().unwrap() {
        for evidence in part["evidence"].as_array().unwrap() {
            let text = evidence["text"].as_str().unwrap();
            assert!(
                sentences.iter().any(|sentence| sentence == text),
                "{text:?} was never said"
            );
            cited += 1;
        }
    }
    assert!(cited > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transcript_of_20_mb_arrives_whole() {
    let world = World::start().await;
    let sentence = "This goes on and on, as long calls do, with nobody taking a breath. ";
    let count = 20 * 1024 * 1024 / sentence.len();
    let id = world.gong.state().call_ids()[0].clone();
    world
        .gong
        .state()
        .edit_transcript(&id, |transcript| {
            let sentences: Vec<Value> = (0..count)
                .map(|n| json!({"start": n * 10, "end": n * 10 + 9, "text": sentence}))
                .collect();
            transcript["transcript"] =
                json!([{"speakerId": null, "topic": null, "sentences": sentences}]);
        })
        .unwrap();
    let run = world.ingest(&["--mode", "full"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let store = SqliteStore::open(world.database()).await.unwrap();
    let detail = store.call_detail(&id.into()).await.unwrap().unwrap();
    assert_eq!(detail.transcript.unwrap().sentences.len(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_utf8_costs_one_transcript_and_the_exit_code() {
    let world = World::start().await;
    let poison = world.a_call_with_its_sentences().0;
    world.gong.state().inject(
        Fault::new(FaultEffect::InvalidUtf8)
            .on_path("/v2/calls/transcript")
            .for_call(&*poison)
            .always(),
    );
    let run = world.ingest(&["--mode", "full"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("UTF-8"), "{}", run.stderr);
    assert_eq!(run.last_line()["dead_letters"], 1);
    let store = SqliteStore::open(world.database()).await.unwrap();
    let counts = store.counts().await.unwrap();
    let rows = |table: &str| {
        counts
            .iter()
            .find(|count| count.table == table)
            .unwrap()
            .rows
    };
    assert_eq!(rows("GONG_CALLS_RAW"), world.calls() as u64);

    world.gong.state().clear_faults();
    let run = world.ingest(&["--mode", "full"]);
    assert_eq!(
        (run.code, &run.last_line()["transcripts_inserted"]),
        (0, &json!(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_hold_neither_secrets_nor_call_text() {
    let world = World::start().await;
    let (_, sentences) = world.a_call_with_its_sentences();
    let run = world.ingest_with(&["--mode", "full"], &[("RUST_LOG", "debug")]);
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("DEBUG"), "the log is on");
    run.holds_no_secret();
    let long = sentences.iter().filter(|sentence| sentence.len() > 30);
    for sentence in long {
        assert!(
            !run.stderr.contains(sentence.as_str()),
            "{sentence:?} is in the log"
        );
    }
}

#[test]
fn a_store_that_does_not_exist_is_not_created_by_an_analysis() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("absent.db");
    let run: Run = analyze(&path, br#"{"task_type":"list_calls"}"#);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("absent.db"), "{}", run.stderr);
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_with_a_hubspot_token_joins_calls_with_deals() {
    let world = World::start().await;
    let hubspot = world.hubspot().await;
    let url = hubspot.base_url();
    let variables = [
        ("HUBSPOT_BASE_URL", url.as_str()),
        ("HUBSPOT_TOKEN", testkit::hubspot::DEFAULT_TOKEN),
    ];
    let run = world.ingest_with(&["--mode", "full"], &variables);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let enrichment = &run.last_line()["enrichment"];
    assert!(enrichment["deals"].as_u64().unwrap() > 0, "{enrichment}");

    // HubSpot's failure loses nothing of the sync, and is told.
    let wrong = [variables[0], ("HUBSPOT_TOKEN", "pat-na1-wrong")];
    let database = world.database();
    std::fs::remove_file(&database).unwrap();
    let run = world.ingest_with(&["--mode", "full"], &wrong);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert_eq!(run.last_line()["calls_inserted"], world.calls());
    assert!(!run.stderr.contains("pat-na1-wrong"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_document_is_found_and_fetched_from_gong_again() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let (call, _) = world.a_call_with_its_sentences();
    let database = rusqlite::Connection::open(world.database()).unwrap();
    let stored = || -> String {
        let sql = "SELECT TRANSCRIPT_DATA FROM GONG_CALL_TRANSCRIPTS_RAW WHERE CALL_ID = ?1";
        database.query_row(sql, [&call], |row| row.get(0)).unwrap()
    };
    let before = stored();
    let damage = "UPDATE GONG_CALL_TRANSCRIPTS_RAW
        SET TRANSCRIPT_DATA = REPLACE(TRANSCRIPT_DATA, 'e', 'x') WHERE CALL_ID = ?1";
    database.execute(damage, [&call]).unwrap();
    assert_ne!(stored(), before);

    let run = world.ingest(&["--mode", "incremental"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.last_line()["documents_damaged"], 1);
    assert_eq!(stored(), before);
    let run = world.ingest(&["--mode", "incremental"]);
    assert_eq!(run.last_line()["documents_damaged"], 0);
}
