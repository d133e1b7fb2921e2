//! What every language backend promises, on the local one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use cortex::{
    ClassifyRequest, CompletionRequest, ExtractRequest, FindingKind, LanguageBackend,
    LanguageBackendExt, LocalLanguage, Method, Outcome, SummaryRequest, Utterance,
};
use proptest::prelude::*;
use resilience::ErrorKind;

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn all<T>(outcomes: Vec<Outcome<T>>) -> Vec<T> {
    outcomes.into_iter().map(Result::unwrap).collect()
}

/// Words that mean something to the local methods, and some that mean nothing.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "we",
            "love",
            "hate",
            "but",
            "no",
            "not",
            "least",
            "very",
            "GREAT",
            "price",
            "I'll",
            "send",
            "you",
            "the",
            "contract",
            "by",
            "Friday",
            "is",
            "it",
            "too",
            "expensive",
            "security",
            "review",
            "dashboard",
            "um",
            "uh,",
            "{laughter}",
            "Mr.",
            "3.5",
            "okay.",
            "why?",
            "so!",
            ":)",
            "\u{1f600}",
            "\u{fc}ber",
            "\u{4f60}\u{597d}",
            "don\u{2019}t",
        ])
        .prop_map(str::to_owned),
        ".{0,12}",
    ];
    prop::collection::vec(word, 0..40).prop_map(|words| words.join(" "))
}

fn utterances() -> impl Strategy<Value = Vec<Utterance>> {
    let utterance =
        (text(), prop::option::of("[A-C][a-z]{0,3} ?[a-z]{0,3}")).prop_map(|(text, speaker)| {
            Utterance {
                speaker,
                ..Utterance::of(text)
            }
        });
    prop::collection::vec(utterance, 0..12)
}

