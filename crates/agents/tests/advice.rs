//! What is said of one call does not contradict itself, and no advice misses its call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::HashSet;
use std::sync::Arc;

use agents::insights::InsightBuilder;
use agents::targets::{CoachMetric, CoachingSettings, Targets};
use agents::task::Dispatcher;
use agents::{CallAnalysis, CallAnalysisAgent, Part};
use calls::reading::{Confidence, Handling, Pushback, PushbackKind, Reading};
use serde_json::json;
use snowflake_store::SqliteStore;
use support::PhraseLanguage;
use support::deals_world::keep;

type Line = (&'static str, i64, i64, &'static str);

async fn analysed(lines: &[Line], reading: Reading) -> (CallAnalysis, Arc<SqliteStore>) {
    let store = support::store_of_one_call("Demo", lines).await;
    let language = InsightBuilder::from(Arc::new(PhraseLanguage::default()));
    keep(&store, "77", language.reader(), reading).await;
    let agent = CallAnalysisAgent::new(Arc::clone(&store) as _, language)
        .with_settings(support::counting_objections())
        .unwrap();
    let analysis = agent.analyse(&"77".into()).await.unwrap();
    (analysis, store)
}

fn pushback(handling: Handling, sentence: usize) -> Pushback {
    let sure = Confidence::claimed(0.9);
    let mut one = Pushback::new(PushbackKind::Price, "costs too much", vec![sentence], sure);
    one.handling = handling;
    one
}

/// "My feet still hurt" is small talk; the complaint about the audit is not.
const SMALL_TALK: [Line; 6] = [
    (
        "buyer",
        0,
        5_000,
        "I ran a marathon and I am worried, my feet still hurt, what a terrible pain.",
    ),
    (
        "rep",
        6_000,
        10_000,
        "Congratulations, that is quite something.",
    ),
    ("rep", 11_000, 20_000, "How do you prepare the audit today?"),
    (
        "buyer",
        21_000,
        40_000,
        "We are worried about the audit, it takes the team two weeks.",
    ),
    (
        "rep",
        41_000,
        60_000,
        "The reports would be ready every night.",
    ),
    ("buyer", 61_000, 70_000, "Okay, let me think about it."),
];

#[tokio::test]
async fn small_talk_is_no_darkest_moment() {
    let mut reading = Reading::default();
    reading.pushback = vec![pushback(Handling::Addressed, 3)];
    let (analysis, _) = analysed(&SMALL_TALK, reading).await;
    let mut claims = analysis.insights.iter();
    let darkest = claims.find(|claim| claim.kind() == "darkest_moment");
    assert_eq!(darkest.unwrap().evidence()[0].index(), 3);
    let unread = analysed(&SMALL_TALK, Reading::default()).await.0;
    assert!(
        unread
            .insights
            .iter()
            .all(|claim| claim.kind() != "darkest_moment")
    );
}

#[tokio::test]
async fn what_is_open_in_the_score_is_open_among_the_risks() {
    let mut reading = Reading::default();
    reading.pushback = vec![
        pushback(Handling::Addressed, 3),
        pushback(Handling::Ignored, 5),
        pushback(Handling::Resolved, 0),
    ];
    let (analysis, _) = analysed(&SMALL_TALK, reading).await;
    let handling = analysis.score.part(Part::ObjectionHandling).unwrap();
    assert_eq!(
        handling.why,
        "3 objections heard: 1 settled, 1 answered and still open, 1 without an answer that met it."
    );
    assert!(handling.score < 75.0, "{}", handling.score);
    let open = analysis.risks.iter().filter(|risk| risk.kind() == "price");
    assert_eq!(open.count(), 2);
}

/// The longest turn runs 68 s, and the rep answers at once.
const HASTY: [Line; 6] = [
    (
        "rep",
        0,
        68_000,
        "Let me walk you through the whole history of our product line.",
    ),
    (
        "buyer",
        68_000,
        100_000,
        "We have to close the books by hand every month.",
    ),
    (
        "rep",
        100_000,
        110_000,
        "Our platform does all of that in one place.",
    ),
    (
        "buyer",
        110_000,
        150_000,
        "And the auditors ask for the same papers twice.",
    ),
    (
        "rep",
        150_000,
        160_000,
        "There is a module for that as well, of course.",
    ),
    ("buyer", 160_000, 170_000, "I see, thank you."),
];

