//! Whatever happens at Gong and on the way over ninety days of daily runs, the store
//! ends up equal to what Gong serves, or says in a letter what it lacks.
//!
//! Histories are drawn from a seed. `HISTORIES` sets how many, `HISTORY_SEED` the first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use calls::Timestamp;
use fastrand::Rng;
use ingest::{RemovalLimits, SyncSettings};
use jiff::SignedDuration;
use serde_json::{Value, json};
use snowflake_store::{CallReader, KnownCallsQuery, Landing, SyncMode};
use testkit::gong::{CursorKind, Fault, FaultEffect, GongLimits, GongSimulator, RandomFaults};
use world::{World, call_at, settings};

const DAYS: i64 = 90;

/// Days without events at the end. A letter that was begun in the history is asked for
/// again within a week, older spans go round in three runs, stored calls in one.
const QUIET_DAYS: i64 = 10;

const FIRST_DAY: &str = "2026-03-01T06:00:00Z";

struct History {
    rng: Rng,
    world: World,
    calls: usize,
    /// Calls with a fault of their own, and the day on which it ends.
    poison: BTreeMap<String, i64>,
    withheld: BTreeMap<String, i64>,
    log: Vec<String>,
}

impl History {
    async fn begin(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let start: Timestamp = FIRST_DAY.parse().unwrap();
        let first = rng.usize(20..80);
        let calls = (1..=first).map(|number| {
            let age = SignedDuration::from_mins(rng.i64(1..60 * 24 * 60));
            call_at(number, start - age)
        });
        let gong = GongSimulator::builder()
            .calls(calls.collect::<Vec<_>>())
            .page_size(7)
            .cursor_kind(CursorKind::PageNumber);
        let world = World::start(gong).await;
        Self {
            rng,
            world,
            calls: first,
            poison: BTreeMap::new(),
            withheld: BTreeMap::new(),
            log: Vec::new(),
        }
    }

    fn say(&mut self, day: i64, what: String) {
        self.log.push(format!("day {day}: {what}"));
    }

    fn any_call(&mut self) -> Option<String> {
        let ids = self.world.gong.state().call_ids();
        self.rng.choice(ids)
    }

    /// What happens at Gong on a day.
    fn events(&mut self, day: i64, now: Timestamp) {
        let state = self.world.gong.state();
        for _ in 0..self.rng.usize(0..4) {
            self.calls += 1;
            let age = match self.rng.u8(0..10) {
                0 => SignedDuration::from_hours(24 * self.rng.i64(8..85)),
                _ => SignedDuration::from_mins(self.rng.i64(1..1440)),
            };
            let started = now - age;
            let mut call = call_at(self.calls, started);
            if self.rng.u8(0..8) == 0 {
                let before = SignedDuration::from_hours(24 * self.rng.i64(1..30));
                call.extensive["metaData"]["direction"] = "Conference".into();
                call.extensive["metaData"]["scheduled"] = (started - before).to_string().into();
            }
            let id = call.extensive["metaData"]["id"]
                .as_str()
                .unwrap()
                .to_owned();
            state.add_call(call).unwrap();
            self.say(day, format!("{id} appears, {age:#} old"));
            if self.rng.u8(0..4) == 0 {
                state.withhold_transcript(&id).unwrap();
                let until = day + self.rng.i64(1..25);
                self.withheld.insert(id, until);
            }
        }
        let due = ended(&self.withheld, day);
        for id in due {
            self.withheld.remove(&id);
            let _ = state.release_transcript(&id);
        }
        for _ in 0..self.rng.usize(0..3) {
            let Some(id) = self.any_call() else { return };
            match self.rng.u8(0..9) {
                0 | 1 => {
                    state
                        .retitle_call(&id, &format!("Title of day {day}"))
                        .unwrap();
                    self.say(day, format!("{id} is renamed"));
                }
                2 => {
                    let text = format!("Edited on day {day}.");
                    let edit = |transcript: &mut Value| {
                        transcript["transcript"][0]["sentences"] =
                            json!([{"start": 0, "end": 900, "text": text}]);
                    };
                    if state.edit_transcript(&id, edit).is_ok() {
                        self.say(day, format!("the transcript of {id} is edited"));
                    }
                }
                3 => {
                    let _ = state.withhold_transcript(&id);
                    self.withheld.insert(id.clone(), i64::MAX);
                    self.say(day, format!("the transcript of {id} is withdrawn"));
                }
                4 => {
                    state.delete_call(&id);
                    self.withheld.remove(&id);
                    self.say(day, format!("{id} is deleted"));
                }
                5 => {
                    let started = now - SignedDuration::from_hours(24 * self.rng.i64(1..60));
                    let edit = |call: &mut Value| {
                        call["metaData"]["started"] = started.to_string().into();
                    };
                    state.edit_call(&id, edit).unwrap();
                    self.say(day, format!("{id} moves to {started}"));
                }
                6 => {
                    let private = self.rng.bool();
                    state.set_private(&id, private).unwrap();
                    self.say(day, format!("{id} is private: {private}"));
                }
                _ => {
                    let until = day + self.rng.i64(1..20);
                    self.poison.insert(id.clone(), until);
                    self.say(day, format!("{id} is poison until day {until}"));
                }
            }
        }
        let due = ended(&self.poison, day);
        for id in due {
            self.poison.remove(&id);
        }
    }

