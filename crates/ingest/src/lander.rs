//! Pages into the store, one transaction a page.

use std::collections::HashSet;
use std::sync::Arc;

use calls::{CallId, RawDocument};
use gong_client::Page;
use snowflake_store::{
    CallStore, Checkpoint, CheckpointStep, DeadLetter, LandingPage, Stream, SyncMode, Window,
};

use crate::fetch::Source;
use crate::progress::{Event, Progress};
use crate::transcripts::TranscriptBatch;
use crate::transformer::Transformer;
use crate::{Error, Result, SyncReport, SyncSettings, dead_letters};

/// Lands what was fetched and keeps the run's counts.
#[derive(Debug)]
pub(crate) struct Lander<'a> {
    pub(crate) store: &'a Arc<dyn CallStore>,
    pub(crate) source: &'a Source,
    pub(crate) settings: &'a SyncSettings,
    pub(crate) progress: &'a Progress,
    pub(crate) transformer: &'a Transformer,
    pub(crate) report: &'a mut SyncReport,
    pub(crate) run_id: String,
    pub(crate) mode: SyncMode,
    /// Calls that Gong served in the window being read.
    pub(crate) seen: HashSet<CallId>,
    /// Whether Gong serves this key any call; asked at most once.
    pub(crate) calls_visible: Option<bool>,
}

impl Lander<'_> {
    /// Lands a page of calls with their transcripts.
    pub(crate) async fn land_page(
        &mut self,
        window: Window,
        page: Page<RawDocument>,
        transcripts: TranscriptBatch,
    ) -> Result<()> {
        for document in &page.items {
            if self.seen.insert(document.call_id.clone()) {
                self.report.calls_seen += 1;
            }
        }
        // A rejected call is served: it must not look deleted.
        self.seen.extend(
            page.rejected
                .iter()
                .filter_map(|rejected| rejected.call_id.clone()),
        );
        self.report.transcripts_missing += transcripts.missing.len() as u64;

        let letters = self.letters(window, page.rejected, &transcripts);
        let checkpoint = self.checkpoint(Stream::Calls, window, CheckpointStep::Page);
        self.land(LandingPage {
            run_id: self.run_id.clone(),
            calls: page.items,
            transcripts: transcripts.documents,
            deleted: Vec::new(),
            checkpoint: Some(checkpoint),
        })
        .await?;
        self.put_aside(letters).await
    }

    /// Marks what is gone from a window and commits the window.
    pub(crate) async fn finish_window(&mut self, window: Window) -> Result<()> {
        let deleted = match self.gone_from(window).await? {
            Ok(deleted) => deleted,
            Err(error) => return self.fail_window(window, &error).await,
        };
        let checkpoint = self.checkpoint(Stream::Calls, window, CheckpointStep::WindowDone);
        self.land(LandingPage {
            run_id: self.run_id.clone(),
            deleted,
            checkpoint: Some(checkpoint),
            ..LandingPage::default()
        })
        .await?;
        self.seen.clear();
        self.progress.tell(Event::WindowDone { window });
        Ok(())
    }

    /// Puts a window aside that could not be read to its end.
    pub(crate) async fn fail_window(&mut self, window: Window, error: &Error) -> Result<()> {
        self.seen.clear();
        let letter = dead_letters::of_window(&self.run_id, window, error.to_string());
        self.put_aside(vec![letter]).await
    }

    pub(crate) async fn land(&mut self, page: LandingPage) -> Result<()> {
        let (calls, transcripts) = (page.calls.len(), page.transcripts.len());
        let landed = self.store.land(page).await?;
        self.report.add_landed(&landed);
        if landed.deleted > 0 {
            self.progress.tell(Event::Deleted {
                calls: landed.deleted,
            });
        }
        self.transformer.queue(landed.changed.clone()).await;
        if calls + transcripts > 0 {
            self.progress.tell(Event::PageLanded {
                calls,
                transcripts,
                landed,
            });
        }
        Ok(())
    }

    pub(crate) async fn put_aside(&mut self, letters: Vec<DeadLetter>) -> Result<()> {
        if letters.is_empty() {
            return Ok(());
        }
        self.store.record_dead_letters(&letters).await?;
        self.report.dead_letters += letters.len() as u64;
        for letter in letters {
            tracing::warn!(
                stream = letter.stream.as_str(),
                call_id = letter.call_id.as_ref().map(CallId::as_str),
                reason = %letter.reason,
                "put aside as a dead letter"
            );
            self.progress.tell(Event::DeadLettered {
                reason: letter.reason,
            });
        }
        Ok(())
    }

    pub(crate) fn letters(
        &self,
        window: Window,
        rejected_calls: Vec<gong_client::Rejected>,
        transcripts: &TranscriptBatch,
    ) -> Vec<DeadLetter> {
        let run_id = &self.run_id;
        let of_calls = rejected_calls
            .into_iter()
            .map(|rejected| dead_letters::of_rejected(run_id, Stream::Calls, window, rejected));
        let of_transcripts = transcripts.rejected.iter().cloned().map(|rejected| {
            dead_letters::of_rejected(run_id, Stream::Transcripts, window, rejected)
        });
        let of_failures = transcripts
            .failed
            .iter()
            .cloned()
            .map(|(id, reason)| dead_letters::of_transcript(run_id, id, reason));
        of_calls.chain(of_transcripts).chain(of_failures).collect()
    }

    pub(crate) fn checkpoint(
        &self,
        stream: Stream,
        window: Window,
        step: CheckpointStep,
    ) -> Checkpoint {
        Checkpoint {
            run_id: self.run_id.clone(),
            mode: self.mode,
            stream,
            window,
            step,
            position: None,
        }
    }
}
