//! Simulated Gong, HubSpot and model, a store that can fail, people who ask, and a clock that
//! moves them all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gong_snowflake::agents::insights::{InsightBuilder, Language};
use gong_snowflake::agents::task::Dispatcher;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::cortex::LocalLanguage;
use gong_snowflake::cortex::rest::{EndpointConfig, OpenAiCompatible};
use gong_snowflake::gong_client::{Credentials, GongClient, GongConfig};
use gong_snowflake::hubspot_enrich::{AccessToken, HubSpotApi, HubSpotConfig};
use gong_snowflake::ingest::schedule::Clock;
use gong_snowflake::outbound::{Token, TokenKind};
use gong_snowflake::resilience::{RetryPolicy, Route};
use gong_snowflake::snowflake_store::{CallReader, CancellationToken, Hybrid, SqliteStore, Upkeep};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};
use testkit::SimulatedCall;
use testkit::faulty::{FaultySource, SourceFault};
use testkit::gong::{
    DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, Fault, FaultEffect, GongLimits, GongSimulator,
};
use testkit::hubspot::{self, HubSpotSimulator};
use testkit::language_server::{self, Failure, LanguageServer, Shape};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};
use tokio::sync::Mutex;

use crate::ninety_days::script::{self, Span, at};

/// The pause between two rounds of the daemon, and between two looks at it.
pub(crate) const ROUND: Duration = Duration::from_secs(60 * 60);

const START: &str = "2027-03-01T00:00:00Z";

type Store = FaultySource<Arc<SqliteStore>>;

pub(crate) struct World {
    pub(crate) gong: GongSimulator,
    hubspot: HubSpotSimulator,
    model: LanguageServer,
    pub(crate) store: Arc<Store>,
    /// The same calls, for when the store is out of reach.
    calls: Arc<SqliteStore>,
    dispatcher: Dispatcher,
    pub(crate) stop: CancellationToken,
    handle: PrometheusHandle,
    days: u64,
    ticks: AtomicU64,
    changing: Mutex<Changing>,
    _folder: tempfile::TempDir,
}

/// What the ticks work on.
struct Changing {
    rng: fastrand::Rng,
    /// Calls that Gong does not serve yet, by when it will, the latest first.
    coming: Vec<(u64, SimulatedCall)>,
    /// When withheld transcripts come, in ticks.
    withheld: BTreeMap<String, u64>,
    /// The call on the page that cannot be read, or the spoilt one.
    victim: Option<String>,
    asked: u64,
    unanswered: Vec<String>,
    series: BTreeMap<String, Vec<Option<f64>>>,
}

impl World {
    pub(crate) async fn start(days: u64) -> Self {
        let start: Timestamp = START.parse().unwrap();
        let org = SyntheticOrg::generate(&SyntheticConfig {
            anchor: start + Duration::from_secs(3600 * at(script::DAYS - 4, 0)),
            days: 140,
            deals: 60,
            sentences: 10..=20,
            ..SyntheticConfig::default()
        });
        let mut rng = fastrand::Rng::with_seed(2_026);
        let mut calls = org.calls.clone();
        // One that comes just when the model is out of reach.
        let mut last = calls.pop().unwrap();
        let mut coming = Vec::new();
        calls.retain(|call| {
            let begins = call.filter_time().unwrap().duration_since(start);
            let begins = u64::try_from(begins.as_hours()).unwrap_or(0);
            let is_there = call.filter_time().unwrap() < start;
            if !is_there {
                // Most within hours of their end, some of them weeks late.
                let late = match rng.u8(0..12) {
                    0 => rng.u64(8 * 24..20 * 24),
                    _ => rng.u64(2..8),
                };
                coming.push((begins + late, call.clone()));
            }
            is_there
        });
        let moment = start + Duration::from_secs(3600 * (script::MODEL_DOWN.0 - 2));
        for field in ["started", "scheduled"] {
            last.extensive["metaData"][field] = moment.to_string().into();
        }
        coming.push((script::MODEL_DOWN.0, last));
        coming.sort_by_key(|(hour, _)| std::cmp::Reverse(*hour));
        let gong = GongSimulator::builder().calls(calls).start().await.unwrap();
        gong.state().set_now(start);
        let hubspot = HubSpotSimulator::builder().org(&org).start().await.unwrap();
        let model = LanguageServer::start(Shape::OpenAi).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let calls = SqliteStore::open(folder.path().join("calls.db")).await;
        let calls = Arc::new(calls.unwrap());
        calls.migrate().await.unwrap();
        let store = Arc::new(FaultySource::new(Arc::clone(&calls), 1));
        let handle = PrometheusBuilder::new().install_recorder().unwrap();
        let route = Route::default().with_component("store");
        let both = Hybrid::new(Arc::clone(&store), Arc::clone(&calls)).with_route(route);
        let dispatcher = Dispatcher::new(Arc::new(both), language(&model.url()));
        Self {
            gong,
            hubspot,
            model,
            store,
            calls,
            dispatcher,
            stop: CancellationToken::new(),
            handle,
            days,
            ticks: AtomicU64::new(0),
            changing: Mutex::new(Changing {
                rng,
                coming,
                withheld: BTreeMap::new(),
                victim: None,
                asked: 0,
                unanswered: Vec::new(),
                series: BTreeMap::new(),
            }),
            _folder: folder,
        }
    }

