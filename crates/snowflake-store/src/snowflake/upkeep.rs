//! Keeps the store in order.

use async_trait::async_trait;
use calls::{CallId, Timestamp};

use super::counted::Counted;
use super::failure::{of_sql, unreadable};
use super::retention;
use super::store::SnowflakeStore;
use super::{erasure, export, leases, migrations, statements};
use crate::{
    Erasure, ErasureRequest, Error, ExportCall, ExportRow, ExportTable, Freshness, Health,
    LeaseOutcome, LeaseOwner, LeaseRequest, Result, RetentionOutcome, TableCount, Upkeep,
};

#[async_trait]
impl Upkeep for SnowflakeStore {
    async fn migrate(&self) -> Result<u32> {
        migrations::apply(self).await
    }

    async fn health(&self) -> Result<Health> {
        let rows = self.ask(&statements::HEALTH.statement()).await?;
        let row = rows.first();
        let version = row.map(|row| row.required_text("SERVER_VERSION"));
        let schema = row.map(|row| row.integer("SCHEMA_VERSION"));
        self.take_back(&[statements::TRY_WRITING.statement()])
            .await?;
        Ok(Health {
            engine: format!(
                "snowflake {}",
                version.transpose().map_err(of_sql)?.unwrap_or("unknown")
            ),
            schema_version: schema
                .transpose()
                .map_err(of_sql)?
                .flatten()
                .and_then(|version| u32::try_from(version).ok())
                .unwrap_or(0),
            writable: true,
        })
    }

    async fn freshness(&self) -> Result<Freshness> {
        let rows = self.ask(&statements::FRESHNESS.statement()).await?;
        let row = rows.first().ok_or_else(|| unreadable("LAST_FINISHED_AT"))?;
        let count = |column| {
            let count = row.integer(column).map_err(of_sql)?;
            Ok::<_, Error>(count.unwrap_or_default().unsigned_abs())
        };
        Ok(Freshness {
            last_finished_at: row.timestamp("LAST_FINISHED_AT").map_err(of_sql)?,
            calls_to_transform: count("CALLS_TO_TRANSFORM")?,
            dead_letters: count("DEAD_LETTERS")?,
            unresolved_errors: count("UNRESOLVED_ERRORS")?,
        })
    }

    async fn counts(&self) -> Result<Vec<TableCount>> {
        let rows = self.ask(&statements::COUNTS.statement()).await?;
        rows.iter()
            .map(|row| {
                Ok(TableCount {
                    table: row.required_text("TABLE_NAME")?.to_owned(),
                    rows: row.integer("ROW_COUNT")?.unwrap_or_default().unsigned_abs(),
                })
            })
            .collect::<snowflake_sql::Result<_>>()
            .map_err(of_sql)
    }

    async fn apply_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>> {
        let retention = retention(self, now).await?;
        let replies = self.write(retention.statements()).await?;
        Ok(retention.outcomes(&replies))
    }

    async fn preview_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>> {
        let retention = retention(self, now).await?;
        let replies = self.take_back(retention.statements()).await?;
        Ok(retention.outcomes(&replies))
    }

    async fn erase(&self, request: &ErasureRequest) -> Result<Erasure> {
        erasure::run(self, request).await
    }

    async fn export_calls(&self) -> Result<Vec<ExportCall>> {
        export::calls(self).await
    }

    async fn export_rows(&self, table: ExportTable, calls: &[CallId]) -> Result<Vec<ExportRow>> {
        export::rows(self, table, calls).await
    }

    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<LeaseOutcome> {
        // Whoever had the lease before may have erased somebody, from another process.
        self.forget_erased().await;
        leases::acquire(self, request).await
    }

    async fn release_lease(&self, name: &str, owner: &LeaseOwner) -> Result<()> {
        self.write(&[leases::release(name, owner)]).await.map(drop)
    }
}

async fn retention(store: &SnowflakeStore, now: Timestamp) -> Result<Counted> {
    let policies = store
        .ask(&statements::RETENTION_POLICIES.statement())
        .await?;
    retention::plan(&policies, now)
}
