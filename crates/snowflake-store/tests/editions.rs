//! Setup, migrations and a day of work on accounts of both editions, as a double refuses
//! what each refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use calls::reading::Reading;
use calls::{CallId, Provenance};
use resilience::ErrorKind;
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement};
use snowflake_store::{
    Landing, LandingPage, ReaderInDatabase, SnowflakeStore, SnowflakeStoreConfig, StagingWriter,
    TransformScope, Upkeep, split_statements,
};
use testkit::conformance::store::{CallDocument, Line, transcript_document};
use testkit::snowflake::{Answer, Edition, SnowflakeDouble};

struct Account {
    double: SnowflakeDouble,
    pool: Arc<SnowflakePool>,
}

impl Account {
    async fn of(edition: Edition) -> Self {
        let builder = SnowflakeDouble::builder().edition(edition);
        let double = builder.start().await.unwrap();
        let config = SnowflakeConfig::new("test", "TESTER", Credentials::password("none"))
            .unwrap()
            .with_base_url(&double.url())
            .unwrap();
        let pool = Arc::new(SnowflakePool::new(config));
        Self { double, pool }
    }

    /// Runs a file, and tells the codes of what is refused.
    async fn run(&self, file: &str, time_travel_days: u8) -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/snowflake");
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let text = text
            .replace("{time_travel_days}", &time_travel_days.to_string())
            .replace("{warehouse_size}", "XSMALL")
            .replace("{cross_region}", "DISABLED");
        let mut codes = Vec::new();
        for statement in split_statements(&text) {
            // A test's text is read from a file, so it lives as long as the test.
            let text: &'static str = Box::leak(filled(statement).into_boxed_str());
            let statement = Statement::new("setup", SqlText::fixed(text));
            if let Err(error) = self.pool.query(&statement).await {
                codes.push(error.fault().unwrap().code.clone().unwrap());
            }
        }
        codes
    }
}

/// Names in the slots that are left.
fn filled(statement: &str) -> String {
    let mut filled = String::new();
    for (at, part) in statement.split('{').enumerate() {
        let slot = part
            .split_once('}')
            .filter(|(name, _)| at > 0 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        match slot {
            Some((name, rest)) => {
                filled.push_str(&name.to_uppercase());
                filled.push_str(rest);
            }
            None => {
                filled.push_str(if at > 0 { "{" } else { "" });
                filled.push_str(part);
            }
        }
    }
    filled
}

const SETUP: [&str; 7] = [
    "setup/01_database.sql",
    "setup/02_roles.sql",
    "setup/03_cortex.sql",
    "setup/04_account.sql",
    "setup/06_grants.sql",
    "setup/07_cross_region.sql",
    "setup/09_restrict_cortex.sql",
];

const OPTIONAL: [&str; 9] = [
    "optional/clustering.sql",
    "optional/cortex_search.sql",
    "optional/cost_views.sql",
    "optional/spend_limits.sql",
    "optional/spend_alert.sql",
    "optional/task_errors.sql",
    "optional/task_runs.sql",
    "optional/tasks_cron.sql",
    "optional/tasks_serverless.sql",
];

#[tokio::test]
async fn setup_and_a_day_of_work_run_on_both_editions() {
    for edition in [Edition::Standard, Edition::Enterprise] {
        let account = Account::of(edition).await;
        for file in SETUP.into_iter().chain(OPTIONAL) {
            assert!(account.run(file, 1).await.is_empty(), "{edition:?}: {file}");
        }
        let pool: Arc<dyn SqlPool> = account.pool.clone();
        let store = SnowflakeStore::new(pool, SnowflakeStoreConfig::default()).unwrap();
        assert!(store.migrate().await.unwrap() > 10);
        let reader = ReaderInDatabase {
            reader: Provenance::new("cortex-sql", "model"),
            before: "Read <{fence}>\n".to_owned(),
            after: "\n</{fence}>".to_owned(),
            parameters: "{}".to_owned(),
            response_format: "{}".to_owned(),
            pending: Reading::failed_whole("a model is being asked", true),
            most_sentences: 1_000,
        };
        let warehouse = snowflake_sql::Identifier::stored("GONG_WH").unwrap();
        store
            .set_reader_in_database(&reader, &warehouse)
            .await
            .unwrap();
        let line: Line<'_> = ("v-rep", 0, 1_000, "We ship on Friday.");
        let page = LandingPage::new("run")
            .with_calls(vec![CallDocument::new("1").document()])
            .with_transcripts(vec![transcript_document("1", &[line])])
            .with_deleted(vec![CallId::new("2")]);
        store.land(page).await.unwrap();
        let scope = TransformScope::Calls(Vec::new());
        store.transform(scope).await.unwrap();
        store.set_staging_writer(StagingWriter::Task).await.unwrap();
        store.transform_in_database().await.unwrap();
        store
            .apply_retention(calls::Timestamp::now())
            .await
            .unwrap();
        assert!(account.double.state().statements().len() > 200);
    }
}

#[tokio::test]
async fn what_needs_another_edition_is_refused_by_its_code() {
    let standard = Account::of(Edition::Standard).await;
    let enterprise = Account::of(Edition::Enterprise).await;
    assert_eq!(standard.run("setup/01_database.sql", 7).await, ["001008"]);
    assert!(enterprise.run("setup/01_database.sql", 7).await.is_empty());
    assert_eq!(
        enterprise.run("setup/01_database.sql", 91).await,
        ["001008"]
    );
    let policies = standard.run("optional/governance.sql", 1).await;
    assert!(
        policies.len() > 20 && policies.iter().all(|code| code == "000002"),
        "{policies:?}"
    );
    assert!(
        enterprise
            .run("optional/governance.sql", 1)
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_setting_that_is_not_documented_is_refused() {
    let account = Account::of(Edition::Enterprise).await;
    for (text, code) in [
        ("ALTER SESSION SET TIME_ZONE = 'UTC'", Some("001420")),
        ("ALTER SESSION SET TIMEZONE = 'UTC'", None),
        (
            "CREATE TASK T\n    WAREHOUSE = W\n    RETRIES = 3\nAS SELECT 1",
            Some("001420"),
        ),
    ] {
        let asked = account
            .pool
            .query(&Statement::new("test", SqlText::fixed(text)))
            .await;
        let refused = asked.err().and_then(|error| error.fault()?.code.clone());
        assert_eq!(refused.as_deref(), code, "{text}");
    }
}

#[tokio::test]
async fn who_may_not_migrate_is_told_who_may() {
    let account = Account::of(Edition::Standard).await;
    let refusal = Answer::error(
        "003001",
        "SQL access control error:\nInsufficient privileges to operate on schema 'CALLS'",
    );
    account.double.state().answer("GONG_CALLS_RAW", refusal);
    let pool: Arc<dyn SqlPool> = account.pool.clone();
    let store = SnowflakeStore::new(pool, SnowflakeStoreConfig::default()).unwrap();
    let error = store.migrate().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    let told = error.to_string();
    assert!(told.contains("snowflake_setup apply"), "{told}");
    assert!(told.contains("Insufficient privileges"), "{told}");
}
