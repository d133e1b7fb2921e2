//! Removes what is too old.

use calls::Timestamp;
use resilience::ErrorKind;
use snowflake_sql::{Rows, Statement};

use super::failure::of_sql;
use super::statements::{self, Query};
use super::{bounded_instant, now};
use crate::{Error, Result, RetentionOutcome, instant};

/// What retention does for a table.
struct Cleaning {
    table: &'static str,
    /// Removes what belongs to the old rows, while they still say what that is.
    before: Vec<Query>,
    /// Removes the old rows.
    rows: Query,
}

fn cleanings() -> Vec<Cleaning> {
    let cleaning = |table, before, rows| Cleaning {
        table,
        before,
        rows,
    };
    vec![
        cleaning(
            "STG_GONG_CALLS",
            vec![
                statements::RETAIN_STAGED_CALLS_SENTENCES,
                statements::RETAIN_STAGED_CALLS_PARTICIPANTS,
                statements::RETAIN_STAGED_CALLS_TOPICS,
                statements::RETAIN_STAGED_CALLS_CRM_LINKS,
                statements::RETAIN_STAGED_CALLS_CHUNKS,
                statements::RETAIN_STAGED_CALLS_RAW_CALL,
                statements::RETAIN_STAGED_CALLS_RAW_TRANSCRIPT,
            ],
            statements::RETAIN_STAGED_CALLS,
        ),
        cleaning(
            "GONG_CALLS_RAW",
            vec![statements::RETAIN_RAW_CALLS_STAGED],
            statements::RETAIN_RAW_CALLS,
        ),
        cleaning(
            "GONG_CALL_TRANSCRIPTS_RAW",
            Vec::new(),
            statements::RETAIN_RAW_TRANSCRIPTS,
        ),
        cleaning(
            "GONG_INGESTION_STATE",
            Vec::new(),
            statements::RETAIN_INGESTION_STATE,
        ),
        cleaning(
            "GONG_DEAD_LETTERS",
            Vec::new(),
            statements::RETAIN_DEAD_LETTERS,
        ),
        cleaning(
            "PIPELINE_ERRORS",
            Vec::new(),
            statements::RETAIN_PIPELINE_ERRORS,
        ),
    ]
}

/// The statements of one retention, and which of them remove the rows of a table.
#[derive(Debug, Default)]
pub(super) struct Retention {
    pub(super) statements: Vec<Statement>,
    tables: Vec<(&'static str, usize)>,
}

impl Retention {
    /// Plans what policies, as `retention_policies` reads them, say at an instant.
    ///
    /// # Errors
    /// `Config` when a policy names a table that retention does not know.
    pub(super) fn plan(policies: &Rows, at: Timestamp) -> Result<Self> {
        let mut days_of = Vec::new();
        let cleanings = cleanings();
        for row in policies.iter() {
            let table = row.required_text("TABLE_NAME").map_err(of_sql)?;
            if !cleanings.iter().any(|cleaning| cleaning.table == table) {
                return Err(Error::new(
                    ErrorKind::Config,
                    format!(
                        "GONG_DATA_RETENTION_POLICY names {table}, which retention does not cover"
                    ),
                )
                .with_field("TABLE_NAME"));
            }
            days_of.push((table, row.integer("RETENTION_DAYS").map_err(of_sql)?));
        }
        let mut retention = Self::default();
        for cleaning in cleanings {
            let policy = days_of.iter().find(|(table, _)| *table == cleaning.table);
            let Some(days) = policy.and_then(|(_, days)| *days) else {
                continue;
            };
            let oldest = bounded_instant(instant::days_before(at, days));
            for query in cleaning.before {
                let statement = query.statement().bind(oldest.as_str());
                retention.statements.push(statement);
            }
            retention
                .tables
                .push((cleaning.table, retention.statements.len()));
            retention
                .statements
                .push(cleaning.rows.statement().bind(oldest.as_str()));
        }
        let recorded = statements::RECORD_CLEANUPS.statement().bind(now());
        retention.statements.push(recorded);
        retention.statements.extend(statements::forget_unserved());
        Ok(retention)
    }

    /// What the statements removed, by their replies.
    pub(super) fn outcomes(&self, replies: &[Rows]) -> Vec<RetentionOutcome> {
        self.tables
            .iter()
            .map(|(table, place)| RetentionOutcome {
                table: (*table).to_owned(),
                removed: replies.get(*place).map_or(0, Rows::affected),
            })
            .collect()
    }
}
