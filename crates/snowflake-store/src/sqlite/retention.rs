//! Removes what is too old, as `GONG_DATA_RETENTION_POLICY` says.

use calls::Timestamp;
use resilience::ErrorKind;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::failure::{JobError, JobResult};
use super::{freeing, instant, statements};
use crate::{Error, RetentionOutcome};

/// What retention does for a policy.
struct Cleaning {
    /// The table that the policy names.
    policy: &'static str,
    /// Whether its rows hold what was said.
    of_words: bool,
    /// Tables with the statements that remove their rows; the last one is the policy's own, so
    /// that the others can go by it.
    steps: &'static [(&'static str, &'static str)],
}

const CLEANINGS: &[Cleaning] = &[
    Cleaning {
        policy: "STG_GONG_CALLS",
        of_words: true,
        steps: &[
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
    },
    Cleaning {
        policy: "GONG_CALLS_RAW",
        of_words: true,
        steps: &[
            ("GONG_RECORDS_RAW", statements::RETAIN_RECORDS),
            ("STG_GONG_CALLS", statements::RETAIN_RAW_CALLS_STAGED),
            ("GONG_CALLS_RAW", statements::RETAIN_RAW_CALLS),
        ],
    },
    Cleaning {
        policy: "GONG_CALL_TRANSCRIPTS_RAW",
        of_words: true,
        steps: &[(
            "GONG_CALL_TRANSCRIPTS_RAW",
            statements::RETAIN_RAW_TRANSCRIPTS,
        )],
    },
    Cleaning {
        policy: "GONG_INGESTION_STATE",
        of_words: false,
        steps: &[("GONG_INGESTION_STATE", statements::RETAIN_INGESTION_STATE)],
    },
    Cleaning {
        policy: "GONG_DEAD_LETTERS",
        of_words: true,
        steps: &[("GONG_DEAD_LETTERS", statements::RETAIN_DEAD_LETTERS)],
    },
    Cleaning {
        policy: "PIPELINE_ERRORS",
        of_words: false,
        steps: &[("PIPELINE_ERRORS", statements::RETAIN_PIPELINE_ERRORS)],
    },
];

/// Removes what is too old at an instant, and leaves no trace of it in the file.
pub(super) fn apply(
    connection: &mut Connection,
    now: Timestamp,
) -> JobResult<Vec<RetentionOutcome>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let removed = remove(&transaction, now)?;
    transaction.commit()?;
    if removed.of_words {
        freeing::erase(connection);
    }
    Ok(removed.outcomes)
}

/// What [`apply`] would remove: it is done and taken back.
pub(super) fn preview(
    connection: &mut Connection,
    now: Timestamp,
) -> JobResult<Vec<RetentionOutcome>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let removed = remove(&transaction, now)?;
    transaction.rollback()?;
    Ok(removed.outcomes)
}

#[derive(Default)]
struct Removed {
    outcomes: Vec<RetentionOutcome>,
    of_words: bool,
}

impl Removed {
    fn add(&mut self, table: &str, removed: usize) {
        RetentionOutcome::add_to(&mut self.outcomes, table, removed as u64);
    }
}

fn remove(transaction: &Transaction<'_>, now: Timestamp) -> JobResult<Removed> {
    let policies = policies(transaction)?;
    let mut removed = Removed::default();
    for cleaning in CLEANINGS {
        let policy = policies.iter().find(|(table, _)| table == cleaning.policy);
        let Some(days) = policy.and_then(|(_, days)| *days) else {
            continue;
        };
        let oldest = instant::text(instant::days_before(now, days));
        for (table, statement) in cleaning.steps {
            let rows = transaction.prepare_cached(statement)?.execute([&oldest])?;
            removed.of_words |= cleaning.of_words && rows > 0;
            removed.add(table, rows);
        }
        transaction
            .prepare_cached(statements::RECORD_CLEANUP)?
            .execute(params![cleaning.policy, instant::stamp(now)])?;
    }
    let contacts = transaction.execute(statements::RETAIN_CONTACTS, [])?;
    removed.of_words |= contacts > 0;
    removed.add("CRM_CONTACTS", contacts);
    Ok(removed)
}

fn policies(transaction: &Transaction<'_>) -> JobResult<Vec<(String, Option<i64>)>> {
    let policies: Vec<(String, Option<i64>)> = transaction
        .prepare_cached(statements::RETENTION_POLICIES)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<std::result::Result<_, _>>()?;
    for (name, _) in &policies {
        if !CLEANINGS.iter().any(|cleaning| cleaning.policy == name) {
            return Err(JobError::Store(
                Error::new(
                    ErrorKind::Config,
                    format!(
                        "GONG_DATA_RETENTION_POLICY names {name}, which retention does not cover"
                    ),
                )
                .with_field("TABLE_NAME"),
            ));
        }
    }
    Ok(policies)
}
