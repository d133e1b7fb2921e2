//! What Gong found, beside what we found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;

use agents::report::Report;
use agents::task::{Dispatcher, GongSetup};
use agents::{CallAnalysis, CallAnalysisAgent, CallSearch, SameStep};
use calls::reading::{Owner, Part};
use cortex::LocalLanguage;
use cortex::trackers::KeywordTracker;
use serde_json::{Value, json};
use snowflake_store::{GongRecord, SqliteStore};
use support::Spoken;

const SAID: &[(&str, &str)] = &[
    (
        "rep",
        "Thanks for taking the time, Magda, how did the audit go last week?",
    ),
    (
        "buyer",
        "It went well, though our finance team still types every invoice by hand.",
    ),
    ("rep", "I'll send you the order form by Friday."),
    (
        "buyer",
        "Great, and we will introduce you to our security officer next Tuesday.",
    ),
    ("rep", "Perfect, talk soon."),
];

/// A call with what Gong found in it.
async fn store(content: Value) -> Arc<SqliteStore> {
    let mut call = Spoken {
        id: "1",
        started: "2026-01-20T10:00:00Z",
        deal: "d-1",
        language: "eng",
        said: SAID,
    }
    .call();
    // What Gong has not analysed has no questions either.
    if !content.is_null() {
        call.extensive["interaction"]["questions"] =
            json!({"companyCount": 41, "nonCompanyCount": 17});
    }
    call.extensive["content"] = content;
    support::store_of_calls(&[call]).await
}

async fn analysis(store: &Arc<SqliteStore>) -> CallAnalysis {
    let language = Arc::new(LocalLanguage::default());
    let agent = CallAnalysisAgent::new(Arc::clone(store) as _, language);
    agent.analyse(&"1".into()).await.unwrap()
}

fn highlights(items: Value) -> Value {
    json!({
        "brief": "They went through the offer.",
        "keyPoints": [{"text": "Invoices are typed by hand"}],
        "highlights": [
            {"title": "Next steps", "items": items},
            {"title": "Pricing", "items": [{"text": "A discount for three years", "startTimes": [5.2]}]},
        ],
    })
}

#[tokio::test]
async fn steps_of_both_are_told_from_steps_of_one() {
    let store = store(highlights(json!([
        // In other words, but heard where ours is.
        {"text": "Craig to share the paperwork", "startTimes": [15.0]},
        {"text": "Dean to book a workshop", "startTimes": [5.2]},
    ])))
    .await;
    let analysis = analysis(&store).await;
    let opinion = analysis.second_opinion.as_ref().unwrap();
    let ours = &analysis.reading.reading.next_steps;
    let form = ours.iter().position(|step| step.sentences.contains(&2));
    let form = form.expect("the promise is read");
    assert_eq!(
        opinion.next_steps.both,
        [SameStep {
            ours: form,
            gong: 0
        }]
    );
    assert!(!opinion.next_steps.only_ours.contains(&form));
    let only_gong = &opinion.next_steps.only_gong;
    assert_eq!(only_gong.len(), 1);
    assert_eq!(only_gong[0].gong, 1);
    assert_eq!(only_gong[0].evidence[0].text(), SAID[0].1);

    let gongs = &opinion.reading;
    assert_eq!(gongs.read_by.backend, "gong");
    assert_eq!(
        gongs.reading.next_steps[0].owner,
        Some(Owner::Party("p1".into()))
    );
    assert_eq!(
        gongs.reading.next_steps[1].owner,
        Some(Owner::Party("p4".into()))
    );
    assert_eq!(gongs.reading.summary, "They went through the offer.");
    assert!(gongs.reading.was_read(Part::NextSteps) && !gongs.reading.was_read(Part::Pushback));

    let html = Report::new("One call", "2026-01-21T10:00:00Z".parse().unwrap())
        .with_analysis(&analysis)
        .to_html()
        .unwrap();
    for shown in [
        "What Gong found",
        "Craig to share the paperwork",
        "Invoices are typed by hand",
        "A discount for three years",
        "41 by the rep's side, 17 by the customer's",
    ] {
        assert!(html.contains(shown), "{shown}");
    }
}

