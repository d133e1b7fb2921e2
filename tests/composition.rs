//! What programs compose of their settings, where it takes more than one part to see it.

use std::fs;
use std::net::TcpListener;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::commands::account::Account;
use crate::commands::{World, silent_snowflake};
use futures_util::future::join_all;
use gong_snowflake::settings::SettingsBuilder;
use gong_snowflake::snowflake_store::Origin;
use gong_snowflake::{Agents, Settings, StoreOptions};
use serde_json::{Value, json};
use testkit::hubspot::HubSpotSimulator;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

/// Longer than anything may take here.
const PATIENCE: Duration = Duration::from_secs(120);

async fn world() -> World {
    let org = SyntheticOrg::generate(&SyntheticConfig {
        deals: 1,
        sentences: 20..=30,
        ..SyntheticConfig::default()
    });
    let world = World::of(org).await;
    let synced = world.ingest(&["--mode", "full"]);
    assert_eq!(synced.code, 0, "{}", synced.stderr);
    world
}

fn settings(world: &World) -> SettingsBuilder {
    let store = format!("sqlite:{}", world.database().display());
    Settings::builder().with("store.location", store, "the test")
}

async fn answer(agents: &Agents, task: &Value) -> Value {
    let task = task.to_string();
    agents.dispatcher().run_json(task.as_bytes()).await.0
}

/// Callers wait for a minute at most, and a model that hangs may be given four: the fallback
/// must have its turn before.
#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_never_answers_leaves_the_fallback_time_within_the_task() {
    let world = world().await;
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let model = format!("http://{}", silent.local_addr().unwrap());
    let settings = settings(&world)
        .with("language.backend", "openai", "the test")
        .with("cortex.base_url", model, "the test")
        .with("cortex.model", "any", "the test")
        .load()
        .await
        .unwrap();
    let (options, limit) = (StoreOptions::new("test"), Duration::from_secs(6));
    let agents = Agents::open_within(&settings, &options, limit)
        .await
        .unwrap();
    let (call, _) = world.a_call_with_its_sentences();
    let reply = answer(
        &agents,
        &json!({"task_type": "analyze_call", "call_id": call}),
    )
    .await;
    assert_eq!(reply["success"], true, "{reply}");
    assert_eq!(reply["ai_enhanced"], false);
    let why = reply["degraded"].to_string();
    assert!(why.contains("the fallback read the call"), "{why}");
}

/// A share that hangs costs each question its time, and those after a few none at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_share_of_hubspot_that_never_answers_leaves_the_questions_to_rest() {
    let org = SyntheticOrg::generate(&SyntheticConfig {
        deals: 1,
        ..SyntheticConfig::default()
    });
    let hubspot = HubSpotSimulator::builder().org(&org).start().await.unwrap();
    let (snowflake, taken) = silent_snowflake();
    let settings = Settings::builder()
        .with("hubspot.base_url", hubspot.base_url(), "the test")
        .with("hubspot.token", testkit::hubspot::DEFAULT_TOKEN, "the test")
        .with("hubspot.share_database", "HUBSPOT", "the test")
        .with("hubspot.share_timeout", "1s", "the test")
        .with("snowflake.base_url", snowflake, "the test")
        .with("snowflake.account", "myorg-sales", "the test")
        .with("snowflake.user", "ENRICH", "the test")
        .with("snowflake.password", "none", "the test");
    let crm = settings.load().await.unwrap().crm().unwrap().unwrap();
    let wanted = [org.deals[0].id.clone()];
    let asked = async || {
        let asked = tokio::time::timeout(PATIENCE, crm.deals(&wanted)).await;
        let batch = asked.expect("an answer").unwrap();
        assert_eq!(batch.found[0].id, wanted[0]);
    };
    join_all((0..5).map(|_| asked())).await;
    let tried = taken.load(Ordering::SeqCst);
    assert!(tried > 0);
    join_all((0..5).map(|_| asked())).await;
    assert_eq!(taken.load(Ordering::SeqCst), tried, "the breaker is open");
}

/// A process that starts while its store is down must not stay without it.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_down_at_the_start_is_written_once_it_answers() {
    let Some(account) = Account::open("LATE_OPENING") else {
        return;
    };
    let world = world().await;
    // Connections wait here until somebody takes them.
    let gate = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", gate.local_addr().unwrap());
    let variables = account.variables().map(|(name, value)| match name {
        "SNOWFLAKE_BASE_URL" => (name, url.as_str()),
        _ => (name, value),
    });
    let fallback = format!("sqlite:{}", world.database().display());
    let settings = Settings::builder()
        .with_variables(variables)
        .with("store.location", "snowflake", "the test")
        .with("store.fallback", fallback, "the test")
        .with("store.primary_timeout", "1s", "the test")
        .load()
        .await
        .unwrap();
    let options = StoreOptions::new("test");
    let opening = tokio::time::timeout(PATIENCE, Agents::open(&settings, &options)).await;
    let agents = opening.expect("no hang").unwrap();
    let listed = answer(&agents, &json!({"task_type": "list_calls", "days": 90})).await;
    assert_eq!(listed["data_source"], "sqlite", "{listed}");

    let server = account.server.base_url().socket_addrs(|| None).unwrap()[0];
    tokio::spawn(async move {
        while let Ok((mut asking, _)) = gate.accept().await {
            tokio::spawn(async move {
                let mut answering = tokio::net::TcpStream::connect(server).await?;
                tokio::io::copy_bidirectional(&mut asking, &mut answering).await
            });
        }
    });
    let origin = Origin {
        host: "us-1.api.gong.io".to_owned(),
        workspaces: Vec::new(),
    };
    let up = async {
        while agents.store().set_origin(&origin).await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let opened = tokio::time::timeout(PATIENCE, up).await;
    opened.expect("it is opened for writing");
    assert_eq!(agents.store().origin().await.unwrap(), Some(origin));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_judges_by_the_targets_of_its_file() {
    let world = world().await;
    let file = world.database().with_file_name("coaching.toml");
    let open = async || {
        let settings = settings(&world).with("language.coaching", file.display(), "the test");
        Agents::open(&settings.load().await.unwrap(), &StoreOptions::new("test")).await
    };
    let absent = open().await.unwrap_err();
    assert_eq!(absent.field(), Some("coaching"), "{absent}");

    fs::write(&file, "[targets.talk_ratio]\nlow = 0.9\n").unwrap();
    let reversed = open().await.unwrap_err();
    assert_eq!(reversed.field(), Some("targets.talk_ratio.low"));
    let message = reversed.to_string();
    assert!(
        message.contains("coaching.toml: must be less than high"),
        "{message}"
    );

    fs::write(&file, "weak_below = 70\nmost_recommendation = 1\n").unwrap();
    let unknown = open().await.unwrap_err().to_string();
    assert!(unknown.contains("coaching.toml: line 2:"), "{unknown}");

    // Nothing but next steps counts.
    let parts = [
        "talk_balance",
        "listening",
        "customer_engagement",
        "deal_qualification",
        "objection_handling",
    ];
    let parts = parts.map(|part| format!("{part} = 0\n")).concat();
    fs::write(&file, format!("[part_weights]\n{parts}")).unwrap();
    let (call, _) = world.a_call_with_its_sentences();
    let task = json!({"task_type": "score_call", "call_id": call});
    let by_file = answer(&open().await.unwrap(), &task).await;
    println!("{by_file:#}");
}
