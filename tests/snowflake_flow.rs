//! The whole sync into Snowflake, on a stand-in that runs its SQL: the same rows as in
//! SQLite, seen by Snowflake's own Python client, and what the statements cost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use std::process::Command;

use commands::account::Account;
use commands::tables::{is_same, same_rows};
use commands::{World, program};
use serde_json::Value;
use testkit::snowflake::SnowflakeDouble;

#[tokio::test(flavor = "multi_thread")]
async fn snowflake_holds_what_sqlite_holds() {
    let Some(account) = Account::open("SAME") else {
        return;
    };
    let world = World::start().await;
    let run = account.ingest(&world, &["--mode", "full"], &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.last_line()["calls_inserted"], world.calls());
    says_what_it_cost(&run.stderr, "land_calls");
    let fresh = "0 calls to transform, 0 dead letters, 0 unresolved errors";
    assert!(run.stderr.contains(fresh), "{}", run.stderr);
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    if !same_rows(&world, &account) {
        return;
    }

    // What is there already is not landed again.
    for _ in 0..2 {
        let again = account.ingest(&world, &["--mode", "incremental"], &[]);
        assert_eq!(again.code, 0, "{}", again.stderr);
        let report = again.last_line();
        assert_eq!(report["calls_inserted"], 0);
        assert_eq!(report["calls_updated"], 0);
        assert_eq!(report["transcripts_inserted"], 0);
    }
}

