//! Removes what is too old.

use calls::Timestamp;
use resilience::ErrorKind;
use snowflake_sql::{Rows, Statement};

use super::failure::of_sql;
use super::statements::{self, Query};
use super::{bounded_instant, now};
use crate::{Error, Result, RetentionOutcome, instant};

/// What retention does for a policy.
struct Cleaning {
    /// The table that the policy names.
    policy: &'static str,
    /// Tables with the statements that remove their rows; the last one is the policy's own, so
    /// that the others can go by it.
    steps: Vec<(&'static str, Query)>,
}

fn cleanings() -> Vec<Cleaning> {
    let cleaning = |policy, steps| Cleaning { policy, steps };
    let alone = |policy, rows| Cleaning {
        policy,
        steps: vec![(policy, rows)],
    };
    vec![
        cleaning(
            "STG_GONG_CALLS",
            vec![
                (
                    "STG_GONG_CALL_TRANSCRIPTS",
                    statements::RETAIN_STAGED_CALLS_SENTENCES,
                ),
                (
                    "STG_GONG_CALL_PARTICIPANTS",
                    statements::RETAIN_STAGED_CALLS_PARTICIPANTS,
                ),
                (
                    "STG_GONG_CALL_TOPICS",
                    statements::RETAIN_STAGED_CALLS_TOPICS,
                ),
                (
                    "STG_GONG_CALL_CRM_LINKS",
                    statements::RETAIN_STAGED_CALLS_CRM_LINKS,
                ),
                (
                    "STG_GONG_TRANSCRIPT_CHUNKS",
                    statements::RETAIN_STAGED_CALLS_CHUNKS,
                ),
                ("CALL_READINGS", statements::RETAIN_STAGED_CALLS_READINGS),
                ("GONG_DEAD_LETTERS", statements::RETAIN_STAGED_CALLS_LETTERS),
                ("PIPELINE_ERRORS", statements::RETAIN_STAGED_CALLS_ERRORS),
                ("GONG_CALLS_RAW", statements::RETAIN_STAGED_CALLS_RAW_CALL),
                (
                    "GONG_CALL_TRANSCRIPTS_RAW",
                    statements::RETAIN_STAGED_CALLS_RAW_TRANSCRIPT,
                ),
                ("STG_GONG_CALLS", statements::RETAIN_STAGED_CALLS),
            ],
        ),
        cleaning(
            "GONG_CALLS_RAW",
            vec![
                ("GONG_RECORDS_RAW", statements::RETAIN_RECORDS),
                ("STG_GONG_CALLS", statements::RETAIN_RAW_CALLS_STAGED),
                ("GONG_CALLS_RAW", statements::RETAIN_RAW_CALLS),
            ],
        ),
        alone(
            "GONG_CALL_TRANSCRIPTS_RAW",
            statements::RETAIN_RAW_TRANSCRIPTS,
        ),
        alone("GONG_INGESTION_STATE", statements::RETAIN_INGESTION_STATE),
        alone("GONG_DEAD_LETTERS", statements::RETAIN_DEAD_LETTERS),
        alone("PIPELINE_ERRORS", statements::RETAIN_PIPELINE_ERRORS),
    ]
}

/// The statements of one retention, and which of them remove the rows of which table.
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
            if !cleanings.iter().any(|cleaning| cleaning.policy == table) {
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
        let lock = statements::LOCK_STAGING.statement();
        retention.statements.push(lock);
        for cleaning in cleanings {
            let policy = days_of.iter().find(|(table, _)| *table == cleaning.policy);
            let Some(days) = policy.and_then(|(_, days)| *days) else {
                continue;
            };
            let oldest = bounded_instant(instant::days_before(at, days));
            for (table, query) in cleaning.steps {
                retention.step(table, query.statement().bind(oldest.as_str()));
            }
        }
        retention.step("CRM_CONTACTS", statements::RETAIN_CONTACTS.statement());
        let recorded = statements::RECORD_CLEANUPS.statement().bind(now());
        retention.statements.push(recorded);
        let forget_readings = statements::FORGET_READINGS.statement();
        retention.statements.push(forget_readings);
        Ok(retention)
    }

    fn step(&mut self, table: &'static str, statement: Statement) {
        self.tables.push((table, self.statements.len()));
        self.statements.push(statement);
    }

    /// What the statements removed, by their replies.
    pub(super) fn outcomes(&self, replies: &[Rows]) -> Vec<RetentionOutcome> {
        let mut outcomes = Vec::new();
        for (table, place) in &self.tables {
            let removed = replies.get(*place).map_or(0, Rows::affected);
            RetentionOutcome::add_to(&mut outcomes, table, removed);
        }
        outcomes
    }
}
