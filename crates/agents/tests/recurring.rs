//! The tasks about what recurs, how it develops and what to practise, as JSON.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;

use agents::insights::InsightBuilder;
use agents::task::Dispatcher;
use calls::reading::{Competitor, Confidence, Handling, Reading, Stance};
use calls::{DealOutcome, Sentiment, SentimentLabel};
use cortex::LocalLanguage;
use serde_json::{Value, json};
use snowflake_store::{CallInsights, Insights, SqliteStore};
use support::PhraseLanguage;
use support::deals_world::{WorldCall, keep, pain, price, world};

fn language() -> InsightBuilder {
    InsightBuilder::from(Arc::new(PhraseLanguage::default()))
}

async fn ask(store: &Arc<SqliteStore>, task: Value) -> Value {
    let dispatcher = Dispatcher::new(Arc::clone(store) as _, language());
    let (reply, code) = dispatcher
        .run_json_at(task.to_string().as_bytes(), support::anchor())
        .await;
    assert_eq!(code, 0, "{reply}");
    support::check_evidence(store, &reply["result"]).await;
    reply["result"].clone()
}

/// Six won and six lost deals with a call each. Pushback on the price is heard in all of the
/// lost ones and met in none, and in one of the won ones.
async fn won_and_lost() -> Arc<SqliteStore> {
    let mut calls = Vec::new();
    let mut deals = Vec::new();
    let names: Vec<String> = (0..12).map(|at| format!("d{at}")).collect();
    for (at, deal) in names.iter().enumerate() {
        let rep = ["ana", "ben", "cleo"][at % 3];
        let mut call = WorldCall::new(format!("k{at}"), rep, deal).on(10 + at as u32);
        if at < 6 {
            // Won: the customer talks more.
            let more = format!("And {deal} takes all of our mornings, week after week.");
            call.lines.push(("buyer", more));
            call.lines
                .push(("buyer", format!("So {deal} has to be solved by summer.")));
        }
        calls.push(call);
        let outcome = if at < 6 {
            DealOutcome::Won
        } else {
            DealOutcome::Lost
        };
        deals.push((deal.as_str(), outcome));
    }
    let store = world(&calls, &deals).await;
    let reader = language().reader();
    for at in 0..12 {
        let mut reading = Reading::default();
        if at >= 5 {
            let handling = if at == 5 {
                Handling::Resolved
            } else {
                Handling::Ignored
            };
            reading.pushback = vec![price(handling)];
        }
        if at % 2 == 0 {
            let mut rival = Competitor::new("Brightwell", vec![3], Confidence::claimed(0.9));
            rival.stance = Stance::Evaluating;
            reading.competitors = vec![rival];
        }
        reading.pains = vec![pain("two days a month", 5)];
        keep(&store, &format!("k{at}"), reader.clone(), reading).await;
    }
    store
}

