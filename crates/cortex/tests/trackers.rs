//! Keyword trackers in Gong's schema, on a small call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::{Affiliation, Call, CallId, Party, Sentence, SpeakerId, Transcript};
use cortex::trackers::{KeywordTracker, TrackerFindings, TrackerSettings, track};
use resilience::ErrorKind;
use serde_json::{Value, json};

/// Speaker, start in seconds, topic, words. `rep` sells, `buyer` buys, `dial-in` is
/// unknown.
const SAID: [(&str, i64, Option<&str>, &str); 6] = [
    (
        "rep",
        0,
        Some("Intro"),
        "Thanks for organizing this, Chorus came up last time.",
    ),
    (
        "buyer",
        30,
        Some("Intro"),
        "We organized a pilot with Chorus's team.",
    ),
    ("rep", 200, Some("Pricing"), "How do you organize budgets?"),
    (
        "buyer",
        400,
        Some("Pricing"),
        "It is too expensive, honestly.",
    ),
    ("dial-in", 550, None, "Who would organize the rollout?"),
    (
        "rep",
        590,
        None,
        "We organize that, and the price list is in the mail.",
    ),
];

fn call() -> (Call, Transcript) {
    let sentences = SAID
        .iter()
        .zip(0_u32..)
        .map(|((speaker, second, topic, text), index)| Sentence {
            index,
            speaker_id: Some(SpeakerId::new(*speaker)),
            topic: topic.map(str::to_owned),
            start_ms: second * 1_000,
            end_ms: second * 1_000 + 5_000,
            text: (*text).to_owned(),
        });
    let transcript = Transcript::new(CallId::new("1"), sentences.collect());
    let party = |speaker: &str, affiliation| Party {
        speaker_id: Some(SpeakerId::new(speaker)),
        affiliation,
        ..Party::default()
    };
    let mut call: Call = serde_json::from_value(json!({
        "id": "1", "started": "2026-08-03T09:00:00Z", "duration_seconds": 600,
        "direction": "Unknown", "media": "Unknown", "scope": "Unknown", "language": "eng",
        "is_private": false, "parties": [], "crm": [], "topics": [], "trackers": [],
    }))
    .unwrap();
    call.parties = vec![
        party("rep", Affiliation::Internal),
        party("buyer", Affiliation::External),
    ];
    (call, transcript)
}

/// A tracker of "organize" with other settings.
fn tracker(related: bool, settings: Value) -> KeywordTracker {
    let mut tracker = json!({
        "trackerId": "7", "trackerName": "Organizing", "workspaceId": null,
        "affiliation": "Anyone", "partOfQuestion": false, "saidAt": "Anytime",
        "saidInTopics": [], "filterQuery": "",
        "languageKeywords": [
            {"language": "eng", "keywords": ["organize"], "includeRelatedForms": related},
            {"language": "fre", "keywords": ["price"], "includeRelatedForms": false},
        ],
        "created": "2018-02-17T02:30:00-08:00", "creatorUserId": null,
    });
    for (name, value) in settings.as_object().unwrap() {
        tracker[name] = value.clone();
    }
    let reply = json!({"requestId": "r", "keywordTrackers": [tracker]});
    let settings: TrackerSettings = serde_json::from_value(reply).unwrap();
    settings.keyword_trackers.into_iter().next().unwrap()
}

fn found(tracker: KeywordTracker) -> TrackerFindings {
    let (call, transcript) = call();
    track(&[tracker], &call, &transcript).remove(0).unwrap()
}

fn sentences(related: bool, settings: Value) -> Vec<u32> {
    let found = found(tracker(related, settings));
    assert_eq!(found.count, found.occurrences.len());
    found.occurrences.iter().map(|one| one.sentence).collect()
}

#[test]
fn related_forms_count_when_asked_for() {
    assert_eq!(sentences(false, json!({})), [2, 4, 5]);
    assert_eq!(sentences(true, json!({})), [0, 1, 2, 4, 5]);
}

#[test]
fn sides_count_as_the_tracker_says_and_unknown_people_are_no_colleagues() {
    assert_eq!(
        sentences(true, json!({"affiliation": "Company"})),
        [0, 2, 5]
    );
    assert_eq!(
        sentences(true, json!({"affiliation": "NonCompany"})),
        [1, 4]
    );
}

#[test]
fn only_questions_count_when_asked_for() {
    assert_eq!(sentences(true, json!({"partOfQuestion": true})), [2, 4]);
}

#[test]
fn parts_of_the_call_are_minutes_or_percent() {
    let part = |at, interval, unit| {
        let settings = json!({"saidAt": at, "saidAtInterval": interval, "saidAtUnit": unit});
        sentences(true, settings)
    };
    assert_eq!(part("First", 3, "minutes"), [0, 1]);
    assert_eq!(part("Last", 1, "minutes"), [4, 5]);
    assert_eq!(part("First", 50, "percent"), [0, 1, 2]);
    assert_eq!(part("Last", 5, "percent"), [5]);
    assert_eq!(part("Anytime", 1, "minutes"), [0, 1, 2, 4, 5]);
}

