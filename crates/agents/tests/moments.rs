//! Coaching from moments: whose readings count, what is shown, and that no sentence serves
//! two advices.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::HashSet;
use std::sync::Arc;

use agents::targets::CoachingSettings;
use agents::{CoachingReport, PeriodChoice, SalesCoachAgent};
use calls::reading::{Handling, Moment, Reading};
use calls::{DealOutcome, Provenance};
use serde_json::Value;
use snowflake_store::{Rep, SqliteStore};
use support::deals_world::{WorldCall, keep, ours, pain, price, with_moment, world};

fn recent() -> PeriodChoice {
    PeriodChoice::Last {
        days: 60,
        now: support::anchor(),
    }
}

async fn coach(store: &Arc<SqliteStore>, rep: &str) -> CoachingReport {
    let coach = SalesCoachAgent::new(Arc::clone(store) as _);
    coach.coach(&Rep::Id(rep.into()), recent()).await.unwrap()
}

const BETTER: &str = "What are you comparing it with?";

/// Ana misses pushback in two of three calls; Cleo meets the same on a won deal.
async fn team() -> Arc<SqliteStore> {
    let calls = [
        WorldCall::new("a1", "ana", "open").on(10),
        WorldCall::new("a2", "ana", "open").on(12),
        WorldCall::new("a3", "ana", "open").on(14),
        WorldCall::new("b1", "ben", "lost").on(11),
        WorldCall::new("c1", "cleo", "won").on(9),
    ];
    let deals = [
        ("open", DealOutcome::Open),
        ("lost", DealOutcome::Lost),
        ("won", DealOutcome::Won),
    ];
    let store = world(&calls, &deals).await;
    for id in ["a1", "a2"] {
        let reading = with_moment("missed_pushback", Handling::Dodged, Some(BETTER));
        keep(&store, id, ours(), reading).await;
    }
    keep(&store, "a3", ours(), Reading::default()).await;
    let lost = with_moment("good_handling", Handling::Addressed, None);
    keep(&store, "b1", ours(), lost).await;
    let won = with_moment("good_handling", Handling::Resolved, None);
    keep(&store, "c1", ours(), won).await;
    store
}

#[tokio::test]
async fn a_moment_shows_who_said_what_a_better_line_and_a_colleague_who_won() {
    let store = team().await;
    let report = coach(&store, "ana").await;
    let advice = report
        .moments
        .iter()
        .find(|advice| advice.kind == "missed_pushback")
        .unwrap();
    assert_eq!((advice.calls_with, advice.calls_read), (2, 3));
    assert!(
        advice.claim.text().ends_with("In 2 of 3 calls."),
        "{}",
        advice.claim.text()
    );
    let place = &advice.places[0];
    assert_eq!(place.call.id.as_str(), "a2", "the newest first");
    let said = |evidence: &[agents::Evidence]| -> Vec<u32> {
        evidence.iter().map(agents::Evidence::index).collect()
    };
    assert_eq!(said(&place.customer_said), [1]);
    assert_eq!(said(&place.rep_said), [2]);
    assert_eq!(said(&place.customer_said_next), [3]);
    assert_eq!(place.better.as_deref(), Some(BETTER));
    let example = advice.example.as_ref().unwrap();
    assert_eq!(
        example.rep.name.as_deref(),
        Some("cleo"),
        "ben's deal was lost"
    );
    assert!(example.is_same_pushback);
    assert_eq!(example.place.call.id.as_str(), "c1");
}

#[tokio::test]
async fn only_the_readings_of_one_reader_are_compared() {
    let store = team().await;
    let other = Provenance::new("another", "1");
    let reading = with_moment("talked_over", Handling::Dodged, Some("Go on."));
    keep(&store, "a3", other.clone(), reading).await;
    let report = coach(&store, "ana").await;
    assert_eq!(report.read_by, Some(ours()), "whoever read most");
    assert!(report.moments.iter().all(|one| one.kind != "talked_over"));
    assert_eq!(report.calls_read, 3);
}

#[tokio::test]
async fn where_no_moments_were_read_they_follow_from_what_was() {
    let calls = [WorldCall::new("a1", "ana", "open")];
    let store = world(&calls, &[("open", DealOutcome::Open)]).await;
    let mut reading = Reading::default();
    reading.pushback = vec![price(Handling::Ignored)];
    // The rep answers the problem in sentence 3 with a question, that in sentence 5 not.
    reading.pains = vec![pain("they will see", 3), pain("two days a month", 5)];
    keep(&store, "a1", ours(), reading).await;
    let report = coach(&store, "ana").await;
    let kinds: Vec<&str> = report.moments.iter().map(|one| one.kind.as_str()).collect();
    assert!(kinds.contains(&"missed_pushback"), "{kinds:?}");
    assert!(kinds.contains(&"no_next_step"), "{kinds:?}");
    let missed = report
        .moments
        .iter()
        .find(|one| one.kind == "missed_pushback");
    let better = missed.unwrap().places[0].better.as_deref().unwrap();
    assert!(better.contains("comparing"), "fits the price: {better}");

    let mut not_asked = WorldCall::new("a1", "ana", "open");
    not_asked.lines.truncate(2);
    not_asked
        .lines
        .push(("rep", "Our dashboards are the best you can buy.".to_owned()));
    for (voice, text) in [
        ("buyer", "I am sure they are."),
        ("rep", "They come with every plan we sell."),
        ("buyer", "That is good to hear."),
        ("rep", "And with support around the clock."),
    ] {
        not_asked.lines.push((voice, text.to_owned()));
    }
    let store = world(&[not_asked], &[("open", DealOutcome::Open)]).await;
    let mut reading = Reading::default();
    reading.pains = vec![pain("more than they thought", 1)];
    keep(&store, "a1", ours(), reading).await;
    let report = coach(&store, "ana").await;
    let missed = report.moments.iter().find(|one| one.kind == "missed_pain");
    assert_eq!(missed.unwrap().places[0].rep_said[0].index(), 2);
}

