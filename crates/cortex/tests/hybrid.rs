//! Two backends that act as one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use calls::Provenance;
use cortex::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ExtractRequest, Extraction, Hybrid, LanguageBackend, LocalLanguage, Method, Outcome, Result,
    Summary, SummaryRequest, TextSentiment,
};
use resilience::{Answered, ErrorKind, Route};

/// The local backend under another name, which fails for texts that say so and can
/// write.
#[derive(Debug, Default)]
struct Remote {
    down: Option<ErrorKind>,
    slow: bool,
    asked: AtomicUsize,
}

impl Remote {
    async fn answer(&self) -> Result<()> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.slow {
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        self.down
            .map_or(Ok(()), |kind| Err(Error::new(kind, "down")))
    }
}

fn check<T>(text: &str, outcome: Outcome<T>) -> Outcome<T> {
    match text {
        text if text.contains("overloaded") => Err(Error::new(ErrorKind::Transient, "overloaded")),
        text if text.contains("forbidden") => Err(Error::new(ErrorKind::InvalidInput, "forbidden")),
        _ => outcome,
    }
}

#[async_trait]
impl LanguageBackend for Remote {
    fn provenance(&self) -> Provenance {
        Provenance::new("remote", "large")
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            methods: vec![Method::Sentiment, Method::Complete],
            max_batch: 8,
            embedding_dim: None,
            embedding_model: None,
            languages: vec!["de".into()],
        }
    }

    async fn sentiment(&self, texts: &[String]) -> Result<Vec<Outcome<TextSentiment>>> {
        self.answer().await?;
        let outcomes = LocalLanguage::new().sentiment(texts).await?;
        Ok(texts
            .iter()
            .zip(outcomes)
            .map(|(text, outcome)| check(text, outcome))
            .collect())
    }

    async fn summarize(&self, requests: &[SummaryRequest]) -> Result<Vec<Outcome<Summary>>> {
        self.answer().await?;
        // One too few: an answer must not shift to another request.
        LocalLanguage::new().summarize(&requests[1..]).await
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Outcome<Embedding>>> {
        self.answer().await?;
        let vector = Embedding {
            model: "large".into(),
            vector: vec![1.0],
        };
        Ok(texts
            .iter()
            .map(|text| check(text, Ok(vector.clone())))
            .collect())
    }

    async fn classify(&self, _: &[ClassifyRequest]) -> Result<Vec<Outcome<Classification>>> {
        Err(Error::new(ErrorKind::Unsupported, "no labels"))
    }

    async fn extract(&self, _: &[ExtractRequest]) -> Result<Vec<Outcome<Extraction>>> {
        Err(Error::new(ErrorKind::Auth, "wrong key"))
    }

    async fn complete(&self, requests: &[CompletionRequest]) -> Result<Vec<Outcome<Completion>>> {
        Ok(requests.iter().map(|_| Ok(Completion::default())).collect())
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn the_primary_answers_when_it_can() {
    let hybrid = Hybrid::new(Remote::default(), LocalLanguage::new());
    let answers = hybrid
        .attributed()
        .sentiment(&texts(&["We love it"]))
        .await
        .unwrap();
    let answer = answers[0].as_ref().unwrap();
    assert_eq!(answer.by.backend, "remote");
    assert_eq!(answer.answered, Answered::Primary);
}

#[tokio::test]
async fn failed_items_alone_go_to_the_fallback() {
    let hybrid = Hybrid::new(Remote::default(), LocalLanguage::new());
    let batch = texts(&["fine", "We love it, overloaded", "forbidden", "We hate it"]);
    let answers = hybrid.attributed().sentiment(&batch).await.unwrap();
    let by = |at: usize| answers[at].as_ref().unwrap().by.backend.clone();
    assert_eq!([by(0), by(1), by(3)], ["remote", "local", "remote"]);
    let rescued = answers[1].as_ref().unwrap();
    assert_eq!(
        rescued.answered,
        Answered::FallbackAfter(ErrorKind::Transient)
    );
    assert!(rescued.value.sentiment.score > 0.5);
    // The route does not fall back on what is wrong with the input itself.
    assert_eq!(
        answers[2].as_ref().unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}

#[tokio::test]
async fn vectors_of_one_batch_are_of_one_model() {
    let hybrid = Hybrid::new(Remote::default(), LocalLanguage::new());
    let vectors = hybrid
        .embed(&texts(&["fine", "overloaded", "fine"]))
        .await
        .unwrap();
    let models: Vec<String> = vectors
        .into_iter()
        .map(|vector| vector.unwrap().model)
        .collect();
    assert!(
        models.iter().all(|model| model.starts_with("local-")),
        "{models:?}"
    );
    let vectors = hybrid.embed(&texts(&["fine", "fine"])).await.unwrap();
    assert!(
        vectors
            .iter()
            .all(|vector| vector.as_ref().unwrap().model == "large")
    );
}

#[tokio::test(start_paused = true)]
async fn a_primary_that_is_down_or_slow_is_replaced() {
    for (remote, answered) in [
        (
            Remote {
                down: Some(ErrorKind::Transient),
                ..Remote::default()
            },
            Answered::FallbackAfter(ErrorKind::Transient),
        ),
        (
            Remote {
                slow: true,
                ..Remote::default()
            },
            Answered::FallbackAfterTimeout,
        ),
    ] {
        let route = Route::default().with_primary_timeout(Duration::from_secs(20));
        let hybrid = Hybrid::new(remote, LocalLanguage::new()).with_route(route);
        let answers = hybrid
            .attributed()
            .sentiment(&texts(&["We love it"]))
            .await
            .unwrap();
        let answer = answers[0].as_ref().unwrap();
        assert_eq!(
            (answer.by.backend.as_str(), answer.answered),
            ("local", answered)
        );
    }
}

#[tokio::test]
async fn what_the_primary_cannot_do_the_fallback_does() {
    let hybrid = Hybrid::new(Remote::default(), LocalLanguage::new());
    let request = ClassifyRequest {
        text: "the price".into(),
        labels: texts(&["price", "legal"]),
    };
    let labels = hybrid.classify(&[request]).await.unwrap();
    assert_eq!(labels[0].as_ref().unwrap().label, "price");
    // A wrong key is not covered up.
    let error = hybrid
        .extract(&[ExtractRequest::default()])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
}

#[tokio::test]
async fn a_backend_that_loses_an_answer_is_found_out() {
    let hybrid = Hybrid::new(Remote::default(), LocalLanguage::new());
    let request = SummaryRequest {
        utterances: Vec::new(),
        max_words: 10,
    };
    let error = hybrid
        .summarize(&[request.clone(), request])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
}

#[tokio::test]
async fn a_share_of_the_traffic_goes_to_the_primary() {
    let remote = Arc::new(Remote::default());
    let route = Route::default().with_primary_share(0.0);
    let hybrid = Hybrid::new(Arc::clone(&remote), LocalLanguage::new()).with_route(route);
    let answers = hybrid
        .attributed()
        .sentiment(&texts(&["We love it"]))
        .await
        .unwrap();
    assert_eq!(
        answers[0].as_ref().unwrap().answered,
        Answered::FallbackByShare
    );
    assert_eq!(remote.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn shadowing_asks_both_and_returns_the_primary() {
    let remote = Arc::new(Remote::default());
    let route = Route::default().with_shadow_share(1.0);
    let hybrid = Hybrid::new(LocalLanguage::new(), Arc::clone(&remote)).with_route(route);
    let answers = hybrid
        .attributed()
        .sentiment(&texts(&["forbidden love"]))
        .await
        .unwrap();
    assert_eq!(answers[0].as_ref().unwrap().by.backend, "local");
    assert_eq!(remote.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn empty_batches_ask_nobody() {
    let remote = Arc::new(Remote::default());
    let hybrid = Hybrid::new(Arc::clone(&remote), LocalLanguage::new());
    assert!(hybrid.sentiment(&[]).await.unwrap().is_empty());
    assert_eq!(remote.asked.load(Ordering::Relaxed), 0);
}

#[test]
fn capabilities_are_what_either_can_do() {
    let hybrid = Hybrid::new(Remote::default(), LocalLanguage::new());
    let capabilities = hybrid.capabilities();
    assert_eq!(capabilities.methods, Method::ALL);
    assert_eq!(capabilities.max_batch, 8);
    assert_eq!(capabilities.embedding_dim, Some(1024));
    assert_eq!(capabilities.languages, ["de", "en"]);
    let provenance = hybrid.provenance();
    assert_eq!(provenance.backend, "hybrid");
    assert!(
        provenance.model.starts_with("remote/large else local/"),
        "{}",
        provenance.model
    );
}
