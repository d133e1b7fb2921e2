//! Removes what is too old.

use calls::Timestamp;
use resilience::ErrorKind;
use snowflake_sql::Rows;

use super::counted::Counted;
use super::failure::of_sql;
use super::statements::{self, Query};
use super::{bounded_instant, now};
use crate::cleaning::Cleaning;
use crate::{Error, Result, instant};

fn cleanings() -> Vec<Cleaning<Query>> {
    crate::cleaning::cleanings!(statements)
}

/// Plans what policies, as `retention_policies` reads them, say at an instant.
///
/// # Errors
/// `Config` when a policy names a table that retention does not know.
pub(super) fn plan(policies: &Rows, at: Timestamp) -> Result<Counted> {
    let mut days_of = Vec::new();
    let cleanings = cleanings();
    for row in policies.iter() {
        let table = row.required_text("TABLE_NAME").map_err(of_sql)?;
        if !cleanings.iter().any(|cleaning| cleaning.policy == table) {
            return Err(Error::new(
                ErrorKind::Config,
                format!("GONG_DATA_RETENTION_POLICY names {table}, which retention does not cover"),
            )
            .with_field("TABLE_NAME"));
        }
        days_of.push((table, row.integer("RETENTION_DAYS").map_err(of_sql)?));
    }
    let mut retention = Counted::new();
    for cleaning in cleanings {
        let policy = days_of.iter().find(|(table, _)| *table == cleaning.policy);
        let Some(days) = policy.and_then(|(_, days)| *days) else {
            continue;
        };
        let oldest = bounded_instant(instant::days_before(at, days));
        for (table, query) in cleaning.steps {
            retention.add(table, query.statement().bind(oldest.as_str()));
        }
    }
    retention.add("CRM_CONTACTS", statements::RETAIN_CONTACTS.statement());
    let recorded = statements::RECORD_CLEANUPS.statement().bind(now());
    retention.add_uncounted(recorded);
    let forget_readings = statements::FORGET_READINGS.statement();
    retention.add_uncounted(forget_readings);
    Ok(retention)
}

#[cfg(test)]
mod tests {
    use snowflake_sql::Statement;

    use super::*;
    use crate::snowflake_migrations;

    /// What the procedure calls the oldest instant that a policy keeps.
    fn variable(policy: &str) -> &'static str {
        match policy {
            "STG_GONG_CALLS" => ":STAGED_OLDEST",
            "GONG_CALLS_RAW" => ":RAW_OLDEST",
            "GONG_CALL_TRANSCRIPTS_RAW" => ":TRANSCRIPTS_OLDEST",
            "GONG_INGESTION_STATE" => ":STATE_OLDEST",
            "GONG_DEAD_LETTERS" => ":LETTERS_OLDEST",
            "PIPELINE_ERRORS" => ":ERRORS_OLDEST",
            other => panic!("the procedure does not know {other}"),
        }
    }

    fn words(text: &str) -> String {
        let lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"));
        let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
        words.join(" ")
    }

    #[test]
    fn the_procedure_removes_what_the_client_removes() {
        let with = |statement: Statement, value: &str| {
            words(&statement.text().as_str().replace('?', value))
        };
        let steps = cleanings().into_iter().flat_map(|cleaning| {
            let value = variable(cleaning.policy);
            let steps = cleaning.steps.into_iter();
            steps.map(move |(_, query)| with(query.statement(), value))
        });
        let always = [
            with(statements::RETAIN_CONTACTS.statement(), ""),
            with(
                statements::RECORD_CLEANUPS.statement(),
                "CURRENT_TIMESTAMP()",
            ),
            with(statements::FORGET_READINGS.statement(), ""),
        ];
        // Both lock staging before.
        let lock = [with(statements::LOCK_STAGING.statement(), "")];
        let client: Vec<String> = lock.into_iter().chain(steps).chain(always).collect();

        let migrations = snowflake_migrations().unwrap();
        let statements = migrations.iter().flat_map(|one| &one.statements);
        let of_retention = |text: &&str| text.contains("PROCEDURE GONG_APPLY_RETENTION()");
        let procedure = statements.map(|text| text.as_str()).rfind(of_retention);
        let writing = |statement: &&str| {
            let first = statement.split(' ').next().unwrap_or_default();
            ["DELETE", "UPDATE", "MERGE"].contains(&first)
        };
        let body = words(procedure.unwrap());
        let procedure: Vec<&str> = body.split("; ").filter(writing).collect();
        assert_eq!(procedure, client);
    }
}
