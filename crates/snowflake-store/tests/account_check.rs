//! What is said of an account that has all, and of accounts that lack something.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

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
    models: &'static [Model],
    lacks: Option<(&'static str, &'static str)>,
    scheduled: Scheduled,
}

/// Name, life cycle, regions that serve it, and settings by which others reach it, as JSON.
type Model = (&'static str, &'static str, Cell, Cell);
type Cell = Option<&'static str>;

const SERVED: Cell = Some(r#"["AWS_US_WEST_2", "AWS_EU_CENTRAL_1"]"#);
const LLAMA: Model = ("LLAMA3.1-8B", "GA", SERVED, Some(r#"["ANY_REGION", "AWS_EU"]"#));
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
            models: &[LLAMA, HAIKU, ENDED],
            lacks: None,
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
        if text.contains("SHOW PARAMETERS") {
            return Some(Answer::rows([Column::text("value")], [[some("")]]));
        }
        if text.contains("SHOW ACCOUNTS") {
            return Some(Answer::error(
                "003001",
                "SQL access control error: Insufficient privileges",
            ));
        }
        if text.contains("SHOW CORTEX BASE MODELS") {
            let columns = [
                "name",
                "lifecycle_status",
                "in_region_availability",
                "cross_region_availability",
            ];
            let rows = self.models.iter().map(|(name, status, regions, crossings)| {
                [Some(*name), Some(*status), *regions, *crossings].map(|cell| some(cell?))
            });
            return Some(Answer::rows(columns.map(Column::text), rows));
        }
        if text.contains("SHOW GRANTS TO ROLE \"GONG_INGEST\"") {
            let rows = granted("ingest")
                .into_iter()
                .filter(|(privilege, object)| {
                    self.lacks != Some((privilege.as_str(), object.as_str()))
                })
                .map(|(privilege, object)| [Some(privilege), Some(format!("GONG.CALLS.{object}"))]);
            return Some(Answer::rows(["privilege", "name"].map(Column::text), rows));
        }
        self.scheduled.answer(text)
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
    let script = include_str!("../sql/snowflake/setup/06_grants.sql");
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
                words[on + 2].to_owned(),
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
            "not offered llama3.1-8b",
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
                lacks: Some(("INSERT", "STG_GONG_CALLS")),
                ..Account::default()
            },
            "privileges",
            "GONG_INGEST lacks INSERT on STG_GONG_CALLS",
            "print grants",
        ),
        (
            Account {
                lacks: Some(("SELECT", "VW_GONG_FRESHNESS")),
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
async fn a_model_is_looked_for_where_text_may_go() {
    use CheckOutcome::{Failed, NotConfigured, Passed};
    let elsewhere = Some(r#"["AWS_US_WEST_2"]"#);
    let cases: [(Model, &str, CheckOutcome, &str, &str); 9] = [
        (LLAMA, "DISABLED", Passed, "llama3.1-8b (AWS_EU_CENTRAL_1)", ""),
        (HAIKU, "AWS_EU", Passed, "claude-haiku-4-5 (AWS_EU)", ""),
        (HAIKU, "AZURE_EU,AWS_US", Passed, "claude-haiku-4-5 (AWS_US)", ""),
        (HAIKU, "AWS_GLOBAL", Passed, "claude-haiku-4-5 (AWS_GLOBAL)", ""),
        (HAIKU, "ANY_REGION", Passed, "claude-haiku-4-5 (ANY_REGION)", ""),
        (
            HAIKU,
            "DISABLED",
            Failed,
            "claude-haiku-4-5 is not served in the region",
            "print cross-region --to AWS_EU (ANY_REGION, AWS_US, AWS_EU)",
        ),
        (
            ("FAR", "GA", elsewhere, None),
            "ANY_REGION",
            Failed,
            "far is not served in the region",
            "Set CORTEX_MODEL to one that can be asked (other)",
        ),
        (
            ("OLD", "LEGACY", SERVED, None),
            "DISABLED",
            NotConfigured,
            "old is a legacy model",
            "(other)",
        ),
        (
            ("UNTOLD", "GA", None, None),
            "DISABLED",
            NotConfigured,
            "does not tell from where",
            "(other)",
        ),
    ];
    for (model, cross_region, outcome, cause, remedy) in cases {
        let models: Vec<Model> = vec![model, ("OTHER", "GA", SERVED, None), ENDED];
        let account = Account {
            cross_region,
            models: models.leak(),
            ..Account::default()
        };
        let checks = account.checked(&needs(&model.0.to_lowercase())).await;
        assert_eq!(of(&checks, "cross_region").cause, cross_region);
        let check = of(&checks, "models");
        assert_eq!(check.outcome, outcome, "{check:?}");
        assert!(check.cause.contains(cause), "{check:?}");
        let told = check.remedy.as_deref().unwrap_or_default();
        assert!(told.contains(remedy), "{check:?}");
        assert_eq!(told.is_empty(), outcome == Passed, "{check:?}");
    }
}

#[tokio::test]
async fn of_several_models_the_worst_is_told() {
    let mut wanted = needs("llama3.1-8b");
    wanted.models.push("claude-haiku-4-5".to_owned());
    let checks = Account::default().checked(&wanted).await;
    let check = of(&checks, "models");
    assert_eq!(check.outcome, CheckOutcome::Failed);
    assert!(check.cause.starts_with("claude-haiku-4-5 is not served"));
    // Without a grant of its own a role may still ask, by the account's list of models.
    let account = Account {
        models: &[],
        ..Account::default()
    };
    let checks = account.checked(&wanted).await;
    let check = of(&checks, "models");
    assert_eq!(check.outcome, CheckOutcome::NotConfigured);
    assert!(check.remedy.as_deref().unwrap().contains("CORTEX-MODEL-ROLE-ALL"));
}

#[tokio::test]
async fn what_should_run_by_itself_and_does_not_is_said_by_name() {
    use CheckOutcome::{Failed, NotConfigured};
    let usual = Scheduled::default;
    let refusal = "SQL access control error: Insufficient privileges";
    let suspended = &[
        ["GONG_TRANSFORM_TASK", "suspended", "USER_SUSPENDED"],
        ["GONG_RETENTION_TASK", "started", ""],
    ];
    let cases: [(&str, CheckOutcome, &str, &str, Scheduled); 10] = [
        (
            "streams",
            Failed,
            "GONG_CALLS_RAW_CHANGES cannot be read any more",
            "CREATE OR REPLACE STREAM",
            Scheduled {
                streams: Ok(&[["GONG_CALLS_RAW_CHANGES", "true"]]),
                ..usual()
            },
        ),
        (
            "streams",
            NotConfigured,
            "the role sees none",
            "",
            Scheduled {
                streams: Ok(&[["SOMEBODY_ELSES", "false"]]),
                ..usual()
            },
        ),
        (
            "streams",
            NotConfigured,
            "Insufficient privileges",
            "",
            Scheduled {
                streams: Err(refusal),
                ..usual()
            },
        ),
        (
            "tasks",
            Failed,
            "GONG_TRANSFORM_TASK is suspended",
            "ALTER TASK GONG_TRANSFORM_TASK RESUME",
            Scheduled {
                tasks: Ok(suspended),
                ..usual()
            },
        ),
        // Whoever stages by clients may leave tasks suspended.
        (
            "tasks",
            NotConfigured,
            "suspended: GONG_TRANSFORM_TASK",
            "RESUME",
            Scheduled {
                writer: "client",
                tasks: Ok(suspended),
                ..usual()
            },
        ),
        (
            "tasks",
            Failed,
            "failed until suspended: GONG_RETENTION_TASK",
            "VW_GONG_TASK_RUNS",
            Scheduled {
                tasks: Ok(&[
                    ["GONG_TRANSFORM_TASK", "started", ""],
                    [
                        "GONG_RETENTION_TASK",
                        "suspended",
                        "SUSPENDED_DUE_TO_ERRORS",
                    ],
                ]),
                ..usual()
            },
        ),
        (
            "tasks",
            Failed,
            "failed when last run: GONG_TRANSFORM_TASK (100038)",
            "VW_GONG_TASK_RUNS",
            Scheduled {
                runs: Ok(&[
                    ["GONG_TRANSFORM_TASK", "FAILED", "100038"],
                    ["GONG_RETENTION_TASK", "SUCCEEDED", ""],
                ]),
                ..usual()
            },
        ),
        (
            "tasks",
            NotConfigured,
            "the role sees none",
            "",
            Scheduled {
                tasks: Ok(&[]),
                ..usual()
            },
        ),
        (
            "tasks",
            NotConfigured,
            "Insufficient privileges",
            "",
            Scheduled {
                tasks: Err(refusal),
                ..usual()
            },
        ),
        (
            "tasks",
            NotConfigured,
            "how they ran is not told",
            "",
            Scheduled {
                runs: Err(refusal),
                ..usual()
            },
        ),
    ];
    for (name, outcome, cause, remedy, scheduled) in cases {
        let account = Account {
            scheduled,
            ..Account::default()
        };
        let checks = account.checked(&needs("llama3.1-8b")).await;
        let check = of(&checks, name);
        assert_eq!(check.outcome, outcome, "{check:?}");
        assert!(check.cause.contains(cause), "{check:?}");
        let told = check.remedy.as_deref().unwrap_or_default();
        assert!(told.contains(remedy), "{check:?}");
    }
}