#[tokio::test]
async fn nobody_who_stops_after_68_seconds_is_told_to_stop_after_two_minutes() {
    let strict: CoachingSettings = serde_json::from_str(r#"{"weak_below": 100}"#).unwrap();
    let store = support::store_of_one_call("Demo", &HASTY).await;
    let agent =
        CallAnalysisAgent::new(Arc::clone(&store) as _, Arc::new(PhraseLanguage::default()));
    let agent = agent.with_settings(strict).unwrap();
    let analysis = agent.analyse(&"77".into()).await.unwrap();
    let of_part = |part: Part| analysis.recommendations.iter().find(|one| one.part == part);
    let listening = of_part(Part::Listening).unwrap().claim.text();
    assert!(listening.starts_with("Count to two"), "{listening}");
    assert!(!listening.contains("two minutes"), "{listening}");
    let part = analysis.score.part(Part::Listening).unwrap();
    assert_eq!(part.figures[0].name, "patience");
    assert_eq!(
        part.target.low,
        Some(0.6),
        "the target is the one that is missed"
    );
}

#[tokio::test]
async fn no_sentence_serves_two_recommendations() {
    let strict: CoachingSettings = serde_json::from_str(r#"{"weak_below": 100}"#).unwrap();
    for lines in [&SMALL_TALK, &HASTY] {
        let store = support::store_of_one_call("Demo", lines).await;
        let agent =
            CallAnalysisAgent::new(Arc::clone(&store) as _, Arc::new(PhraseLanguage::default()));
        let agent = agent.with_settings(strict.clone()).unwrap();
        let analysis = agent.analyse(&"77".into()).await.unwrap();
        assert!(analysis.recommendations.len() > 1);
        let mut seen = HashSet::new();
        for one in &analysis.recommendations {
            for evidence in one.claim.evidence() {
                assert!(
                    seen.insert(evidence.index()),
                    "{:?}: {}",
                    one.part,
                    evidence.text()
                );
            }
        }
    }
}

#[tokio::test]
async fn words_of_blame_go_with_a_weak_score() {
    // The rep speaks 52 %.
    let lines = [
        (
            "rep",
            0,
            52_000,
            "Here is what we have heard from teams like yours this year.",
        ),
        (
            "buyer",
            53_000,
            101_000,
            "That is much like what we see in our own numbers.",
        ),
    ];
    let (analysis, _) = analysed(&lines, Reading::default()).await;
    let talk = analysis.score.part(Part::TalkBalance).unwrap();
    assert!(talk.score > 90.0, "{}", talk.score);
    assert_eq!(
        talk.why,
        "The rep spoke 52% of the time: close to the 35% to 50% aimed at."
    );
}

#[tokio::test]
async fn a_dispatcher_judges_by_its_settings() {
    let store = support::store_of_one_call("Demo", &HASTY).await;
    let settings: CoachingSettings = serde_json::from_str(
        r#"{"targets": {"longest_monologue": {"high": 30, "nothing_at_high": 60}},
            "part_weights": {"tone": 0}}"#,
    )
    .unwrap();
    let dispatcher = Dispatcher::new(Arc::clone(&store) as _, Arc::new(PhraseLanguage::default()))
        .with_settings(settings)
        .unwrap();
    let task = json!({"task_type": "analyze_call", "call_id": "77"});
    let (reply, code) = dispatcher.run_json(task.to_string().as_bytes()).await;
    assert_eq!(code, 0, "{reply}");
    let score = &reply["result"]["score"];
    let part = |name: &str| {
        let mut parts = score["parts"].as_array().unwrap().iter();
        parts.find(|part| part["part"] == name).cloned()
    };
    let listening = part("listening").unwrap();
    assert!(listening["score"].as_f64().unwrap() <= 30.0, "{listening}");
    assert_eq!(part("tone"), None);
    let left_out = score["unscored"].to_string();
    assert!(left_out.contains("its weight is 0"), "{left_out}");
    // What does not count is shown all the same.
    let mut unscored = score["unscored"].as_array().unwrap().iter();
    let questions = unscored.find(|one| one["part"] == "questions").unwrap();
    assert!(questions["figures"][0]["value"].is_number(), "{questions}");
    assert!(
        !questions["why"].as_str().unwrap().is_empty(),
        "{questions}"
    );

    let wrong: CoachingSettings =
        serde_json::from_str(r#"{"targets": {"talk_ratio": {"low": 0.6}}}"#).unwrap();
    let error = Dispatcher::new(store as _, Arc::new(PhraseLanguage::default()))
        .with_settings(wrong)
        .unwrap_err();
    assert_eq!(error.field(), Some("targets.talk_ratio.low"));
}

#[test]
fn the_documented_targets_are_those_that_are_used() {
    let documented = include_str!("../../../docs/coaching.md");
    let targets = Targets::default();
    for metric in CoachMetric::ALL {
        let target = targets.of(metric);
        let row = documented
            .lines()
            .find(|line| line.starts_with(&format!("| `{}`", metric.as_str())))
            .unwrap_or_else(|| panic!("{} is not documented", metric.as_str()));
        assert!(
            row.ends_with(&format!("| {:.1} | {} |", target.importance, target.source)),
            "{row}"
        );
        let digits = |value: f64| metric.display(value).trim_end_matches(" s").to_owned();
        if metric == CoachMetric::TalkRatio || metric == CoachMetric::QuestionRate {
            let (low, high) = (digits(target.low.unwrap()), digits(target.high.unwrap()));
            assert!(row.contains(&format!("{low} to {high}")), "{row}");
        }
    }
}
