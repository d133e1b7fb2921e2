//! The time that a schedule goes by, so that months of it pass in seconds of a test.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use calls::Timestamp;

/// The time that a schedule goes by.
#[async_trait]
pub trait Clock: Debug + Send + Sync + 'static {
    /// The wall clock's time: what jobs work by and reports say. It may jump.
    fn now(&self) -> Timestamp;

    /// Time since some moment that stays the same. It never goes back.
    fn elapsed(&self) -> Duration;

    /// Waits; dropping it ends the wait.
    async fn sleep(&self, wait: Duration);
}

/// The clocks of this machine.
#[derive(Debug, Clone)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, wait: Duration) {
        tokio::time::sleep(wait).await;
    }
}
