//! What is said of an account that has all, and of accounts that lack something.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod models;
mod privileges;
mod schedule;

use calls::Timestamp;
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool};
use snowflake_store::{AccountCheck, AccountNeeds, CheckOutcome, GrantedRole, check_account};
use testkit::snowflake::{Answer, Column, SnowflakeDouble};

const NOW: &str = "2026-11-29T10:00:00Z";

/// An account as it answers the checks.
#[derive(Clone)]
struct Account {
    time: &'static str,
    schema: Option<&'static str>,
    cross_region: &'static str,
    allowlist: &'static str,
    models: &'static [Model],
    lacks: Option<(&'static str, &'static str)>,
    /// Whether the role has what it has by another role.
    by_another: bool,
    /// What everybody may do on the account.
    by_everybody: &'static [&'static str],
    editions: Option<&'static [[&'static str; 2]]>,
    scheduled: Scheduled,
}

/// Name, life cycle, regions that serve it, and settings by which others reach it, as JSON.
type Model = (&'static str, &'static str, Cell, Cell);
type Cell = Option<&'static str>;

const SERVED: Cell = Some(r#"["AWS_US_WEST_2", "AWS_EU_CENTRAL_1"]"#);
const LLAMA: Model = (
    "LLAMA3.1-8B",
    "GA",
    SERVED,
    Some(r#"["ANY_REGION", "AWS_EU"]"#),
);
/// As documented of models that Snowflake hosts nowhere itself.
const HAIKU: Model = (
    "CLAUDE-HAIKU-4-5",
    "GA",
    None,
    Some(r#"["ANY_REGION", "AWS_US", "AWS_EU"]"#),
);
const ENDED: Model = ("MISTRAL-LARGE2", "EOL", Some("[]"), None);

/// What runs by itself, as the account tells it.
#[derive(Clone)]
struct Scheduled {
    writer: &'static str,
    /// Streams, and whether they are stale.
    streams: Told<[&'static str; 2]>,
    /// Tasks with their states and why they were suspended.
    tasks: Told<[&'static str; 3]>,
    /// Tasks with how their last runs ended, and the codes of errors.
    runs: Told<[&'static str; 3]>,
}

/// Rows, or the account's refusal to tell.
type Told<R> = Result<&'static [R], &'static str>;

impl Default for Scheduled {
    fn default() -> Self {
        Self {
            writer: "task",
            streams: Ok(&[
                ["GONG_CALLS_RAW_CHANGES", "false"],
                ["GONG_CALL_TRANSCRIPTS_RAW_CHANGES", "false"],
                ["SOMEBODY_ELSES", "true"],
            ]),
            tasks: Ok(&[
                ["GONG_TRANSFORM_TASK", "started", ""],
                ["GONG_RETENTION_TASK", "started", "USER_SUSPENDED"],
                ["SOMEBODY_ELSES", "suspended", "SUSPENDED_DUE_TO_ERRORS"],
            ]),
            runs: Ok(&[
                ["GONG_TRANSFORM_TASK", "SUCCEEDED", ""],
                ["SOMEBODY_ELSES", "FAILED", "100038"],
            ]),
        }
    }
}

impl Scheduled {
    fn answer(&self, text: &str) -> Option<Answer> {
        if text.contains("SHOW STREAMS IN SCHEMA") {
            return Some(told(["name", "stale"], self.streams));
        }
        if text.contains("SHOW TASKS IN SCHEMA") {
            return Some(told(["name", "state", "last_suspended_reason"], self.tasks));
        }
        if text.contains("INFORMATION_SCHEMA.TASK_HISTORY") {
            return Some(told(["name", "state", "error_code"], self.runs));
        }
        let is_writer = text.contains("SELECT WRITER");
        is_writer.then(|| told(["WRITER"], Ok(&[[self.writer]])))
    }
}

fn told<const N: usize>(
    columns: [&'static str; N],
    rows: Result<&[[&'static str; N]], &'static str>,
) -> Answer {
    match rows {
        Ok(rows) => {
            let row = |row: &[&str; N]| row.map(|cell| Some(cell.to_owned()));
            Answer::rows(columns.map(Column::text), rows.iter().map(row))
        }
        Err(words) => Answer::error("003001", words),
    }
}

impl Default for Account {
    fn default() -> Self {
        Self {
            time: "2026-11-29T10:00:05.000Z",
            schema: Some("CALLS"),
            cross_region: "DISABLED",
            allowlist: "None",
            models: &[LLAMA, HAIKU, ENDED],
            lacks: None,
            by_another: false,
            by_everybody: &["USE AI FUNCTIONS"],
            editions: None,
            scheduled: Scheduled::default(),
        }
    }
}

impl Account {
    fn answer(&self, text: &str) -> Option<Answer> {
        let some = |text: &str| Some(text.to_owned());
        if text.contains("CURRENT_REGION") {
            let columns = [
                "REGION",
                "ROLE_NAME",
                "WAREHOUSE_NAME",
                "DATABASE_NAME",
                "SCHEMA_NAME",
                "NOW_UTC",
            ];
            let row = [
                some("PUBLIC.AWS_EU_CENTRAL_1"),
                some("GONG_INGEST"),
                some("GONG_WH"),
                some("GONG"),
                self.schema.map(str::to_owned),
                some(self.time),
            ];
            return Some(Answer::rows(columns.map(Column::text), [row]));
        }
        if text.contains("CORTEX_ENABLED_CROSS_REGION") {
            return Some(Answer::rows(
                [Column::text("value")],
                [[some(self.cross_region)]],
            ));
        }
        if text.contains("CORTEX_MODELS_ALLOWLIST") {
            return Some(Answer::rows(
                [Column::text("value")],
                [[some(self.allowlist)]],
            ));
        }
        if text.contains("SHOW PARAMETERS") {
            return Some(Answer::rows([Column::text("value")], [[some("")]]));
        }
        if text.contains("SHOW ACCOUNTS") {
            let refusal = "SQL access control error: Insufficient privileges";
            return Some(told(
                ["account_name", "edition"],
                self.editions.ok_or(refusal),
            ));
        }
        if text.contains("CURRENT_ACCOUNT_NAME") {
            return Some(told(["ACCOUNT_NAME"], Ok(&[["SALES"]])));
        }
        if text.contains("SHOW CORTEX BASE MODELS") {
            let columns = [
                "name",
                "lifecycle_status",
                "in_region_availability",
                "cross_region_availability",
            ];
            let rows = self
                .models
                .iter()
                .map(|(name, status, regions, crossings)| {
                    [Some(*name), Some(*status), *regions, *crossings].map(|cell| some(cell?))
                });
            return Some(Answer::rows(columns.map(Column::text), rows));
        }
        if let Some((_, role)) = text.split_once("SHOW GRANTS TO ROLE ") {
            let row = |cells: [&str; 3]| cells.map(some);
            let rows = match role.trim().trim_matches('"') {
                "GONG_INGEST" if self.by_another => vec![row(["USAGE", "ROLE", "ELT"])],
                "GONG_INGEST" => self.grants(),
                "ELT" if self.by_another => self.grants(),
                "PUBLIC" => {
                    let of_account = self.by_everybody.iter();
                    let mut rows: Vec<_> = of_account
                        .map(|privilege| row([privilege, "ACCOUNT", "SALES"]))
                        .collect();
                    rows.push(row(["USAGE", "DATABASE_ROLE", "SNOWFLAKE.CORTEX_USER"]));
                    rows
                }
                _ => return Some(Answer::error("002003", "does not exist or not authorized")),
            };
            let columns = ["privilege", "granted_on", "name"].map(Column::text);
            return Some(Answer::rows(columns, rows));
        }
        self.scheduled.answer(text)
    }

    /// What the ingest role has, but for what it lacks.
    fn grants(&self) -> Vec<[Option<String>; 3]> {
        let usage = |object: &str| ("USAGE".to_owned(), object.to_owned());
        let mut all = vec![
            usage("WAREHOUSE GONG_WH"),
            usage("DATABASE GONG"),
            usage("SCHEMA GONG.CALLS"),
        ];
        all.extend(granted("ingest"));
        all.retain(|(privilege, object)| self.lacks != Some((privilege.as_str(), object.as_str())));
        let row = |(privilege, object): (String, String)| {
            let (kind, name) = object.split_once(' ').unwrap();
            [
                Some(privilege),
                Some(kind.to_owned()),
                Some(name.to_owned()),
            ]
        };
        all.into_iter().map(row).collect()
    }

    async fn checked(&self, needs: &AccountNeeds) -> Vec<AccountCheck> {
        let account = self.clone();
        let double = SnowflakeDouble::builder()
            .answering(move |record| account.answer(&record.text))
            .start()
            .await
            .unwrap();
        let config = SnowflakeConfig::new("acme-prod", "tester", Credentials::password("p"))
            .unwrap()
            .with_base_url(&double.url())
            .unwrap();
        let pool = SnowflakePool::new(config);
        let now: Timestamp = NOW.parse().unwrap();
        check_account(&pool, needs, now).await.unwrap()
    }
}

/// What the script grants to a role, read by other means than the check's own.
fn granted(role: &str) -> Vec<(String, String)> {
    let script = include_str!("../../sql/snowflake/setup/06_grants.sql");
    let mut all = Vec::new();
    for line in script
        .lines()
        .filter(|line| line.ends_with(&format!("{{{role}_role}};")))
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        let on = words.iter().position(|word| *word == "ON").unwrap();
        for privilege in &words[1..on] {
            all.push((
                privilege.trim_end_matches(',').to_owned(),
                format!("{} GONG.CALLS.{}", words[on + 1], words[on + 2]),
            ));
        }
    }
    assert!(all.len() > 50);
    all
}

fn needs(model: &str) -> AccountNeeds {
    let mut needs = AccountNeeds::default();
    needs.models = vec![model.to_owned()];
    needs.role = Some(GrantedRole::Ingest);
    needs
}

fn of<'a>(checks: &'a [AccountCheck], name: &str) -> &'a AccountCheck {
    checks.iter().find(|check| check.check == name).unwrap()
}

#[tokio::test]
async fn an_account_that_has_all_fails_nothing() {
    let checks = Account::default().checked(&needs("llama3.1-8b")).await;
    let failed: Vec<_> = checks
        .iter()
        .filter(|one| one.outcome == CheckOutcome::Failed)
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    for name in [
        "connection",
        "clock",
        "role",
        "warehouse",
        "schema",
        "models",
        "privileges",
        "streams",
        "tasks",
    ] {
        assert_eq!(of(&checks, name).outcome, CheckOutcome::Passed, "{name}");
    }
    // Who is no administrator of the organization is not told, and nothing fails for that.
    assert_eq!(of(&checks, "edition").outcome, CheckOutcome::NotConfigured);
}

#[tokio::test]
async fn what_is_missing_is_said_by_name_with_what_to_run() {
    let cases: [(Account, &str, &str, &str); 6] = [
        (
            Account {
                time: "2026-11-29T09:58:00.000Z",
                ..Account::default()
            },
            "clock",
            "120 s ahead",
            "clock",
        ),
        (
            Account {
                schema: None,
                ..Account::default()
            },
            "schema",
            "none is in use",
            "SNOWFLAKE_SCHEMA",
        ),
        (
            Account {
                models: &[HAIKU],
                cross_region: "ANY_REGION",
                ..Account::default()
            },
            "models",
            "llama3.1-8b is neither shown to the role nor on CORTEX_MODELS_ALLOWLIST (None)",
            "(claude-haiku-4-5). As ACCOUNTADMIN: GRANT APPLICATION ROLE \
             SNOWFLAKE.\"CORTEX-MODEL-ROLE-LLAMA3.1-8B\"",
        ),
        (
            Account {
                models: &[("LLAMA3.1-8B", "EOL", Some("[]"), None), HAIKU],
                cross_region: "AWS_US,AWS_EU",
                ..Account::default()
            },
            "models",
            "llama3.1-8b has reached its end of life",
            "(claude-haiku-4-5)",
        ),
        (
            Account {
                lacks: Some(("INSERT", "TABLE GONG.CALLS.STG_GONG_CALLS")),
                ..Account::default()
            },
            "privileges",
            "GONG_INGEST lacks INSERT on STG_GONG_CALLS",
            "print grants",
        ),
        (
            Account {
                lacks: Some(("SELECT", "VIEW GONG.CALLS.VW_GONG_FRESHNESS")),
                ..Account::default()
            },
            "privileges",
            "SELECT on VW_GONG_FRESHNESS",
            "print grants",
        ),
    ];
    for (account, name, cause, remedy) in cases {
        let checks = account.checked(&needs("llama3.1-8b")).await;
        let check = of(&checks, name);
        assert_eq!(check.outcome, CheckOutcome::Failed, "{name}");
        assert!(check.cause.contains(cause), "{}", check.cause);
        assert!(
            check.remedy.as_deref().unwrap().contains(remedy),
            "{:?}",
            check.remedy
        );
    }
}

#[tokio::test]
async fn the_edition_is_that_of_the_account_in_use() {
    let account = Account {
        editions: Some(&[["OTHER", "ENTERPRISE"], ["SALES", "STANDARD"]]),
        ..Account::default()
    };
    let checks = account.checked(&needs("llama3.1-8b")).await;
    assert_eq!(of(&checks, "edition").cause, "STANDARD");
}