#[test]
fn topics_bound_what_counts() {
    assert_eq!(sentences(true, json!({"saidInTopics": ["pricing"]})), [2]);
}

#[test]
fn a_filter_of_calls_is_unsupported_and_spoils_no_other_tracker() {
    let (call, transcript) = call();
    let filter = r#"{"type":"And","filters":[{"type":"CallDirection","terms":["OUTBOUND"]}]}"#;
    for filter in [filter, r#"{"type":"Or","filters":[]}"#, "outbound"] {
        let trackers = [
            tracker(true, json!({"filterQuery": filter})),
            tracker(true, json!({})),
        ];
        let outcomes = track(&trackers, &call, &transcript);
        let error = outcomes[0].as_ref().unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Unsupported, Some("filterQuery"))
        );
        assert_eq!(outcomes[1].as_ref().unwrap().count, 5);
    }
}

#[test]
fn a_filter_that_excludes_no_call_is_none() {
    for filter in [
        json!("  "),
        json!("{}"),
        json!("null"),
        json!(r#"{"type":"And","filters":[]}"#),
        json!({"type": "And", "filters": []}),
        json!(r#"{"type":"And","filters":[{"type":"And","filters":[]},{}]}"#),
    ] {
        assert_eq!(sentences(true, json!({"filterQuery": filter})).len(), 5);
    }
}

/// Gong may send null wherever it has nothing to say, and ids as numbers.
#[test]
fn nulls_and_numbers_are_read_as_they_are_meant() {
    for name in [
        "affiliation",
        "partOfQuestion",
        "saidAt",
        "saidAtInterval",
        "saidAtUnit",
        "saidInTopics",
        "filterQuery",
        "somethingNew",
    ] {
        assert_eq!(sentences(true, json!({name: null})).len(), 5, "{name}");
    }
    let plain = json!({
        "trackerId": 68402, "workspaceId": 7, "partOfQuestion": "false",
        "affiliation": "ANYONE", "saidAt": "FIRST", "saidAtInterval": "50", "saidAtUnit": "Percent",
        "languageKeywords": [null, {"language": null, "includeRelatedForms": null,
            "keywords": ["organize", null, 365]}],
    });
    let read = tracker(true, plain);
    assert_eq!(read.tracker_id.as_deref(), Some("68402"));
    assert_eq!(read.workspace_id.as_deref(), Some("7"));
    assert_eq!(read.language_keywords[0].keywords, ["organize", "365"]);
    assert_eq!(found(read).occurrences[0].sentence, 2);

    let without = tracker(true, json!({"languageKeywords": null, "trackerName": null}));
    assert_eq!(without.tracker_name, "7");
    assert_eq!(found(without).count, 0);
    let none: TrackerSettings =
        serde_json::from_value(json!({"requestId": null, "keywordTrackers": null})).unwrap();
    assert_eq!(none, TrackerSettings::default());
}

/// To follow such a tracker would find other things than Gong does.
#[test]
fn a_rule_that_is_not_known_is_named_and_not_guessed() {
    let (call, transcript) = call();
    for (name, value) in [
        ("affiliation", json!("Partner")),
        ("saidAt", json!("Middle")),
        ("saidAtUnit", json!("sentences")),
        ("saidAtInterval", json!("a while")),
        ("partOfQuestion", json!(7)),
        ("saidInTopics", json!({"topic": "Pricing"})),
        ("languageKeywords", json!("organize")),
        (
            "languageKeywords",
            json!([{"language": "eng", "keywords": "organize"}]),
        ),
        ("workspaceId", json!([])),
    ] {
        let odd = tracker(true, json!({name: value}));
        let error = track(&[odd], &call, &transcript).remove(0).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Unsupported, Some(name))
        );
    }
}

#[test]
fn findings_have_the_shape_of_gongs_call_data() {
    let settings = json!({"languageKeywords": [
        {"language": "mul", "keywords": ["Chorus", "price list", "price"],
         "includeRelatedForms": true},
    ]});
    let found = serde_json::to_value(found(tracker(true, settings))).unwrap();
    assert_eq!(found["id"], "7");
    assert_eq!(found["count"], 3);
    assert_eq!(
        found["occurrences"][1],
        json!({"startTime": 30.0, "speakerId": "buyer", "sentence": 1})
    );
    let phrases: Vec<(&str, u64)> = found["phrases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["phrase"].as_str().unwrap(),
                one["count"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(phrases, [("Chorus", 2), ("price list", 1)]);
}
