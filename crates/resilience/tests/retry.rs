//! When `retry` tries again, how long it waits, and when it gives up.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use resilience::{ErrorKind, Failure, RetryPolicy, retry};
use tokio::time::Instant;

resilience::error_type! {
    /// A failure of the test's own.
    pub struct Error;
}

fn transient() -> Error {
    Error::new(ErrorKind::Transient, "passes")
}

fn policy() -> RetryPolicy {
    RetryPolicy::default()
        .with_max_attempts(4)
        .with_base(Duration::from_secs(1))
        .with_cap(Duration::from_secs(3))
        .with_jitter(false)
        .with_total_budget(Duration::from_secs(1_000))
}

/// Runs with a list of errors, then success; gives the result, attempts and waits.
async fn run(policy: RetryPolicy, errors: Vec<Error>) -> (Result<u32, Error>, u32, Vec<u64>) {
    let mut errors = errors.into_iter();
    let mut attempts = 0;
    let mut waits = Vec::new();
    let result = retry(
        &policy,
        || {
            attempts += 1;
            let outcome = errors.next().map_or(Ok(attempts), Err);
            async move { outcome }
        },
        |_, wait| waits.push(u64::try_from(wait.as_millis()).unwrap()),
    )
    .await;
    (result, attempts, waits)
}

#[tokio::test(start_paused = true)]
async fn doubles_the_wait_up_to_the_cap() {
    let started = Instant::now();
    let errors = vec![transient(), transient(), transient()];
    let (result, attempts, waits) = run(policy(), errors).await;
    assert_eq!(result.unwrap(), 4);
    assert_eq!(attempts, 4);
    assert_eq!(waits, [1_000, 2_000, 3_000]);
    assert_eq!(started.elapsed().as_secs(), 6);
}

#[tokio::test(start_paused = true)]
async fn marks_the_error_it_gives_up_on() {
    let (result, attempts, _) = run(policy(), (0..9).map(|_| transient()).collect()).await;
    let error = result.unwrap_err();
    assert_eq!(attempts, 4);
    assert!(error.is_exhausted());
    assert!(!error.is_retryable());
    assert_eq!(error.kind(), ErrorKind::Transient);
}

#[tokio::test(start_paused = true)]
async fn an_outer_retry_does_not_multiply_attempts() {
    let attempts = std::cell::Cell::new(0);
    let result: Result<(), Error> = retry(
        &policy(),
        || {
            let inner = run(policy(), (0..9).map(|_| transient()).collect());
            let attempts = &attempts;
            async move {
                let (result, inner_attempts, _) = inner.await;
                attempts.set(attempts.get() + inner_attempts);
                result.map(drop)
            }
        },
        |_, _| {},
    )
    .await;
    assert!(result.is_err());
    assert_eq!(attempts.get(), 4);
}

#[tokio::test(start_paused = true)]
async fn does_not_retry_what_will_not_pass() {
    for kind in [
        ErrorKind::Auth,
        ErrorKind::NotFound,
        ErrorKind::QuotaExhausted,
    ] {
        let (result, attempts, _) = run(policy(), vec![Error::new(kind, "final")]).await;
        let error = result.unwrap_err();
        assert_eq!(attempts, 1);
        assert!(!error.is_exhausted(), "{kind:?} was final from the start");
    }
}

#[tokio::test(start_paused = true)]
async fn waits_as_long_as_it_is_asked_to() {
    let asked = Error::new(ErrorKind::RateLimited, "slow down")
        .with_retry_after(Some(Duration::from_secs(17)));
    let (result, _, waits) = run(policy(), vec![asked]).await;
    assert!(result.is_ok());
    assert_eq!(waits, [17_000]);
}

fn asked(seconds: u64) -> Error {
    Error::new(ErrorKind::RateLimited, "slow down")
        .with_retry_after(Some(Duration::from_secs(seconds)))
}

