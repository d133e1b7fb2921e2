//! What leaves for a model, and what comes back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use cortex::redaction::Redacted;
use cortex::{
    ClassifyRequest, CompletionRequest, ExtractRequest, FindingKind, LanguageBackend,
    LanguageBackendExt, SummaryRequest, Utterance,
};
use proptest::prelude::*;
use resilience::ErrorKind;
use serde_json::json;

use crate::support;
use support::{Scripted, texts};

const PARTIES: [&str; 3] = ["Dana Smith", "Ravi Patel-O'Neil", "\u{5f20}\u{4f1f}"];

fn redacted(backend: &Arc<Scripted>) -> Redacted<Arc<Scripted>> {
    let language = Redacted::new(Arc::clone(backend)).unwrap();
    language.for_parties(PARTIES).unwrap()
}

thread_local! {
    /// Compiling the patterns anew for every text would take most of the time.
    static SHARED: (Arc<Scripted>, Redacted<Arc<Scripted>>) = {
        let backend = Arc::new(Scripted::default());
        (Arc::clone(&backend), redacted(&backend))
    };
}

/// What a prompt looks like to the model, and what its echo comes back as.
async fn there_and_back(prompt: &str) -> (String, String) {
    let (backend, language) = SHARED.with(Clone::clone);
    let request = CompletionRequest {
        prompt: prompt.into(),
        ..CompletionRequest::default()
    };
    let echo = language.completion_of(request).await.unwrap();
    (backend.last_asked()[0].clone(), echo.text)
}

#[tokio::test]
async fn secrets_leave_as_placeholders_and_come_back() {
    for (said, sent) in [
        (
            "Write to dana@acme.example, please.",
            "Write to [EMAIL_1], please.",
        ),
        ("dana at acme dot com works", "[EMAIL_1] works"),
        ("Call +1 (415) 555-2671 now", "Call [PHONE_1] now"),
        ("Card 4111 1111 1111 1111.", "Card [CARD_1]."),
        ("To DE89 3704 0044 0532 0130 00!", "To [ACCOUNT_1]!"),
        (
            "account number 00123456, ok",
            "account number [ACCOUNT_1], ok",
        ),
        (
            "Dana Smith and Ravi agreed",
            "[PERSON_1] and [PERSON_2] agreed",
        ),
        (
            "DANA SMITH, dana smith, Dana's",
            "[PERSON_1], [PERSON_1_2], [PERSON_1_3]'s",
        ),
        ("Ravi Patel-O\u{2019}Neil spoke", "[PERSON_2] spoke"),
        (
            "\u{8bf7}\u{95ee}\u{5f20}\u{4f1f}\u{5728}\u{5417}",
            "\u{8bf7}\u{95ee}[PERSON_3]\u{5728}\u{5417}",
        ),
        (
            "a@b.co and c@d.co and a@b.co",
            "[EMAIL_1] and [EMAIL_2] and [EMAIL_1]",
        ),
        ("it was dana who said so", "it was [PERSON_1] who said so"),
        ("Then a smith forged it", "Then a smith forged it"),
    ] {
        let (asked, echo) = there_and_back(said).await;
        assert_eq!(asked, sent);
        assert_eq!(echo, said);
    }
}

#[tokio::test]
async fn overlapping_secrets_leave_nothing_behind() {
    let (asked, echo) = there_and_back("Mail Dana Smith@acme.example today").await;
    assert_eq!(asked, "Mail [EMAIL_1] today");
    assert_eq!(echo, "Mail Dana Smith@acme.example today");
}

#[tokio::test]
async fn text_that_looks_like_a_placeholder_survives() {
    let said = "[EMAIL_1] PERSON_2 [person_1] wrote to a@b.co and Dana and [PHONE_12345678901]";
    let (asked, echo) = there_and_back(said).await;
    assert_eq!(echo, said);
    assert!(asked.contains("[EMAIL_1] PERSON_2 [person_1]"), "{asked}");
    assert!(
        !asked.contains("a@b.co") && !asked.contains("Dana"),
        "{asked}"
    );
}

#[tokio::test]
async fn parties_keep_their_number_through_a_call() {
    let backend = Arc::new(Scripted::default());
    let language = redacted(&backend);
    let batch = texts(&["Ravi is in", "Dana is out, Ravi is in"]);
    language.sentiment(&batch).await.unwrap();
    let sent = texts(&["[PERSON_2] is in", "[PERSON_1] is out, [PERSON_2] is in"]);
    assert_eq!(backend.asked(), [sent]);
}

#[tokio::test]
async fn speakers_are_parties() {
    let backend = Arc::new(Scripted::default());
    let language = Redacted::new(Arc::clone(&backend)).unwrap();
    let request = SummaryRequest {
        utterances: vec![
            Utterance {
                speaker: Some("Mary Lamb".into()),
                ..Utterance::of("I am Mary, and I'll send Ken Wood the contract by Friday.")
            },
            Utterance {
                speaker: Some("Customer".into()),
                ..Utterance::of("The customer waits for the contract.")
            },
        ],
        max_words: 50,
    };
    let summary = language.summary_of(request).await.unwrap();
    let asked = backend.asked()[0][0].clone();
    assert!(
        !asked.contains("Mary") && asked.contains("customer"),
        "{asked}"
    );
    assert!(!summary.text.contains("PERSON"), "{}", summary.text);
}

#[tokio::test]
async fn restored_summaries_keep_to_their_limit() {
    let backend = Arc::new(Scripted::default());
    let said = "Dana Smith and Dana Smith met Dana Smith to discuss the new security contract.";
    for max_words in 0..16 {
        let request = SummaryRequest {
            utterances: vec![Utterance::of(said)],
            max_words,
        };
        let summary = redacted(&backend).summary_of(request).await.unwrap();
        assert!(
            summary.text.split_whitespace().count() <= max_words,
            "{}",
            summary.text
        );
    }
}