    /// What goes wrong on the way on a day.
    fn faults(&mut self, day: i64) {
        let state = self.world.gong.state();
        state.clear_faults();
        for (id, until) in &self.poison {
            let effect = match until % 4 {
                0 => FaultEffect::MissingId,
                1 => FaultEffect::InvalidUtf8,
                2 => FaultEffect::MalformedJson,
                _ => FaultEffect::Status {
                    status: 400,
                    retry_after: None,
                },
            };
            let path = match until % 3 {
                0 => "/v2/calls/transcript",
                _ => "/v2/calls/extensive",
            };
            state.inject(
                Fault::new(effect)
                    .on_path(path)
                    .for_call(id.as_str())
                    .always(),
            );
        }
        if self.rng.u8(0..4) == 0 {
            state.set_random_faults(Some(RandomFaults {
                retry_after: 0,
                ..RandomFaults::new(0.1, self.rng.u64(..))
            }));
        }
        let quota = (self.rng.u8(0..5) == 0).then(|| self.rng.u64(1..30));
        state.set_limits(GongLimits {
            requests_per_day: quota,
            ..GongLimits::default()
        });
        if let Some(quota) = quota {
            self.say(day, format!("{quota} requests are allowed"));
        }
    }

    /// A day's run: it may be killed, then tried again; its clock may be wrong.
    async fn run(&mut self, day: i64, now: Timestamp) {
        let wrong_by = match self.rng.u8(0..12) {
            0 => SignedDuration::from_hours(self.rng.i64(-30..30)),
            1 => SignedDuration::from_hours(24 * 200),
            _ => SignedDuration::ZERO,
        };
        let mode = match (day, self.rng.u8(0..20)) {
            (0, _) | (_, 0) => SyncMode::Full,
            _ => SyncMode::Incremental,
        };
        let settings = daily(mode, now + wrong_by);
        if self.rng.u8(0..5) == 0 {
            let job = self.world.job(settings.clone());
            let running = tokio::spawn(async move { job.run().await });
            tokio::time::sleep(Duration::from_millis(self.rng.u64(1..60))).await;
            running.abort();
            let _ = running.await;
            self.say(day, "the run is killed".to_owned());
        }
        let ended = match self.world.sync(settings).await {
            Ok(report) => format!(
                "{mode:?} run, clock wrong by {wrong_by:#}: {} seen, {} letters, {} withheld",
                report.calls_seen, report.dead_letters, report.deletions_withheld
            ),
            Err(error) => format!("{mode:?} run stops: {error}"),
        };
        self.say(day, ended);
    }

