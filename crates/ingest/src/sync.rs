//! One run, from its plan to its report.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use calls::RawDocument;
use futures_util::{StreamExt, TryStreamExt};
use gong_client::{GongApi, Page};
use resilience::ErrorKind;
use snowflake_store::{CallStore, DeadLettersQuery, RunFinish, RunStart, SyncMode, Window};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::extract::{Extracted, extract};
use crate::fetch::Source;
use crate::in_flight::InFlight;
use crate::lander::{Lander, WindowTally};
use crate::progress::{Event, Progress};
use crate::transcripts::{self, TranscriptBatch};
use crate::transformer::Transformer;
use crate::{Error, Result, SyncReport, SyncSettings, dead_letters, plan};

/// Pages that may wait to be landed; more hold up fetching.
const FETCHED_PAGES: usize = 1;

/// Dead letters that one run tries again at most.
const REPLAYED_LETTERS: usize = 1_000;

/// Makes a store equal to what Gong serves for a span of time.
///
/// Runs of the same store must not overlap: a service runs one at a time.
#[derive(Debug, Clone)]
pub struct GongSync {
    api: Arc<dyn GongApi>,
    store: Arc<dyn CallStore>,
    settings: SyncSettings,
    progress: Progress,
    cancel: CancellationToken,
    run_id: Option<String>,
}

impl GongSync {
    /// A sync from an API into a store.
    pub fn new(api: Arc<dyn GongApi>, store: Arc<dyn CallStore>, settings: SyncSettings) -> Self {
        Self {
            api,
            store,
            settings,
            progress: Progress::default(),
            cancel: CancellationToken::new(),
            run_id: None,
        }
    }

    /// The correlation id of the run, in place of one made up for it: to have it elsewhere
    /// too, as in Snowflake's query tag. A run that is resumed keeps its own.
    #[must_use]
    pub fn with_run_id(mut self, run_id: impl Into<String>) -> Self {
        self.run_id = Some(run_id.into());
        self
    }

