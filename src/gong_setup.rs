//! What the company keeps in Gong, read from the store again and again.

use std::sync::Arc;
use std::time::Duration;

use agents::task::{Dispatcher, GongSetup};
use snowflake_store::{CallStore, GongRecord, RecordQuery, RecordStream};

use crate::Error;

/// How long it may be old.
const EVERY: Duration = Duration::from_secs(15 * 60);

/// How long after a failure.
const AGAIN: Duration = Duration::from_secs(60);

/// Reads the scorecards and trackers of the company from a store for those who answer tasks.
#[derive(Debug, Clone)]
pub(crate) struct SetupReader {
    store: Arc<dyn CallStore>,
    dispatcher: Dispatcher,
}

impl SetupReader {
    pub(crate) fn new(store: Arc<dyn CallStore>, dispatcher: Dispatcher) -> Self {
        Self { store, dispatcher }
    }

    pub(crate) async fn read(&self) -> Result<(), Error> {
        let scorecards = self.records(RecordStream::Scorecards).await?;
        let trackers = self.records(RecordStream::Trackers).await?;
        self.dispatcher
            .know_gong_setup(GongSetup::of(&scorecards, &trackers));
        Ok(())
    }

    async fn records(&self, stream: RecordStream) -> Result<Vec<GongRecord>, Error> {
        let records = self.store.records(&RecordQuery::all(stream)).await;
        records.map_err(Error::from_below)
    }

    /// Reads for ever. A store that is down keeps what is known.
    pub(crate) async fn keep_reading(self, mut is_read: bool) {
        loop {
            tokio::time::sleep(if is_read { EVERY } else { AGAIN }).await;
            let read = self.read().await;
            is_read = read.is_ok();
            if let Err(error) = read {
                tracing::warn!(%error, "what is set up in Gong could not be read again");
            }
        }
    }
}