#[tokio::test]
async fn the_same_words_are_the_same_step_wherever_they_were_heard() {
    let store = store(highlights(json!([
        {"text": "Introduce Craig to the security officer", "startTimes": []},
    ])))
    .await;
    let analysis = analysis(&store).await;
    let opinion = analysis.second_opinion.unwrap();
    let ours = &analysis.reading.reading.next_steps;
    let meeting = ours.iter().position(|step| step.sentences.contains(&3));
    let meeting = meeting.expect("the introduction is read");
    assert_eq!(
        opinion.next_steps.both,
        [SameStep {
            ours: meeting,
            gong: 0
        }]
    );
}

/// Where Gong looked for no steps, nothing is said to be ours alone.
#[tokio::test]
async fn what_gong_did_not_look_for_is_no_difference() {
    let without = store(json!({"brief": "They went through the offer."})).await;
    let opinion = analysis(&without).await.second_opinion.unwrap();
    assert!(!opinion.reading.reading.was_read(Part::NextSteps));
    assert_eq!(opinion.next_steps, Default::default());

    let with = store(highlights(json!([]))).await;
    let opinion = analysis(&with).await.second_opinion.unwrap();
    assert!(!opinion.next_steps.only_ours.is_empty());

    let nothing = store(Value::Null).await;
    assert_eq!(analysis(&nothing).await.second_opinion, None);
}

#[tokio::test]
async fn topics_are_shown_with_their_minutes() {
    let topics = store(json!({"topics": [
        {"name": "Pricing <b>", "duration": 170.0},
        {"name": "Small Talk", "duration": 40.0},
        {"name": "Wrap-up", "duration": 0.0},
    ]}))
    .await;
    let analysis = analysis(&topics).await;
    let opinion = analysis.second_opinion.as_ref().unwrap();
    assert_eq!(opinion.topics.len(), 3);
    assert!(!opinion.reading.reading.was_read(Part::Summary));
    let html = Report::new("One call", "2026-01-21T10:00:00Z".parse().unwrap())
        .with_analysis(&analysis)
        .to_html()
        .unwrap();
    for shown in [
        "What Gong found",
        "Pricing &lt;b&gt; 3 min",
        "Small Talk 1 min",
    ] {
        assert!(html.contains(shown), "{shown}");
    }
    assert!(!html.contains("Wrap-up"));
}

/// Gong sends key points without a brief.
#[tokio::test]
async fn key_points_stand_without_a_brief() {
    let points = store(json!({"keyPoints": [{"text": "Invoices are typed by hand"}]})).await;
    let opinion = analysis(&points).await.second_opinion.unwrap();
    let gongs = &opinion.reading.reading;
    assert_eq!(gongs.summary_claims[0].what, "Invoices are typed by hand");
    assert!(gongs.was_read(Part::Summary) && gongs.summary.is_empty());
}

/// Gong's words find a call in which nobody said them.
#[tokio::test]
async fn what_gong_wrote_finds_the_call() {
    let store = store(json!({
        "brief": "The procurement workflow was demonstrated.",
        "outline": [{"section": "Needs", "items": [
            {"text": "Accounts payable automation is the priority.", "startTime": 10.0}]}],
    }))
    .await;
    let search = CallSearch::new(Arc::clone(&store) as _, Arc::new(LocalLanguage::default()));
    let found = search.search("procurement workflow", 5).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].why.gong.as_deref(),
        Some("The procurement workflow was demonstrated.")
    );
    assert_eq!(found[0].why.words, ["procurement", "workflow"]);
    assert!(found[0].score > 0.0 && found[0].score <= 1.0);
    // An item with a time leads to what was said then.
    let found = search.search("payable automation", 5).await.unwrap();
    assert_eq!(found[0].passages[0].evidence[0].text(), SAID[1].1);
    assert!(search.search("zebra", 5).await.unwrap().is_empty());
}