    /// Tells events to a listener.
    #[must_use]
    pub fn with_progress(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Stops between two pages when the token is cancelled.
    #[must_use]
    pub fn with_cancellation(mut self, cancel: CancellationToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// Runs once. An unfinished earlier run of the same mode is finished first,
    /// and what came since is read behind it.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidInput`]: the settings, by field; nothing was done.
    /// - [`ErrorKind::Auth`], [`ErrorKind::Permission`], [`ErrorKind::QuotaExhausted`],
    ///   [`ErrorKind::Transient`], [`ErrorKind::Cancelled`]: what was landed is
    ///   stored, and the next run goes on from there.
    pub async fn run(&self) -> Result<SyncReport> {
        self.settings.validate()?;
        self.store.health().await?;
        let started = Instant::now();
        let now = self.settings.now();
        let mode = self.settings.mode;
        let open = self
            .store
            .open_run(mode)
            .await?
            .filter(|open| plan::is_resumable(open, &self.settings, now));

        let mut report;
        let window;
        if let Some(open) = open {
            report = SyncReport::new(mode, open.run_id.clone());
            report.resumed = true;
            let run = RunStart {
                run_id: open.run_id,
                mode,
                window: open.window,
                settings: String::new(),
            };
            self.run_span(&run, &open.done, &mut report).await?;
            window = self.since(open.window, now);
        } else {
            let run_id = self.run_id.clone();
            let run_id = run_id.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
            report = SyncReport::new(mode, run_id);
            let watermark = self.store.watermark().await?;
            window = Some(plan::requested_window(
                &self.settings,
                watermark.map(|watermark| watermark.at),
                now,
            )?);
        }
        if let Some(window) = window {
            let run = RunStart {
                run_id: report.correlation_id.clone(),
                mode,
                window,
                settings: String::new(),
            };
            self.store.start_run(&run).await?;
            self.run_span(&run, &[], &mut report).await?;
        }
        report.seconds = started.elapsed().as_secs_f64();
        Ok(report)
    }

    /// What came since a resumed run was first started, with the usual look-back.
    fn since(&self, resumed: Window, now: calls::Timestamp) -> Option<Window> {
        let ends_by_itself = self.settings.mode == SyncMode::Backfill || self.settings.to.is_some();
        let from = crate::settings::days_before(resumed.to, self.settings.lookback_days);
        (!ends_by_itself && resumed.to < now).then_some(Window { from, to: now })
    }

    /// Reads one span to its end and commits that.
    async fn run_span(
        &self,
        run: &RunStart,
        done: &[Window],
        report: &mut SyncReport,
    ) -> Result<()> {
        self.progress.tell(Event::RunStarted {
            run_id: run.run_id.clone(),
            mode: run.mode,
            window: run.window,
            resumed: report.resumed,
        });
        let transformer = Transformer::spawn(Arc::clone(&self.store), self.progress.clone());
        let landed = self.read_span(run, done, report, &transformer).await;
        // Also after a failure: what is landed is transformed before the error goes up.
        let transformed = transformer.finish().await;
        landed?;
        let transformed = transformed?;
        report.sentences += transformed.sentences;
        report.transform_errors += transformed.failed;

        let present = self.store.watermark().await?;
        self.store
            .finish_run(&RunFinish {
                run_id: run.run_id.clone(),
                mode: run.mode,
                window: run.window,
                watermark: plan::next_watermark(
                    run.mode,
                    run.window,
                    present.map(|watermark| watermark.at),
                ),
                counts: report.counts(),
            })
            .await?;
        Ok(())
    }

    async fn read_span(
        &self,
        run: &RunStart,
        done: &[Window],
        report: &mut SyncReport,
        transformer: &Transformer,
    ) -> Result<()> {
        let source = Arc::new(Source::new(
            Arc::clone(&self.api),
            self.settings.max_consecutive_failures,
        ));
        let replay = dead_letters::replay(
            self.store
                .dead_letters(&DeadLettersQuery::first(REPLAYED_LETTERS))
                .await?,
        );
        let mut windows = plan::remaining(run.window, done);
        windows.extend(
            replay
                .windows
                .into_iter()
                .filter(|w| !is_within(*w, run.window)),
        );

        let mut lander = Lander {
            store: &self.store,
            source: &source,
            settings: &self.settings,
            progress: &self.progress,
            transformer,
            report,
            run_id: run.run_id.clone(),
            mode: run.mode,
            in_flight: InFlight::new(Arc::clone(&self.store)),
            tally: WindowTally::default(),
            put_aside: HashSet::new(),
            calls_visible: None,
        };
        let landed = self
            .land_windows(&mut lander, Arc::clone(&source), windows)
            .await;
        // Also after a failure: what was fetched is stored before the error goes up.
        let settled = lander.settle().await;
        landed.and(settled)?;
        lander.replay(&replay.calls, run.window).await?;
        if run.mode == SyncMode::Incremental && self.settings.sweep_calls > 0 {
            lander.sweep(run.window, self.settings.sweep_calls).await?;
        }
        Ok(())
    }

    async fn land_windows(
        &self,
        lander: &mut Lander<'_>,
        source: Arc<Source>,
        windows: Vec<Window>,
    ) -> Result<()> {
        let mut fetched = self.spawn_fetching(source, windows);
        loop {
            let next = tokio::select! {
                biased;
                () = self.cancel.cancelled() => {
                    return Err(Error::new(ErrorKind::Cancelled, "stopped by request"));
                }
                next = fetched.receiver.recv() => next,
            };
            match next {
                None => return Ok(()),
                Some(Err(error)) => return Err(error),
                Some(Ok(Fetched::Started { window, expected })) => {
                    lander.start_window();
                    self.progress
                        .tell(Event::WindowStarted { window, expected });
                }
                Some(Ok(Fetched::Page {
                    window,
                    calls,
                    transcripts,
                })) => {
                    lander.land_page(window, calls, transcripts).await?;
                }
                Some(Ok(Fetched::Done { window })) => lander.finish_window(window).await?,
                Some(Ok(Fetched::Failed { window, error })) => {
                    lander.fail_window(window, &error).await?;
                }
            }
        }
    }

    /// Fetches calls and, some pages ahead, their transcripts in a task of its own.
    fn spawn_fetching(&self, source: Arc<Source>, windows: Vec<Window>) -> Fetching {
        let (sender, receiver) = mpsc::channel(FETCHED_PAGES);
        let settings = self.settings.clone();
        let task = tokio::spawn(async move {
            let pages = extract(Arc::clone(&source), windows, settings.max_calls_per_window)
                .map_ok(|extracted| with_transcripts(&source, &settings, extracted))
                .try_buffered(settings.transcript_concurrency);
            let mut pages = std::pin::pin!(pages);
            while let Some(page) = pages.next().await {
                let failed = page.is_err();
                if sender.send(page).await.is_err() || failed {
                    break;
                }
            }
        });
        Fetching {
            receiver,
            _task: AbortOnDropHandle::new(task),
        }
    }
}

/// The fetching task and what it has fetched.
struct Fetching {
    receiver: mpsc::Receiver<Result<Fetched>>,
    _task: AbortOnDropHandle<()>,
}

/// What was fetched, in order of time.
enum Fetched {
    Started {
        window: Window,
        expected: u64,
    },
    Page {
        window: Window,
        calls: Page<RawDocument>,
        transcripts: TranscriptBatch,
    },
    Done {
        window: Window,
    },
    Failed {
        window: Window,
        error: Error,
    },
}

async fn with_transcripts(
    source: &Source,
    settings: &SyncSettings,
    extracted: Extracted,
) -> Result<Fetched> {
    Ok(match extracted {
        Extracted::WindowStarted { window, expected } => Fetched::Started { window, expected },
        Extracted::WindowDone { window } => Fetched::Done { window },
        Extracted::WindowFailed { window, error } => Fetched::Failed { window, error },
        Extracted::Page { window, calls } => {
            let transcripts = if settings.transcripts {
                let ids: Vec<_> = calls
                    .items
                    .iter()
                    .map(|call| call.call_id.clone())
                    .collect();
                transcripts::fetch(source, &ids, settings.transcript_batch).await?
            } else {
                TranscriptBatch::default()
            };
            Fetched::Page {
                window,
                calls,
                transcripts,
            }
        }
    })
}

fn is_within(part: Window, whole: Window) -> bool {
    part.from >= whole.from && part.to <= whole.to
}
