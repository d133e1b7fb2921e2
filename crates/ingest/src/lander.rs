//! Pages into the store, one transaction a page.

use std::collections::HashSet;
use std::sync::Arc;

use calls::{CallId, RawDocument};
use gong_client::Page;
use snowflake_store::{
    CallStore, Checkpoint, CheckpointStep, DeadLetter, Fault, LandingPage, Stream, SyncMode, Window,
};

use crate::fetch::Source;
use crate::in_flight::{InFlight, LandedPage};
use crate::progress::{Event, Progress};
use crate::transcripts::TranscriptBatch;
use crate::transformer::Transformer;
use crate::{Error, Result, SyncReport, SyncSettings, dead_letters};

/// What one window has shown. A window that is cut in two is read anew, so its
/// figures count only when it ends.
#[derive(Debug, Default)]
pub(crate) struct WindowTally {
    /// Calls that Gong served, those that could not be read included.
    pub(crate) served: HashSet<CallId>,
    /// Calls that could be read.
    pub(crate) calls: u64,
    /// Calls without a transcript.
    pub(crate) transcripts_missing: u64,
}

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
    /// Pages that are being landed.
    pub(crate) in_flight: InFlight,
    /// What the window being read has shown so far.
    pub(crate) tally: WindowTally,
    /// What this run has put aside, each once.
    pub(crate) put_aside: HashSet<(Stream, Fault)>,
    /// Whether Gong serves this key any call; asked at most once.
    pub(crate) calls_visible: Option<bool>,
}

impl Lander<'_> {
    /// Lands a page of calls with their transcripts. Where the store takes several pages at
    /// once, it is in when [`settle`](Self::settle) has returned.
    pub(crate) async fn land_page(
        &mut self,
        window: Window,
        page: Page<RawDocument>,
        transcripts: TranscriptBatch,
    ) -> Result<()> {
        for document in &page.items {
            if self.tally.served.insert(document.call_id.clone()) {
                self.tally.calls += 1;
            }
        }
        // A rejected call is served: it must not look deleted.
        let rejected = page
            .rejected
            .iter()
            .filter_map(|rejected| rejected.call_id.clone());
        self.tally.served.extend(rejected);
        self.tally.transcripts_missing += transcripts.missing.len() as u64;

        let letters = self.letters(window, page.rejected, &transcripts);
        let checkpoint = self.checkpoint(Stream::Calls, window, CheckpointStep::Page);
        let page = LandingPage {
            run_id: self.run_id.clone(),
            calls: page.items,
            transcripts: transcripts.documents,
            checkpoint: Some(checkpoint),
            ..LandingPage::default()
        };
        while !self.in_flight.has_room_for(&page) {
            self.settle_one().await?;
        }
        self.in_flight.start(page, letters);
        if self.in_flight.is_sequential() {
            self.settle().await?;
        }
        Ok(())
    }

    /// Waits until every page that was begun is in.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        while self.settle_one().await? {}
        Ok(())
    }

    /// Waits for one page; returns whether there was one.
    async fn settle_one(&mut self) -> Result<bool> {
        let Some(page) = self.in_flight.next().await else {
            return Ok(false);
        };
        let mut page = page?;
        // Written when the page is in: landing a document takes its letter away.
        let letters = std::mem::take(&mut page.letters);
        self.count(page).await;
        self.put_aside(letters).await?;
        Ok(true)
    }

    /// Marks what is gone from a window and commits the window, after its last page.
    pub(crate) async fn finish_window(&mut self, window: Window) -> Result<()> {
        self.settle().await?;
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
        self.count_window();
        self.progress.tell(Event::WindowDone { window });
        Ok(())
    }

    /// Begins a window, or begins it anew.
    pub(crate) fn start_window(&mut self) {
        self.tally = WindowTally::default();
    }

    fn count_window(&mut self) {
        let tally = std::mem::take(&mut self.tally);
        self.report.calls_seen += tally.calls;
        self.report.transcripts_missing += tally.transcripts_missing;
    }

    /// Puts a window aside that could not be read to its end.
    pub(crate) async fn fail_window(&mut self, window: Window, error: &Error) -> Result<()> {
        self.settle().await?;
        self.count_window();
        let letter = dead_letters::of_window(&self.run_id, window, error.to_string());
        self.put_aside(vec![letter]).await
    }

    /// Lands what is no page of a window, and waits for it.
    pub(crate) async fn land(&mut self, page: LandingPage) -> Result<()> {
        self.settle().await?;
        self.in_flight.start(page, Vec::new());
        self.settle().await
    }

    async fn count(&mut self, page: LandedPage) {
        let LandedPage {
            calls,
            transcripts,
            landed,
            ..
        } = page;
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
    }

    pub(crate) async fn put_aside(&mut self, letters: Vec<DeadLetter>) -> Result<()> {
        if letters.is_empty() {
            return Ok(());
        }
        self.store.record_dead_letters(&letters).await?;
        for letter in letters {
            let about = (letter.stream, letter.fault.clone());
            if !self.put_aside.insert(about) {
                continue;
            }
            self.report.dead_letters += 1;
            tracing::warn!(
                stream = letter.stream.as_str(),
                call_id = letter.fault.call_id().map(CallId::as_str),
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
        let of_rejected =
            |stream, rejected| dead_letters::of_rejected(run_id, stream, window, rejected);
        let of_calls = rejected_calls
            .into_iter()
            .map(|rejected| of_rejected(Stream::Calls, rejected));
        let of_transcripts = transcripts
            .rejected
            .iter()
            .cloned()
            .map(|rejected| of_rejected(Stream::Transcripts, rejected));
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
