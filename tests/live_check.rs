//! What somebody with an account runs: here against simulators and the stand-in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use std::process::Command;

use commands::account::Account;
use commands::{Run, World, program};
use gong_snowflake::snowflake_sql::{SqlPool, SqlText, Statement};
use serde_json::Value;
use testkit::language_server::{DEFAULT_TOKEN, LanguageServer, Shape};
use testkit::snowflake::SnowflakeDouble;

const SCHEMAS: SqlText = SqlText::fixed(
    "SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME LIKE 'GONG_LIVE_CHECK%'",
);

/// Runs it in the world's folder, without any variable of this machine.
fn live_check(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(program("live_check"));
    let prefixes = ["GONG_", "SNOWFLAKE_", "HUBSPOT_", "CORTEX_"];
    for (name, _) in std::env::vars() {
        if prefixes.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command
        .current_dir(world.folder.path())
        .args(arguments)
        .envs(variables.iter().copied());
    commands::finish(command, b"")
}

/// Each check's outcome, by its name.
fn outcomes(world: &World) -> Vec<(String, String)> {
    let file = std::fs::read(world.folder.path().join("live_check.json")).unwrap();
    let report: Value = serde_json::from_slice(&file).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let checks = report["checks"].as_array().unwrap().iter();
    checks
        .map(|check| (text(&check["check"]), text(&check["outcome"])))
        .collect()
}

fn with(outcome: &str, checks: &[(String, String)]) -> Vec<String> {
    let found = checks.iter().filter(|(_, found)| found == outcome);
    found.map(|(check, _)| check.clone()).collect()
}

fn gong(url: &str) -> Vec<(&str, &str)> {
    vec![
        ("GONG_BASE_URL", url),
        ("GONG_ACCESS_KEY", testkit::gong::DEFAULT_ACCESS_KEY),
        (
            "GONG_ACCESS_KEY_SECRET",
            testkit::gong::DEFAULT_ACCESS_KEY_SECRET,
        ),
        ("GONG_REQUESTS_PER_SECOND", "0"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_set_is_not_tried() {
    let world = World::start().await;
    let run = live_check(&world, &[], &[]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let checks = outcomes(&world);
    assert_eq!(with("not_configured", &checks).len(), checks.len());
    for words in ["GONG_BASE_URL is not set", "Nothing was checked: set "] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_fails_stops_no_other_and_nothing_private_is_told() {
    let world = World::start().await;
    let hubspot = world.hubspot().await;
    // It takes logins and statements, and answers each with nothing.
    let snowflake = SnowflakeDouble::builder().start().await.unwrap();
    let model = LanguageServer::start(Shape::Snowflake).await.unwrap();
    let model_url = model.url();
    let (gong_url, snowflake_url, hubspot_url) =
        (world.gong.url(), snowflake.url(), hubspot.base_url());
    let mut variables = gong(&gong_url);
    variables.extend([
        ("SNOWFLAKE_ACCOUNT", "very-secret-account"),
        ("SNOWFLAKE_USER", "SOMEBODY"),
        ("SNOWFLAKE_TOKEN", "a-token-that-is-secret"),
        ("SNOWFLAKE_DATABASE", "SALES_DATABASE"),
        ("SNOWFLAKE_BASE_URL", snowflake_url.as_str()),
        ("CORTEX_BASE_URL", model_url.as_str()),
        ("CORTEX_API_KEY", DEFAULT_TOKEN),
        ("CORTEX_MODEL", "claude-haiku-4-5"),
        ("HUBSPOT_TOKEN", testkit::hubspot::DEFAULT_TOKEN),
        ("HUBSPOT_BASE_URL", hubspot_url.as_str()),
    ]);
    let run = live_check(&world, &[], &variables);
    assert_eq!(run.code, 1, "{}", run.stdout);
    let checks = outcomes(&world);
    let passed = with("passed", &checks);
    for check in [
        "gong.credentials",
        "gong.users",
        "gong.calls",
        "gong.calls_read",
        "gong.transcripts",
        "endpoint.complete",
        "hubspot.stages",
        "hubspot.deals",
        "hubspot.contacts",
    ] {
        assert!(
            passed.contains(&check.to_owned()),
            "{check}: {}",
            run.stdout
        );
    }
    let failed = with("failed", &checks);
    for check in ["snowflake.role", "scratch.reading", "cortex_sql.complete"] {
        assert!(
            failed.contains(&check.to_owned()),
            "{check}: {}",
            run.stdout
        );
    }

    run.holds_no_secret();
    let json = std::fs::read_to_string(world.folder.path().join("live_check.json")).unwrap();
    let (_, mut private) = world.a_call_with_its_sentences();
    private.extend(
        variables
            .iter()
            .filter(|(name, _)| !["GONG_REQUESTS_PER_SECOND", "CORTEX_MODEL"].contains(name))
            .map(|(_, value)| (*value).to_owned()),
    );
    for words in private.iter().filter(|words| words.len() > 8) {
        let words = words.to_lowercase();
        for told in [&run.stdout, &run.stderr, &json] {
            assert!(!told.to_lowercase().contains(&words), "{words}");
        }
    }

    // A log names systems, and shows no secret of theirs at any level.
    variables.push(("RUST_LOG", "trace"));
    let logged = live_check(&world, &[], &variables);
    assert!(logged.stderr.contains("TRACE"), "{}", logged.stderr);
    logged.holds_no_secret();
    for secret in ["a-token-that-is-secret", DEFAULT_TOKEN] {
        assert!(!logged.stderr.contains(secret) && !logged.stdout.contains(secret));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_call_goes_through_a_schema_that_is_dropped() {
    let Some(account) = Account::open("LIVE") else {
        return;
    };
    let world = World::start().await;
    let run = live_check(&world, &["--no-models"], &account.variables());
    let checks = outcomes(&world);
    let passed = with("passed", &checks);
    for step in [
        "schema",
        "migrations",
        "landing",
        "transform_in_database",
        "transform",
        "reading",
        "freshness",
        "dropped",
    ] {
        assert!(
            passed.contains(&format!("scratch.{step}")),
            "{step}: {}",
            run.stdout
        );
    }
    // By default the client writes staging, and a task finds nothing.
    let by_task = run
        .stdout
        .lines()
        .find(|line| line.contains("transform_in_database"));
    assert!(by_task.unwrap().contains("1 call"), "{}", run.stdout);
    let left = account
        .sessions()
        .query(&Statement::new("schemas", SCHEMAS))
        .await
        .unwrap();
    assert_eq!(left.len(), 0);
}
