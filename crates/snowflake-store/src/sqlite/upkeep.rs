//! Keeps the store in order.

use async_trait::async_trait;
use calls::Timestamp;
use resilience::ErrorKind;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::failure::{JobError, JobResult};
use super::store::SqliteStore;
use super::{freeing, instant, leases, migrations, statements};
use crate::{
    Error, Freshness, Health, LeaseOutcome, LeaseOwner, LeaseRequest, Result, RetentionOutcome,
    TableCount, Upkeep,
};

/// What retention does for a table.
struct Cleaning {
    table: &'static str,
    /// Whether its rows hold what was said.
    of_words: bool,
    /// Removes what belongs to the old rows, while they still say what that is.
    before: &'static [&'static str],
    /// Removes the old rows.
    rows: &'static str,
}

const CLEANINGS: &[Cleaning] = &[
    Cleaning {
        table: "STG_GONG_CALLS",
        of_words: true,
        before: &[
            statements::RETAIN_STAGED_CALLS_SENTENCES,
            statements::RETAIN_STAGED_CALLS_PARTICIPANTS,
            statements::RETAIN_STAGED_CALLS_TOPICS,
            statements::RETAIN_STAGED_CALLS_CRM_LINKS,
            statements::RETAIN_STAGED_CALLS_RAW_CALL,
            statements::RETAIN_STAGED_CALLS_RAW_TRANSCRIPT,
        ],
        rows: statements::RETAIN_STAGED_CALLS,
    },
    Cleaning {
        table: "GONG_CALLS_RAW",
        of_words: true,
        before: &[statements::RETAIN_RAW_CALLS_STAGED],
        rows: statements::RETAIN_RAW_CALLS,
    },
    Cleaning {
        table: "GONG_CALL_TRANSCRIPTS_RAW",
        of_words: true,
        before: &[],
        rows: statements::RETAIN_RAW_TRANSCRIPTS,
    },
    Cleaning {
        table: "GONG_INGESTION_STATE",
        of_words: false,
        before: &[],
        rows: statements::RETAIN_INGESTION_STATE,
    },
    Cleaning {
        table: "GONG_DEAD_LETTERS",
        of_words: true,
        before: &[],
        rows: statements::RETAIN_DEAD_LETTERS,
    },
    Cleaning {
        table: "PIPELINE_ERRORS",
        of_words: false,
        before: &[],
        rows: statements::RETAIN_PIPELINE_ERRORS,
    },
];

#[async_trait]
impl Upkeep for SqliteStore {
    async fn migrate(&self) -> Result<u32> {
        self.write(migrations::apply).await
    }

    async fn health(&self) -> Result<Health> {
        let schema_version = self.read(migrations::version).await?;
        let writable = self.is_writable();
        if writable {
            self.write(try_writing).await?;
        }
        Ok(Health {
            engine: format!("sqlite {}", rusqlite::version()),
            schema_version,
            writable,
        })
    }

    async fn freshness(&self) -> Result<Freshness> {
        self.read(freshness).await
    }

    async fn counts(&self) -> Result<Vec<TableCount>> {
        self.read(counts).await
    }

    async fn apply_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>> {
        self.write(move |connection| apply_retention(connection, now))
            .await
    }

    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<LeaseOutcome> {
        request.validate()?;
        let request = request.clone();
        self.write(move |connection| leases::acquire(connection, &request))
            .await
    }

    async fn release_lease(&self, name: &str, owner: &LeaseOwner) -> Result<()> {
        let (name, owner) = (name.to_owned(), owner.clone());
        self.write(move |connection| leases::release(connection, &name, &owner))
            .await
    }
}

/// Takes the write lock and writes a row that is taken back.
fn try_writing(connection: &mut Connection) -> JobResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(statements::TRY_WRITING, [])?;
    transaction.rollback()?;
    Ok(())
}

fn freshness(connection: &Connection) -> JobResult<Freshness> {
    let mut statement = connection.prepare_cached(statements::FRESHNESS)?;
    let mut rows = statement.query([])?;
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let count = |column| Ok::<_, JobError>(row.get::<_, i64>(column)?.unsigned_abs());
    Ok(Freshness {
        last_finished_at: instant::parse_optional(row.get(0)?, "LAST_FINISHED_AT")?,
        calls_to_transform: count(1)?,
        dead_letters: count(2)?,
        unresolved_errors: count(3)?,
    })
}

fn counts(connection: &Connection) -> JobResult<Vec<TableCount>> {
    let tables: Vec<String> = connection
        .prepare_cached(statements::TABLES)?
        .query_map([], |row| row.get(0))?
        .collect::<std::result::Result<_, _>>()?;
    tables
        .into_iter()
        .map(|table| {
            // A name cannot be a parameter; these come from the schema itself.
            let quoted = table.replace('"', "\"\"");
            let rows: i64 =
                connection.query_row(&format!("SELECT COUNT(*) FROM \"{quoted}\""), [], |row| {
                    row.get(0)
                })?;
            Ok(TableCount {
                table,
                rows: rows.unsigned_abs(),
            })
        })
        .collect()
}

fn apply_retention(
    connection: &mut Connection,
    now: Timestamp,
) -> JobResult<Vec<RetentionOutcome>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let policies = policies(&transaction)?;
    let mut outcomes = Vec::new();
    let mut words_went = false;
    for cleaning in CLEANINGS {
        let policy = policies.iter().find(|(table, _)| table == cleaning.table);
        let Some(days) = policy.and_then(|(_, days)| *days) else {
            continue;
        };
        let oldest = instant::text(instant::days_before(now, days));
        for statement in cleaning.before {
            transaction.prepare_cached(statement)?.execute([&oldest])?;
        }
        let removed = transaction
            .prepare_cached(cleaning.rows)?
            .execute([&oldest])?;
        transaction
            .prepare_cached(statements::RECORD_CLEANUP)?
            .execute(params![cleaning.table, instant::stamp(now)])?;
        words_went |= cleaning.of_words && removed > 0;
        outcomes.push(RetentionOutcome {
            table: cleaning.table.to_owned(),
            removed: removed as u64,
        });
    }
    transaction.commit()?;
    if words_went {
        freeing::erase(connection);
    }
    Ok(outcomes)
}

fn policies(transaction: &Transaction<'_>) -> JobResult<Vec<(String, Option<i64>)>> {
    let policies: Vec<(String, Option<i64>)> = transaction
        .prepare_cached(statements::RETENTION_POLICIES)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<std::result::Result<_, _>>()?;
    for (name, _) in &policies {
        if !CLEANINGS.iter().any(|cleaning| cleaning.table == name) {
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
