//! The whole sync into Snowflake, on a stand-in that runs its SQL: the same rows as in
//! SQLite, seen by Snowflake's own Python client, and nothing secret in any log.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod commands;

use std::process::{Command, Stdio};

use commands::{Run, World, program};
use serde_json::Value;
use testkit::fakesnow::{FakeSnow, PYTHON_VARIABLE};

const PASSWORD: &str = "a-password-that-nobody-may-see";

/// Reads tables as JSON lines, with the client that most of Snowflake's users have.
const READ_WITH_PYTHON: &str = r#"
import json, sys, snowflake.connector
from urllib.parse import urlparse
url, database = urlparse(sys.argv[1]), sys.argv[2]
connection = snowflake.connector.connect(
    user="READER", password="none", account="test", host=url.hostname, port=url.port,
    protocol="http", database=database, schema="CALLS",
)
cursor = connection.cursor()
for statement in sys.argv[3:]:
    rows = cursor.execute(statement).fetchall()
    print(json.dumps([[None if cell is None else str(cell) for cell in row] for row in rows]))
"#;

/// The environment of a database of its own on the stand-in.
struct Account {
    server: FakeSnow,
    database: String,
}

impl Account {
    fn open(name: &str) -> Option<Self> {
        Some(Self {
            server: FakeSnow::available().unwrap()?,
            database: format!("FLOW_{name}_{}", std::process::id()),
        })
    }

    fn variables(&self) -> [(&str, &str); 7] {
        [
            ("SNOWFLAKE_ACCOUNT", "test-account"),
            ("SNOWFLAKE_USER", "TESTER"),
            ("SNOWFLAKE_PASSWORD", PASSWORD),
            ("SNOWFLAKE_BASE_URL", self.server.base_url().as_str()),
            ("SNOWFLAKE_DATABASE", &self.database),
            ("SNOWFLAKE_SCHEMA", "CALLS"),
            ("SNOWFLAKE_SERVER", "fakesnow"),
        ]
    }

    fn ingest(&self, world: &World, mode: &str, log: Option<&str>) -> Run {
        let mut variables = self.variables().to_vec();
        variables.extend(log.map(|log| ("RUST_LOG", log)));
        world.ingest_with(&["--mode", mode, "--store", "snowflake"], &variables)
    }

    /// What statements return, read by Python's connector.
    fn read_with_python(&self, statements: &[&str]) -> Option<Vec<Value>> {
        let Ok(python) = std::env::var(PYTHON_VARIABLE) else {
            eprintln!("skipped: no Python with Snowflake's connector");
            return None;
        };
        let output = Command::new(python)
            .args(["-c", READ_WITH_PYTHON])
            .args([self.server.base_url().as_str(), &self.database])
            .args(statements)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Some(
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
        )
    }
}

/// Statements that mean the same on both engines, and show as text.
const SAME_ON_BOTH: [&str; 4] = [
    "SELECT CALL_ID, CALL_TITLE, CALL_DURATION_SECONDS, PRIMARY_USER_EMAIL, SENTENCE_COUNT, SENTENCES_SHA
     FROM STG_GONG_CALLS ORDER BY CALL_ID",
    "SELECT CALL_ID, SENTENCE_INDEX, SPEAKER_NAME, SPEAKER_TYPE, START_MS, END_MS, WORD_COUNT, TRANSCRIPT_TEXT
     FROM STG_GONG_CALL_TRANSCRIPTS ORDER BY CALL_ID, SENTENCE_INDEX",
    "SELECT CALL_ID, PARTICIPANT_INDEX, PARTICIPANT_EMAIL, AFFILIATION
     FROM STG_GONG_CALL_PARTICIPANTS ORDER BY CALL_ID, PARTICIPANT_INDEX",
    "SELECT CALL_ID, PAYLOAD_SHA FROM GONG_CALLS_RAW ORDER BY CALL_ID",
];

