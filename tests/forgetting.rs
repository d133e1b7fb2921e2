//! `erase` and `retain` as users run them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use commands::{Run, World, finish, program};
use gong_snowflake::snowflake_store::{LeaseKeeper, SqliteStore};
use rusqlite::Connection;

fn command(name: &str, world: &World, arguments: &[&str]) -> Command {
    let mut command = Command::new(program(name));
    command
        .args(["--store", &format!("sqlite:{}", world.database().display())])
        .args(arguments)
        .env_remove("RUST_LOG");
    command
}

fn run(name: &str, world: &World, arguments: &[&str]) -> Run {
    finish(command(name, world, arguments), b"")
}

/// Runs it with another store as the fallback.
fn run_with_fallback(name: &str, world: &World, fallback: &Path, arguments: &[&str]) -> Run {
    let mut command = command(name, world, arguments);
    let fallback = format!("sqlite:{}", fallback.display());
    command.env("GONG_SNOWFLAKE_FALLBACK_STORE", fallback);
    finish(command, b"")
}

/// Somebody of a buyer's: address and name.
fn buyer(world: &World) -> (String, String) {
    let query = "SELECT PARTICIPANT_EMAIL, PARTICIPANT_NAME FROM STG_GONG_CALL_PARTICIPANTS
         WHERE AFFILIATION = 'External' AND PARTICIPANT_NAME LIKE '% %' AND PARTICIPANT_EMAIL IS NOT NULL
         ORDER BY 1 LIMIT 1";
    let connection = Connection::open(world.database()).unwrap();
    let row = connection.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?)));
    row.unwrap()
}

