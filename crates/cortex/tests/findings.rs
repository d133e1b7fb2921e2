//! What the local backend finds in a sales call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::Affiliation::{self, External, Internal};
use cortex::{ExtractRequest, Finding, FindingKind, LanguageBackendExt, LocalLanguage, Utterance};

const CALL: [(&str, Affiliation, &str); 14] = [
    (
        "Dana",
        Internal,
        "Thanks for joining, Marcus. What does your reporting look like today?",
    ),
    (
        "Marcus",
        External,
        "Um, we export spreadsheets from Salesforce every Monday, it takes hours.",
    ),
    (
        "Marcus",
        External,
        "We looked at Chorus's dashboards last year.",
    ),
    (
        "Dana",
        Internal,
        "Our dashboards refresh every hour, and the Salesforce connector is included.",
    ),
    (
        "Marcus",
        External,
        "I really like the dashboards, that would save us a lot of time.",
    ),
    (
        "Dana",
        Internal,
        "How many people would use the dashboards?",
    ),
    (
        "Marcus",
        External,
        "Around forty. Honestly, my concern is that it is too expensive for us.",
    ),
    (
        "Dana",
        Internal,
        "The list price is $1,200 per seat, and there is a volume discount.",
    ),
    ("Dana", Internal, "I understand that budgets are tight."),
    (
        "Marcus",
        External,
        "Our CFO has the final say, and procurement takes three weeks.",
    ),
    (
        "Marcus",
        External,
        "We need to go live before the end of the quarter.",
    ),
    ("Dana", Internal, "I'll send you the proposal by Friday."),
    (
        "Dana",
        Internal,
        "Let's schedule a call with your CFO next week.",
    ),
    ("Marcus", External, "Sounds good."),
];

async fn found(kind: FindingKind) -> Vec<Finding> {
    let utterances = CALL
        .iter()
        .map(|(speaker, affiliation, text)| Utterance {
            speaker: Some((*speaker).to_owned()),
            affiliation: *affiliation,
            ..Utterance::of(*text)
        })
        .collect();
    let request = ExtractRequest {
        utterances,
        wanted: vec![kind],
        competitors: vec!["chorus".into(), "Clari".into()],
    };
    LocalLanguage::new()
        .findings_of(request)
        .await
        .unwrap()
        .findings
}

fn places(findings: &[Finding]) -> Vec<usize> {
    let mut places: Vec<usize> = findings
        .iter()
        .filter(|finding| finding.is_likely())
        .map(|finding| finding.utterance)
        .collect();
    places.sort_unstable();
    places
}

#[tokio::test]
async fn questions_are_found_where_they_are_asked() {
    let questions = found(FindingKind::Question).await;
    assert_eq!(places(&questions), [0, 5]);
    assert!(
        questions
            .iter()
            .any(|question| question.phrase == "What does your reporting look like today?")
    );
}

#[tokio::test]
async fn a_promise_with_an_action_and_a_date_ranks_first() {
    let commitments = found(FindingKind::Commitment).await;
    assert_eq!(commitments[0].utterance, 11);
    assert_eq!(commitments[0].phrase, "I'll send");
    assert!(commitments[0].score > 0.9);
}

#[tokio::test]
async fn competitors_are_found_by_the_names_given_in_any_form() {
    let mentions = found(FindingKind::CompetitorMention).await;
    assert_eq!(places(&mentions), [2]);
    assert_eq!(mentions[0].phrase, "chorus");
}

#[tokio::test]
async fn keywords_are_what_the_call_repeats_and_no_names_or_fillers() {
    let keywords = found(FindingKind::Keyword).await;
    let phrases: Vec<String> = keywords
        .iter()
        .map(|keyword| keyword.phrase.to_lowercase())
        .collect();
    assert_eq!(phrases[0], "dashboards");
    assert!(
        phrases.iter().any(|phrase| phrase == "salesforce"),
        "{phrases:?}"
    );
    for unwanted in ["um", "dana", "marcus", "the", "would"] {
        assert!(
            !phrases.iter().any(|phrase| phrase == unwanted),
            "{unwanted}"
        );
    }
}

#[tokio::test]
async fn topics_name_the_subjects_of_the_call() {
    let topics = found(FindingKind::Topic).await;
    let subjects: Vec<&str> = topics.iter().map(|topic| topic.phrase.as_str()).collect();
    assert!(
        subjects.contains(&"reporting") && subjects.contains(&"pricing"),
        "{subjects:?}"
    );
    assert_eq!(topics[0].score, 1.0);
}

/// The scores that the findings of a kind have in one sentence of a customer.
async fn scores(kind: FindingKind, text: &str) -> Vec<f64> {
    let request = ExtractRequest {
        utterances: vec![Utterance {
            affiliation: External,
            ..Utterance::of(text)
        }],
        wanted: vec![kind],
        competitors: Vec::new(),
    };
    let found = LocalLanguage::new().findings_of(request).await.unwrap();
    found.findings.iter().map(|finding| finding.score).collect()
}

#[tokio::test]
async fn what_only_sounds_like_a_promise_is_not_likely() {
    let unlikely = |scores: Vec<f64>| scores.iter().all(|score| *score < Finding::LIKELY);
    let talk = "Exactly. So I will be the one with the annoying questions.";
    assert!(unlikely(scores(FindingKind::Commitment, talk).await));
}

#[tokio::test]
async fn questions_are_told_without_punctuation() {
    let ask = scores(
        FindingKind::Question,
        "so how long does it take you to set that up",
    )
    .await;
    assert!(ask[0] > Finding::LIKELY, "{ask:?}");
    let cut_off = scores(FindingKind::Question, "do you have a number for -").await;
    assert!(cut_off[0] > Finding::LIKELY, "{cut_off:?}");
    let tell = scores(FindingKind::Question, "we set that up in about three weeks").await;
    assert!(
        tell.iter().all(|score| *score < Finding::LIKELY),
        "{tell:?}"
    );
}
