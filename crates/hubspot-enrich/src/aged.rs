//! One cached value that is read again when it is too old.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::Result;

/// A value with the time of its reading. Those who ask at once wait for one reading.
#[derive(Debug)]
pub(crate) struct Aged<T> {
    max_age: Duration,
    kept: Mutex<Option<Kept<T>>>,
}

#[derive(Debug)]
struct Kept<T> {
    value: Arc<T>,
    read_at: Timestamp,
    since: Instant,
}

impl<T> Aged<T> {
    /// Nothing yet; a `max_age` of zero keeps nothing either.
    pub(crate) fn new(max_age: Duration) -> Self {
        Self {
            max_age,
            kept: Mutex::new(None),
        }
    }

    /// Lets go of a value, unless another one has taken its place.
    pub(crate) async fn forget(&self, value: &Arc<T>) {
        let mut kept = self.kept.lock().await;
        if kept
            .as_ref()
            .is_some_and(|kept| Arc::ptr_eq(&kept.value, value))
        {
            *kept = None;
        }
    }

    /// The value, and when its reading began. A reading that fails leaves things as they
    /// were.
    pub(crate) async fn get_or_read(
        &self,
        read: impl Future<Output = Result<T>>,
    ) -> Result<(Arc<T>, Timestamp)> {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept
            .as_ref()
            .filter(|kept| kept.since.elapsed() < self.max_age)
        {
            return Ok((Arc::clone(&kept.value), kept.read_at));
        }
        let (read_at, since) = (Timestamp::now(), Instant::now());
        let value = Arc::new(read.await?);
        *kept = Some(Kept {
            value: Arc::clone(&value),
            read_at,
            since,
        });
        Ok((value, read_at))
    }
}