#[tokio::test]
async fn labels_findings_and_values_have_the_secrets_back() {
    let backend = Arc::new(Scripted::default());
    let language = redacted(&backend);
    let request = ClassifyRequest {
        text: "Dana wants a discount".into(),
        labels: texts(&["Dana Smith", "dana@acme.example", "discount"]),
    };
    let mut asked = request.labels.clone();
    let found = language.label_of(request).await.unwrap();
    let mut answered: Vec<String> = found.scores.into_iter().map(|score| score.label).collect();
    answered.sort();
    asked.sort();
    assert_eq!(answered, asked);

    let request = ExtractRequest {
        utterances: vec![Utterance::of(
            "Could Dana write to dana@acme.example about the price?",
        )],
        wanted: FindingKind::ALL.to_vec(),
        competitors: Vec::new(),
    };
    let found = language.findings_of(request).await.unwrap();
    assert!(!found.findings.is_empty());
    for finding in &found.findings {
        assert!(!finding.phrase.contains("_1"), "{finding:?}");
    }

    let request = CompletionRequest {
        prompt: "Ask \"Bob\\Smith\" <b@c.co>".into(),
        schema: Some(json!({ "enum": ["b@c.co"], "properties": { "Dana": {} } })),
        ..CompletionRequest::default()
    };
    let written = language.completion_of(request.clone()).await.unwrap();
    assert_eq!(written.value, Some(json!({ "echo": request.prompt })));
    // The text of a structured answer is still JSON.
    let parsed: serde_json::Value = serde_json::from_str(&written.text).unwrap();
    assert_eq!(Some(parsed), written.value);
}

#[tokio::test]
async fn names_are_in_no_debug_and_no_error() {
    let language = redacted(&Arc::new(Scripted::default()));
    let shown = format!("{language:?}");
    assert!(
        !shown.contains("Dana") && !shown.contains("Patel"),
        "{shown}"
    );
    let endless = format!("Zebra {}", "wood".repeat(50_000));
    let error = language.for_parties([endless.clone()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(!format!("{error} {error:?}").contains("wood"));

    // In an item, it fails the item.
    let request = |speaker: &str| SummaryRequest {
        utterances: vec![Utterance {
            speaker: Some(speaker.into()),
            ..Utterance::of("We need the security review first.")
        }],
        max_words: 10,
    };
    let requests = [request("Mary Lamb"), request(&endless), request("Ken Wood")];
    let outcomes = language.summarize(&requests).await.unwrap();
    let failed: Vec<bool> = outcomes.iter().map(Result::is_err).collect();
    assert_eq!(failed, [false, true, false]);
}

/// A secret of one kind, as it may be written.
fn secret() -> impl Strategy<Value = String> {
    let address = "[a-z]{1,8}(\\.[a-z]{1,5})?@[a-z]{1,8}\\.(com|example|co\\.uk)";
    let phone =
        "\\+[1-9][0-9] [2-9][0-9]{2} [0-9]{3}-[0-9]{4}|\\([2-9][0-9]{2}\\) [0-9]{3}-[0-9]{4}";
    prop_oneof![
        address,
        phone,
        "[0-9]{15}".prop_map(|digits| with_check_digit(&digits)),
        "[0-9]{18}".prop_map(|digits| german_account(&digits)),
        prop::sample::select(vec![
            "Dana Smith",
            "DANA SMITH",
            "dana smith",
            "Dana",
            "Smith",
            "Ravi",
            "RAVI",
            "Patel",
        ])
        .prop_map(str::to_owned),
    ]
}

fn with_check_digit(digits: &str) -> String {
    let sum: u32 = digits
        .chars()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = digit.to_digit(10).unwrap() * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn german_account(digits: &str) -> String {
    // "DE00" at the end reads as 131400.
    let number: u128 = format!("{digits}131400").parse().unwrap();
    format!("DE{:02}{digits}", 98 - number % 97)
}

/// Words, punctuation and things that resemble placeholders.
fn filler() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ a-z]{0,12}",
        2 => "[\u{0}-\u{ff}]{0,6}",
        1 => ".{0,6}",
        1 => "\\[?(EMAIL|person|PHONE|CARD|ACCOUNT)_[0-9]{1,3}(_[0-9])?\\]?",
        1 => prop::sample::select(vec!["[", "]", "[[", "EMAIL_", "[PERSON_", "_1]", "@", "+"])
            .prop_map(str::to_owned),
    ]
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_secret_leaves_and_all_comes_back(
        parts in prop::collection::vec((filler(), secret()), 0..5),
        end in filler(),
    ) {
        let mut said = String::new();
        for (filler, secret) in &parts {
            said.push_str(&format!("{filler}, {secret}; "));
        }
        said.push_str(&end);
        let (asked, echo) = block_on(there_and_back(&said));
        prop_assert_eq!(&echo, &said);
        for (_, secret) in &parts {
            let is_elsewhere = parts.iter().any(|(filler, _)| filler.contains(secret.as_str()));
            prop_assert!(is_elsewhere || !asked.contains(secret.as_str()), "{} in {}", secret, asked);
        }
    }

    #[test]
    fn any_text_comes_back(said in ".{0,200}") {
        let (_, echo) = block_on(there_and_back(&said));
        prop_assert_eq!(echo, said);
    }

    #[test]
    fn texts_of_placeholders_come_back(parts in prop::collection::vec(filler(), 0..12)) {
        let said = parts.concat();
        let (_, echo) = block_on(there_and_back(&said));
        prop_assert_eq!(echo, said);
    }
}
