//! What a listing did not show: deleted, or only moved?
//!
//! Gong does not announce deletions; a call just stops being served, and so may the
//! transcript of a call that stays. What a listing should have shown but did not is
//! therefore requested by id, and counts as gone only if it is not served then either.

use std::collections::HashSet;

use calls::CallId;
use gong_client::Page;
use snowflake_store::{CheckpointStep, KnownCall, KnownCallsQuery, LandingPage, Stream, Window};
use tokio::sync::mpsc;

use crate::fetch::Failed;
use crate::lander::Lander;
use crate::transcripts::{self, TranscriptsEnd, TranscriptsPart};
use crate::{Result, plan};

/// Ids in one request.
pub(crate) const IDS_PER_REQUEST: usize = 100;

/// Known calls read from the store at once.
const KNOWN_PER_READ: usize = 1_000;

/// Calls taken out in one transaction.
const REMOVED_AT_ONCE: usize = 500;

/// Which transcripts of calls to ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Transcripts {
    /// Those of calls that have none yet.
    Lacking,
    /// All, to find those that were edited or withdrawn.
    All,
}

impl Lander<'_> {
    /// Compares a window that was read to its end with what is stored of it.
    pub(crate) async fn compare(&mut self, window: Window) -> Result<()> {
        let mut query = KnownCallsQuery {
            window: Some(window),
            after: None,
            limit: KNOWN_PER_READ,
        };
        loop {
            let known = self.store.known_calls(&query).await?;
            let Some(last) = known.last() else {
                return Ok(());
            };
            query.after = Some(last.id.clone());
            self.removals
                .checked(known.iter().map(|call| call.id.clone()));
            let (unwanted, known): (Vec<KnownCall>, _) = known
                .into_iter()
                .partition(|call| self.tally.unwanted.contains(&call.id));
            self.removals
                .delete(unwanted.into_iter().map(|call| call.id));
            let (shown, unseen): (Vec<KnownCall>, Vec<KnownCall>) = known
                .into_iter()
                .partition(|call| self.tally.served.contains(&call.id));
            let lost_transcript = |call: &KnownCall| {
                call.has_transcript && self.tally.without_transcript.contains(&call.id)
            };
            let lost: Vec<CallId> = shown
                .into_iter()
                .filter(lost_transcript)
                .map(|call| call.id)
                .collect();
            self.confirm_withdrawn(window, &lost).await?;
            for batch in unseen.chunks(IDS_PER_REQUEST) {
                self.refresh(batch, window, Transcripts::Lacking).await?;
            }
        }
    }

    /// Asks for calls by id, lands what is served, and notes what is gone.
    pub(crate) async fn refresh(
        &mut self,
        calls: &[KnownCall],
        window: Window,
        wanted: Transcripts,
    ) -> Result<()> {
        let ids: Vec<CallId> = calls.iter().map(|call| call.id.clone()).collect();
        let found = self.source.calls_by_id(&ids).await?;
        let Page {
            items, rejected, ..
        } = found.page;
        let landed: HashSet<CallId> = items.iter().map(|item| item.call_id.clone()).collect();
        // What could not be read or asked for is not known to be gone.
        let mut served = landed.clone();
        served.extend(rejected.iter().filter_map(|one| one.call_id.clone()));
        served.extend(found.failed.iter().map(|(id, _)| id.clone()));
        if !served.is_empty() || !found.unwanted.is_empty() {
            self.calls_visible = Some(true);
        }
        for id in &served {
            self.removals.keep(id);
        }
        self.removals.checked(ids.iter().cloned());
        self.removals
            .delete(ids.into_iter().filter(|id| !served.contains(id)));

        let mut letters = self.rejected(Stream::Calls, window, rejected);
        letters.extend(self.failed(Stream::Calls, found.failed));
        self.land(LandingPage::new(&self.writer.run_id).with_calls(items))
            .await?;
        self.put_aside(letters).await?;

        let is_wanted = |call: &&KnownCall| {
            landed.contains(&call.id) && (wanted == Transcripts::All || !call.has_transcript)
        };
        let to_ask: Vec<CallId> = calls
            .iter()
            .filter(is_wanted)
            .map(|call| call.id.clone())
            .collect();
        let end = self.refresh_transcripts(window, to_ask).await?;
        let missing: HashSet<CallId> = end.missing.into_iter().collect();
        // A letter of a transcript that there is not any more has nothing left to wait for.
        let letters = self.letters.due_calls.iter();
        let settled = letters.filter(|id| missing.contains(*id)).cloned();
        self.removals.withdraw(settled);
        let lost: Vec<CallId> = calls
            .iter()
            .filter(|call| call.has_transcript && missing.contains(&call.id))
            .map(|call| call.id.clone())
            .collect();
        self.confirm_withdrawn(window, &lost).await
    }

    /// Fetches and lands transcripts page by page, and says what none of the pages held.
    pub(crate) async fn refresh_transcripts(
        &mut self,
        window: Window,
        mut ids: Vec<CallId>,
    ) -> Result<TranscriptsEnd> {
        ids.retain(|id| !self.letters.paused_transcripts.contains(id));
        if ids.is_empty() || !self.settings.transcripts {
            return Ok(TranscriptsEnd::default());
        }
        let (sender, parts) = mpsc::channel(1);
        let batch = self.settings.transcript_batch;
        let source = self.source;
        let fetching = async {
            transcripts::fetch(source, &ids, batch, &sender).await;
            drop(sender);
        };
        let landing = async {
            // Taken along, so that fetching ends when landing does.
            let mut parts = parts;
            let mut end = TranscriptsEnd::default();
            while let Some(part) = parts.recv().await {
                match part? {
                    TranscriptsPart::End(of_fetch) => end = of_fetch,
                    TranscriptsPart::Page {
                        documents,
                        rejected,
                    } => {
                        let letters = self.rejected(Stream::Transcripts, window, rejected);
                        self.land(
                            LandingPage::new(&self.writer.run_id).with_transcripts(documents),
                        )
                        .await?;
                        self.put_aside(letters).await?;
                    }
                }
            }
            let letters = self.failed(Stream::Transcripts, std::mem::take(&mut end.failed));
            self.put_aside(letters).await?;
            Ok(end)
        };
        let ((), end) = tokio::join!(fetching, landing);
        end
    }

    /// Asks once more for transcripts that are stored and were not served.
    async fn confirm_withdrawn(&mut self, window: Window, ids: &[CallId]) -> Result<()> {
        for batch in ids.chunks(IDS_PER_REQUEST) {
            let end = self.refresh_transcripts(window, batch.to_vec()).await?;
            self.removals.withdraw(end.missing);
        }
        Ok(())
    }

    /// Takes out what this run has found to be gone, and commits where the rolling
    /// checks go on, or withholds all of it when it is more than the settings allow.
    pub(crate) async fn carry_out(&mut self, window: Window) -> Result<()> {
        self.settle().await?;
        if !self.removals.is_empty() && self.are_believed().await? {
            let (deleted, withdrawn) = self.removals.take();
            for deleted in deleted.chunks(REMOVED_AT_ONCE) {
                self.land(LandingPage::new(&self.writer.run_id).with_deleted(deleted.to_vec()))
                    .await?;
            }
            for withdrawn in withdrawn.chunks(REMOVED_AT_ONCE) {
                self.land(LandingPage::new(&self.writer.run_id).with_withdrawn(withdrawn.to_vec()))
                    .await?;
            }
        }
        for (stream, position) in std::mem::take(&mut self.positions) {
            let mut checkpoint = self.checkpoint(stream, window, CheckpointStep::Page);
            checkpoint.position = Some(position);
            self.land(LandingPage::new(&self.writer.run_id).with_checkpoint(checkpoint))
                .await?;
        }
        Ok(())
    }

    /// Lets removals through only when this key sees any call at all (without the right
    /// to see calls Gong answers exactly as if there were none) and when they are not
    /// more than the settings allow.
    async fn are_believed(&mut self) -> Result<bool> {
        if self.settings.accept_empty_tenant {
            return Ok(true);
        }
        let visible = match self.calls_visible {
            Some(visible) => visible,
            None => self.sees_any_call().await?,
        };
        self.calls_visible = Some(visible);
        let live = self.store.count_live_calls().await?;
        let limits = &self.settings.removals;
        if visible && self.removals.are_allowed(limits, live) {
            return Ok(true);
        }
        let removals = self.removals.len();
        self.report.deletions_withheld = removals;
        tracing::warn!(
            removals,
            live,
            any_call_visible = visible,
            "more is gone than the settings allow to remove: nothing is removed"
        );
        Ok(false)
    }

    async fn sees_any_call(&self) -> Result<bool> {
        let all_time = plan::all_time(self.settings.now());
        match self.source.serves_any_call(all_time).await {
            Ok(any) => Ok(any),
            Err(Failed::Stop(error)) => Err(error),
            Err(Failed::Skip(error)) => {
                tracing::warn!(%error, "could not tell whether the key sees any call");
                Ok(false)
            }
        }
    }
}