    pub(crate) fn gong_client(&self) -> Arc<GongClient> {
        let credentials = Credentials::basic(DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET);
        let config = GongConfig::new(&self.gong.url(), credentials).unwrap();
        let config = config
            .with_requests_per_second(0.0)
            .unwrap()
            .with_daily_requests(None)
            .with_retry(quick());
        Arc::new(GongClient::new(config).unwrap())
    }

    pub(crate) fn hubspot_client(&self) -> Arc<HubSpotApi> {
        let token = AccessToken::new(hubspot::DEFAULT_TOKEN).unwrap();
        let config = HubSpotConfig::new(token).unwrap();
        let config = config.with_base_url(&self.hubspot.base_url()).unwrap();
        let config = config
            .with_requests_per_ten_seconds(0)
            .with_searches_per_second(0)
            .with_retry(quick());
        Arc::new(HubSpotApi::new(config).unwrap())
    }

    pub(crate) fn language(&self) -> InsightBuilder {
        language(&self.model.url())
    }

    pub(crate) fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::SeqCst)
    }

    /// How many tasks were asked, and which were not answered.
    pub(crate) async fn asked(&self) -> (u64, Vec<String>) {
        let changing = self.changing.lock().await;
        (changing.asked, changing.unanswered.clone())
    }

    /// What was measured, by series, a value per tick.
    pub(crate) async fn series(&self) -> BTreeMap<String, Vec<Option<f64>>> {
        self.changing.lock().await.series.clone()
    }

    /// When all of it began, in seconds since 1970.
    pub(crate) fn began(&self) -> f64 {
        START.parse::<Timestamp>().unwrap().as_second() as f64
    }

    /// An hour has passed.
    async fn tick(&self, number: u64, now: Timestamp) {
        let hours = number as f64;
        let changing = &mut *self.changing.lock().await;
        self.gong.state().set_now(now);
        self.faults(changing, hours);
        self.events(changing, number);
        self.ask(changing, hours).await;
        // What daemon and serve do when they are scraped.
        if let Ok(fresh) = self.store.freshness().await {
            fresh.measure();
        }
        self.sample(changing, number);
        self.ticks.store(number + 1, Ordering::SeqCst);
        if number >= self.days * 24 {
            self.stop.cancel();
        }
    }

    /// Outages begin and end.
    fn faults(&self, changing: &mut Changing, hours: f64) {
        let begins = |span: Span| hours == span.0 as f64;
        let ends = |span: Span| hours == span.1 as f64;
        let gong = self.gong.state();
        let down = FaultEffect::Status {
            status: 503,
            retry_after: None,
        };
        if begins(script::GONG_DOWN) {
            gong.inject(Fault::new(down).always());
        }
        if begins(script::HUBSPOT_DOWN) {
            let down = hubspot::FaultEffect::Status {
                status: 502,
                retry_after: None,
            };
            self.hubspot
                .state()
                .inject(hubspot::Fault::new(down).always());
        }
        if ends(script::HUBSPOT_DOWN) {
            self.hubspot.state().clear_faults();
        }
        if begins(script::QUOTA_GONE) {
            gong.set_limits(GongLimits {
                requests_per_day: Some(1),
                ..GongLimits::default()
            });
        }
        if ends(script::QUOTA_GONE) {
            gong.set_limits(GongLimits::default());
        }
        if begins(script::STORE_DOWN) {
            self.store.set_fault(Some(SourceFault::Fails));
        }
        if ends(script::STORE_DOWN) {
            self.store.set_fault(None);
        }
        if begins(script::MODEL_DOWN) {
            self.model.fail_next(vec![Failure::Disconnect; 100]);
        }
        if ends(script::MODEL_DOWN) {
            self.model.fail_next([]);
        }
        if begins(script::PAGE_POISONED) {
            // The latest, so that the windows of the next run hold it.
            let served = gong.served();
            let latest = served.iter().max_by_key(|call| call.filter_time().unwrap());
            let id = latest.unwrap().id().unwrap().to_owned();
            let poison = Fault::new(FaultEffect::InvalidUtf8).on_path("/v2/calls/extensive");
            gong.inject(poison.for_call(id.as_str()).always());
            changing.victim = Some(id);
        }
        if ends(script::GONG_DOWN) || ends(script::PAGE_POISONED) {
            gong.clear_faults();
            changing.victim = None;
        }
        if begins(script::CALL_SPOILT) {
            let served = gong.served();
            let latest = served.iter().max_by_key(|call| call.filter_time().unwrap());
            let latest = latest.unwrap();
            let id = latest.id().unwrap().to_owned();
            // A call without a start is read by its schedule.
            for field in ["started", "scheduled"] {
                let right = &latest.extensive["metaData"][field];
                let spoilt = format!("\"{field}\":\"the day before yesterday\"");
                gong.patch_json(&id, &format!("\"{field}\":{right}"), &spoilt)
                    .unwrap();
            }
            changing.victim = Some(id);
        }
        if ends(script::CALL_SPOILT)
            && let Some(id) = changing.victim.take()
        {
            gong.patch_json(&id, "", "").unwrap();
        }
    }

    /// What people do at Gong.
    fn events(&self, changing: &mut Changing, number: u64) {
        if number + 2 * 24 > self.days * 24 {
            // Quiet, so that what is far behind is found too.
            return;
        }
        let gong = self.gong.state();
        while changing
            .coming
            .last()
            .is_some_and(|(hour, _)| *hour <= number)
            && let Some((hour, call)) = changing.coming.pop()
        {
            let id = call.id().unwrap().to_owned();
            gong.add_call(call).unwrap();
            if hour != script::MODEL_DOWN.0 && changing.rng.u8(0..5) == 0 {
                gong.withhold_transcript(&id).unwrap();
                let until = number + changing.rng.u64(1..250);
                changing.withheld.insert(id, until);
            }
        }
        let due: Vec<String> = changing
            .withheld
            .iter()
            .filter(|(_, until)| **until <= number)
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            changing.withheld.remove(&id);
            let _ = gong.release_transcript(&id);
        }
        if changing.rng.u8(0..12) != 0 {
            return;
        }
        let id = changing.rng.choice(gong.call_ids()).unwrap();
        if changing.victim.as_ref() == Some(&id) {
            return;
        }
        match changing.rng.u8(0..8) {
            0 => drop(gong.delete_call(&id)),
            1 => drop(gong.withhold_transcript(&id)),
            2 => drop(gong.set_private(&id, true)),
            3 => {
                let text = format!("Edited at tick {number}.");
                let edit = |transcript: &mut Value| {
                    transcript["transcript"][0]["sentences"] =
                        json!([{"start": 0, "end": 900, "text": text}]);
                };
                let _ = gong.edit_transcript(&id, edit);
            }
            _ => gong
                .retitle_call(&id, &format!("Title of tick {number}"))
                .unwrap(),
        }
    }

    /// Somebody asks something.
    async fn ask(&self, changing: &mut Changing, hours: f64) {
        let ids = self.gong.state().call_ids();
        let call = changing.rng.choice(ids).unwrap();
        // The calls of the last hours may not be there yet: that is no failure of a task.
        let detail = self.calls.call_detail(&call.as_str().into()).await.unwrap();
        let has_words = detail.is_some_and(|detail| detail.transcript.is_some());
        let questions = [
            json!({"task_type": "list_calls", "limit": 5}),
            json!({"task_type": "search_calls", "query": "price and budget", "limit": 5}),
            json!({"task_type": "team_overview", "days": 3660}),
            json!({"task_type": "analyze_call", "call_id": call}),
        ];
        let is_quiet = script::MODEL_DOWN.holds(hours) || !has_words;
        let kinds = if is_quiet { 3 } else { questions.len() };
        let task = &questions[changing.rng.usize(..kinds)];
        let (reply, _) = self.dispatcher.run_json(task.to_string().as_bytes()).await;
        changing.asked += 1;
        if reply["success"] != true {
            let error = &reply["error"];
            changing
                .unanswered
                .push(format!("hour {hours}: {task}: {error}"));
        }
    }

    /// What Prometheus would read now.
    fn sample(&self, changing: &mut Changing, number: u64) {
        let number = usize::try_from(number).unwrap();
        for line in self.handle.render().lines() {
            let is_value = line.starts_with("gong_snowflake_");
            let Some((series, value)) = line.rsplit_once(' ').filter(|_| is_value) else {
                continue;
            };
            let values = changing.series.entry(series.to_owned()).or_default();
            values.resize(number, None);
            values.push(value.parse().ok());
        }
    }
}

fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .with_max_attempts(2)
        .with_base(Duration::from_millis(1))
        .with_cap(Duration::from_millis(2))
}

/// A model reads, and this process where that fails.
fn language(url: &str) -> InsightBuilder {
    let token = Token::new(
        TokenKind::ProgrammaticAccess,
        language_server::DEFAULT_TOKEN,
    )
    .unwrap();
    let config = EndpointConfig::new(url, "gpt-4o-mini").unwrap();
    let config = config.with_token(token).with_retry(RetryPolicy::never());
    let model = OpenAiCompatible::new(config).unwrap();
    let local = || Language::new(Arc::new(LocalLanguage::new()));
    InsightBuilder::new(local())
        .with_reader(Language::new(Arc::new(model)))
        .with_fallback(local())
}

/// A clock that moves when somebody sleeps, and everything else with it.
pub(crate) struct SimulatedClock {
    world: Arc<World>,
    elapsed: AtomicU64,
}

impl SimulatedClock {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self {
            world,
            elapsed: AtomicU64::new(0),
        }
    }

    fn milliseconds(&self) -> u64 {
        self.elapsed.load(Ordering::SeqCst)
    }

    /// What time it is, whatever the daemon's wall clock says.
    fn truth(&self) -> Timestamp {
        START.parse::<Timestamp>().unwrap() + Duration::from_millis(self.milliseconds())
    }
}

#[async_trait]
impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        let hours = self.milliseconds() as f64 / 3.6e6;
        let wrong_by = Duration::from_secs(30 * 3600);
        match hours {
            _ if script::CLOCK_AHEAD.holds(hours) => self.truth() + wrong_by,
            _ if script::CLOCK_BEHIND.holds(hours) => self.truth() - wrong_by,
            _ => self.truth(),
        }
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.milliseconds())
    }

    async fn sleep(&self, wait: Duration) {
        let round = u64::try_from(ROUND.as_millis()).unwrap();
        let until = self.milliseconds() + u64::try_from(wait.as_millis()).unwrap().max(1);
        while self.milliseconds() < until && !self.world.stop.is_cancelled() {
            let next_tick = self.world.ticks() * round;
            self.elapsed.store(
                until.min(next_tick.max(self.milliseconds())),
                Ordering::SeqCst,
            );
            if self.milliseconds() >= next_tick {
                self.world.tick(next_tick / round, self.truth()).await;
            }
        }
    }
}

impl std::fmt::Debug for SimulatedClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatedClock").finish_non_exhaustive()
    }
}
