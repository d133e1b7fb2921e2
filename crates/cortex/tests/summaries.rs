//! What the local backend makes of a conversation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use cortex::{LanguageBackendExt, LocalLanguage, Summary, SummaryRequest, Utterance};

fn said(speaker: &str, text: &str, start_ms: i64) -> Utterance {
    Utterance {
        speaker: Some(speaker.to_owned()),
        start_ms: Some(start_ms),
        ..Utterance::of(text)
    }
}

async fn summary(utterances: Vec<Utterance>, max_words: usize) -> Summary {
    let request = SummaryRequest {
        utterances,
        max_words,
    };
    LocalLanguage::new().summary_of(request).await.unwrap()
}

#[tokio::test]
async fn tells_who_said_what_in_the_order_of_time_and_leaves_questions_out() {
    let utterances = vec![
        said(
            "Marcus",
            "Uh, the migration of our invoices to the new ledger failed twice.",
            9_000,
        ),
        said(
            "Dana",
            "Did the migration of the invoices fail for the new ledger as well?",
            5_000,
        ),
        said(
            "Dana",
            "Our engineers will repair the ledger migration for all invoices.",
            1_000,
        ),
        said("Dana", "Okay, right.", 12_000),
    ];
    let summary = summary(utterances, 40).await;
    assert_eq!(
        summary.text,
        "Dana: Our engineers will repair the ledger migration for all invoices. \
         Marcus: The migration of our invoices to the new ledger failed twice."
    );
    assert_eq!(summary.sentences, [2, 0]);
}

#[tokio::test]
async fn cuts_a_single_sentence_that_is_too_long() {
    let text = "the ledger migration of the invoices failed because the ledger was not migrated";
    let summary = summary(vec![said("Dana", text, 0)], 5).await;
    assert_eq!(summary.text, "Dana: The ledger migration of\u{2026}");
    assert_eq!(summary.sentences, [0]);
}

#[tokio::test]
async fn prefers_what_the_conversation_is_about() {
    let mut utterances: Vec<Utterance> = (0..8)
        .map(|at| {
            said(
                "Dana",
                "The security questionnaire blocks the contract for legal.",
                at,
            )
        })
        .collect();
    utterances.push(said(
        "Dana",
        "My cousin went hiking near a beautiful lake yesterday.",
        9,
    ));
    let summary = summary(utterances, 10).await;
    assert_eq!(
        summary.text,
        "Dana: The security questionnaire blocks the contract for legal."
    );
    assert_eq!(summary.sentences, [0]);
}

#[tokio::test]
async fn short_talk_is_summarised_all_the_same() {
    let summary = summary(
        vec![Utterance::of("Pricing?"), Utterance::of("Too high.")],
        10,
    )
    .await;
    assert!(!summary.text.is_empty());
}

#[tokio::test]
async fn says_nothing_twice() {
    let text = "The security questionnaire blocks the contract for legal.";
    let utterances = (0..4).map(|at| said("Dana", text, at)).collect();
    let summary = summary(utterances, 100).await;
    assert_eq!(summary.text, format!("Dana: {text}"));
}

#[tokio::test]
async fn prefers_whole_sentences_to_broken_ones() {
    let utterances = vec![
        said(
            "Dana",
            "Legal will review the renewal of the contract and",
            0,
        ),
        said("Dana", "Legal will review the renewal of the contract.", 1),
    ];
    let summary = summary(utterances, 10).await;
    assert_eq!(
        summary.text,
        "Dana: Legal will review the renewal of the contract."
    );
    assert_eq!(summary.sentences, [1]);
}
