//! How batches are cut and gathered.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use cortex::decorators::{BatchConfig, Batched};
use cortex::usage::{self, TokenUsage};
use cortex::{Error, LanguageBackend, LanguageBackendExt, LocalLanguage};
use resilience::ErrorKind;

mod support;
use support::{Scripted, texts};

fn numbered(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| format!("good {}", "!".repeat(n)))
        .collect()
}

fn of_three(backend: &Arc<Scripted>) -> Batched<Arc<Scripted>> {
    let config = BatchConfig {
        max_items: 3,
        parallel: 2,
        ..BatchConfig::default()
    };
    Batched::new(Arc::clone(backend), config)
}

#[tokio::test(start_paused = true)]
async fn long_batches_are_cut_and_keep_their_order() {
    let backend = Arc::new(Scripted {
        delay: Duration::from_millis(10),
        ..Scripted::default()
    });
    let batch = numbered(10);
    let outcomes = of_three(&backend).sentiment(&batch).await.unwrap();
    let expected = LocalLanguage::new().sentiment(&batch).await.unwrap();
    for (outcome, expected) in outcomes.iter().zip(&expected) {
        assert_eq!(outcome.as_ref().unwrap(), expected.as_ref().unwrap());
    }
    let lengths: Vec<usize> = backend.asked().iter().map(Vec::len).collect();
    assert_eq!(lengths, [3, 3, 3, 1]);
    assert_eq!(backend.most_under_way.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn the_backends_own_limit_always_holds() {
    let backend = Arc::new(Scripted {
        max_batch: Some(2),
        ..Scripted::default()
    });
    let language = Batched::new(Arc::clone(&backend), BatchConfig::default());
    let outcomes = language.sentiment(&numbered(5)).await.unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(backend.round_trips(), 3);
}

#[tokio::test]
async fn bytes_are_a_limit_too() {
    let backend = Arc::new(Scripted::default());
    let config = BatchConfig {
        max_bytes: 100,
        ..BatchConfig::default()
    };
    let language = Batched::new(Arc::clone(&backend), config);
    let sizes = [40, 40, 40, 500, 10, 90, 1];
    let batch: Vec<String> = sizes.iter().map(|size| "a".repeat(*size)).collect();
    language.sentiment(&batch).await.unwrap();
    let mut cut: Vec<Vec<usize>> = backend
        .asked()
        .iter()
        .map(|asked| asked.iter().map(String::len).collect())
        .collect();
    cut.sort();
    assert_eq!(
        cut,
        [vec![1], vec![10, 90], vec![40], vec![40, 40], vec![500]]
    );
}

#[tokio::test]
async fn a_round_trip_that_fails_fails_its_items_only() {
    let backend = Arc::new(Scripted::failing([Error::new(
        ErrorKind::Transient,
        "down",
    )]));
    let outcomes = of_three(&backend).sentiment(&numbered(7)).await.unwrap();
    let failed: Vec<bool> = outcomes.iter().map(Result::is_err).collect();
    assert_eq!(failed, [true, true, true, false, false, false, false]);
}

#[tokio::test]
async fn when_all_fail_the_batch_fails() {
    let down = || Error::new(ErrorKind::Transient, "down");
    let backend = Arc::new(Scripted::failing([down(), down(), down()]));
    let error = of_three(&backend)
        .sentiment(&numbered(7))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
}

#[tokio::test]
async fn what_is_hopeless_is_not_sent() {
    let backend = Arc::new(Scripted::default());
    backend.fail_next(Error::new(ErrorKind::Permission, "not granted"));
    backend.fail_next(Error::new(ErrorKind::Permission, "not granted"));
    let error = of_three(&backend)
        .sentiment(&numbered(300))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(backend.round_trips() <= 2, "{}", backend.round_trips());
}

#[tokio::test(start_paused = true)]
async fn small_batches_of_many_tasks_share_a_round_trip() {
    let backend = Arc::new(Scripted::default());
    let language = Arc::new(Batched::new(Arc::clone(&backend), BatchConfig::default()));
    let tasks: Vec<_> = (1..6_usize)
        .map(|number| {
            let language = Arc::clone(&language);
            tokio::spawn(async move {
                let own: Vec<String> = (0..number).map(|n| format!("{number} {n} good")).collect();
                (language.sentiment(&own).await.unwrap(), own)
            })
        })
        .collect();
    for task in tasks {
        let (outcomes, own) = task.await.unwrap();
        let expected = LocalLanguage::new().sentiment(&own).await.unwrap();
        assert_eq!(outcomes.len(), own.len());
        for (outcome, expected) in outcomes.iter().zip(&expected) {
            assert_eq!(outcome.as_ref().unwrap(), expected.as_ref().unwrap());
        }
    }
    assert_eq!(
        backend.asked().iter().map(Vec::len).collect::<Vec<_>>(),
        [15]
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_was_said() {
    let backend = Arc::new(Scripted::default());
    let config = BatchConfig {
        gather: Duration::from_millis(50),
        ..BatchConfig::default()
    };
    let language = Batched::new(Arc::clone(&backend), config);
    let begin = tokio::time::Instant::now();
    language.sentiment_of("alone").await.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_millis(50));

    // A full group leaves at once.
    let full = BatchConfig {
        max_items: 2,
        ..config
    };
    let language = Batched::new(backend, full);
    let begin = tokio::time::Instant::now();
    let (first, second) = tokio::join!(language.sentiment_of("a"), language.sentiment_of("b"));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn methods_do_not_mix() {
    let backend = Arc::new(Scripted::default());
    let language = Batched::new(Arc::clone(&backend), BatchConfig::default());
    let (tone, vector) = tokio::join!(language.sentiment_of("good"), language.embedding_of("good"));
    assert!(tone.is_ok() && vector.is_ok());
    assert_eq!(backend.round_trips(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_one_does_wrong_does_not_touch_the_others() {
    let backend = Arc::new(Scripted {
        refuses_all: true,
        ..Scripted::default()
    });
    let language = Batched::new(Arc::clone(&backend), BatchConfig::default());
    let (good, bad) = tokio::join!(
        language.sentiment_of("good"),
        language.sentiment_of("#invalid")
    );
    assert!(good.is_ok());
    assert_eq!(bad.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(backend.round_trips(), 3);
}

#[tokio::test(start_paused = true)]
async fn those_who_have_gone_are_not_asked_for() {
    let backend = Arc::new(Scripted {
        delay: Duration::from_secs(10),
        ..Scripted::default()
    });
    let language = Batched::new(Arc::clone(&backend), BatchConfig::default());
    let gone = tokio::time::timeout(Duration::from_millis(1), language.sentiment_of("gone"));
    let (gone, stays) = tokio::join!(gone, language.sentiment_of("stays"));
    assert!(gone.is_err() && stays.is_ok());
    assert_eq!(backend.asked(), [texts(&["stays"])]);

    // When all have gone, what is under way is abandoned.
    let gone = tokio::time::timeout(Duration::from_secs(1), language.sentiment_of("late")).await;
    assert!(gone.is_err());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(
        (
            backend.round_trips(),
            backend.finished.load(Ordering::SeqCst)
        ),
        (2, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn each_hears_its_part_of_the_usage() {
    let backend = Arc::new(Scripted {
        tokens: Some((100, 10)),
        ..Scripted::default()
    });
    let language = Batched::new(backend, BatchConfig::default());
    let (batch, one) = (numbered(3), numbered(1));
    let (three, one) = tokio::join!(
        usage::collect(language.sentiment(&batch)),
        usage::collect(language.sentiment(&one)),
    );
    let heard = |items: u64| {
        [TokenUsage {
            model: "scripted-1".into(),
            items,
            input: 100 * items,
            output: 10 * items,
        }]
    };
    assert_eq!(three.1, heard(3));
    assert_eq!(one.1, heard(1));
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
    let vectors = of_three(&backend).embed(&numbered(5)).await.unwrap();
    assert!(
        vectors
            .iter()
            .all(|vector| vector.as_ref().unwrap().model == "b")
    );
}

#[test]
fn works_without_a_runtime() {
    let language = Batched::new(LocalLanguage::new(), BatchConfig::default());
    let batch = numbered(2);
    let mut future = std::pin::pin!(language.sentiment(&batch));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(outcomes) = future.as_mut().poll(&mut context) else {
        panic!("there is nothing to wait for");
    };
    assert_eq!(outcomes.unwrap().len(), 2);
}
