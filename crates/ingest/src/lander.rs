//! Writes pages to the store, one transaction per page.

use std::collections::HashSet;
use std::sync::Arc;

use calls::{CallId, RawDocument};
use gong_client::{Page, Rejected};
use snowflake_store::{
    CallStore, Checkpoint, CheckpointStep, DeadLetter, Fault, LandingPage, Stream, SyncMode, Window,
};

use crate::fetch::Source;
use crate::in_flight::{InFlight, LandedPage};
use crate::letters::{LetterWriter, Letters};
use crate::progress::{Event, Progress};
use crate::removals::Removals;
use crate::transcripts::{TranscriptsEnd, TranscriptsPart};
use crate::transformer::Transformer;
use crate::{Error, Result, SyncReport, SyncSettings};

/// What one window has shown. A window that is cut in two is read again, so its
/// figures count only when it ends.
#[derive(Debug, Default)]
pub(crate) struct WindowTally {
    /// Wanted calls that Gong served, those that could not be read included.
    pub(crate) served: HashSet<CallId>,
    /// Calls that Gong served and that are not wanted.
    pub(crate) unwanted: HashSet<CallId>,
    /// Calls that could be read.
    pub(crate) calls: u64,
    /// Calls without a transcript.
    pub(crate) without_transcript: HashSet<CallId>,
}

/// Lands what was fetched and keeps the run's counts.
#[derive(Debug)]
pub(crate) struct Lander<'a> {
    pub(crate) store: &'a Arc<dyn CallStore>,
    pub(crate) source: &'a Arc<Source>,
    pub(crate) settings: &'a SyncSettings,
    pub(crate) progress: &'a Progress,
    pub(crate) transformer: &'a Transformer,
    pub(crate) report: SyncReport,
    pub(crate) mode: SyncMode,
    pub(crate) writer: LetterWriter,
    /// What the letters of earlier runs mean.
    pub(crate) letters: &'a Letters,
    /// Pages that are being landed.
    pub(crate) in_flight: InFlight,
    /// What the window being read has shown so far.
    pub(crate) tally: WindowTally,
    /// What this run has put aside, each once.
    pub(crate) put_aside: HashSet<(Stream, String)>,
    /// What is gone, to be taken out when all of it is known.
    pub(crate) removals: Removals,
    /// Where rolling checks go on in the next run.
    pub(crate) positions: Vec<(Stream, String)>,
    /// Whether Gong serves this key any call; asked at most once.
    pub(crate) calls_visible: Option<bool>,
}