#[tokio::test]
async fn patterns_are_counted_by_outcome_and_only_clear_differences_are_told() {
    let store = won_and_lost().await;
    let found = ask(&store, json!({"task_type": "find_patterns", "days": 60})).await;
    assert_eq!(
        (&found["calls"], &found["calls_read"]),
        (&json!(12), &json!(12))
    );
    let pushback = &found["pushback"][0];
    assert_eq!(pushback["what"], "price");
    assert_eq!(pushback["calls"], 7);
    assert_eq!(
        pushback["by_outcome"][0],
        json!({"outcome": "won", "calls": 1, "of": 6, "share": 1.0 / 6.0})
    );
    assert_eq!(
        pushback["by_outcome"][1],
        json!({"outcome": "lost", "calls": 6, "of": 6, "share": 1.0})
    );
    assert_eq!(pushback["met"], 1.0 / 7.0);
    assert_eq!(found["competitors"][0]["what"], "Brightwell");
    assert_eq!(found["competitors"][0]["calls"], 6);
    assert_eq!(found["pains"][0]["calls"], 12);
    let separates: Vec<&str> = found["separates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    assert!(separates.contains(&"price"), "{separates:?}");
    assert!(separates.contains(&"Talk ratio"), "{separates:?}");
    assert!(
        !separates.contains(&"Brightwell"),
        "as often on both: {separates:?}"
    );

    let of_ana = ask(
        &store,
        json!({"task_type": "find_patterns", "rep": "ana@seller.example", "days": 60}),
    )
    .await;
    assert_eq!(of_ana["calls"], 4);
    assert_eq!(
        of_ana["separates"],
        json!([]),
        "two deals of each say nothing"
    );
    let notes = of_ana["notes"].to_string();
    assert!(
        notes.contains("too few to say what tells them apart"),
        "{notes}"
    );
}

#[tokio::test]
async fn a_benchmark_shows_each_figure_with_its_calls_beside_won_and_lost_deals() {
    let store = won_and_lost().await;
    let found = ask(&store, json!({"task_type": "team_benchmark", "days": 60})).await;
    assert_eq!(
        (&found["reps_counted"], &found["calls"]),
        (&json!(3), &json!(12))
    );
    let talk = &found["metrics"][0];
    assert_eq!(talk["metric"], "talk_ratio");
    assert_eq!((&talk["reps"], &talk["calls"]), (&json!(3), &json!(12)));
    assert_eq!(
        (&talk["won"]["calls"], &talk["lost"]["calls"]),
        (&json!(6), &json!(6))
    );
    assert!(talk["won"]["value"].as_f64() < talk["lost"]["value"].as_f64());
    let rows = found["reps"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    for row in rows {
        assert_eq!(row["calls"], 4);
        assert_eq!(
            (&row["deals_won"], &row["deals_lost"]),
            (&json!(2), &json!(2))
        );
        assert_eq!(row["metrics"][0]["calls"], 4);
    }
    let one = ask(
        &store,
        json!({"task_type": "team_benchmark", "rep_name": "Ben", "days": 60}),
    )
    .await;
    assert_eq!(one["reps"].as_array().unwrap().len(), 1);
    assert_eq!(
        one["metrics"][0]["reps"], 3,
        "the team is still the whole one"
    );
}

#[tokio::test]
async fn a_summary_is_short_and_has_at_most_three_things_to_practise() {
    let store = won_and_lost().await;
    let of_rep = ask(
        &store,
        json!({"task_type": "coaching_summary", "rep": "ana@seller.example", "days": 60}),
    )
    .await;
    let sentences = of_rep["summary"].as_array().unwrap();
    assert!((2..=6).contains(&sentences.len()), "{sentences:?}");
    assert!(
        sentences[0]
            .as_str()
            .unwrap()
            .starts_with("ana had 4 calls"),
        "{sentences:?}"
    );
    assert_eq!(of_rep["rep"]["name"], "ana");
    let of_team = ask(&store, json!({"task_type": "coaching_summary", "days": 60})).await;
    assert_eq!(of_team["rep"], Value::Null);
    for summary in [&of_rep, &of_team] {
        let practise = summary["practise"].as_array().unwrap();
        assert!((1..=3).contains(&practise.len()), "{practise:?}");
        let weights: Vec<f64> = practise
            .iter()
            .map(|one| one["weight"].as_f64().unwrap())
            .collect();
        assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
        assert!(
            practise.iter().any(|one| one["topic"] == "missed_pushback"),
            "{practise:?}"
        );
    }
}

async fn with_tone(store: &SqliteStore, id: &str, score: f64) {
    let insights = CallInsights {
        call_id: id.into(),
        transcript_sha: None,
        sentiment: Some(Sentiment {
            score,
            label: SentimentLabel::Neutral,
        }),
        summary: None,
        key_topics: Vec::new(),
        risks: None,
        next_steps: None,
        sentence_sentiments: vec![(3, score)],
        chunks: Vec::new(),
        provenance: language().provenance(),
    };
    store.save_insights(&[insights]).await.unwrap();
}

#[tokio::test]
async fn a_trend_of_tone_says_its_gaps() {
    let calls: Vec<WorldCall> = [(1, 2), (2, 9), (3, 23), (4, 30), (5, 31)]
        .into_iter()
        .map(|(id, day)| WorldCall::new(format!("t{id}"), "ana", "d").on(day))
        .collect();
    let store = world(&calls, &[("d", DealOutcome::Open)]).await;
    for (id, score) in [("t1", -0.4), ("t2", -0.1), ("t3", 0.2), ("t4", 0.4)] {
        with_tone(&store, id, score).await;
    }
    let period = json!({"from": "2026-01-01", "to": "2026-01-31"});
    let task = |fields: Value| {
        let mut task = json!({"task_type": "sentiment_trends"});
        for fields in [&period, &fields] {
            for (name, value) in fields.as_object().unwrap() {
                task[name] = value.clone();
            }
        }
        task
    };
    let trend = ask(&store, task(json!({"rep": "ana@seller.example"}))).await;
    let means: Vec<&Value> = trend["buckets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["mean"])
        .collect();
    assert_eq!(
        means,
        [
            &json!(-0.4),
            &json!(-0.1),
            &Value::Null,
            &json!(0.2),
            &json!(0.4)
        ]
    );
    assert_eq!((&trend["calls"], &trend["scored"]), (&json!(5), &json!(4)));
    assert_eq!(trend["course"], "improving");
    let notes = trend["notes"].to_string();
    assert!(
        notes.contains("1 part without a call, from 15 Jan 2026"),
        "{notes}"
    );
    assert!(
        notes.contains("1 of 5 calls were not analysed yet"),
        "{notes}"
    );
    assert_eq!(trend["lowest"]["evidence"][0]["call_id"], "t1");
    assert_eq!(trend["highest"]["evidence"][0]["call_id"], "t4");

    let account = ask(
        &store,
        task(json!({"account": "buyer.example", "bucket_days": 31})),
    )
    .await;
    assert_eq!(
        (&account["of"], &account["calls"]),
        (&json!("buyer.example"), &json!(5))
    );
    assert_eq!(account["course"], "unknown", "one part has no course");
    let team = ask(&store, task(json!({}))).await;
    assert_eq!(team["of"], "the team");

    // Another backend's tones are not compared with ours.
    let dispatcher = Dispatcher::new(Arc::clone(&store) as _, Arc::new(LocalLanguage::default()));
    let (reply, _) = dispatcher
        .run_json_at(task(json!({})).to_string().as_bytes(), support::anchor())
        .await;
    assert_eq!(reply["result"]["scored"], 0);
    assert!(
        reply["result"]["notes"]
            .to_string()
            .contains("another backend"),
        "{reply}"
    );

    for (fields, field) in [
        (json!({"rep": "ana", "account": "b"}), "account"),
        (json!({"bucket_days": 0}), "bucket_days"),
    ] {
        let (reply, code) = dispatcher
            .run_json_at(task(fields).to_string().as_bytes(), support::anchor())
            .await;
        assert_eq!(
            (code, reply["error"]["field"].as_str()),
            (2, Some(field)),
            "{reply}"
        );
    }
}
