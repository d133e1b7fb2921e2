//! What is counted, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use cortex::decorators::{
    Budget, Budgeted, CostLine, CostMeter, Metered, Price, PriceTable, TokenEstimate,
};
use cortex::{
    CompletionRequest, Error, LanguageBackend, LanguageBackendExt, LocalLanguage, Method,
};
use resilience::ErrorKind;
use rust_decimal::Decimal;

mod support;
use support::{Scripted, texts};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// One credit for a million tokens read, five for a million written.
fn prices() -> PriceTable {
    PriceTable::new([Price {
        model: "scripted-1".into(),
        method: None,
        input: decimal("1"),
        output: decimal("5"),
    }])
}

fn counting_backend() -> Arc<Scripted> {
    Arc::new(Scripted {
        tokens: Some((1_000, 100)),
        ..Scripted::default()
    })
}

fn only(meter: &CostMeter) -> CostLine {
    let mut lines = meter.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.remove(0)
}

#[tokio::test]
async fn reported_tokens_are_counted_and_priced() {
    let meter = CostMeter::new(prices());
    let language = Metered::new(counting_backend(), meter.clone()).with_label("run-7");
    language
        .sentiment(&texts(&["a", "#invalid", "b"]))
        .await
        .unwrap();
    language.sentiment(&texts(&["c"])).await.unwrap();
    language.sentiment(&[]).await.unwrap();
    let line = only(&meter);
    assert_eq!(
        (line.label.as_str(), line.backend.as_str()),
        ("run-7", "scripted")
    );
    assert_eq!(
        (line.model.as_str(), line.method),
        ("scripted-1", Method::Sentiment)
    );
    assert_eq!((line.requests, line.items, line.failed), (2, 4, 1));
    assert_eq!((line.input_tokens, line.output_tokens), (4_000, 400));
    assert_eq!(line.estimated_tokens, 0);
    // 4,000 at 1 and 400 at 5 a million.
    assert_eq!(line.credits, Some(decimal("0.006")));
}

#[tokio::test]
async fn what_is_not_reported_is_estimated() {
    let meter = CostMeter::default().with_estimate(TokenEstimate {
        bytes_per_token: 3,
        hidden_prompt_tokens: 10,
        ..TokenEstimate::default()
    });
    let language = Metered::new(Scripted::default(), meter.clone());
    let request = CompletionRequest {
        prompt: "123456789".into(),
        ..CompletionRequest::default()
    };
    // The echo is as long as the prompt; there is no hidden prompt around it.
    language.completion_of(request).await.unwrap();
    let line = only(&meter);
    assert_eq!((line.input_tokens, line.output_tokens), (3, 3));
    assert_eq!((line.requests, line.estimated_tokens), (1, 6));
    assert_eq!(line.credits, None);

    meter.take();
    language
        .sentiment(&texts(&["123456", "#invalid", "#down"]))
        .await
        .unwrap();
    let line = only(&meter);
    // Two tokens and the hidden prompt for the first, nothing for what was refused, and
    // for what failed later its input.
    assert_eq!(line.input_tokens, (2 + 10) + (2 + 10));
    assert_eq!((line.items, line.failed), (3, 2));
}

#[tokio::test]
async fn labels_models_and_methods_have_lines_of_their_own() {
    let (backend, meter) = (counting_backend(), CostMeter::new(prices()));
    let tagged = |label: &str| Metered::new(Arc::clone(&backend), meter.clone()).with_label(label);
    tagged("b").sentiment_of("x").await.unwrap();
    tagged("a").sentiment_of("x").await.unwrap();
    tagged("a").embedding_of("x").await.unwrap();
    Metered::new(LocalLanguage::new(), meter.clone())
        .with_label("a")
        .sentiment_of("x")
        .await
        .unwrap();
    let lines: Vec<(String, String, Method)> = meter
        .take()
        .into_iter()
        .map(|line| (line.label, line.backend, line.method))
        .collect();
    let line = |label: &str, backend: &str, method| (label.to_owned(), backend.to_owned(), method);
    assert_eq!(
        lines,
        [
            line("a", "local", Method::Sentiment),
            line("a", "scripted", Method::Sentiment),
            line("a", "scripted", Method::Embed),
            line("b", "scripted", Method::Sentiment),
        ]
    );
    assert_eq!(meter.lines(), []);
}

#[tokio::test]
async fn failed_requests_are_counted() {
    let down = Error::new(ErrorKind::RateLimited, "slow down");
    let meter = CostMeter::default();
    let language = Metered::new(Scripted::failing([down]), meter.clone());
    assert!(language.sentiment_of("a").await.is_err());
    let line = only(&meter);
    assert_eq!((line.requests, line.items, line.failed), (1, 1, 1));
    assert_eq!(line.input_tokens + line.output_tokens, 0);
}

#[test]
fn the_more_specific_price_holds() {
    let of = |method, input: &str| Price {
        model: "m".into(),
        method,
        input: decimal(input),
        output: decimal("0"),
    };
    let prices = PriceTable::new([of(None, "2"), of(Some(Method::Embed), "0.5")]);
    let million = 1_000_000;
    let credits = |model, method| prices.credits(model, method, million, million);
    assert_eq!(credits("m", Method::Embed), Some(decimal("0.5")));
    assert_eq!(credits("m", Method::Complete), Some(decimal("2")));
    assert_eq!(credits("other", Method::Embed), None);
    // More than any number can hold is more than any budget, and no panic.
    let dear = PriceTable::new([of(None, "70000000000000000000000000000")]);
    assert_eq!(
        dear.credits("m", Method::Embed, u64::MAX, 0),
        Some(Decimal::MAX)
    );
}