/// A problem that was passed over is found in the words, and is shown by a colleague too.
#[tokio::test]
async fn a_missed_problem_gets_a_colleagues_example() {
    let mut passed_over = WorldCall::new("a1", "ana", "open");
    passed_over.lines.truncate(2);
    for (voice, text) in [
        ("rep", "Our dashboards are the best you can buy."),
        ("buyer", "I am sure they are."),
        ("rep", "They come with every plan we sell."),
        ("buyer", "That is good to hear."),
    ] {
        passed_over.lines.push((voice, text.to_owned()));
    }
    let calls = [passed_over, WorldCall::new("c1", "cleo", "won").on(9)];
    let deals = [("open", DealOutcome::Open), ("won", DealOutcome::Won)];
    let store = world(&calls, &deals).await;
    let mut reading = Reading::default();
    reading.pains = vec![pain("more than they thought", 1)];
    keep(&store, "a1", ours(), reading).await;
    let mut asked = Reading::default();
    let what = "Asked what would make it worth it.";
    asked.moments = vec![Moment::new("strong_question", what, None, vec![4, 5])];
    keep(&store, "c1", ours(), asked).await;
    let report = coach(&store, "ana").await;
    let mut moments = report.moments.iter();
    let missed = moments.find(|one| one.kind == "missed_pain").unwrap();
    let example = missed.example.as_ref().expect("an example of cleo's");
    assert_eq!(example.place.call.id.as_str(), "c1");
    assert_eq!(example.place.rep_said[0].index(), 4);
}

#[tokio::test]
async fn a_sentence_serves_one_advice() {
    let store = team().await;
    let report = coach(&store, "ana").await;
    let json = serde_json::to_value(&report).unwrap();
    let mut seen = HashSet::new();
    let mut advices = 0;
    for list in ["moments", "to_repeat", "recommendations", "strengths"] {
        for advice in json[list].as_array().unwrap() {
            advices += 1;
            for evidence in advice["claim"]["evidence"].as_array().unwrap() {
                let id = evidence["sentence_id"].as_str().unwrap().to_owned();
                assert!(seen.insert(id), "{list}: {evidence}");
            }
        }
    }
    assert!(advices > 2, "{advices}");
}

#[tokio::test]
async fn figures_say_how_many_calls_stand_behind_them_and_what_won_deals_had() {
    let store = team().await;
    let report = coach(&store, "ana").await;
    let talk = report
        .metrics
        .iter()
        .find(|standing| standing.metric == agents::CoachMetric::TalkRatio)
        .unwrap();
    assert_eq!(talk.calls, 3);
    assert_eq!(talk.won.as_ref().unwrap().calls, 1);
    assert_eq!(talk.lost.as_ref().unwrap().calls, 1);
    assert_eq!(talk.before, None, "nothing was before");

    let choice = PeriodChoice::Between(snowflake_store::Period {
        from: "2026-01-13T00:00:00Z".parse().unwrap(),
        to: "2026-01-20T00:00:00Z".parse().unwrap(),
    });
    let coach = SalesCoachAgent::new(Arc::clone(&store) as _);
    let later = coach.coach(&Rep::Id("ana".into()), choice).await.unwrap();
    let talk = &later.metrics[0];
    assert_eq!((talk.calls, talk.before.as_ref().unwrap().calls), (1, 2));
}

#[tokio::test]
async fn settings_decide_what_counts() {
    let store = team().await;
    let coach_with = |json: &str| {
        let settings: CoachingSettings = serde_json::from_str(json).unwrap();
        SalesCoachAgent::new(Arc::clone(&store) as _).with_settings(settings)
    };
    let coach = coach_with(r#"{"moments": {"missed_pushback": {"weight": 0}}}"#).unwrap();
    let report = coach.coach(&Rep::Id("ana".into()), recent()).await.unwrap();
    assert!(
        report
            .moments
            .iter()
            .all(|one| one.kind != "missed_pushback")
    );

    for (json, field) in [
        (
            r#"{"moments": {"feature_dump": {"weight": 2}}}"#,
            "moments.feature_dump.weight",
        ),
        (
            r#"{"targets": {"patience": {"low": -1}}}"#,
            "targets.patience.nothing_at_low",
        ),
        (
            r#"{"targets": {"question_rate": {"importance": 3}}}"#,
            "targets.question_rate.importance",
        ),
        (r#"{"part_weights": {"tone": -1}}"#, "part_weights"),
        (r#"{"few_calls": 0}"#, "few_calls"),
        (r#"{"many_calls": 1}"#, "many_calls"),
        (r#"{"weak_below": 101}"#, "weak_below"),
    ] {
        let error = coach_with(json).unwrap_err();
        assert_eq!(error.field(), Some(field));
    }
    let unknown = serde_json::from_str::<CoachingSettings>(r#"{"targets": {"charm": {}}}"#);
    assert!(unknown.unwrap_err().to_string().contains("charm"));
    let settings = serde_json::to_value(CoachingSettings::default()).unwrap();
    let read_back: CoachingSettings = serde_json::from_value(settings.clone())
        .unwrap_or_else(|error| panic!("{error}: {}", Value::to_string(&settings)));
    assert_eq!(read_back, CoachingSettings::default());
}
