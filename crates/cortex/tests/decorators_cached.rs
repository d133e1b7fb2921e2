//! What the cache answers, and what it asks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use cortex::decorators::{CacheConfig, Cached};
use cortex::{
    ClassifyRequest, Error, FindingKind, LanguageBackend, LanguageBackendExt, Method,
    SummaryRequest, Utterance,
};
use resilience::ErrorKind;

mod support;
use support::{Scripted, texts};

fn cached(backend: &Arc<Scripted>) -> Cached<Arc<Scripted>> {
    Cached::new(Arc::clone(backend), CacheConfig::default())
}

#[tokio::test]
async fn what_was_answered_is_not_asked_again() {
    let backend = Arc::new(Scripted::default());
    let language = cached(&backend);
    let first = language
        .sentiment(&texts(&["a", "love", "b"]))
        .await
        .unwrap();
    let second = language
        .sentiment(&texts(&["love", "new", "a"]))
        .await
        .unwrap();
    assert_eq!(
        backend.asked(),
        [texts(&["a", "love", "b"]), texts(&["new"])]
    );
    assert_eq!(first[1].as_ref().unwrap(), second[0].as_ref().unwrap());
    let stats = language.stats();
    assert_eq!((stats.hits, stats.misses, stats.merged), (2, 4, 0));
}

#[tokio::test]
async fn duplicates_of_a_batch_are_asked_once() {
    let backend = Arc::new(Scripted::default());
    let language = cached(&backend);
    let outcomes = language
        .sentiment(&texts(&["x", "#invalid", "x", "#invalid", "x"]))
        .await
        .unwrap();
    assert_eq!(backend.asked(), [texts(&["x", "#invalid"])]);
    assert_eq!(outcomes.len(), 5);
    assert!(outcomes.iter().step_by(2).all(Result::is_ok));
    let kinds = [1, 3].map(|at: usize| outcomes[at].as_ref().unwrap_err().kind());
    assert_eq!(kinds, [ErrorKind::InvalidInput; 2]);
    assert_eq!(language.stats().merged, 3);
}

#[tokio::test]
async fn errors_are_not_kept() {
    let backend = Arc::new(Scripted::failing([Error::new(
        ErrorKind::Transient,
        "down",
    )]));
    let language = cached(&backend);
    let batch = texts(&["a", "#flaky"]);
    assert!(language.sentiment(&batch).await.is_err());
    assert!(language.sentiment(&batch).await.unwrap()[1].is_err());
    assert!(language.sentiment(&batch).await.unwrap()[1].is_ok());
    assert_eq!(backend.asked()[2], texts(&["#flaky"]));
}

#[tokio::test]
async fn what_is_known_stands_when_the_rest_fails() {
    let backend = Arc::new(Scripted::default());
    let language = cached(&backend);
    language.sentiment(&texts(&["known"])).await.unwrap();
    backend.fail_next(Error::new(ErrorKind::Transient, "down"));
    let outcomes = language.sentiment(&texts(&["new", "known"])).await.unwrap();
    assert_eq!(
        outcomes[0].as_ref().unwrap_err().kind(),
        ErrorKind::Transient
    );
    assert!(outcomes[1].is_ok());
}

#[tokio::test]
async fn methods_and_parameters_are_told_apart() {
    let backend = Arc::new(Scripted::default());
    let language = cached(&backend);
    let conversation = vec![
        Utterance::of("We need the security review before we can sign the contract."),
        Utterance::of("I'll send the security package to your team by Friday."),
    ];
    let request = |max_words| SummaryRequest {
        utterances: conversation.clone(),
        max_words,
    };
    let long = language.summary_of(request(40)).await.unwrap();
    let short = language.summary_of(request(11)).await.unwrap();
    assert!(short.text.len() < long.text.len());
    language.sentiment(&texts(&["same"])).await.unwrap();
    language.embed(&texts(&["same"])).await.unwrap();
    let labels = |labels: &[&str]| ClassifyRequest {
        text: "same".into(),
        labels: texts(labels),
    };
    language.label_of(labels(&["a", "b"])).await.unwrap();
    // Joined without their lengths these would be one list.
    language.label_of(labels(&["a\",\"b"])).await.unwrap();
    let request = |kind| cortex::ExtractRequest {
        utterances: conversation.clone(),
        wanted: vec![kind],
        ..cortex::ExtractRequest::default()
    };
    language
        .findings_of(request(FindingKind::Commitment))
        .await
        .unwrap();
    language
        .findings_of(request(FindingKind::Question))
        .await
        .unwrap();
    assert_eq!(backend.round_trips(), 8);
    assert_eq!(language.stats().hits, 0);
}

#[tokio::test]
async fn time_and_bytes_are_bounded() {
    let backend = Arc::new(Scripted::default());
    let short_lived = CacheConfig {
        time_to_live: Duration::from_millis(1),
        ..CacheConfig::default()
    };
    let language = Cached::new(Arc::clone(&backend), short_lived);
    language.sentiment_of("a").await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    language.sentiment_of("a").await.unwrap();
    assert_eq!(backend.round_trips(), 2);

    // A vector of 1,024 components has 4 KiB.
    let small = CacheConfig {
        max_bytes: 20_000,
        ..CacheConfig::default()
    };
    let language = Cached::new(backend, small);
    for number in 0..50 {
        language.embedding_of(number.to_string()).await.unwrap();
        assert!(language.bytes().await <= 20_000);
    }
    assert!(language.bytes().await > 4_096);
}

#[tokio::test]
async fn methods_may_be_left_out() {
    let backend = Arc::new(Scripted::default());
    let config = CacheConfig {
        methods: vec![Method::Embed],
        ..CacheConfig::default()
    };
    let language = Cached::new(Arc::clone(&backend), config);
    for _ in 0..2 {
        language.sentiment_of("a").await.unwrap();
        language.embedding_of("a").await.unwrap();
    }
    assert_eq!(backend.round_trips(), 3);
}

#[tokio::test]
async fn vectors_of_one_batch_are_of_one_model() {
    let backend = Scripted::default();
    backend
        .models
        .lock()
        .unwrap()
        .extend(["a", "b"].map(str::to_owned));
    let backend = Arc::new(backend);
    let language = cached(&backend);
    language.embed(&texts(&["old"])).await.unwrap();
    for _ in 0..2 {
        let vectors = language.embed(&texts(&["old", "new"])).await.unwrap();
        assert!(
            vectors
                .iter()
                .all(|vector| vector.as_ref().unwrap().model == "b")
        );
    }
    // `old`, `new`, and both again; then all is known.
    assert_eq!(backend.round_trips(), 3);
}

#[tokio::test]
async fn debug_shows_no_text() {
    let language = Cached::new(cortex::LocalLanguage::new(), CacheConfig::default());
    language.sentiment_of("the secret plan").await.unwrap();
    assert!(!format!("{language:?}").contains("secret"));
}