fn read_from_sqlite(world: &World) -> Vec<Value> {
    let connection = rusqlite::Connection::open(world.database()).unwrap();
    SAME_ON_BOTH
        .iter()
        .map(|statement| {
            let mut statement = connection.prepare(statement).unwrap();
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| {
                let cell = |at| {
                    Ok(match row.get_ref(at)? {
                        rusqlite::types::ValueRef::Null => Value::Null,
                        rusqlite::types::ValueRef::Integer(number) => number.to_string().into(),
                        rusqlite::types::ValueRef::Real(number) => number.to_string().into(),
                        rusqlite::types::ValueRef::Text(text) => {
                            String::from_utf8_lossy(text).into_owned().into()
                        }
                        rusqlite::types::ValueRef::Blob(_) => panic!("a blob"),
                    })
                };
                (0..columns).map(cell).collect::<rusqlite::Result<Value>>()
            });
            rows.unwrap().map(Result::unwrap).collect()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn snowflake_holds_what_sqlite_holds() {
    let Some(account) = Account::open("SAME") else {
        return;
    };
    let world = World::start().await;
    let run = account.ingest(&world, "full", None);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.last_line()["calls_inserted"], world.calls());
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let Some(rows) = account.read_with_python(&SAME_ON_BOTH) else {
        return;
    };
    for ((ours, theirs), statement) in read_from_sqlite(&world).iter().zip(&rows).zip(SAME_ON_BOTH)
    {
        assert!(!ours.as_array().unwrap().is_empty(), "{statement}");
        assert_eq!(ours, theirs, "{statement}");
    }

    // What is there already is not landed again.
    for _ in 0..2 {
        let again = account.ingest(&world, "incremental", None);
        assert_eq!(again.code, 0, "{}", again.stderr);
        let report = again.last_line();
        assert_eq!(report["calls_inserted"], 0);
        assert_eq!(report["calls_updated"], 0);
        assert_eq!(report["transcripts_inserted"], 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_level_shows_a_secret_or_a_sentence() {
    let Some(account) = Account::open("SECRETS") else {
        return;
    };
    let world = World::start().await;
    let (call, sentences) = world.a_call_with_its_sentences();
    let run = account.ingest(&world, "full", Some("trace"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.lines().count() > 100, "nothing was logged");
    run.holds_no_secret();
    let mut analyze = Command::new(program("analyze"));
    analyze
        .args(["--store", "snowflake", "-"])
        .envs(account.variables())
        .env("RUST_LOG", "trace");
    let task = format!(r#"{{"task_type":"analyze_call","call_id":"{call}"}}"#);
    let analysis = commands::finish(analyze, task.as_bytes());
    assert_eq!(analysis.code, 0, "{}", analysis.stderr);
    for logged in [&run.stderr, &analysis.stderr] {
        assert!(!logged.contains(PASSWORD));
        // Tokens of sessions, as the stand-in makes them, stand in this header.
        assert!(!logged.contains("Snowflake Token="));
        let long = sentences.iter().filter(|sentence| sentence.len() > 20);
        for sentence in long {
            assert!(!logged.contains(sentence.as_str()), "{sentence}");
        }
    }
}

#[test]
fn a_setting_that_is_missing_is_named() {
    let mut command = Command::new(program("ingest"));
    command
        .args(["--mode", "full", "--store", "snowflake"])
        .env("GONG_BASE_URL", "http://127.0.0.1:9")
        .env("GONG_ACCESS_KEY", "k")
        .env("GONG_ACCESS_KEY_SECRET", "s");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SNOWFLAKE_")) {
        command.env_remove(name);
    }
    let run = commands::finish(command, b"");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("SNOWFLAKE_ACCOUNT"), "{}", run.stderr);
}

#[test]
fn the_schema_prints_without_an_account() {
    for (what, expected) in [
        (
            "setup",
            "GRANT EXECUTE TASK ON ACCOUNT TO ROLE \"GONG_OWNER\"",
        ),
        ("migrations", "CREATE OR REPLACE PROCEDURE GONG_TRANSFORM()"),
        ("migrations", "SELECT 1, '0001_landing', '"),
        ("grants", "ON TABLE GONG_CALLS_RAW TO ROLE \"GONG_INGEST\""),
        ("optional", "CREATE MASKING POLICY"),
        ("down", "DROP TASK IF EXISTS GONG_TRANSFORM_TASK"),
        ("down", "DELETE FROM GONG_SCHEMA_HISTORY WHERE VERSION = 10"),
    ] {
        let mut command = Command::new(program("snowflake_setup"));
        command.args(["print", what, "--warehouse", "my_wh"]);
        let run = commands::finish(command, b"");
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stdout.contains(expected), "{what}");
        let named = run.stdout.contains("USE SCHEMA \"GONG\".\"CALLS\";");
        assert_eq!(named, what != "setup", "{what} says which schema it is for");
        // Every slot is filled, every statement of a procedure is in its place.
        for slot in ["{warehouse}", "{database}", "{schema}", "_role}"] {
            assert!(!run.stdout.contains(slot), "{what}: {slot}");
        }
        let is_open = |line: &str| line.trim_start().starts_with("-- statement:");
        assert!(!run.stdout.lines().any(is_open), "{what}");
    }
}
