//! When a `CircuitBreaker` opens and closes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use resilience::{BreakerState, CircuitBreaker, CircuitBreakerConfig, ErrorKind};

resilience::error_type! {
    /// A failure of the test's own.
    pub struct Error;
}

const OPEN_FOR: Duration = Duration::from_secs(30);

fn breaker() -> CircuitBreaker {
    CircuitBreaker::new(CircuitBreakerConfig {
        failures_to_open: 3,
        open_for: OPEN_FOR,
    })
}

fn opened() -> CircuitBreaker {
    let breaker = breaker();
    for _ in 0..3 {
        breaker.enter().unwrap().failed();
    }
    breaker
}

#[tokio::test(start_paused = true)]
async fn opens_after_failures_in_a_row_only() {
    let breaker = breaker();
    for _ in 0..5 {
        breaker.enter().unwrap().failed();
        breaker.enter().unwrap().failed();
        breaker.enter().unwrap().succeeded();
    }
    assert_eq!(breaker.state(), BreakerState::Closed);
    for _ in 0..3 {
        breaker.enter().unwrap().failed();
    }
    assert_eq!(breaker.state(), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn says_when_to_come_back() {
    let breaker = opened();
    tokio::time::advance(Duration::from_secs(10)).await;
    let refused = breaker.enter().unwrap_err();
    assert_eq!(refused.retry_after, Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn lets_one_request_at_a_time_try_and_closes_on_its_success() {
    let breaker = opened();
    tokio::time::advance(OPEN_FOR).await;
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    let probe = breaker.enter().unwrap();
    assert!(breaker.enter().is_err());
    probe.succeeded();
    assert_eq!(breaker.state(), BreakerState::Closed);
    assert!(breaker.enter().is_ok());
}

#[tokio::test(start_paused = true)]
async fn opens_again_when_the_try_fails() {
    let breaker = opened();
    tokio::time::advance(OPEN_FOR).await;
    breaker.enter().unwrap().failed();
    assert_eq!(breaker.enter().unwrap_err().retry_after, OPEN_FOR);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_try_leaves_the_place_to_the_next() {
    let breaker = opened();
    tokio::time::advance(OPEN_FOR).await;
    drop(breaker.enter().unwrap());
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    breaker.enter().unwrap().succeeded();
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_does_not_close_what_others_have_opened() {
    let breaker = breaker();
    let late = breaker.enter().unwrap();
    for _ in 0..3 {
        breaker.enter().unwrap().failed();
    }
    late.succeeded();
    assert_eq!(breaker.state(), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn counts_errors_of_the_other_side_and_not_of_the_caller() {
    for (kind, state) in [
        (ErrorKind::Transient, BreakerState::Open),
        (ErrorKind::RateLimited, BreakerState::Open),
        (ErrorKind::InvalidInput, BreakerState::Closed),
        (ErrorKind::NotFound, BreakerState::Closed),
    ] {
        let breaker = breaker();
        for _ in 0..3 {
            breaker
                .enter()
                .unwrap()
                .record(&Err::<(), _>(Error::new(kind, "no")));
        }
        assert_eq!(breaker.state(), state, "{kind:?}");
    }
}