/// Whether a word is in any file beside the database, whatever the case of its letters.
fn is_anywhere(world: &World, word: &str) -> bool {
    let word = word.to_lowercase();
    let mut files = std::fs::read_dir(world.folder.path()).unwrap();
    files.any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path())
            .unwrap()
            .to_ascii_lowercase();
        bytes
            .windows(word.len())
            .any(|bytes| bytes == word.as_bytes())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_listed_erased_and_kept_out() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let (email, name) = buyer(&world);
    let dry = run("erase", &world, &["--email", &email, "--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.stderr);
    for words in [
        "rows would be removed or rewritten",
        "would be added to GONG_ERASED",
    ] {
        assert!(dry.stderr.contains(words), "{}", dry.stderr);
    }
    assert!(is_anywhere(&world, &email) && is_anywhere(&world, &name));
    let dry = dry.last_line();
    assert_eq!(dry["dry_run"], true);

    let erased = run("erase", &world, &["--email", &email]);
    assert_eq!(erased.code, 0, "{}", erased.stderr);
    assert_eq!(erased.stdout.lines().count(), 1, "the receipt alone");
    for personal in [&email, &name] {
        assert!(
            !erased.stdout.contains(personal.as_str())
                && !erased.stderr.contains(personal.as_str())
        );
        assert!(!is_anywhere(&world, personal), "{personal}");
    }
    let receipt = erased.last_line();
    assert_eq!(receipt["calls"], dry["calls"]);
    assert!(
        receipt["calls"]
            .as_array()
            .is_some_and(|calls| !calls.is_empty())
    );

    // Gong serves them still, and nothing of it lands.
    let again = world.ingest(&["--mode", "full"]).last_line();
    assert_eq!(
        (&again["calls_updated"], &again["calls_inserted"]),
        (&0.into(), &0.into())
    );
    for personal in [&email, &name] {
        assert!(!is_anywhere(&world, personal), "{personal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_is_counted_and_removed() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let (call, sentences) = world.a_call_with_its_sentences();
    let policy = "UPDATE GONG_DATA_RETENTION_POLICY SET RETENTION_DAYS = 0 WHERE TABLE_NAME = 'STG_GONG_CALLS'";
    Connection::open(world.database())
        .unwrap()
        .execute(policy, [])
        .unwrap();
    let dry = run("retain", &world, &["--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.stderr);
    assert!(is_anywhere(&world, &sentences[0]) && is_anywhere(&world, &call));
    let done = run("retain", &world, &[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert_eq!(done.last_line()["tables"], dry.last_line()["tables"]);
    assert!(!is_anywhere(&world, &sentences[0]) && !is_anywhere(&world, &call));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forgotten_goes_from_the_fallback_too() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let (email, name) = buyer(&world);
    let other = world.folder.path().join("other.db");
    std::fs::copy(world.database(), &other).unwrap();
    let missing = world.folder.path().join("missing.db");
    let refused = run_with_fallback("erase", &world, &missing, &["--email", &email]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert_eq!(refused.last_line()["error"]["field"], "fallback-store");

    let erased = run_with_fallback("erase", &world, &other, &["--email", &email]);
    assert_eq!(erased.code, 0, "{}", erased.stderr);
    let receipt = erased.last_line();
    assert_eq!(receipt["fallback"]["calls"], receipt["calls"]);
    assert!(!receipt["calls"].as_array().unwrap().is_empty());
    for personal in [&email, &name] {
        assert!(!is_anywhere(&world, personal), "{personal}");
    }

    let (call, sentences) = world.a_call_with_its_sentences();
    for store in [&world.database(), &other] {
        let policy = "UPDATE GONG_DATA_RETENTION_POLICY SET RETENTION_DAYS = 0 WHERE TABLE_NAME = 'STG_GONG_CALLS'";
        let connection = Connection::open(store).unwrap();
        connection.execute(policy, []).unwrap();
    }
    let retained = run_with_fallback("retain", &world, &other, &[]);
    assert_eq!(retained.code, 0, "{}", retained.stderr);
    let tables = retained.last_line()["tables"].as_array().unwrap().clone();
    for store in ["store", "fallback-store"] {
        let rows = tables.iter().find(|row| {
            (&row["store"], &row["table"]) == (&store.into(), &"STG_GONG_CALLS".into())
        });
        assert!(rows.unwrap()["rows"].as_u64() > Some(0), "{store}");
    }
    assert!(!is_anywhere(&world, &sentences[0]) && !is_anywhere(&world, &call));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_told_and_makes_nothing() {
    let world = World::start().await;
    for (name, arguments, field) in [
        ("erase", &["--email", "bo@buyer.test"][..], "store"),
        ("retain", &[], "store"),
    ] {
        let refused = run(name, &world, arguments);
        assert_eq!(refused.code, 2, "{}", refused.stderr);
        assert_eq!(refused.last_line()["error"]["field"], field);
        assert!(!world.database().exists(), "a typing error makes no store");
    }
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    for (arguments, code) in [
        (&["--email", "nobody"][..], 2),
        (&["--phone", "12"], 2),
        (&[], 2),
        (&["--email", "a@b.test", "--call", "7"], 2),
        (&["--email", "a@b.test", "--dry-run", "--at-gong"], 2),
        (&["--email", "nobody@nowhere.test"], 0),
    ] {
        let run = run("erase", &world, arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}", run.stderr);
        assert!(run.last_line().is_object());
    }
    for arguments in [["--email", "somebody@nowhere.test"], ["--call", "1"]] {
        let dry = run("erase", &world, &[&arguments[..], &["--dry-run"]].concat());
        assert_eq!(dry.code, 0, "{}", dry.stderr);
        let told = ["was found", "1 row would be added to GONG_ERASED"];
        assert!(
            told.iter().all(|words| dry.stderr.contains(words)),
            "{}",
            dry.stderr
        );
        assert!(!dry.stderr.contains("removed"), "{}", dry.stderr);
    }
    let error = &run("erase", &world, &[]).last_line()["error"];
    assert_eq!(error["field"], "email");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("--phone <PHONE>"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_beside_somebody_who_reads_calls_says_that_it_is_to_be_repeated() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let (email, _) = buyer(&world);
    let store = Arc::new(SqliteStore::open(world.database()).await.unwrap());
    let reading = LeaseKeeper::acquire(store, "backlog", "the daemon").await;
    let reading = reading.unwrap().unwrap();
    let erased = run("erase", &world, &["--email", &email]);
    assert_eq!(erased.code, 3, "{}", erased.stderr);
    assert!(!is_anywhere(&world, &email), "it is erased all the same");
    let receipt = erased.last_line();
    let remains = receipt["remains"][0].as_str().unwrap();
    assert!(
        remains.contains("the daemon") && remains.contains("repeat"),
        "{remains}"
    );
    reading.release().await.unwrap();
    let again = run("erase", &world, &["--email", &email]);
    assert_eq!(again.code, 0, "{}", again.stderr);
}
