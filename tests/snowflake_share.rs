//! Programs that read Gong's own share, on a stand-in: what the share lost is not believed, and
//! how late it is is said.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;
use std::sync::Arc;

use gong_snowflake::calls::Timestamp;
use gong_snowflake::ingest::Progress;
use gong_snowflake::ingest::schedule::{RunOutcome, Schedule};
use gong_snowflake::snowflake_sql::{Bind, Rows, SnowflakePool, SqlPool, SqlText, Statement};
use gong_snowflake::snowflake_store::{
    CancellationToken, SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, SyncMode, Upkeep,
    split_statements,
};
use gong_snowflake::{Settings, StoreOptions, SyncBesideShare};
use serde_json::Value;
use testkit::gong::{DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

use crate::commands::account::Account;
use crate::commands::{World, finish, program};

/// The share's tables, in a schema of the store's own database.
const SCHEMA: &str = include_str!("../crates/snowflake-store/tests/gong_share/schema.sql");

/// More than go without a word.
const CALLS: usize = 25;

async fn run(pool: &SnowflakePool, text: &str, binds: Vec<Bind>) -> Rows {
    let text = SqlText::fixed(String::from(text).leak());
    let statement = Statement::new("test", text).bind_all(binds);
    pool.query(&statement).await.unwrap()
}

/// Makes the share, with calls of a year ago that came at a time.
async fn share(account: &Account, calls: usize, stamp: &str) -> SnowflakePool {
    let pool = account.sessions();
    run(&pool, "CREATE SCHEMA IF NOT EXISTS GONG_DATA_CLOUD", vec![]).await;
    for text in split_statements(SCHEMA) {
        run(&pool, text, vec![]).await;
    }
    for call in 0..calls {
        let key = Bind::text(format!("{call:0>64}"));
        let id = Bind::text(format!("81{call:0>17}"));
        run(
            &pool,
            "INSERT INTO GONG_DATA_CLOUD.CALLS (CONVERSATION_KEY, CONVERSATION_ID, TITLE, OWNER_ID,
                EFFECTIVE_START_DATETIME, STATUS, IS_PRIVATE, IS_DELETED, ETL_MODIFIED_DATETIME)
            VALUES (?, ?, 'Demo', 1, '2025-03-02T10:00:00Z', 'COMPLETED', FALSE, FALSE, ?)",
            vec![key, id, Bind::text(stamp)],
        )
        .await;
    }
    pool
}

#[tokio::test(flavor = "multi_thread")]
async fn removals_that_are_withheld_end_a_run_with_code_3() {
    let Some(account) = Account::open("SHARE") else {
        return;
    };
    let world = World::of(SyntheticOrg::generate(&SyntheticConfig {
        deals: 1,
        ..SyntheticConfig::default()
    }))
    .await;
    let pool = share(&account, CALLS, &Timestamp::now().to_string()).await;
    let config = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
    let store = SnowflakeStore::new(Arc::new(account.sessions()), config).unwrap();
    store.migrate().await.unwrap();
    store.prepare_gong_share().await.unwrap();
    let ingest = || {
        let share = ["--mode", "incremental", "--gong-share-database"];
        let run = account.ingest(&world, &[&share[..], &[&account.database]].concat(), &[]);
        let report = run.last_line()["gong_share"].clone();
        (run, report)
    };

    let (run_of_all, report) = ingest();
    assert_eq!(run_of_all.code, 0, "{}", run_of_all.stderr);
    assert_eq!(report["calls_landed"], CALLS);
    assert_eq!(report["removals_withheld"], 0);

    // All but one are gone, and the share does not say that they were deleted.
    let most = "DELETE FROM GONG_DATA_CLOUD.CALLS WHERE CONVERSATION_ID <> '8100000000000000000'";
    run(&pool, most, vec![]).await;
    let (run_without, report) = ingest();
    assert_eq!(run_without.code, 3, "{}", run_without.stderr);
    assert_eq!(report["removals_withheld"], CALLS - 1);
    assert_eq!(report["calls_deleted"], 0);
    let said = "24 calls are gone from Gong's share without being marked deleted";
    assert!(run_without.stderr.contains(said), "{}", run_without.stderr);
    let live = "SELECT COUNT(*) AS N FROM CALLS.GONG_CALLS_RAW WHERE DELETED_AT IS NULL AND CALL_ID LIKE '81%'";
    let rows = run(&pool, live, vec![]).await;
    let kept = rows.first().unwrap().integer("N").unwrap();
    assert_eq!(kept, Some(CALLS as i64));
}

