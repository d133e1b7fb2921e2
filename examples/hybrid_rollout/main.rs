//! A team moves its agents from one store to another, and the new one dies on the way.
//!
//! ```sh
//! cargo run --example hybrid_rollout
//! ```
//!
//! A simulated Gong is synced into two stores: the old one, and a new one that plays the
//! warehouse. A share of the tasks goes to the new store: none, a quarter with the old one in
//! its shadow, all. Then it dies while tasks run, hangs, and comes back. Last, the old store
//! is gone too, and Gong itself answers what it can. For each task stands what the user sees:
//! whether it was answered, by whom, and why not by whom it should.
//!
//! Needs no account and no network. The last line of stdout is one JSON object.

#[path = "../shared/mod.rs"]
mod shared;

mod stage;
mod users;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gong_snowflake::agents::task::Dispatcher;
use gong_snowflake::ingest::LiveCalls;
use gong_snowflake::resilience::{CircuitBreaker, CircuitBreakerConfig, Route};
use gong_snowflake::snowflake_store::Hybrid;
use serde_json::{Value, json};
use testkit::faulty::SourceFault;

use shared::say;
use stage::{Stage, Store};
use users::{Seen, Users};

/// How long the new store may take, and how long it is left alone once it keeps failing: far
/// less than outside an example.
const PATIENCE: Duration = Duration::from_millis(400);
const PAUSE: Duration = Duration::from_secs(1);

const TASKS: usize = 24;

#[tokio::main]
async fn main() -> ExitCode {
    shared::start_logging();
    match run().await {
        Ok(line) => {
            say(line);
            ExitCode::SUCCESS
        }
        Err(error) => shared::fail(error.as_ref(), 1),
    }
}

/// One division of the tasks between the two stores, as a setting would give it.
struct Rollout {
    hybrid: Arc<Hybrid<Arc<Store>, Arc<Store>>>,
    dispatcher: Dispatcher,
}

impl Rollout {
    fn new(stage: &Stage, breaker: &Arc<CircuitBreaker>, share: f64, shadow: f64) -> Self {
        let route = Route::default()
            .with_primary_share(share)
            .with_shadow_share(shadow)
            .with_primary_timeout(PATIENCE)
            .with_breaker(Arc::clone(breaker));
        let hybrid = Hybrid::new(Arc::clone(&stage.new), Arc::clone(&stage.old))
            .named("new", "old")
            .with_route(route);
        let hybrid = Arc::new(hybrid);
        let store = Arc::clone(&hybrid);
        Self {
            dispatcher: Dispatcher::new(store, stage.language.clone()),
            hybrid,
        }
    }

    fn breaker(&self) -> &'static str {
        self.hybrid
            .route()
            .breaker_state()
            .map_or("none", |state| state.as_str())
    }
}

async fn run() -> Result<Value, Box<dyn Error>> {
    let started = Instant::now();
    say("== Two stores of one simulated Gong, calls analysed in both");
    let stage = Stage::set().await?;
    let users = Users::of(&stage).await?;
    say(format!(
        "{} calls; of two of them the new store has an older version",
        stage.calls
    ));
    let breaker = Arc::new(CircuitBreaker::new(CircuitBreakerConfig {
        failures_to_open: 3,
        open_for: PAUSE,
    }));

    let mut phases = Vec::new();
    let mut differences = json!({});
    for (percent, shadow) in [(0, 0.0), (25, 1.0), (100, 0.0)] {
        say(format!("\n== {percent} % of the tasks go to the new store"));
        let rollout = Rollout::new(&stage, &breaker, f64::from(percent) / 100.0, shadow);
        let seen = users.ask(&rollout.dispatcher, 0..TASKS).await;
        say(seen.summary());
        if shadow > 0.0 {
            let report = rollout.hybrid.shadow_report();
            differences = json!(report);
            say("what both were asked, and how the answers differ:");
            for (method, compared) in &report.methods {
                say(format!(
                    "  {method:<20} {:>3} asked, {:>3} the same, {:?}",
                    compared.requests, compared.same, compared.differences
                ));
            }
        }
        phases.push(json!({"percent": percent, "seen": seen.json()}));
    }

    let rollout = Rollout::new(&stage, &breaker, 1.0, 0.0);
    say("\n== The new store dies while tasks run");
    let mut killed = users.ask(&rollout.dispatcher, 0..4).await;
    stage.new.set_fault(Some(SourceFault::DiesAfter(2)));
    killed.add(users.tell(&rollout.dispatcher, 4..10).await);
    killed.add(users.ask(&rollout.dispatcher, 10..TASKS).await);
    let breaker_when_dead = rollout.breaker();
    say(killed.summary());
    say(format!(
        "the breaker is {breaker_when_dead}: the new store is left alone"
    ));

    say("\n== It hangs instead of failing");
    tokio::time::sleep(PAUSE).await;
    stage.new.set_fault(Some(SourceFault::Hangs));
    let hanging = users.tell(&rollout.dispatcher, 0..4).await;
    say(hanging.summary());

    say("\n== It is back");
    stage.new.set_fault(None);
    tokio::time::sleep(PAUSE).await;
    let recovered = users.ask(&rollout.dispatcher, 0..TASKS).await;
    say(recovered.summary());
    let stats = rollout.hybrid.route().stats();
    say(format!(
        "the breaker is {}; requests so far: {stats:?}",
        rollout.breaker()
    ));

    say("\n== Both stores are gone, and Gong itself answers");
    stage.new.set_fault(Some(SourceFault::Fails));
    let live = LiveCalls::new(Arc::clone(&stage.gong))?;
    let live = Hybrid::new(Arc::clone(&stage.new), live).named("new", "gong");
    let live = Dispatcher::new(Arc::new(live), stage.language.clone());
    let by_gong: Seen = users.tell(&live, 0..6).await;
    say(by_gong.summary());
    live.shutdown().await;

    Ok(json!({
        "phases": phases,
        "shadow": differences,
        "killed": killed.json(),
        "breaker_when_dead": breaker_when_dead,
        "hanging": hanging.json(),
        "recovered": recovered.json(),
        "by_gong": by_gong.json(),
        "seconds": started.elapsed().as_secs_f64(),
    }))
}