/// What cannot be followed is named, by the setup with the reason and by each call it is missed on.
#[tokio::test]
async fn trackers_that_cannot_be_followed_are_named() {
    let record = |key: &str, json: Value| GongRecord {
        key: key.to_owned(),
        day: None,
        json: json.to_string(),
    };
    let tracker = |name: &str, field: &str, value: Value| {
        let keywords = json!([{"language": "eng", "keywords": ["invoice"]}]);
        record(
            name,
            json!({"trackerName": name, "languageKeywords": keywords, field: value}),
        )
    };
    let trackers = [
        tracker(
            "All calls",
            "filterQuery",
            json!(r#"{"type":"And","filters":[]}"#),
        ),
        tracker(
            "Outbound",
            "filterQuery",
            json!(r#"{"type":"CallDirection","terms":["OUTBOUND"]}"#),
        ),
        tracker("Partners", "affiliation", json!("Partner")),
        record("t-9", json!("no tracker")),
    ];
    let cards = [record(
        "7",
        json!({"scorecardName": "Empty", "enabled": true}),
    )];
    let setup = GongSetup::of(&cards, &trackers);
    let left_out = setup.left_out().iter();
    let left_out: Vec<(&str, &str, &str)> = left_out
        .map(|one| (one.kind, one.name.as_str(), one.why.as_str()))
        .collect();
    let filter = "filterQuery: Gong's filters of calls cannot be followed here";
    assert_eq!(
        left_out,
        [
            (
                "scorecard",
                "Empty",
                "questions: has no question that can be answered"
            ),
            ("tracker", "Outbound", filter),
            ("tracker", "Partners", "affiliation: is not understood"),
            ("tracker", "t-9", "is no tracker"),
        ]
    );

    let note = "Of Gong's trackers these cannot be followed here: Outbound, Partners.";
    for (content, is_missed) in [
        (json!({"brief": "They talked."}), true),
        (json!({"trackers": []}), false),
    ] {
        let store = store(content).await;
        let dispatcher = Dispatcher::new(store as _, Arc::new(LocalLanguage::default()));
        dispatcher.know_gong_setup(setup.clone());
        let task = br#"{"task_type": "analyze_call", "call_id": "1"}"#;
        let (reply, _) = dispatcher.run_json(task).await;
        let notes = reply["result"]["notes"].as_array().unwrap();
        assert_eq!(notes.contains(&json!(note)), is_missed, "{notes:?}");
        let found = reply["result"]["trackers"].as_array().unwrap();
        assert_eq!(
            found.iter().any(|one| one["name"] == "All calls"),
            is_missed
        );
        assert!(found.len() < 2, "{found:?}");
    }
}

/// Gong's keyword trackers are followed where Gong ran none, and nowhere else.
#[tokio::test]
async fn trackers_are_followed_where_gong_ran_none() {
    let tracker = |name: &str, keyword: &str| -> KeywordTracker {
        serde_json::from_value(json!({
            "trackerId": name, "trackerName": name,
            "languageKeywords": [{"language": "eng", "keywords": [keyword], "includeRelatedForms": true}],
        }))
        .unwrap()
    };
    let found = async |content: Value| {
        let store = store(content).await;
        let language = Arc::new(LocalLanguage::default());
        let agent = CallAnalysisAgent::new(store as _, language).with_trackers(vec![
            tracker("Invoices", "invoices"),
            tracker("Cars", "cars"),
        ]);
        let analysis = agent.analyse(&"1".into()).await.unwrap();
        let report = Report::new("One call", "2026-01-21T10:00:00Z".parse().unwrap());
        let html = report.with_analysis(&analysis).to_html().unwrap();
        assert_eq!(html.contains("Invoices 1×"), !analysis.trackers.is_empty());
        let found = analysis.trackers.into_iter();
        found
            .map(|found| (found.name, found.occurrences[0].sentence))
            .collect::<Vec<_>>()
    };
    let expected = [("Invoices".to_owned(), 1)];
    assert_eq!(found(json!({"brief": "They talked."})).await, expected);
    assert_eq!(found(json!({"trackers": []})).await, []);
}