#[test]
fn spellings_of_one_value_are_the_same_and_others_are_not() {
    let same = |column, ours, theirs| is_same(column, Some(ours), Some(theirs));
    assert!(same("A", "48000", "48000.000000000000"));
    assert!(same("IS_A", "1", "True"));
    assert!(same(
        "A_AT",
        "2026-01-01T00:00:00Z",
        "2026-01-01 00:00:00+00"
    ));
    assert!(same(
        "A",
        r#"{"a":1,"b":[0.5]}"#,
        r#"{"b": [0.50], "a": 1.0}"#
    ));
    assert!(!same("A", "48000", "48000.01"));
    assert!(!same("IS_A", "0", "True"));
    assert!(!same(
        "A_AT",
        "2026-01-01T00:00:00Z",
        "2026-01-01 00:00:01+00"
    ));
    assert!(!same("A", r#"{"a":1}"#, r#"{"a":1,"b":null}"#));
    assert!(!same("A", "yes", "no"));
    assert!(!is_same("A", None, Some("0")));
}

/// The line of a statement's figures, and the line below them all.
fn says_what_it_cost(stderr: &str, statement: &str) {
    let of_name = stderr.lines().find(|line| line.starts_with(statement));
    let cells: Vec<&str> = of_name.expect(stderr).split_whitespace().collect();
    let [name, sent, _seconds, rows, _bytes, bound, ..] = cells[..] else {
        panic!("{cells:?}");
    };
    assert_eq!(name, statement);
    for figure in [sent, rows, bound] {
        assert!(figure.parse::<u64>().unwrap() > 0, "{cells:?}");
    }
    let last = stderr.lines().last().unwrap();
    assert!(last.contains("last query "), "{last}");
    assert!(!last.contains("unknown"), "{last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_say_which_step_and_run_they_belong_to() {
    let snowflake = SnowflakeDouble::builder().start().await.unwrap();
    let world = World::start().await;
    let url = snowflake.url();
    let variables = [
        ("SNOWFLAKE_ACCOUNT", "test-account"),
        ("SNOWFLAKE_USER", "TESTER"),
        ("SNOWFLAKE_TOKEN", "a-token"),
        ("SNOWFLAKE_BASE_URL", url.as_str()),
    ];
    // The double knows no statement, so neither gets far; the login is what counts.
    world.ingest_with(
        &["--mode", "incremental", "--store", "snowflake"],
        &variables,
    );
    let mut analyze = Command::new(program("analyze"));
    analyze.args(["--store", "snowflake", "-"]).envs(variables);
    commands::finish(analyze, br#"{"task_type":"list_calls"}"#);
    let tags: Vec<Value> = snowflake
        .state()
        .logins()
        .iter()
        .map(|login| serde_json::from_str(login.parameters["QUERY_TAG"].as_str().unwrap()).unwrap())
        .collect();
    let of_step = |step| tags.iter().find(|tag| tag["step"] == step).expect(step);
    assert!(tags.iter().all(|tag| tag["app"] == "gong-snowflake"));
    let run = of_step("ingest")["run"].as_str().unwrap();
    assert!(uuid::Uuid::parse_str(run).is_ok(), "{run}");
    assert!(of_step("analyze").get("run").is_none());
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
fn streaming_where_it_has_no_place_is_refused() {
    for arguments in [
        ["--mode", "incremental", "--store", "snowflake"],
        ["--mode", "full", "--store", "sqlite:never-made.db"],
    ] {
        let mut all = arguments.to_vec();
        all.extend(["--bulk", "streaming"]);
        let run = commands::ingest("http://127.0.0.1:9", &all);
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains("bulk"), "{}", run.stderr);
    }
}

#[test]
fn the_schema_prints_without_an_account() {
    for (what, expected) in [
        (
            "setup",
            "GRANT EXECUTE TASK ON ACCOUNT TO ROLE \"GONG_OWNER\"",
        ),
        ("migrations", "CREATE OR REPLACE PROCEDURE GONG_TRANSFORM()"),
        (
            "migrations",
            "SELECT 1 AS VERSION, '0001_landing' AS NAME, '",
        ),
        ("grants", "ON TABLE GONG_CALLS_RAW TO ROLE \"GONG_INGEST\""),
        ("optional", "CREATE MASKING POLICY"),
        ("down", "DROP TASK IF EXISTS GONG_TRANSFORM_TASK"),
        ("down", "DELETE FROM GONG_SCHEMA_HISTORY WHERE VERSION = 10"),
    ] {
        let mut command = Command::new(program("snowflake_setup"));
        command.args([
            "print",
            what,
            "--warehouse",
            "my_wh",
            "--edition",
            "enterprise",
        ]);
        let run = commands::finish(command, b"");
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stdout.contains(expected), "{what}");
        let named = run.stdout.contains("USE SCHEMA \"GONG\".\"CALLS\";");
        assert_eq!(named, what != "setup", "{what} says which schema it is for");
        // Every slot is filled, every statement of a procedure is in its place.
        for slot in [
            "{warehouse",
            "{database}",
            "{schema}",
            "_role}",
            "_days}",
            "_region}",
        ] {
            assert!(!run.stdout.contains(slot), "{what}: {slot}");
        }
        let is_open = |line: &str| line.trim_start().starts_with("-- statement:");
        assert!(!run.stdout.lines().any(is_open), "{what}");
    }
}

#[test]
fn setup_keeps_to_what_the_edition_has() {
    let print = |arguments: &[&str]| {
        let mut command = Command::new(program("snowflake_setup"));
        command.arg("print").args(arguments);
        commands::finish(command, b"")
    };
    let standard = print(&["setup"]).stdout;
    assert!(
        standard.contains("DATA_RETENTION_TIME_IN_DAYS = 1 "),
        "{standard}"
    );
    assert!(
        !standard.contains("SET CORTEX_ENABLED_CROSS_REGION"),
        "a decision of its own"
    );
    assert!(!print(&["optional"]).stdout.contains("MASKING POLICY"));

    let refused = print(&["setup", "--time-travel-days", "7"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("time-travel-days"),
        "{}",
        refused.stderr
    );
    let enterprise = print(&[
        "setup",
        "--time-travel-days",
        "7",
        "--edition",
        "enterprise",
    ]);
    assert!(
        enterprise
            .stdout
            .contains("DATA_RETENTION_TIME_IN_DAYS = 7 ")
    );

    let crossing = print(&["cross-region", "--to", "AWS_EU"]).stdout;
    assert!(
        crossing.contains("SET CORTEX_ENABLED_CROSS_REGION = 'AWS_EU'"),
        "{crossing}"
    );
}

#[test]
fn what_is_printed_can_be_run_as_a_whole() {
    let print = |arguments: &[&str]| {
        let mut command = Command::new(program("snowflake_setup"));
        command.arg("print").args(arguments);
        let run = commands::finish(command, b"");
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    // What an account may lack is left out until it is named, and said to be.
    let plain = print(&["optional"]);
    assert!(!plain.contains("ERROR_INTEGRATION") && !plain.contains("CREATE ALERT"));
    assert!(plain.contains("-- spend_alert.sql is left out: --mail-integration NAME"));
    assert_eq!(
        plain.matches("GONG_TRANSFORM_TASK\n").count(),
        1,
        "one form of tasks"
    );
    // Nothing that is billed before somebody starts it.
    assert!(!plain.contains("CREATE CORTEX SEARCH SERVICE") && !plain.contains(" RESUME;"));
    assert!(plain.contains("-- cortex_search.sql is left out: --search-service, which is billed"));
    let searched = print(&["optional", "--search-service"]);
    assert!(searched.contains("CREATE CORTEX SEARCH SERVICE IF NOT EXISTS GONG_CHUNK_SEARCH"));
    assert!(plain.contains("TARGET_COMPLETION_INTERVAL"));
    let named = print(&[
        "optional",
        "--tasks",
        "warehouse",
        "--task-errors-integration",
        "ops",
        "--mail-integration",
        "mail",
    ]);
    assert!(!named.contains("TARGET_COMPLETION_INTERVAL"));
    assert!(named.contains("GONG_AI_READ_TASK SET ERROR_INTEGRATION = \"OPS\";"));
    assert!(named.contains("NOTIFICATION.INTEGRATION('MAIL')"));
    assert!(
        named.contains("ALTER ALERT GONG_AI_SPEND_ALERT RESUME;"),
        "made suspended"
    );
    for slot in ["integration}", "stored}"] {
        assert!(!named.contains(slot), "{slot}");
    }

    // Setup takes nothing from anybody; that is a decision of its own.
    assert!(!print(&["setup"]).contains("REVOKE"));
    assert!(print(&["restrict-cortex"]).contains("REVOKE USE AI FUNCTIONS ON ACCOUNT"));

    // An agent's specification names its warehouse as it is stored.
    let agent = print(&["analysts", "--warehouse", "sales_wh"]);
    assert!(agent.contains("warehouse: 'SALES_WH'"), "{agent}");
    assert!(agent.contains("search_service: '\"GONG\".\"CALLS\".GONG_CHUNK_SEARCH'"));
}

#[test]
fn every_script_that_undoes_a_migration_is_printed() {
    let mut command = Command::new(program("snowflake_setup"));
    command.args(["print", "down"]);
    let printed = commands::finish(command, b"").stdout;
    for entry in std::fs::read_dir("sql/snowflake/down").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(printed.contains(&format!("-- {name}\n")), "{name}");
    }
}