impl Lander<'_> {
    /// Begins a window, or restarts it.
    pub(crate) fn start_window(&mut self) {
        self.tally = WindowTally::default();
    }

    /// Lands a page of calls with the first page of their transcripts. Where the store
    /// takes several pages at once, it is in when [`settle`](Self::settle) has returned.
    pub(crate) async fn land_page(
        &mut self,
        window: Window,
        page: Page<RawDocument>,
        unwanted: Vec<CallId>,
        transcripts: Option<TranscriptsPart>,
    ) -> Result<()> {
        self.note_served(&page, unwanted);
        let mut letters = self.rejected(Stream::Calls, window, page.rejected);
        let mut landing = LandingPage::new(&self.writer.run_id)
            .with_calls(page.items)
            .with_checkpoint(self.checkpoint(Stream::Calls, window, CheckpointStep::Page));
        match transcripts {
            Some(TranscriptsPart::Page {
                documents,
                rejected,
            }) => {
                landing.transcripts = documents;
                letters.extend(self.rejected(Stream::Transcripts, window, rejected));
            }
            Some(TranscriptsPart::End(end)) => letters.extend(self.end_of_transcripts(end)),
            None => {}
        }
        self.start_landing(landing, letters).await
    }

    /// Notes which calls a page has shown.
    pub(crate) fn note_served(&mut self, page: &Page<RawDocument>, unwanted: Vec<CallId>) {
        if !page.items.is_empty() || !page.rejected.is_empty() || !unwanted.is_empty() {
            self.calls_visible = Some(true);
        }
        for document in &page.items {
            if self.tally.served.insert(document.call_id.clone()) {
                self.tally.calls += 1;
            }
        }
        // A rejected call is served: it must not look deleted.
        let rejected = page.rejected.iter();
        let served = rejected.filter_map(|rejected| rejected.call_id.clone());
        self.tally.served.extend(served);
        self.tally.unwanted.extend(unwanted);
    }

    /// Lands a further page of the transcripts of a page of calls, or notes what none held.
    pub(crate) async fn land_transcripts(
        &mut self,
        window: Window,
        part: TranscriptsPart,
    ) -> Result<()> {
        match part {
            TranscriptsPart::Page {
                documents,
                rejected,
            } => {
                let letters = self.rejected(Stream::Transcripts, window, rejected);
                let landing = LandingPage::new(&self.writer.run_id).with_transcripts(documents);
                self.start_landing(landing, letters).await
            }
            TranscriptsPart::End(end) => {
                let letters = self.end_of_transcripts(end);
                self.put_aside(letters).await
            }
        }
    }

    fn end_of_transcripts(&mut self, end: TranscriptsEnd) -> Vec<DeadLetter> {
        self.tally.without_transcript.extend(end.missing);
        self.failed(Stream::Transcripts, end.failed)
    }

    async fn start_landing(&mut self, page: LandingPage, letters: Vec<DeadLetter>) -> Result<()> {
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
        let mut letters = std::mem::take(&mut page.letters);
        let refused = std::mem::take(&mut page.refused);
        letters.extend(refused.into_iter().map(|refused| {
            let payload = refused.document.text().to_owned();
            let fault = Fault::Call(refused.document.call_id);
            self.writer
                .letter(refused.stream, fault, refused.reason, Some(payload))
        }));
        self.count(page).await;
        self.put_aside(letters).await?;
        Ok(true)
    }

    /// Finds what is gone from a window and commits the window, after its last page.
    pub(crate) async fn finish_window(&mut self, window: Window) -> Result<()> {
        self.settle().await?;
        self.compare(window).await?;
        self.commit_window(window).await?;
        self.count_window();
        self.progress.tell(Event::WindowDone { window });
        Ok(())
    }

    /// Says that a window needs no more reading in this run.
    pub(crate) async fn commit_window(&mut self, window: Window) -> Result<()> {
        let checkpoint = self.checkpoint(Stream::Calls, window, CheckpointStep::WindowDone);
        self.land(LandingPage::new(&self.writer.run_id).with_checkpoint(checkpoint))
            .await
    }

    /// Puts a window aside that could not be read to its end.
    pub(crate) async fn fail_window(&mut self, window: Window, error: &Error) -> Result<()> {
        self.settle().await?;
        self.count_window();
        let letter = self.writer.of_window(window, error.to_string());
        self.put_aside(vec![letter]).await
    }

    fn count_window(&mut self) {
        let tally = std::mem::take(&mut self.tally);
        self.report.calls_seen += tally.calls;
        self.report.calls_unwanted += tally.unwanted.len() as u64;
        self.report.transcripts_missing += tally.without_transcript.len() as u64;
    }

    /// Lands what is not a page of a window, and waits for it.
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
            if !self.put_aside.insert((letter.stream, letter.fault.key())) {
                continue;
            }
            tracing::warn!(
                stream = letter.stream.as_str(),
                fault = %letter.fault.key(),
                reason = %letter.reason,
                "put aside as a dead letter"
            );
            self.progress.tell(Event::DeadLettered {
                reason: letter.reason,
            });
        }
        Ok(())
    }

    pub(crate) fn rejected(
        &self,
        stream: Stream,
        window: Window,
        rejected: Vec<Rejected>,
    ) -> Vec<DeadLetter> {
        let letter = |rejected| self.writer.of_rejected(stream, window, rejected);
        rejected.into_iter().map(letter).collect()
    }

    pub(crate) fn failed(&self, stream: Stream, failed: Vec<(CallId, String)>) -> Vec<DeadLetter> {
        let letter = |(id, reason)| self.writer.of_call(stream, id, reason);
        failed.into_iter().map(letter).collect()
    }

    pub(crate) fn checkpoint(
        &self,
        stream: Stream,
        window: Window,
        step: CheckpointStep,
    ) -> Checkpoint {
        Checkpoint {
            run_id: self.writer.run_id.clone(),
            mode: self.mode,
            stream,
            window,
            step,
            position: None,
        }
    }
}
