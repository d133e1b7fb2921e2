//! Whether what runs by itself does: tasks that were suspended or fail, and streams that
//! nobody read for so long that they cannot be read any more.

use resilience::ErrorKind;
use snowflake_sql::{Rows, SqlPool, SqlText};

use super::checked::{AccountCheck, ask};

const STREAMS: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/streams.sql"));
const TASKS: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/tasks.sql"));
const TASK_RUNS: SqlText =
    SqlText::fixed(include_str!("../../../sql/snowflake/check/task_runs.sql"));
const WRITER: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/writer.sql"));

const TRANSFORM: &str = "GONG_TRANSFORM_TASK";

/// Two checks: `streams` and `tasks`.
pub(super) async fn checks(pool: &dyn SqlPool) -> Vec<AccountCheck> {
    vec![streams(pool).await, tasks(pool).await]
}

async fn streams(pool: &dyn SqlPool) -> AccountCheck {
    let rows = match ask(pool, "check_streams", STREAMS).await {
        Ok(rows) => rows,
        Err(error) => return AccountCheck::unknown("streams", error.to_string()),
    };
    let ours = named(&rows, "stale");
    let stale: Vec<&str> = ours
        .iter()
        .filter(|(_, stale)| stale.eq_ignore_ascii_case("true"))
        .map(|(name, _)| *name)
        .collect();
    match (ours.len(), stale.as_slice()) {
        (0, _) => AccountCheck::unknown("streams", "the role sees none of the schema's"),
        (count, []) => AccountCheck::passed("streams", format!("{count}, none stale")),
        (_, stale) => AccountCheck::failed(
            "streams",
            format!("{} cannot be read any more", stale.join(", ")),
            "As owner: CREATE OR REPLACE STREAM … ON TABLE …, as in migration 0010. What was missed \
             is staged by the next run, which goes by the landing tables.",
        ),
    }
}

async fn tasks(pool: &dyn SqlPool) -> AccountCheck {
    let rows = match ask(pool, "check_tasks", TASKS).await {
        Ok(rows) => rows,
        Err(error) => return AccountCheck::unknown("tasks", error.to_string()),
    };
    let ours = named(&rows, "state");
    if ours.is_empty() {
        return AccountCheck::unknown("tasks", "the role sees none of the schema's");
    }
    let is_running = |task: &str| {
        let started = |state: &str| state.eq_ignore_ascii_case("started");
        ours.iter()
            .any(|(name, state)| *name == task && started(state))
    };
    let suspended: Vec<&str> = ours
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !is_running(name))
        .collect();
    let by_errors: Vec<&str> = named(&rows, "last_suspended_reason")
        .into_iter()
        .filter(|(name, why)| !is_running(name) && *why == "SUSPENDED_DUE_TO_ERRORS")
        .map(|(name, _)| name)
        .collect();
    if !by_errors.is_empty() {
        let cause = format!("failed until suspended: {}", by_errors.join(", "));
        return AccountCheck::failed("tasks", cause, FAILED_REMEDY);
    }
    let writer = match ask(pool, "check_writer", WRITER).await {
        Ok(rows) => text(&rows, "WRITER"),
        // A schema that is not there yet has no writer.
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return AccountCheck::unknown("tasks", error.to_string()),
    };
    if writer.as_deref() == Some("task") && !is_running(TRANSFORM) {
        return AccountCheck::failed(
            "tasks",
            format!("tasks write staging, and {TRANSFORM} is suspended"),
            format!("ALTER TASK {TRANSFORM} RESUME; or UPDATE GONG_STAGING SET WRITER = 'client';"),
        );
    }
    match failing(pool).await {
        Ok(failing) if !failing.is_empty() => {
            let cause = format!("failed when last run: {}", failing.join(", "));
            AccountCheck::failed("tasks", cause, FAILED_REMEDY)
        }
        Ok(_) if suspended.is_empty() => {
            AccountCheck::passed("tasks", format!("{}, all running", ours.len()))
        }
        Err(error) if suspended.is_empty() => {
            let cause = format!("{}, and how they ran is not told: {error}", ours.len());
            AccountCheck::unknown("tasks", cause)
        }
        _ => AccountCheck::unknown("tasks", format!("suspended: {}", suspended.join(", ")))
            .with_remedy("ALTER TASK … RESUME starts one."),
    }
}

const FAILED_REMEDY: &str = "VW_GONG_TASK_RUNS (optional/task_runs.sql) tells why. Mend that, then \
     ALTER TASK … RESUME those that are suspended.";

/// Tasks whose last run failed, with the code of its error.
async fn failing(pool: &dyn SqlPool) -> snowflake_sql::Result<Vec<String>> {
    let rows = ask(pool, "check_task_runs", TASK_RUNS).await?;
    let states = named(&rows, "state");
    let codes = named(&rows, "error_code");
    let failed = states.iter().zip(codes);
    let failed = failed.filter(|((_, state), _)| state.starts_with("FAILED"));
    Ok(failed
        .map(|((name, _), (_, code))| format!("{name} ({code})"))
        .collect())
}

/// Objects of this project by name, with another column.
fn named<'r>(rows: &'r Rows, column: &str) -> Vec<(&'r str, &'r str)> {
    let cells = |row: snowflake_sql::Row<'r>| {
        let name = row.text("name").ok().flatten()?;
        let value = row.text(column).ok().flatten().unwrap_or_default();
        name.starts_with("GONG_").then_some((name, value))
    };
    rows.iter().filter_map(cells).collect()
}

fn text(rows: &Rows, column: &str) -> Option<String> {
    let row = rows.first()?;
    Some(row.text(column).ok().flatten()?.to_owned())
}
