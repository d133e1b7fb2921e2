//! What is sent again, and what is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use cortex::decorators::Retried;
use cortex::{Error, LanguageBackend, LocalLanguage};
use resilience::{ErrorKind, Failure, RetryPolicy};

mod support;
use support::{Scripted, texts};

fn retried(backend: &Arc<Scripted>) -> Retried<Arc<Scripted>> {
    Retried::new(Arc::clone(backend), RetryPolicy::default())
}

fn transient() -> Error {
    Error::new(ErrorKind::Transient, "try again")
}

#[tokio::test(start_paused = true)]
async fn only_failed_items_are_sent_again() {
    let backend = Arc::new(Scripted::default());
    let batch = texts(&["fine", "#flaky one", "#invalid", "good", "#flaky two"]);
    let outcomes = retried(&backend).sentiment(&batch).await.unwrap();
    let expected = LocalLanguage::new().sentiment(&batch).await.unwrap();
    for at in [0, 1, 3, 4] {
        assert_eq!(
            outcomes[at].as_ref().unwrap(),
            expected[at].as_ref().unwrap()
        );
    }
    assert_eq!(
        outcomes[2].as_ref().unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(
        backend.asked(),
        [batch, texts(&["#flaky one", "#flaky two"])]
    );
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_failed_as_a_whole_is_sent_again() {
    let backend = Arc::new(Scripted::failing([transient(), transient()]));
    let outcomes = retried(&backend).embed(&texts(&["a", "b"])).await.unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(backend.round_trips(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_is_left_is_marked_exhausted() {
    let backend = Arc::new(Scripted::default());
    // A second layer finds nothing left to do.
    let twice = Retried::new(retried(&backend), RetryPolicy::default());
    let outcomes = twice.sentiment(&texts(&["#down", "fine"])).await.unwrap();
    let error = outcomes[0].as_ref().unwrap_err();
    assert!(error.is_exhausted() && !error.is_retryable());
    assert!(outcomes[1].is_ok());
    assert_eq!(backend.round_trips(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_never_succeeds_fails_exhausted() {
    let backend = Arc::new(Scripted::failing((0..10).map(|_| transient())));
    let error = retried(&backend)
        .sentiment(&texts(&["a"]))
        .await
        .unwrap_err();
    assert!(error.is_exhausted());
    assert_eq!(backend.round_trips(), 6);
}

#[tokio::test(start_paused = true)]
async fn final_errors_are_not_sent_again() {
    let auth = Error::new(ErrorKind::Auth, "wrong key");
    let backend = Arc::new(Scripted::failing([auth]));
    let error = retried(&backend)
        .sentiment(&texts(&["a"]))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.is_exhausted()),
        (ErrorKind::Auth, false)
    );
    assert_eq!(backend.round_trips(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_stands_in_the_way_in_the_end_is_told() {
    let backend = Arc::new(Scripted::default());
    let language = retried(&backend);
    let batch = texts(&["fine", "#down"]);
    let asking = language.sentiment(&batch);
    let revoke = async {
        while backend.round_trips() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        backend.fail_next(Error::new(ErrorKind::Auth, "revoked"));
    };
    let (outcomes, ()) = tokio::join!(asking, revoke);
    let outcomes = outcomes.unwrap();
    assert!(outcomes[0].is_ok());
    assert_eq!(outcomes[1].as_ref().unwrap_err().kind(), ErrorKind::Auth);
    assert_eq!(backend.round_trips(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_other_sides_wait_is_kept_or_refused() {
    let limited = |wait| {
        let error = Error::new(ErrorKind::RateLimited, "slow down");
        error.with_retry_after(Some(Duration::from_secs(wait)))
    };
    let backend = Arc::new(Scripted::failing([limited(100)]));
    let begin = tokio::time::Instant::now();
    retried(&backend).sentiment(&texts(&["a"])).await.unwrap();
    assert!(begin.elapsed() >= Duration::from_secs(100));

    let backend = Arc::new(Scripted::failing([limited(100_000)]));
    let error = retried(&backend)
        .sentiment(&texts(&["a"]))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(backend.round_trips(), 1);
}

#[tokio::test(start_paused = true)]
async fn vectors_of_two_attempts_are_of_one_model() {
    let backend = Scripted::default();
    backend
        .models
        .lock()
        .unwrap()
        .extend(["a", "b"].map(str::to_owned));
    let backend = Arc::new(backend);
    let vectors = retried(&backend)
        .embed(&texts(&["fine", "#flaky"]))
        .await
        .unwrap();
    assert!(
        vectors
            .iter()
            .all(|vector| vector.as_ref().unwrap().model == "b")
    );
}
