//! Who answers a routed request.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cell::Cell;
use std::future::{pending, ready};
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use resilience::{
    Answered, BreakerState, CircuitBreaker, CircuitBreakerConfig, ErrorKind, Route, Routed,
};

resilience::error_type! {
    /// A failure of the test's own.
    pub struct Error;
}

type Answer = Result<&'static str, Error>;

async fn ask(
    route: &Route,
    primary: Answer,
    fallback: Answer,
) -> Result<Routed<&'static str>, Error> {
    route
        .run("key", || ready(primary), || ready(fallback))
        .await
}

fn failed(kind: ErrorKind) -> Answer {
    Err(Error::new(kind, format!("{kind:?}")))
}

#[tokio::test]
async fn asks_only_the_primary_while_it_answers() {
    let asked = Cell::new(false);
    let routed: Result<_, Error> = Route::default()
        .run(
            "key",
            || ready(Ok(1)),
            || {
                asked.set(true);
                ready(Ok(2))
            },
        )
        .await;
    assert_eq!(
        routed.unwrap(),
        Routed {
            value: 1,
            answered: Answered::Primary
        }
    );
    assert!(!asked.get());
}

#[tokio::test]
async fn a_share_of_nothing_never_asks_the_primary() {
    let route = Route::default().with_primary_share(0.0);
    let routed: Result<_, Error> = route
        .run(
            "key",
            || async { panic!("the primary was asked") },
            || ready(Ok("fallback")),
        )
        .await;
    assert_eq!(routed.unwrap().answered, Answered::FallbackByShare);
}

#[tokio::test]
async fn falls_back_on_the_named_kinds_only() {
    let route = Route::default();
    let routed = ask(&route, failed(ErrorKind::Transient), Ok("fallback"))
        .await
        .unwrap();
    assert_eq!(routed.value, "fallback");
    assert_eq!(
        routed.answered,
        Answered::FallbackAfter(ErrorKind::Transient)
    );

    let error = ask(&route, failed(ErrorKind::Auth), Ok("fallback"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);

    let route = route.with_fallback_on([ErrorKind::Auth]);
    assert!(
        ask(&route, failed(ErrorKind::Auth), Ok("fallback"))
            .await
            .is_ok()
    );
    assert!(
        ask(&route, failed(ErrorKind::Transient), Ok("fallback"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn when_both_fail_the_fallback_has_the_last_word() {
    let error = ask(
        &Route::default(),
        failed(ErrorKind::Transient),
        failed(ErrorKind::NotFound),
    )
    .await
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_slow_primary_is_replaced() {
    let route = Route::default().with_primary_timeout(Duration::from_secs(2));
    let routed: Result<_, Error> = route
        .run("key", pending::<Answer>, || ready(Ok("fallback")))
        .await;
    assert_eq!(routed.unwrap().answered, Answered::FallbackAfterTimeout);
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_keeps_requests_from_the_primary() {
    let breaker = Arc::new(CircuitBreaker::new(CircuitBreakerConfig {
        failures_to_open: 2,
        open_for: Duration::from_secs(30),
    }));
    let route = Route::default()
        .with_breaker(Arc::clone(&breaker))
        .with_primary_timeout(Duration::from_secs(1));
    ask(&route, failed(ErrorKind::Transient), Ok("fallback"))
        .await
        .unwrap();
    route
        .run("key", pending::<Answer>, || ready(Ok("fallback")))
        .await
        .unwrap();
    assert_eq!(breaker.state(), BreakerState::Open);
    let routed = ask(&route, Ok("primary"), Ok("fallback")).await.unwrap();
    assert_eq!(routed.answered, Answered::FallbackForBreaker);
    tokio::time::advance(Duration::from_secs(30)).await;
    let routed = ask(&route, Ok("primary"), Ok("fallback")).await.unwrap();
    assert_eq!(routed.answered, Answered::Primary);
}

#[tokio::test]
async fn a_shadow_is_compared_and_never_reaches_the_caller() {
    let route = Route::default().with_shadow_share(1.0);
    let compared = Cell::new(None);
    let routed = route
        .run_with_shadow(
            "key",
            || ready(Ok("primary")),
            || ready(failed(ErrorKind::Internal)),
            |primary: &Answer, shadow: &Answer| {
                compared.set(Some((primary.is_ok(), shadow.is_ok())));
            },
        )
        .await
        .unwrap();
    assert_eq!(
        routed,
        Routed {
            value: "primary",
            answered: Answered::Primary
        }
    );
    assert_eq!(compared.get(), Some((true, false)));
}

#[tokio::test]
async fn the_shadow_serves_as_the_fallback_and_is_asked_once() {
    let route = Route::default().with_shadow_share(1.0);
    let asked = Cell::new(0);
    let routed = route
        .run_with_shadow(
            "key",
            || ready(failed(ErrorKind::Transient)),
            || {
                asked.set(asked.get() + 1);
                ready(Ok("shadow"))
            },
            |_, _| {},
        )
        .await
        .unwrap();
    assert_eq!(routed.value, "shadow");
    assert_eq!(
        routed.answered,
        Answered::FallbackAfter(ErrorKind::Transient)
    );
    assert_eq!(asked.get(), 1);
}

#[tokio::test]
async fn without_a_shadow_share_the_fallback_is_left_alone() {
    let routed = Route::default()
        .run_with_shadow(
            "key",
            || ready(Ok("primary")),
            || async { panic!("the fallback was asked") },
            |_: &Answer, _: &Answer| panic!("nothing to compare"),
        )
        .await
        .unwrap();
    assert_eq!(routed.answered, Answered::Primary);
}

/// Keys must not change sides between processes and versions. The expected sides
/// come from an independent implementation of the documented hash.
#[test]
fn the_hash_is_fixed() {
    let route = Route::default().with_primary_share(0.5);
    let sides: String = (0..24)
        .map(|n| {
            if route.prefers_primary(&format!("call-{n}")) {
                'P'
            } else {
                'F'
            }
        })
        .collect();
    assert_eq!(sides, "FFFFFFFFFPFPPPPPPPPFPPPF");
}

proptest! {
    #[test]
    fn a_larger_share_keeps_the_keys_of_a_smaller_one(key in ".*", small in 0.0..1.0_f64, more in 0.0..1.0_f64) {
        let narrow = Route::default().with_primary_share(small);
        let wide = Route::default().with_primary_share(small + (1.0 - small) * more);
        prop_assert!(!narrow.prefers_primary(&key) || wide.prefers_primary(&key));
        prop_assert!(Route::default().prefers_primary(&key));
        prop_assert!(!Route::default().with_primary_share(0.0).prefers_primary(&key));
    }
}

/// Traits with boxed futures need this of everything they await.
#[test]
fn futures_are_send() {
    fn assert_send<T: Send>(_: T) {}
    let route = Route::default();
    assert_send(route.run("key", || ready(Answer::Ok("a")), || ready(Answer::Ok("b"))));
    assert_send(route.run_with_shadow(
        "key",
        || ready(Answer::Ok("a")),
        || ready(Answer::Ok("b")),
        |_, _| {},
    ));
    assert_send(resilience::RateLimiter::new(1.0, Some(1)).acquire());
    assert_send(resilience::retry(
        &resilience::RetryPolicy::default(),
        || ready(Answer::Ok("a")),
        |_, _| {},
    ));
}
