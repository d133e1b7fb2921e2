//! Landed documents become staging rows.
//!
//! Work flows in batches: documents are read by a reading connection, decoded and
//! measured on blocking threads, and staged by the writer, each while the others
//! go on. Few batches are under way at a time, so memory is bounded however many
//! calls there are.

mod documents;
mod plan;
mod stage;

use futures_util::{StreamExt, stream};

use super::store::SqliteStore;
use crate::blocking::blocking;
use crate::{Result, TransformReport, TransformScope, staging};

/// Batches that are read and decoded while another is staged.
const BATCHES_AHEAD: usize = 2;

pub(super) async fn run(store: &SqliteStore, scope: TransformScope) -> Result<TransformReport> {
    let batches = store
        .read(move |connection| plan::batches(connection, &scope))
        .await?;
    let mut prepared = stream::iter(batches)
        .map(|batch| async move {
            let documents = store
                .read(move |connection| documents::read(connection, &batch))
                .await?;
            blocking(move || Ok(staging::decode(documents))).await
        })
        .buffered(BATCHES_AHEAD);
    let mut report = TransformReport::default();
    while let Some(batch) = prepared.next().await {
        let batch = batch?;
        let staged = store
            .write(move |connection| stage::stage(connection, &batch))
            .await?;
        report.transformed += staged.transformed;
        report.sentences += staged.sentences;
        report.failed.extend(staged.failed);
    }
    Ok(report)
}
