//! What is older than the look-back, a part of it per run: letters of earlier runs,
//! stored calls by id, spans listed again, documents read back.

use calls::CallId;
use snowflake_store::{CheckQuery, KnownCall, KnownCallsQuery, Stream, Window};

use crate::Result;
use crate::lander::Lander;
use crate::progress::Event;
use crate::reconcile::{IDS_PER_REQUEST, Transcripts};

impl Lander<'_> {
    /// Asks for calls that earlier runs could not land.
    pub(crate) async fn replay(&mut self, window: Window) -> Result<()> {
        let letters = self.letters;
        self.refresh_ids(&letters.due_calls, window).await
    }

    /// Re-checks calls outside the run's window, going on where the last sweep
    /// ended, so that in time every stored call is met again.
    pub(crate) async fn sweep(&mut self, window: Window) -> Result<()> {
        let limit = self.settings.sweep_calls;
        if limit == 0 {
            return Ok(());
        }
        let mut query = KnownCallsQuery {
            window: None,
            after: self.position(Stream::Sweep).await?.map(CallId::from),
            limit,
        };
        let mut known = self.store.known_calls(&query).await?;
        if known.is_empty() && query.after.take().is_some() {
            known = self.store.known_calls(&query).await?;
        }
        let at_the_end = known.len() < limit;
        self.progress.tell(Event::Sweeping { calls: known.len() });
        for batch in known.chunks(IDS_PER_REQUEST) {
            self.refresh(batch, window, Transcripts::All).await?;
            let last = batch.last().map(|call| call.id.to_string());
            self.goes_on_at(Stream::Sweep, last.unwrap_or_default());
        }
        if at_the_end {
            // Over, and from the first call again.
            self.goes_on_at(Stream::Sweep, String::new());
        }
        Ok(())
    }

    /// Reads stored documents back, and fetches those that are damaged anew.
    pub(crate) async fn check_documents(&mut self, window: Window) -> Result<()> {
        let limit = self.settings.check_documents;
        if limit == 0 {
            return Ok(());
        }
        let query = CheckQuery {
            after: self.position(Stream::Check).await?.map(CallId::from),
            limit,
        };
        let check = self.store.check_documents(&query).await?;
        if !check.damaged.is_empty() {
            tracing::warn!(
                calls = check.damaged.len(),
                "stored documents are damaged; fetching them again"
            );
        }
        self.report.documents_damaged += check.damaged.len() as u64;
        self.refresh_ids(&check.damaged, window).await?;
        if check.checked > 0 || query.after.is_some() {
            let last = check.last.map(|id| id.to_string());
            self.goes_on_at(Stream::Check, last.unwrap_or_default());
        }
        Ok(())
    }

    /// Asks for calls of which nothing is taken to be stored.
    async fn refresh_ids(&mut self, ids: &[CallId], window: Window) -> Result<()> {
        for batch in ids.chunks(IDS_PER_REQUEST) {
            let batch: Vec<KnownCall> = batch
                .iter()
                .map(|id| KnownCall {
                    id: id.clone(),
                    has_transcript: false,
                })
                .collect();
            self.refresh(&batch, window, Transcripts::Lacking).await?;
        }
        Ok(())
    }

    /// Where a rolling check goes on; `None` where it starts over.
    pub(crate) async fn position(&self, stream: Stream) -> Result<Option<String>> {
        let position = self.store.position(stream).await?;
        Ok(position.filter(|position| !position.is_empty()))
    }

    /// Notes where a rolling check goes on, to be committed with what it found.
    pub(crate) fn goes_on_at(&mut self, stream: Stream, position: String) {
        self.positions.retain(|(of, _)| *of != stream);
        self.positions.push((stream, position));
    }
}
