//! What programs compose of their settings, where it takes more than one part to see it.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use crate::commands::World;
use gong_snowflake::settings::SettingsBuilder;
use gong_snowflake::{Agents, Settings, StoreOptions};
use serde_json::{Value, json};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

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
