//! What an account refuses by its edition, and settings that Snowflake does not document.

use super::answer::Answer;

/// An account's edition, as far as it decides what is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// Also trials that were started with it.
    Standard,
    /// And those above it.
    Enterprise,
}

/// Settings of sessions, accounts and objects that the documentation has and clients of
/// this project may use. What else is set is refused.
const DOCUMENTED: &[&str] = &[
    "ALLOW_BIND_VALUES_ACCESS",
    "AUTO_RESUME",
    "AUTO_SUSPEND",
    "AUTOCOMMIT",
    "CHANGE_TRACKING",
    "COMMENT",
    "CORTEX_ENABLED_CROSS_REGION",
    "DATA_RETENTION_TIME_IN_DAYS",
    "DEFAULT_DDL_COLLATION",
    "EMBEDDING_MODEL",
    "ERROR_INTEGRATION",
    "INITIALLY_SUSPENDED",
    "JSON_INDENT",
    "MULTI_STATEMENT_COUNT",
    "QUERY_TAG",
    "READ_CONSISTENCY_MODE",
    "REFRESH_MODE",
    "SCHEDULE",
    "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS",
    "STATEMENT_TIMEOUT_IN_SECONDS",
    "SUSPEND_TASK_AFTER_NUM_FAILURES",
    "TARGET_COMPLETION_INTERVAL",
    "TARGET_LAG",
    "TIMESTAMP_INPUT_FORMAT",
    "TIMEZONE",
    "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE",
    "USER_TASK_TIMEOUT_MS",
    "WAREHOUSE",
    "WAREHOUSE_SIZE",
];

/// Statements that set something by lines of a name and a value.
const SETTING: &[&str] = &[
    "ALTER ACCOUNT",
    "ALTER SESSION",
    "ALTER TASK",
    "CREATE DATABASE",
    "CREATE SCHEMA",
    "CREATE TASK",
    "CREATE WAREHOUSE",
];

const RETENTION: &str = "DATA_RETENTION_TIME_IN_DAYS";

/// Features of Enterprise Edition, by the words that every statement about them has.
const ENTERPRISE: &[&str] = &["MASKING POLICY", "ROW ACCESS POLICY", "SEARCH OPTIMIZATION"];

/// Why an account of the edition refuses a statement, with the code for it.
pub(super) fn refusal(text: &str, edition: Edition) -> Option<Answer> {
    let lines = text.lines().map(|line| line.split("--").next());
    let text: Vec<&str> = lines.flatten().map(str::trim).collect();
    let text = text.join("\n");
    let text = text.trim_start();
    let refused = |code, why: String| {
        Some(Answer::error(
            code,
            &format!("SQL compilation error:\n{why}"),
        ))
    };
    let about = |feature: &&&str| {
        ["CREATE", "ALTER"]
            .iter()
            .any(|verb| text.starts_with(verb))
            && text.contains(**feature)
    };
    if edition == Edition::Standard
        && let Some(feature) = ENTERPRISE.iter().find(about)
    {
        return refused("000002", format!("Unsupported feature '{feature}'."));
    }
    let kind = SETTING.iter().find(|start| text.starts_with(**start))?;
    let most = match edition {
        Edition::Standard => 1,
        Edition::Enterprise => 90,
    };
    for line in text.lines() {
        let setting = line.split(" SET ").last().unwrap_or(line);
        let Some((name, value)) = setting.split_once(" = ") else {
            continue;
        };
        let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
        if !name.chars().all(is_name) {
            continue;
        }
        if !DOCUMENTED.contains(&name) {
            let object = kind.split(' ').next_back().unwrap_or_default();
            return refused(
                "001420",
                format!("invalid property '{name}' for '{object}'"),
            );
        }
        let days = value.trim_end_matches(';').trim().parse::<u32>();
        if name == RETENTION && days.is_ok_and(|days| days > most) {
            return refused(
                "001008",
                format!("invalid value [{value}] for parameter '{RETENTION}'"),
            );
        }
    }
    None
}