    /// What the store has in place of what Gong serves.
    async fn differences(&self) -> Vec<String> {
        let mut named = BTreeSet::new();
        for record in self.world.letters().await {
            named.insert(record.letter.fault.key());
        }
        let is_named = |id: &str| named.contains(&format!("call:{id}"));
        let mut differences = Vec::new();
        let mut served = BTreeSet::new();
        for call in self.world.gong.state().served() {
            let facts = &call.extensive["metaData"];
            let id = facts["id"].as_str().unwrap();
            if facts["isPrivate"] == true {
                continue;
            }
            served.insert(id.to_owned());
            let stored = self.world.store.call_detail(&id.into()).await.unwrap();
            let title = stored.as_ref().and_then(|stored| stored.call.title.clone());
            let expected = facts["title"].as_str().map(str::to_owned);
            if title != expected && !is_named(id) {
                differences.push(format!("{id}: title {title:?} for {expected:?}"));
            }
            let said = |transcript: &Value| {
                let turns = transcript["transcript"].as_array().unwrap();
                let sentences = turns
                    .iter()
                    .flat_map(|turn| turn["sentences"].as_array().unwrap());
                let texts = sentences.map(|sentence| sentence["text"].as_str().unwrap().to_owned());
                texts.collect::<Vec<String>>()
            };
            let expected = call.transcript.as_ref().map(said);
            let transcript = stored.and_then(|stored| stored.transcript);
            let stored: Option<Vec<String>> = transcript.map(|transcript| {
                let sentences = transcript.sentences.into_iter();
                sentences.map(|sentence| sentence.text).collect()
            });
            if stored != expected && !is_named(id) {
                differences.push(format!("{id}: said {stored:?} for {expected:?}"));
            }
        }
        let all = KnownCallsQuery {
            limit: 100_000,
            ..KnownCallsQuery::default()
        };
        for known in self.world.store.known_calls(&all).await.unwrap() {
            if !served.contains(known.id.as_str()) {
                differences.push(format!("{} is not served any more", known.id));
            }
        }
        differences
    }
}

fn ended(until: &BTreeMap<String, i64>, day: i64) -> Vec<String> {
    let over = until.iter().filter(|(_, until)| **until <= day);
    over.map(|(id, _)| id.clone()).collect()
}

fn daily(mode: SyncMode, now: Timestamp) -> SyncSettings {
    settings(mode)
        .with_now(Some(now))
        // Small, so that a history meets their edges.
        .with_max_calls_per_window(100)
        .with_transcript_batch(8)
        .with_sweep_calls(60)
        .with_relist_requests(40)
        .with_check_documents(40)
        .with_removals(RemovalLimits {
            share: 0.5,
            ..RemovalLimits::default()
        })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ninety_days_of_anything_end_with_the_store_that_gong_serves() {
    let number = |name: &str, default: u64| {
        let value = std::env::var(name).ok();
        value.map_or(default, |value| value.parse().unwrap())
    };
    let first_seed = number("HISTORY_SEED", 1);
    for seed in first_seed..first_seed + number("HISTORIES", 4) {
        let mut history = History::begin(seed).await;
        let first_day: Timestamp = FIRST_DAY.parse().unwrap();
        for day in 0..DAYS + QUIET_DAYS {
            let now = first_day + SignedDuration::from_hours(24 * day);
            history.world.gong.state().set_now(now);
            if day < DAYS {
                history.events(day, now);
                history.faults(day);
                history.run(day, now).await;
            } else {
                let state = history.world.gong.state();
                state.clear_faults();
                state.set_limits(GongLimits::default());
                let run = daily(SyncMode::Incremental, now);
                let report = history.world.sync(run).await.unwrap();
                history.say(day, format!("quiet: {report:?}"));
            }
        }
        let differences = history.differences().await;
        let letters = history.world.letters().await;
        assert!(
            differences.is_empty() && letters.is_empty(),
            "seed {seed}: {differences:#?}\n{letters:#?}\n{:#?}",
            history.log
        );
    }
}
