//! One run, from its plan to its report.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use calls::Timestamp;
use gong_client::GongApi;
use resilience::ErrorKind;
use snowflake_store::{CallStore, LeaseKeeper, OpenRun, RunFinish, RunStart, SyncMode, Window};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::fetch::Source;
use crate::fetching::{Fetched, Fetching};
use crate::in_flight::InFlight;
use crate::lander::{Lander, WindowTally};
use crate::letters::{LetterWriter, Letters};
use crate::progress::{Event, Progress};
use crate::removals::Removals;
use crate::transformer::Transformer;
use crate::{Error, Result, SyncReport, SyncSettings, origin, plan};

/// The lease of a run.
const LEASE: &str = "sync";

/// How often and how long a run waits for a lease that another one may be releasing.
const LEASE_ATTEMPTS: u32 = 4;
const LEASE_PAUSE: Duration = Duration::from_millis(250);

/// Makes a store equal to what Gong serves for a span of time.
///
/// Only one run at a time works on a store: it holds the lease `sync`.
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

    /// The correlation id of the run, instead of a generated one, for use elsewhere
    /// too, such as in Snowflake's query tag. A run that is resumed keeps its own.
    #[must_use]
    pub fn with_run_id(mut self, run_id: impl Into<String>) -> Self {
        self.run_id = Some(run_id.into());
        self
    }

    /// Reports events to a listener.
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

    /// Runs once. An unfinished earlier run of the same mode and settings is finished
    /// first, and then what came since is read.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidInput`]: the settings, by field; nothing was done.
    /// - [`ErrorKind::Auth`], [`ErrorKind::Permission`], [`ErrorKind::QuotaExhausted`],
    ///   [`ErrorKind::Transient`] (also when another sync is running), [`ErrorKind::Cancelled`]:
    ///   what was landed is stored, and the next run resumes from there.
    pub async fn run(&self) -> Result<SyncReport> {
        self.settings.validate()?;
        self.store.health().await?;
        let label = format!("{} sync", self.settings.mode.as_str());
        let lease = lease(&self.store, &label).await?;
        let span = tracing::info_span!("sync", mode = self.settings.mode.as_str());
        let done = self.run_alone(lease.lost()).instrument(span).await;
        if let Err(error) = lease.release().await {
            tracing::warn!(%error, "the lease was not released and will expire");
        }
        done
    }

    async fn run_alone(&self, lost: CancellationToken) -> Result<SyncReport> {
        let started = Instant::now();
        let source = Arc::new(Source::new(
            Arc::clone(&self.api),
            &self.settings,
            self.cancel.clone(),
            lost,
        )?);
        let origin = origin::of_run(&*self.api, &self.settings);
        if origin::check(&*self.store, &origin, &self.settings).await? {
            // Only what has answered is worth remembering.
            source.probe().await?;
            self.store.set_origin(&origin).await?;
        }
        let plan = self.plan(&source, &origin.host).await?;
        let letters = Letters::read(&*self.store, plan.now).await?;
        let transformer = Transformer::spawn(Arc::clone(&self.store), self.progress.clone());
        let mut lander = Lander {
            store: &self.store,
            source: &source,
            settings: &self.settings,
            progress: &self.progress,
            transformer: &transformer,
            report: SyncReport::new(self.settings.mode, plan.run_id.clone()),
            mode: self.settings.mode,
            writer: LetterWriter {
                run_id: plan.run_id.clone(),
                now: plan.now,
            },
            letters: &letters,
            in_flight: InFlight::new(Arc::clone(&self.store)),
            tally: WindowTally::default(),
            put_aside: HashSet::new(),
            removals: Removals::default(),
            positions: Vec::new(),
            calls_visible: None,
        };
        lander.report.resumed = plan.resumed;
        let done = self.read_all(&plan, &mut lander).await;
        let mut report = lander.report;
        // Also after a failure: what is landed is transformed before the error goes up.
        let transformed = transformer.finish().await;
        done?;
        report.sentences += transformed?.sentences;
        let state = self.store.freshness().await?;
        state.measure();
        report.dead_letters = state.dead_letters;
        report.transform_errors = state.unresolved_errors;
        report.seconds = started.elapsed().as_secs_f64();
        Ok(report)
    }

    /// What this run reads, given what earlier ones left.
    async fn plan(&self, source: &Source, host: &str) -> Result<Plan> {
        let mut now = self.settings.now();
        let stored = self.store.watermark().await?;
        let mut watermark = stored.and_then(|stored| plan::believable(stored, now));
        if let Some(stored) = stored
            && stored.at > now
        {
            // Either the store holds a time that has not come, or this clock is behind.
            source.probe().await?;
            let by_gong = source.began_at().unwrap_or(now).max(now);
            watermark = plan::believable(stored, by_gong);
            tracing::warn!(
                stored = %stored.at, clock = %now, gong = %by_gong, believed = ?watermark,
                "the stored watermark lies in the future"
            );
            if watermark == Some(stored.at) {
                now = by_gong;
            }
        }
        let settings = self.settings.fingerprint(host);
        let mode = self.settings.mode;
        let open = self
            .store
            .open_run(mode)
            .await?
            .filter(|open| plan::is_resumable(open, &self.settings, &settings));
        let run_id = match &open {
            Some(open) => open.run_id.clone(),
            None => self.run_id.clone().unwrap_or_else(new_run_id),
        };
        let start = |window| RunStart {
            run_id: run_id.clone(),
            mode,
            window,
            settings: settings.clone(),
        };
        let mut spans = Vec::new();
        let fresh = match &open {
            Some(OpenRun { window, done, .. }) => {
                spans.push(Span {
                    run: start(*window),
                    done: done.clone(),
                    is_open: true,
                });
                self.since(*window, now)
            }
            None => Some(plan::requested_window(&self.settings, watermark, now)?),
        };
        spans.extend(fresh.map(|window| Span {
            run: start(window),
            done: Vec::new(),
            is_open: false,
        }));
        Ok(Plan {
            now,
            watermark,
            resumed: open.is_some(),
            run_id,
            spans,
        })
    }

    /// What came since a resumed run first started, with the usual look-back.
    fn since(&self, resumed: Window, now: Timestamp) -> Option<Window> {
        let ends_by_itself = self.settings.mode == SyncMode::Backfill || self.settings.to.is_some();
        let from = crate::settings::days_before(resumed.to, self.settings.lookback_days);
        (!ends_by_itself && resumed.to < now).then_some(Window { from, to: now })
    }

    async fn read_all(&self, plan: &Plan, lander: &mut Lander<'_>) -> Result<()> {
        let mut watermark = plan.watermark;
        for (index, span) in plan.spans.iter().enumerate() {
            let window = span.run.window;
            if !span.is_open {
                self.store.start_run(&span.run).await?;
            }
            self.progress.tell(Event::RunStarted {
                run_id: span.run.run_id.clone(),
                mode: span.run.mode,
                window,
                resumed: span.is_open,
            });
            let is_last = index + 1 == plan.spans.len();
            let read = self.read_windows(span, lander).await;
            let behind = match &read {
                Ok(()) if is_last => self.read_behind(plan, window, lander).await,
                _ => Ok(()),
            };
            // Also after a failure: what was found so far is found.
            let carried_out = if is_last || read.is_err() {
                lander.carry_out(window).await
            } else {
                Ok(())
            };
            read?;
            carried_out?;
            let began_at = lander.source.began_at().unwrap_or(plan.now);
            let reached = plan::next_watermark(span.run.mode, window, watermark, began_at);
            self.store
                .finish_run(&RunFinish {
                    run_id: span.run.run_id.clone(),
                    mode: span.run.mode,
                    window,
                    watermark: reached,
                    counts: lander.report.counts(),
                })
                .await?;
            watermark = reached.or(watermark);
            // What lies behind the run's own windows does not hold them up.
            behind?;
        }
        Ok(())
    }

    /// Letters of earlier runs, and what is older than the look-back.
    async fn read_behind(
        &self,
        plan: &Plan,
        window: Window,
        lander: &mut Lander<'_>,
    ) -> Result<()> {
        lander.replay(window).await?;
        let read: Vec<Window> = plan.spans.iter().map(|span| span.run.window).collect();
        if self.settings.mode == SyncMode::Incremental {
            lander.sweep(window).await?;
        }
        lander.relist(&read, window).await?;
        lander.check_documents(window).await
    }

    /// Reads the windows of a span that are not done yet, and those that have letters.
    async fn read_windows(&self, span: &Span, lander: &mut Lander<'_>) -> Result<()> {
        let whole = span.run.window;
        let letters = lander.letters;
        // A span with a letter of its own is read when that is due, and not before.
        let mut taken = span.done.clone();
        taken.extend_from_slice(&letters.windows);
        let mut windows = plan::remaining(whole, &taken);
        let is_done = |part: &Window| span.done.iter().any(|done| is_within(*part, *done));
        windows.extend(letters.due_windows.iter().filter(|part| !is_done(part)));
        let records = letters.due_records.iter();
        windows.extend(records.filter(|part| !is_within(**part, whole)));

        let skipped = letters.paused_transcripts.clone();
        let fetching = Fetching::spawn(lander.source, &self.settings, windows, skipped);
        let landed = self.land_windows(lander, fetching).await;
        // Also after a failure: what was fetched is stored before the error goes up.
        let settled = lander.settle().await;
        landed.and(settled)
    }

    async fn land_windows(&self, lander: &mut Lander<'_>, mut fetched: Fetching) -> Result<()> {
        while let Some(next) = fetched.next().await {
            match next? {
                Fetched::Started { window, expected } => {
                    lander.start_window();
                    self.progress
                        .tell(Event::WindowStarted { window, expected });
                }
                Fetched::Page {
                    window,
                    calls,
                    unwanted,
                    mut transcripts,
                } => {
                    let first = transcripts.next().await.transpose()?;
                    lander.land_page(window, calls, unwanted, first).await?;
                    while let Some(part) = transcripts.next().await {
                        lander.land_transcripts(window, part?).await?;
                    }
                }
                Fetched::Done { window } => lander.finish_window(window).await?,
                Fetched::Failed { window, error } => lander.fail_window(window, &error).await?,
                Fetched::Searched { window } => {
                    lander.settle().await?;
                    lander.commit_window(window).await?;
                }
            }
        }
        Ok(())
    }
}

/// What a run reads.
struct Plan {
    now: Timestamp,
    watermark: Option<Timestamp>,
    resumed: bool,
    run_id: String,
    spans: Vec<Span>,
}

/// One span of time, and the parts of it that an earlier run has read.
struct Span {
    run: RunStart,
    done: Vec<Window>,
    /// Whether an earlier run has started it.
    is_open: bool,
}

fn new_run_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn is_within(part: Window, whole: Window) -> bool {
    part.from >= whole.from && part.to <= whole.to
}

/// Makes sure that no other run works on the store.
pub(crate) async fn lease(store: &Arc<dyn CallStore>, label: &str) -> Result<LeaseKeeper> {
    let mut waits = 0..LEASE_ATTEMPTS;
    loop {
        match LeaseKeeper::acquire(Arc::clone(store), LEASE, label).await? {
            Ok(lease) => return Ok(lease),
            Err(holder) if waits.next().is_none() => {
                let message = format!("another sync is running on this store: {holder}");
                return Err(Error::new(ErrorKind::Transient, message));
            }
            // A run that was just stopped gives its lease back behind its end.
            Err(_) => tokio::time::sleep(LEASE_PAUSE).await,
        }
    }
}