/// As the daemon runs them.
#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_reads_the_share_and_leaves_the_api_what_is_newer() {
    let Some(account) = Account::open("SCHEDULE") else {
        return;
    };
    let world = World::of(SyntheticOrg::generate(&SyntheticConfig {
        deals: 1,
        ..SyntheticConfig::default()
    }))
    .await;
    let as_of = Timestamp::now() - std::time::Duration::from_secs(30 * 60 * 60);
    share(&account, 3, &as_of.to_string()).await;
    let load = |also: Option<(&'static str, &'static str)>| {
        let mut settings = Settings::builder()
            .with("gong.base_url", world.gong.url(), "the test")
            .with("gong.access_key", DEFAULT_ACCESS_KEY, "the test")
            .with(
                "gong.access_key_secret",
                DEFAULT_ACCESS_KEY_SECRET,
                "the test",
            )
            .with("gong.share_database", &account.database, "the test")
            .with("store.location", "snowflake", "the test");
        for (variable, value) in account.variables() {
            let key = variable.strip_prefix("SNOWFLAKE_").unwrap();
            let key = format!("snowflake.{}", key.to_lowercase());
            settings = settings.with(&key, value, "the test");
        }
        if let Some((key, value)) = also {
            settings = settings.with(key, value, "the test");
        }
        async move { settings.load().await.unwrap() }
    };
    let settings = load(None).await;
    let options = StoreOptions::new("test");
    let store = settings.open_store(&options).await.unwrap();
    let prepared = settings.snowflake_store(&options).unwrap();
    prepared.prepare_gong_share().await.unwrap();
    let source = settings.gong_share_source(&options).unwrap().unwrap();
    let sync = settings.sync_settings(SyncMode::Incremental);
    let now = Timestamp::now();
    assert_eq!(
        source.beside(sync.clone(), now).lookback_days,
        sync.lookback_days,
        "a share that has brought nothing leaves all to the API"
    );

    let hour = std::time::Duration::from_secs(3_600);
    let schedule = Schedule::new(store.clone())
        .with_job(hour, source.clone())
        .with_job(
            hour,
            SyncBesideShare::new(source.clone(), store, sync.clone(), Progress::default()),
        );
    let runs = schedule.run_once(&CancellationToken::new()).await;
    let [of_share, of_api] = &runs[..] else {
        panic!("{runs:?}");
    };
    let RunOutcome::Done { detail } = &of_share.outcome else {
        panic!("{of_share:?}");
    };
    assert_eq!(
        (of_share.job, &detail["calls_landed"]),
        ("share", &3.into())
    );
    let RunOutcome::Done { detail } = &of_api.outcome else {
        panic!("{of_api:?}");
    };
    assert_eq!((of_api.job, &detail["calls_deleted"]), ("sync", &0.into()));
    let staged = "SELECT COUNT(*) AS N FROM CALLS.STG_GONG_CALLS WHERE CALL_ID LIKE '81%'";
    let rows = run(&account.sessions(), staged, vec![]).await;
    assert_eq!(rows.first().unwrap().integer("N").unwrap(), Some(3));

    // A day and six hours: two days, and one more.
    let narrowed = source.beside(sync.clone(), now);
    assert_eq!((narrowed.lookback_days, narrowed.first_sync_days), (3, 3));
    assert_eq!(narrowed.sweep_calls, 0);
    let wide = load(Some(("sync.lookback_days", "30"))).await;
    let source = wide.gong_share_source(&options).unwrap().unwrap();
    source
        .bring("run", now, &CancellationToken::new())
        .await
        .unwrap();
    let kept = source.beside(wide.sync_settings(SyncMode::Incremental), now);
    assert_eq!((kept.lookback_days, kept.first_sync_days), (30, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_late_the_share_is_is_said() {
    let Some(account) = Account::open("LATE") else {
        return;
    };
    let pool = share(&account, 1, "2025-03-02T12:00:00Z").await;
    let checked = || {
        let mut validate = Command::new(program("validate_config"));
        validate
            .args(["--json", "--store", "snowflake"])
            .env("GONG_SHARE_DATABASE", &account.database)
            .envs(account.variables());
        let run = finish(validate, b"");
        let all: Vec<Value> = serde_json::from_str(&run.stdout).unwrap();
        let share = all.into_iter().find(|one| one["check"] == "gong_share");
        share.unwrap()
    };
    let hour = 3_600;
    for (hours, outcome, has_remedy) in [
        (5, "passed", false),
        // A weekend, or Gong is late.
        (60, "passed", true),
        (24 * 9, "failed", true),
    ] {
        let stamp = Timestamp::now() - std::time::Duration::from_secs(hours * hour);
        let text = "UPDATE GONG_DATA_CLOUD.CALLS SET ETL_MODIFIED_DATETIME = ?";
        run(&pool, text, vec![Bind::text(stamp.to_string())]).await;
        let share = checked();
        assert_eq!(share["outcome"], outcome, "{share}");
        let cause = share["cause"].as_str().unwrap();
        assert!(cause.contains(&format!("{hours} h ago")), "{share}");
        assert_eq!(share["remedy"].is_string(), has_remedy, "{share}");
    }

    run(&pool, "DELETE FROM GONG_DATA_CLOUD.CALLS", vec![]).await;
    let empty = checked();
    assert_eq!(empty["outcome"], "passed", "{empty}");
    assert!(
        empty["remedy"].as_str().unwrap().contains("ask Gong"),
        "{empty}"
    );
}
