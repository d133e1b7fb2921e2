//! Keeps the store in order.

use async_trait::async_trait;
use calls::{CallId, Timestamp};
use rusqlite::{Connection, TransactionBehavior};

use super::failure::{JobError, JobResult};
use super::store::SqliteStore;
use super::{erasure, export, instant, leases, migrations, retention, statements};
use crate::{
    Erasure, ErasureRequest, ExportCall, ExportRow, ExportTable, Freshness, Health, LeaseOutcome,
    LeaseOwner, LeaseRequest, Result, RetentionOutcome, TableCount, Upkeep,
};

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
        self.write(move |connection| retention::apply(connection, now))
            .await
    }

    async fn preview_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>> {
        self.write(move |connection| retention::preview(connection, now))
            .await
    }

    async fn erase(&self, request: &ErasureRequest) -> Result<Erasure> {
        erasure::run(self, request).await
    }

    async fn export_calls(&self) -> Result<Vec<ExportCall>> {
        self.read(export::calls).await
    }

    async fn export_rows(&self, table: ExportTable, calls: &[CallId]) -> Result<Vec<ExportRow>> {
        let calls = calls.to_vec();
        self.read(move |connection| export::rows(connection, table, &calls))
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
