//! Removes what is too old, as `GONG_DATA_RETENTION_POLICY` says.

use calls::Timestamp;
use resilience::ErrorKind;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::failure::{JobError, JobResult};
use super::{freeing, instant, statements};
use crate::cleaning::Cleaning;
use crate::{Error, RetentionOutcome};

fn cleanings() -> Vec<Cleaning<&'static str>> {
    crate::cleaning::cleanings!(statements)
}

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
    for cleaning in cleanings() {
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
    let cleanings = cleanings();
    for (name, _) in &policies {
        if !cleanings.iter().any(|cleaning| cleaning.policy == name) {
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
