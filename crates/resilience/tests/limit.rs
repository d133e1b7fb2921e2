//! How many requests a `RateLimiter` lets through, and when.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use resilience::RateLimiter;
use tokio::time::Instant;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test(start_paused = true)]
async fn no_second_sees_more_than_the_rate() {
    let limiter = RateLimiter::new(3.0, None);
    let mut sent = Vec::new();
    for _ in 0..30 {
        limiter.acquire().await.unwrap();
        sent.push(Instant::now());
    }
    for window in sent.windows(4) {
        assert!(
            window[3] - window[0] >= Duration::from_millis(999),
            "{window:?}"
        );
    }
    // And it does not dawdle: 29 gaps of a third of a second, timers rounded up.
    assert!(sent[29] - sent[0] < Duration::from_millis(29 * 340));
}

#[tokio::test(start_paused = true)]
async fn the_rate_holds_for_all_who_share_it() {
    let limiter = Arc::new(RateLimiter::new(10.0, None));
    let started = Instant::now();
    let tasks: Vec<_> = (0..5)
        .map(|_| {
            let limiter = Arc::clone(&limiter);
            tokio::spawn(async move {
                for _ in 0..10 {
                    limiter.acquire().await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!(
        started.elapsed() >= Duration::from_millis(4_890),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn high_rates_are_reached_in_spite_of_coarse_timers() {
    let limiter = RateLimiter::new(5_000.0, None);
    let started = Instant::now();
    for _ in 0..10_000 {
        limiter.acquire().await.unwrap();
    }
    let seconds = started.elapsed().as_secs_f64();
    assert!((1.9..2.3).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn no_rate_means_no_wait() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let limiter = RateLimiter::new(rate, None);
        let started = Instant::now();
        for _ in 0..1_000 {
            assert_eq!(limiter.acquire().await.unwrap().waited, Duration::ZERO);
        }
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn extreme_rates_do_not_panic() {
    for rate in [f64::MIN_POSITIVE, 1e-12, 1e12, f64::MAX] {
        RateLimiter::new(rate, None).acquire().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn says_how_long_it_waited() {
    let limiter = RateLimiter::new(2.0, None);
    assert_eq!(limiter.acquire().await.unwrap().waited, Duration::ZERO);
    let waited = limiter.acquire().await.unwrap().waited;
    assert!((500..=502).contains(&waited.as_millis()), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_used_up_day_is_told_at_once_with_the_time_until_it_ends() {
    let limiter = RateLimiter::new(0.0, Some(100));
    for left in (0..100).rev() {
        limiter.acquire().await.unwrap();
        assert_eq!(limiter.remaining_today(), Some(left));
    }
    let refused = limiter.acquire().await.unwrap_err();
    assert_eq!(refused.limit, 100);
    assert!(refused.free_after >= DAY, "{:?}", refused.free_after);
    tokio::time::sleep(refused.free_after - Duration::from_secs(1)).await;
    assert!(limiter.acquire().await.is_err());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(limiter.acquire().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_budget_of_nothing_lets_nothing_through() {
    let refused = RateLimiter::new(0.0, Some(0)).acquire().await.unwrap_err();
    assert_eq!(refused.free_after, DAY);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_has_used_nothing() {
    let limiter = RateLimiter::new(0.001, Some(10));
    limiter.acquire().await.unwrap();
    let gave_up = tokio::time::timeout(Duration::from_secs(1), limiter.acquire()).await;
    assert!(gave_up.is_err());
    assert_eq!(limiter.remaining_today(), Some(9));
}

#[tokio::test(start_paused = true)]
async fn a_hold_stops_everybody_and_a_shorter_one_does_not_end_it() {
    let limiter = RateLimiter::new(0.0, None);
    limiter.hold(Duration::from_secs(30));
    limiter.hold(Duration::from_secs(5));
    let started = Instant::now();
    limiter.acquire().await.unwrap();
    assert_eq!(started.elapsed().as_secs(), 30);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the pauses, no twenty-four hours hold more than the budget.
    #[test]
    fn any_day_keeps_the_budget(
        pauses in prop::collection::vec(0_u64..14_400, 1..120),
        budget in 1_u64..12,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let limiter = RateLimiter::new(0.0, Some(budget));
            let mut sent: Vec<Instant> = Vec::new();
            for pause in pauses {
                tokio::time::sleep(Duration::from_secs(pause)).await;
                if limiter.acquire().await.is_ok() {
                    sent.push(Instant::now());
                }
            }
            prop_assert!(!sent.is_empty());
            for (last, end) in sent.iter().enumerate() {
                let within = sent[..=last].iter().filter(|at| *end - **at < DAY).count();
                prop_assert!(within as u64 <= budget);
            }
            Ok(())
        })?;
    }
}
