//! Settings tried for real against simulated systems: what passes, what fails and what to do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use commands::{World, finish, program};
use gong_snowflake::Settings;
use gong_snowflake::settings::SettingsBuilder;
use gong_snowflake::validation::{Check, Checked, Outcome, validate};
use serde_json::Value;
use testkit::gong::{DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET};
use testkit::language_server::{LanguageServer, Shape};
use testkit::snowflake::{Answer, Column, SnowflakeDouble};

fn settings(world: &World) -> SettingsBuilder {
    let store = format!("sqlite:{}", world.database().display());
    Settings::builder()
        .with("gong.base_url", world.gong.url(), "the test")
        .with("gong.access_key", DEFAULT_ACCESS_KEY, "the test")
        .with(
            "gong.access_key_secret",
            DEFAULT_ACCESS_KEY_SECRET,
            "the test",
        )
        .with("store.location", store, "the test")
}

async fn tried(settings: SettingsBuilder, check: Check) -> Checked {
    let settings = settings.load().await.unwrap();
    let checked = validate(&settings).await;
    let mut of_check = checked.into_iter().filter(|one| one.check == check);
    of_check.next().unwrap()
}

fn outcomes(checked: &[Checked]) -> Vec<(&'static str, Outcome)> {
    let outcome = |one: &Checked| (one.check.as_str(), one.outcome);
    checked.iter().map(outcome).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_as_it_should_be_passes() {
    let world = World::start().await;
    let hubspot = world.hubspot().await;
    let model = LanguageServer::start(Shape::OpenAi).await.unwrap();
    let settings = settings(&world)
        .with("hubspot.base_url", hubspot.base_url(), "the test")
        .with("hubspot.token", testkit::hubspot::DEFAULT_TOKEN, "the test")
        .with("language.backend", "openai", "the test")
        .with("cortex.base_url", model.url(), "the test")
        .with("cortex.model", "claude-haiku-4-5", "the test")
        .with(
            "cortex.api_key",
            testkit::language_server::DEFAULT_TOKEN,
            "the test",
        );
    let settings = settings.load().await.unwrap();
    let checked = validate(&settings).await;
    use Outcome::{NotConfigured, Passed};
    let expected = [
        ("gong_credentials", Passed),
        ("snowflake_connection", NotConfigured),
        ("gong_share", NotConfigured),
        ("hubspot_share", NotConfigured),
        ("hubspot_api", Passed),
        ("cortex_functions", Passed),
        ("store_schema", Passed),
        ("fallback_store", NotConfigured),
        ("settings", Passed),
        ("clock", Passed),
        ("disk", Passed),
    ];
    assert_eq!(outcomes(&checked), expected, "{checked:#?}");
    assert!(checked.iter().all(|one| one.error().is_none()));
    assert!(!world.database().exists(), "trying makes no store");
}

#[tokio::test]
async fn nothing_set_is_nothing_tried() {
    let settings = Settings::builder().with("store.location", "sqlite:/none/a.db", "the test");
    let settings = settings.load().await.unwrap();
    let checked = validate(&settings).await;
    for one in &checked {
        let expected = match one.check {
            Check::StoreSchema | Check::Disk => Outcome::Failed,
            Check::Settings => Outcome::Passed,
            _ => Outcome::NotConfigured,
        };
        assert_eq!(one.outcome, expected, "{one:?}");
        assert_eq!(one.remedy.is_some(), expected == Outcome::Failed, "{one:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_of_gong_is_asked_for_what_is_read_of_it() {
    let world = World::start().await;
    let snowflake = SnowflakeDouble::builder().start().await.unwrap();
    let columns = [Column::text("TABLE_NAME"), Column::text("COLUMN_NAME")];
    let calls = [[Some("CALLS"), Some("CONVERSATION_KEY")]];
    let there = Answer::rows(columns, calls);
    snowflake
        .state()
        .answer("SELECT TABLE_NAME, COLUMN_NAME", there);
    let on_snowflake = settings(&world)
        .with("gong.share_database", "GONG_SHARE", "the test")
        .with("snowflake.account", "test", "the test")
        .with("snowflake.user", "TESTER", "the test")
        .with("snowflake.token", "a-token", "the test")
        .with("snowflake.database", "SALES", "the test")
        .with("snowflake.base_url", snowflake.url(), "the test");
    let checked = tried(on_snowflake, Check::GongShare).await;
    assert_eq!(checked.outcome, Outcome::Failed, "{checked:?}");
    assert!(checked.cause.contains("CALLS.TITLE"), "{}", checked.cause);
    let there = "CALLS.CONVERSATION_KEY";
    assert!(!checked.cause.contains(there), "{}", checked.cause);
    assert!(checked.remedy.unwrap().contains("IMPORTED PRIVILEGES"));

    let nowhere = settings(&world).with("gong.share_database", "GONG_SHARE", "the test");
    let checked = tried(nowhere, Check::GongShare).await;
    assert!(checked.cause.contains("SNOWFLAKE_ACCOUNT"), "{checked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_fails_with_its_cause_and_a_remedy() {
    let world = World::start().await;
    let hubspot = world.hubspot().await;
    let wrong_key = settings(&world).with("gong.access_key_secret", "other", "--other");
    let checked = tried(wrong_key, Check::GongCredentials).await;
    assert_eq!(checked.outcome, Outcome::Failed);
    assert!(
        checked
            .remedy
            .as_deref()
            .unwrap()
            .contains("GONG_ACCESS_KEY"),
        "{checked:?}"
    );
    let error = checked.error().unwrap();
    assert_eq!(error.kind(), gong_snowflake::resilience::ErrorKind::Auth);
    assert!(!format!("{checked:?}").contains(DEFAULT_ACCESS_KEY));

    let wrong_token = settings(&world)
        .with("hubspot.base_url", hubspot.base_url(), "the test")
        .with("hubspot.token", "other", "the test");
    let checked = tried(wrong_token, Check::HubspotApi).await;
    assert!(
        checked.remedy.as_deref().unwrap().contains("HUBSPOT_TOKEN"),
        "{checked:?}"
    );

    let half = settings(&world).with("gong.access_key_secret", "a b", "--secret");
    let checked = tried(half, Check::GongCredentials).await;
    assert!(checked.cause.starts_with("--secret: "), "{checked:?}");
    assert_eq!(checked.remedy.as_deref(), Some("correct --secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_is_found_by_the_servers_dates() {
    let world = World::start().await;
    let hour = std::time::Duration::from_secs(3_600);
    world.gong.state().advance(hour);
    let checked = tried(settings(&world), Check::Clock).await;
    assert_eq!(checked.outcome, Outcome::Failed, "{checked:?}");
    assert!(
        checked.cause.contains("Gong: this machine is 3"),
        "{checked:?}"
    );
    let run = world.ingest(&["--mode", "full"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("clock: Gong"), "{}", run.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_none_fails() {
    let world = World::start().await;
    std::fs::write(world.database(), "Dear database, ".repeat(500)).unwrap();
    let checked = tried(settings(&world), Check::StoreSchema).await;
    assert_eq!(checked.outcome, Outcome::Failed, "{checked:?}");
    assert!(checked.remedy.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_programs_refuse_at_their_start_fails_before() {
    let world = World::start().await;
    for (path, value, check) in [
        ("language.scorecards", "/none", Check::Settings),
        ("language.coaching", "/none", Check::Settings),
        ("store.fallback", "sqlite:/none/a.db", Check::FallbackStore),
    ] {
        let checked = tried(settings(&world).with(path, value, "the test"), check).await;
        assert_eq!(checked.outcome, Outcome::Failed, "{path}: {checked:?}");
        assert!(checked.remedy.is_some(), "{checked:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_of_this_project_that_is_no_setting_is_told() {
    let world = World::start().await;
    let mut command = std::process::Command::new(program("validate_config"));
    command
        .args(["--store", &format!("sqlite:{}", world.database().display())])
        .env("GONG_SNOWFLAKE_SYNC_INTERVAL", "5m")
        .env("GONG_ELSEWHERE", "somebody else's")
        .env_remove("RUST_LOG");
    let run = finish(command, b"");
    assert!(
        run.stderr
            .contains("GONG_SNOWFLAKE_SYNC_INTERVAL is no setting"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("GONG_ELSEWHERE"), "{}", run.stderr);
    assert!(
        run.stdout.contains("No account was checked: set "),
        "{}",
        run.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bulk_load_begins_on_a_check_that_failed() {
    let world = World::start().await;
    world.gong.state().rotate_access_key("other", "other");
    for mode in [
        &["--mode", "full"][..],
        &["--mode", "backfill", "--from", "2026-01-01"],
    ] {
        let run = world.ingest(mode);
        assert_eq!(run.code, 1, "{}", run.stderr);
        let message = run.last_line()["error"]["message"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(message.contains("gong_credentials"), "{message}");
        assert!(!world.database().exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_prints_a_table_or_json_and_its_code_says_it_all() {
    let world = World::start().await;
    let run = |arguments: &[&str], secret: &str| {
        let mut command = std::process::Command::new(program("validate_config"));
        let store = format!("sqlite:{}", world.database().display());
        command
            .args(["--store", &store])
            .args(arguments)
            .env("GONG_BASE_URL", world.gong.url())
            .env("GONG_ACCESS_KEY", DEFAULT_ACCESS_KEY)
            .env("GONG_ACCESS_KEY_SECRET", secret);
        finish(command, b"")
    };
    let good = run(&["--json"], DEFAULT_ACCESS_KEY_SECRET);
    assert_eq!(good.code, 0, "{}", good.stderr);
    let list: Vec<Value> = serde_json::from_str(&good.stdout).unwrap();
    assert_eq!(list.len(), 11);
    for one in &list {
        let keys: Vec<&String> = one.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["cause", "check", "outcome", "remedy"]);
    }
    assert_eq!(list[0]["outcome"], "passed");
    assert_eq!(list[1]["outcome"], "not_configured");

    let table = run(&[], "other");
    assert_eq!(table.code, 1);
    assert!(
        table.stdout.contains("gong_credentials      failed"),
        "{}",
        table.stdout
    );
    assert!(
        table.stdout.ends_with("1 check failed.\n"),
        "{}",
        table.stdout
    );
    let table = run(&[], DEFAULT_ACCESS_KEY_SECRET);
    assert!(table.stdout.ends_with("works.\n"), "{}", table.stdout);

    let wrong = run(&["--json", "--backend", "openai"], "other");
    assert_eq!(wrong.code, 2);
    let list: Vec<Value> = serde_json::from_str(&wrong.stdout).unwrap();
    assert_eq!(list[0]["check"], "settings");
    assert!(
        list[0]["cause"]
            .as_str()
            .unwrap()
            .contains("CORTEX_BASE_URL")
    );
}