/// What was answered; `None` for noise that was taken for another language than
/// English, which the backend refuses. Any other error fails the test.
fn unless_foreign<T>(outcome: Outcome<T>) -> Option<T> {
    match outcome {
        Ok(answer) => Some(answer),
        Err(error) => {
            let reason = (error.kind(), error.field());
            assert_eq!(
                reason,
                (ErrorKind::Unsupported, Some("language")),
                "{error}"
            );
            None
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn batches_keep_order_and_do_not_change_answers(texts in prop::collection::vec(text(), 0..8)) {
        let language = LocalLanguage::new();
        block_on(async {
            let tones = all(language.sentiment(&texts).await.unwrap());
            let vectors = all(language.embed(&texts).await.unwrap());
            prop_assert_eq!(tones.len(), texts.len());
            prop_assert_eq!(vectors.len(), texts.len());
            for ((text, tone), vector) in texts.iter().zip(tones).zip(vectors) {
                prop_assert_eq!(language.sentiment_of(text.clone()).await.unwrap(), tone);
                prop_assert_eq!(language.embedding_of(text.clone()).await.unwrap(), vector);
            }
            Ok(())
        })?;
    }

    #[test]
    fn tones_stay_on_their_scales(text in text()) {
        let reading = block_on(LocalLanguage::new().sentiment_of(text)).unwrap();
        prop_assert!((-1.0..=1.0).contains(&reading.sentiment.score));
        let share = |name: &str| reading.raw[name].as_f64().unwrap();
        let shares = [share("pos"), share("neu"), share("neg")];
        prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
        let sum: f64 = shares.iter().sum();
        prop_assert!(sum == 0.0 || (sum - 1.0).abs() < 0.0021, "{}", sum);
    }

    #[test]
    fn vectors_have_unit_length_or_are_zero(text in text()) {
        let vector = block_on(LocalLanguage::new().embedding_of(text)).unwrap();
        let capabilities = LocalLanguage::new().capabilities();
        prop_assert_eq!(Some(vector.dim()), capabilities.embedding_dim);
        prop_assert_eq!(Some(&vector.model), capabilities.embedding_model.as_ref());
        let square: f64 = vector.vector.iter().map(|part| f64::from(*part).powi(2)).sum();
        prop_assert!(square == 0.0 || (square - 1.0).abs() < 1e-5, "{}", square);
    }

    #[test]
    fn summaries_keep_to_the_limit_and_cite_in_order(
        utterances in utterances(),
        max_words in 0_usize..60,
    ) {
        let count = utterances.len();
        let request = SummaryRequest { utterances, max_words };
        let Some(summary) = unless_foreign(block_on(LocalLanguage::new().summary_of(request.clone()))) else {
            return Ok(());
        };
        prop_assert!(summary.text.split_whitespace().count() <= max_words);
        prop_assert!(summary.sentences.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(summary.sentences.iter().all(|at| *at < count));
        prop_assert_eq!(summary.text.is_empty(), summary.sentences.is_empty());
        prop_assert_eq!(block_on(LocalLanguage::new().summary_of(request)).unwrap(), summary);
    }

    #[test]
    fn label_scores_add_up_and_are_sorted(
        text in text(),
        labels in prop::collection::hash_set("[a-zA-Z_ ]{1,12}", 1..6),
    ) {
        let labels: Vec<String> = labels.into_iter().collect();
        let request = ClassifyRequest { text, labels: labels.clone() };
        let found = block_on(LocalLanguage::new().label_of(request)).unwrap();
        let sum: f64 = found.scores.iter().map(|score| score.score).sum();
        prop_assert!((sum - 1.0).abs() < 1e-9);
        prop_assert!(found.scores.windows(2).all(|pair| pair[0].score >= pair[1].score));
        prop_assert_eq!(&found.label, &found.scores[0].label);
        let mut answered: Vec<String> = found.scores.into_iter().map(|score| score.label).collect();
        let mut asked = labels;
        answered.sort();
        asked.sort();
        prop_assert_eq!(answered, asked);
    }

    #[test]
    fn findings_are_wanted_sorted_and_in_range(
        utterances in utterances(),
        wanted in prop::sample::subsequence(FindingKind::ALL.to_vec(), 0..=FindingKind::ALL.len()),
    ) {
        let count = utterances.len();
        let request = ExtractRequest {
            utterances,
            wanted: wanted.clone(),
            competitors: vec!["Security".into(), "very great".into()],
        };
        let Some(found) = unless_foreign(block_on(LocalLanguage::new().findings_of(request.clone()))) else {
            return Ok(());
        };
        for finding in &found.findings {
            prop_assert!(wanted.contains(&finding.kind));
            prop_assert!(finding.utterance < count);
            prop_assert!(finding.score > 0.0 && finding.score <= 1.0, "{:?}", finding);
            prop_assert!(!finding.phrase.is_empty());
        }
        let sorted = found.findings.windows(2).all(|pair| {
            pair[0].kind < pair[1].kind
                || (pair[0].kind == pair[1].kind && pair[0].score >= pair[1].score)
        });
        prop_assert!(sorted);
        prop_assert_eq!(block_on(LocalLanguage::new().findings_of(request)).unwrap(), found);
    }
}

#[tokio::test]
async fn empty_batches_give_empty_results() {
    let language: Arc<dyn LanguageBackend> = Arc::new(LocalLanguage::new());
    assert!(language.sentiment(&[]).await.unwrap().is_empty());
    assert!(language.summarize(&[]).await.unwrap().is_empty());
    assert!(language.embed(&[]).await.unwrap().is_empty());
    assert!(language.classify(&[]).await.unwrap().is_empty());
    assert!(language.extract(&[]).await.unwrap().is_empty());
    assert!(language.complete(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_listed_is_unsupported() {
    let language = LocalLanguage::new();
    assert!(!language.capabilities().supports(Method::Complete));
    let error = language
        .completion_of(CompletionRequest::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn bad_labels_fail_their_item_only() {
    let request = |labels: &[&str]| ClassifyRequest {
        text: "what does it cost".into(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
    };
    let requests = [
        request(&[]),
        request(&["pricing", "security"]),
        request(&["a", "a"]),
    ];
    let outcomes = LocalLanguage::new().classify(&requests).await.unwrap();
    for bad in [0, 2] {
        let error = outcomes[bad].as_ref().unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidInput, Some("labels"))
        );
    }
    assert_eq!(outcomes[1].as_ref().unwrap().label, "pricing");
}

#[tokio::test]
async fn large_batches_leave_the_executor_free() {
    let texts = vec!["We love it, but it is not cheap.".to_owned(); 50_000];
    let language = LocalLanguage::new();
    let work = tokio::spawn(async move { language.sentiment(&texts).await.unwrap().len() });
    // On this one thread, the test goes on only because the work is elsewhere.
    tokio::task::yield_now().await;
    assert!(!work.is_finished());
    assert_eq!(work.await.unwrap(), 50_000);
}

#[test]
fn works_without_a_runtime() {
    let texts = vec!["great ".repeat(10_000)];
    let language = LocalLanguage::new();
    let mut future = std::pin::pin!(language.sentiment(&texts));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(outcomes) = future.as_mut().poll(&mut context) else {
        panic!("the local backend waited for something");
    };
    assert_eq!(outcomes.unwrap()[0].as_ref().unwrap().sentiment.score, 1.0);
}
