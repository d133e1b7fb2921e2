//! Landed documents become staging rows.
//!
//! Documents are read in batches, decoded and measured on blocking threads with the code
//! that `SqliteStore` runs, and staged in one transaction a batch, each while the others
//! go on. Batches are staged one after the other: transactions that write the same tables
//! would wait for each other's locks anyhow.

mod plan;
mod rows;
mod stage;

use futures_util::{StreamExt, stream};

use super::store::SnowflakeStore;
use crate::blocking::blocking;
use crate::{Result, TransformReport, TransformScope};

/// Batches that are read and decoded while another is staged.
const BATCHES_AHEAD: usize = 2;

pub(super) async fn run(store: &SnowflakeStore, scope: TransformScope) -> Result<TransformReport> {
    let batches = plan::batches(store, scope).await?;
    let mut prepared = stream::iter(batches)
        .map(|batch| async move {
            let documents = plan::documents(store, &batch).await?;
            blocking(move || stage::prepare(documents)).await
        })
        .buffered(BATCHES_AHEAD);
    let mut report = TransformReport::default();
    while let Some(batch) = prepared.next().await {
        let staged = stage::stage(store, batch?).await?;
        report.transformed += staged.transformed;
        report.sentences += staged.sentences;
        report.failed.extend(staged.failed);
    }
    Ok(report)
}