#[tokio::test(start_paused = true)]
async fn waits_that_were_asked_for_use_up_no_attempts() {
    let started = Instant::now();
    let errors = (0..30).map(|_| asked(1)).collect();
    let (result, attempts, waits) = run(RetryPolicy::default(), errors).await;
    assert_eq!((result.unwrap(), attempts), (31, 31));
    assert_eq!(waits, [1_000; 30]);
    assert_eq!(started.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn attempts_that_failed_otherwise_are_counted_between_them() {
    let errors = (0..20).flat_map(|_| [asked(2), transient()]).collect();
    let (result, attempts, waits) = run(policy(), errors).await;
    assert!(result.unwrap_err().is_exhausted());
    assert_eq!(waits, [2_000, 1_000, 2_000, 2_000, 2_000, 3_000, 2_000]);
    assert_eq!(attempts, 8);
}

#[tokio::test(start_paused = true)]
async fn waits_of_this_sides_own_use_up_attempts() {
    let pause = || transient().with_pause(Duration::from_secs(5));
    let (result, attempts, waits) = run(policy(), (0..9).map(|_| pause()).collect()).await;
    let error = result.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(5)));
    assert_eq!((attempts, waits), (4, vec![5_000; 3]));
}

#[tokio::test(start_paused = true)]
async fn waits_that_were_asked_for_end_with_the_budget() {
    let started = Instant::now();
    let errors = (0..9_999).map(|_| asked(7)).collect();
    let (result, _, waits) = run(RetryPolicy::default(), errors).await;
    assert!(result.unwrap_err().is_exhausted());
    assert_eq!(waits.len(), 42);
    assert_eq!(started.elapsed().as_secs(), 294);
}

#[tokio::test(start_paused = true)]
async fn waits_too_short_to_ask_for_do_not_set_the_pace() {
    let errors = (0..9_999).map(|_| asked(0)).collect();
    let (result, attempts, waits) = run(policy(), errors).await;
    assert!(result.unwrap_err().is_exhausted());
    assert_eq!((attempts, waits), (4, vec![1_000, 2_000, 3_000]));
}

#[tokio::test(start_paused = true)]
async fn backs_off_further_than_a_very_short_retry_after() {
    let asked =
        Error::new(ErrorKind::RateLimited, "slow down").with_retry_after(Some(Duration::ZERO));
    let (_, _, waits) = run(policy(), vec![asked]).await;
    assert_eq!(waits, [1_000]);
}

#[tokio::test(start_paused = true)]
async fn gives_up_at_once_on_a_retry_after_of_hours() {
    let asked = Error::new(ErrorKind::RateLimited, "come back tomorrow")
        .with_retry_after(Some(Duration::from_secs(7_200)));
    let started = Instant::now();
    let (result, attempts, _) = run(policy(), vec![asked]).await;
    let error = result.unwrap_err();
    assert_eq!(attempts, 1);
    assert!(error.is_exhausted());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7_200)));
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn begins_no_wait_that_ends_after_the_budget() {
    let policy = policy().with_total_budget(Duration::from_secs(4));
    let (result, attempts, waits) = run(policy, (0..9).map(|_| transient()).collect()).await;
    assert!(result.unwrap_err().is_exhausted());
    assert_eq!((attempts, waits), (3, vec![1_000, 2_000]));
}

#[tokio::test(start_paused = true)]
async fn time_spent_in_attempts_counts_against_the_budget() {
    let policy = policy().with_total_budget(Duration::from_secs(10));
    let mut attempts = 0;
    let result: Result<(), Error> = retry(
        &policy,
        || {
            attempts += 1;
            async {
                tokio::time::sleep(Duration::from_secs(8)).await;
                Err(transient())
            }
        },
        |_, _| {},
    )
    .await;
    assert!(result.is_err());
    assert_eq!(attempts, 2);
}

#[tokio::test(start_paused = true)]
async fn jitter_lengthens_a_wait_by_less_than_its_double_and_keeps_the_cap() {
    let policy = policy().with_jitter(true);
    for _ in 0..50 {
        let (_, _, waits) = run(policy, vec![transient(), transient(), transient()]).await;
        assert!((1_000..=2_000).contains(&waits[0]), "{waits:?}");
        assert!((2_000..=3_000).contains(&waits[1]), "{waits:?}");
        assert_eq!(waits[2], 3_000);
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_one_attempt_never_retries() {
    for error in [transient(), asked(1)] {
        let (result, attempts, _) = run(RetryPolicy::never(), vec![error]).await;
        assert!(result.unwrap_err().is_exhausted());
        assert_eq!(attempts, 1);
    }
}
