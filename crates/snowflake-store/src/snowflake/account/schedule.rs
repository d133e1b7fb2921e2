//! Whether what runs by itself does: tasks that were suspended, and streams that nobody
//! read for so long that they cannot be read any more.

use resilience::ErrorKind;
use snowflake_sql::{Rows, SqlPool, SqlText};

use super::checked::{AccountCheck, ask};

const STREAMS: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/streams.sql"));
const TASKS: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/tasks.sql"));
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
    let runs = |task: &str| {
        let of_task = ours.iter().find(|(name, _)| *name == task);
        of_task.is_some_and(|(_, state)| state.eq_ignore_ascii_case("started"))
    };
    let suspended: Vec<&str> = ours
        .iter()
        .filter(|(name, _)| !runs(name))
        .map(|(name, _)| *name)
        .collect();
    let writer = match ask(pool, "check_writer", WRITER).await {
        Ok(rows) => text(&rows, "WRITER"),
        // A schema that is not there yet has no writer.
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return AccountCheck::unknown("tasks", error.to_string()),
    };
    if writer.as_deref() == Some("task") && !runs(TRANSFORM) {
        return AccountCheck::failed(
            "tasks",
            format!("tasks write staging, and {TRANSFORM} is suspended"),
            format!("ALTER TASK {TRANSFORM} RESUME; or UPDATE GONG_STAGING SET WRITER = 'client';"),
        );
    }
    match (ours.len(), suspended.as_slice()) {
        (0, _) => AccountCheck::unknown("tasks", "the role sees none of the schema's"),
        (count, []) => AccountCheck::passed("tasks", format!("{count}, all running")),
        (_, suspended) => {
            let cause = format!("suspended: {}", suspended.join(", "));
            let remedy = "ALTER TASK … RESUME starts one; VW_GONG_TASK_RUNS tells why it failed.";
            AccountCheck::unknown("tasks", cause).with_remedy(remedy)
        }
    }
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