#[tokio::test]
async fn nothing_is_sent_without_room() {
    let backend = counting_backend();
    let language = Budgeted::new(Arc::clone(&backend), Budget::tokens(50));
    let error = language.sentiment_of("a").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    assert!(error.to_string().contains("50 tokens"), "{error}");
    assert_eq!(backend.round_trips(), 0);
}

#[tokio::test]
async fn items_with_room_are_asked() {
    let backend = Arc::new(Scripted::default());
    let language = Budgeted::new(Arc::clone(&backend), Budget::tokens(200));
    let batch = vec![
        "a".repeat(20),
        "b".repeat(300),
        "c".repeat(20),
        "d".repeat(100),
    ];
    let outcomes = language.sentiment(&batch).await.unwrap();
    let refused: Vec<bool> = outcomes.iter().map(Result::is_err).collect();
    assert_eq!(refused, [false, true, false, true]);
    assert_eq!(backend.asked(), [[batch[0].clone(), batch[2].clone()]]);
    let expected = LocalLanguage::new().sentiment(&batch).await.unwrap();
    assert_eq!(outcomes[2].as_ref().unwrap(), expected[2].as_ref().unwrap());
}

#[tokio::test]
async fn vectors_are_made_for_all_or_none() {
    let backend = Arc::new(Scripted::default());
    let language = Budgeted::new(Arc::clone(&backend), Budget::tokens(100));
    let batch = vec!["a".repeat(60), "b".repeat(60)];
    let error = language.embed(&batch).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    assert!(language.embed(&batch[..1]).await.is_ok());
    assert_eq!(backend.round_trips(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_limit_holds_for_many_at_once() {
    let backend = Arc::new(Scripted {
        delay: Duration::from_millis(2),
        tokens: Some((40, 20)),
        ..Scripted::default()
    });
    let budget = Budget::tokens(1_000);
    let tasks: Vec<_> = (0..60)
        .map(|number| {
            let language = Budgeted::new(Arc::clone(&backend), budget.clone());
            // 40 bytes, and at most 64 tokens for a label: 104 are reserved, 60 taken.
            let text = format!("{number:040}");
            tokio::spawn(async move { language.sentiment_of(text).await })
        })
        .collect();
    let mut answered = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => answered += 1,
            Err(error) => assert_eq!(error.kind(), ErrorKind::QuotaExhausted),
        }
    }
    let status = budget.status();
    assert_eq!(status.reserved, Decimal::ZERO);
    assert_eq!(status.spent, Decimal::from(60 * answered));
    assert_eq!(backend.round_trips(), answered);
    // At least as many as fit with all that is reserved, at most as many as fit in all.
    assert!((9..=16).contains(&answered), "{answered}");
}

#[tokio::test]
async fn credits_need_a_price() {
    let language = Budgeted::new(
        LocalLanguage::new(),
        Budget::credits(decimal("5"), prices()),
    );
    let error = language.sentiment_of("a").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("prices"))
    );

    let budget = Budget::credits(decimal("0.002"), prices());
    let language = Budgeted::new(counting_backend(), budget.clone());
    // 1,000 at 1 and 100 at 5 a million: 0.0015 each.
    language.sentiment_of("a").await.unwrap();
    assert_eq!(budget.status().spent, decimal("0.0015"));
    language.sentiment_of("a").await.unwrap();
    assert_eq!(budget.status().remaining, Decimal::ZERO);
    assert!(language.sentiment_of("a").await.is_err());
}

#[tokio::test(start_paused = true)]
async fn windows_end_and_runs_are_reset() {
    let day = Duration::from_secs(24 * 60 * 60);
    let budget = Budget::tokens(1_150).with_window(day);
    let language = Budgeted::new(counting_backend(), budget.clone());
    tokio::time::sleep(Duration::from_secs(60 * 60)).await;
    language.sentiment_of("a").await.unwrap();
    let error = language.sentiment_of("a").await.unwrap_err();
    assert_eq!(
        error.retry_after(),
        Some(day - Duration::from_secs(60 * 60))
    );
    tokio::time::sleep(day).await;
    language.sentiment_of("a").await.unwrap();
    assert!(language.sentiment_of("a").await.is_err());
    budget.reset();
    language.sentiment_of("a").await.unwrap();
    assert_eq!(budget.status().resets_in, Some(day));
}

#[tokio::test(start_paused = true)]
async fn what_was_cancelled_counts_in_full() {
    let backend = Scripted {
        delay: Duration::from_secs(10),
        ..Scripted::default()
    };
    let budget = Budget::tokens(1_000);
    let language = Budgeted::new(backend, budget.clone());
    let asking = language.sentiment_of("a".repeat(36));
    assert!(
        tokio::time::timeout(Duration::from_secs(1), asking)
            .await
            .is_err()
    );
    let status = budget.status();
    assert_eq!((status.spent, status.reserved), (100.into(), Decimal::ZERO));
}

#[tokio::test]
async fn what_was_refused_costs_nothing() {
    let limited = Error::new(ErrorKind::RateLimited, "slow down");
    let budget = Budget::tokens(1_000);
    let language = Budgeted::new(Scripted::failing([limited]), budget.clone());
    assert!(language.sentiment_of("a").await.is_err());
    assert_eq!(budget.status().remaining, 1_000.into());
}
