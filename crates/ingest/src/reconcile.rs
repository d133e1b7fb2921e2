//! Calls that the listing did not show: gone, or only elsewhere?
//!
//! Gong tells of no deletion; a call just stops being served. A stored call
//! that a window should have shown and did not is therefore asked for by id,
//! and only what is not served then either is marked deleted.

use std::collections::HashSet;

use calls::CallId;
use gong_client::CallFilter;
use snowflake_store::{CheckpointStep, KnownCall, KnownCallsQuery, LandingPage, Stream, Window};

use crate::fetch::Failed;
use crate::lander::Lander;
use crate::progress::Event;
use crate::transcripts::{self, TranscriptBatch};
use crate::{Error, Result, plan};

/// Ids in one request.
const IDS_PER_REQUEST: usize = 100;

/// Known calls read from the store at once.
const KNOWN_PER_READ: usize = 1_000;

impl Lander<'_> {
    /// Stored calls of a window that Gong no longer serves. The inner error is
    /// of this window only.
    pub(crate) async fn gone_from(
        &mut self,
        window: Window,
    ) -> Result<std::result::Result<Vec<CallId>, Error>> {
        let mut gone = Vec::new();
        let mut after = None;
        loop {
            let query = KnownCallsQuery {
                window: Some(window),
                after,
                limit: KNOWN_PER_READ,
            };
            let known = self.store.known_calls(&query).await?;
            let Some(last) = known.last() else { break };
            after = Some(last.id.clone());
            let unseen: Vec<KnownCall> = known
                .into_iter()
                .filter(|call| !self.tally.served.contains(&call.id))
                .collect();
            for batch in unseen.chunks(IDS_PER_REQUEST) {
                match self.refresh(batch, window, None).await? {
                    Ok(batch_gone) => gone.extend(batch_gone),
                    Err(error) => return Ok(Err(error)),
                }
            }
        }
        Ok(Ok(gone))
    }

    /// Re-checks calls outside the run's window, going on where the last sweep
    /// ended, so that in time every stored call is met again.
    pub(crate) async fn sweep(&mut self, window: Window, limit: usize) -> Result<()> {
        let start = self
            .store
            .position(Stream::Sweep)
            .await?
            .filter(|id| !id.is_empty());
        let mut query = KnownCallsQuery {
            window: None,
            after: start.map(CallId::from),
            limit,
        };
        let mut known = self.store.known_calls(&query).await?;
        if known.is_empty() && query.after.take().is_some() {
            known = self.store.known_calls(&query).await?;
        }
        let at_the_end = known.len() < limit;
        self.progress.tell(Event::Sweeping { calls: known.len() });
        let batches = known.chunks(IDS_PER_REQUEST).count();
        for (index, batch) in known.chunks(IDS_PER_REQUEST).enumerate() {
            let last_batch = index + 1 == batches;
            // The position starts over after the last call.
            let position = match batch.last() {
                Some(last) if !(last_batch && at_the_end) => last.id.as_str(),
                _ => "",
            };
            match self.refresh(batch, window, Some(position)).await? {
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "sweep ends early and goes on with the next run");
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Asks for calls that an earlier run could not land.
    pub(crate) async fn replay(&mut self, ids: &[CallId], window: Window) -> Result<()> {
        for batch in ids.chunks(IDS_PER_REQUEST) {
            let batch: Vec<KnownCall> = batch
                .iter()
                .map(|id| KnownCall {
                    id: id.clone(),
                    has_transcript: false,
                })
                .collect();
            match self.refresh(&batch, window, None).await? {
                Ok(gone) => {
                    let page = LandingPage {
                        run_id: self.run_id.clone(),
                        deleted: gone,
                        ..LandingPage::default()
                    };
                    self.land(page).await?;
                }
                Err(error) => {
                    tracing::warn!(%error, "dead letters stay for the next run");
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Asks for calls by id and lands what is served, with the transcripts that
    /// are still missing. Returns the calls that are gone; with a sweep position
    /// they are marked deleted here, in the transaction that stores the position.
    async fn refresh(
        &mut self,
        calls: &[KnownCall],
        window: Window,
        sweep_position: Option<&str>,
    ) -> Result<std::result::Result<Vec<CallId>, Error>> {
        let ids: Vec<CallId> = calls.iter().map(|call| call.id.clone()).collect();
        let page = match self.source.calls_by_id(&ids).await {
            Ok(page) => page,
            Err(Failed::Stop(error)) => return Err(error),
            Err(Failed::Skip(error)) => return Ok(Err(error)),
        };
        let mut served: HashSet<&CallId> = page.items.iter().map(|item| &item.call_id).collect();
        served.extend(
            page.rejected
                .iter()
                .filter_map(|rejected| rejected.call_id.as_ref()),
        );
        if !served.is_empty() {
            self.calls_visible = Some(true);
        }
        let gone: Vec<CallId> = ids
            .iter()
            .filter(|id| !served.contains(id))
            .cloned()
            .collect();
        let lacking: Vec<CallId> = calls
            .iter()
            .filter(|call| !call.has_transcript && served.contains(&call.id))
            .map(|call| call.id.clone())
            .collect();
        let gone = self.confirm(gone).await?;
        let transcripts = if self.settings.transcripts && !lacking.is_empty() {
            transcripts::fetch(self.source, &lacking, self.settings.transcript_batch).await?
        } else {
            TranscriptBatch::default()
        };
        let letters = self.letters(window, page.rejected, &transcripts);
        let mut landing = LandingPage {
            run_id: self.run_id.clone(),
            calls: page.items,
            transcripts: transcripts.documents,
            ..LandingPage::default()
        };
        if let Some(position) = sweep_position {
            let mut checkpoint = self.checkpoint(Stream::Sweep, window, CheckpointStep::Page);
            checkpoint.position = Some(position.to_owned());
            landing.deleted.clone_from(&gone);
            landing.checkpoint = Some(checkpoint);
        }
        self.land(landing).await?;
        self.put_aside(letters).await?;
        Ok(Ok(gone))
    }

    /// Lets deletions through only when this key sees any call at all: without
    /// the right to see calls Gong answers exactly as if there were none.
    async fn confirm(&mut self, gone: Vec<CallId>) -> Result<Vec<CallId>> {
        if gone.is_empty() || self.settings.accept_empty_tenant {
            return Ok(gone);
        }
        let visible = match self.calls_visible {
            Some(visible) => visible,
            None if self.report.calls_seen + self.tally.calls > 0 => true,
            None => self.sees_any_call().await?,
        };
        self.calls_visible = Some(visible);
        if visible {
            return Ok(gone);
        }
        self.report.deletions_withheld += gone.len() as u64;
        tracing::warn!(
            calls = gone.len(),
            "gong serves no call at all: deletions are withheld, the key may not see calls"
        );
        Ok(Vec::new())
    }

    async fn sees_any_call(&self) -> Result<bool> {
        let always = plan::all_time(self.settings.now());
        match self
            .source
            .calls_page(&CallFilter::between(always.from, always.to), None)
            .await
        {
            Ok(page) => Ok(!page.items.is_empty() || !page.rejected.is_empty()),
            Err(Failed::Stop(error)) => Err(error),
            Err(Failed::Skip(error)) => {
                tracing::warn!(%error, "could not tell whether the key sees any call");
                Ok(false)
            }
        }
    }
}
