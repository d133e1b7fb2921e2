//! What a company has set up in Gong, from a sync to the answers: its scorecards are known and
//! its keyword trackers followed, without anybody naming them.

use crate::commands::World;
use gong_snowflake::{Agents, Settings, StoreOptions};
use serde_json::{Value, json};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

/// A company whose calls Gong has analysed without running trackers.
async fn world() -> World {
    let mut org = SyntheticOrg::generate(&SyntheticConfig {
        deals: 2,
        ..SyntheticConfig::default()
    });
    for call in &mut org.calls {
        let content = call.extensive["content"].as_object_mut().unwrap();
        content.remove("trackers").unwrap();
    }
    World::of(org).await
}

async fn agents(world: &World) -> Agents {
    opened(world, None).await
}

async fn opened(world: &World, fallback: Option<String>) -> Agents {
    let store = format!("sqlite:{}", world.database().display());
    let mut settings = Settings::builder().with("store.location", store, "the test");
    if let Some(fallback) = fallback {
        settings = settings.with("store.fallback", fallback, "the test");
    }
    let settings = settings.load().await.unwrap();
    Agents::open(&settings, &StoreOptions::new("test"))
        .await
        .unwrap()
}

async fn result(agents: &Agents, task: Value) -> Value {
    let (reply, _) = agents
        .dispatcher()
        .run_json(task.to_string().as_bytes())
        .await;
    reply["result"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn scorecards_and_trackers_of_gong_reach_the_agents() {
    let world = world().await;
    let (call, sentences) = world.a_call_with_its_sentences();
    // A phrase that was said, as the company would have it tracked.
    let (said_at, words) = sentences
        .iter()
        .enumerate()
        .map(|(at, sentence)| {
            (
                at,
                sentence
                    .split_whitespace()
                    .take(4)
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        })
        .max_by_key(|(_, words)| words.len())
        .unwrap();
    let gong = world.gong.state();
    gong.set_records(
        "settings/trackers",
        [json!({
            "trackerId": "t-1", "trackerName": "Watchword", "affiliation": "Anyone",
            "languageKeywords": [{"language": "eng", "keywords": [words], "includeRelatedForms": false}],
        })],
    );
    let question = |id: &str, kind: &str| json!({"questionId": id, "questionText": "Was the need found?", "questionType": kind});
    gong.set_records(
        "settings/scorecards",
        [
            json!({"scorecardId": "7", "scorecardName": "Discovery Call", "enabled": true,
                "questions": [question("1", "RANGE"), question("2", "BOOLEAN"), question("3", "OPEN")]}),
            json!({"scorecardId": "8", "scorecardName": "Retired", "enabled": false,
                "questions": [question("4", "BOOLEAN")]}),
        ],
    );
    let analysis = json!({"task_type": "analyze_call", "call_id": call});
    let card = |name: &str| json!({"task_type": "scorecard", "scorecard": name, "call_id": call});

    // Without the streams nobody knows of them.
    let calls_alone = world.ingest(&["--mode", "full"]);
    assert_eq!(calls_alone.code, 0, "{}", calls_alone.stderr);
    let before = agents(&world).await;
    assert_eq!(
        result(&before, analysis.clone()).await["trackers"],
        json!([])
    );
    let unknown = before
        .dispatcher()
        .run_json(card("discovery_call").to_string().as_bytes())
        .await;
    assert_eq!(
        unknown.0["error"]["code"], "scorecard_not_found",
        "{}",
        unknown.0
    );

    let run = world.ingest(&["--mode", "incremental", "--streams", "scorecards,trackers"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.last_line()["streams"].as_array().map(Vec::len), Some(2));
    // Who was there before sees it, too, and so does who has a fallback.
    before.read_gong_setup().await.unwrap();
    let fallback = format!(
        "sqlite:{}",
        world.database().with_extension("other").display()
    );
    for agents in [before, opened(&world, Some(fallback)).await] {
        let found = &result(&agents, analysis.clone()).await["trackers"];
        assert_eq!(found[0]["name"], "Watchword", "{found}");
        agents.shutdown().await;
    }
    let after = agents(&world).await;
    let found = &result(&after, analysis).await["trackers"];
    assert_eq!(found[0]["name"], "Watchword", "{found}");
    let at = found[0]["occurrences"].as_array().unwrap().iter();
    let at: Vec<u64> = at.filter_map(|one| one["sentence"].as_u64()).collect();
    assert!(at.contains(&(said_at as u64)), "{said_at}: {found}");

    let answered = result(&after, card("discovery_call")).await;
    assert_eq!(answered["title"], "Discovery Call", "{answered}");
    assert_eq!(
        answered["answers"].as_array().map(Vec::len),
        Some(2),
        "{answered}"
    );
    let retired = after
        .dispatcher()
        .run_json(card("retired").to_string().as_bytes())
        .await;
    assert_eq!(retired.0["error"]["code"], "scorecard_not_found");
    // The company's own come first where names are the same.
    assert_ne!(result(&after, card("meddicc")).await["title"], Value::Null);
    after.shutdown().await;
}
