//! The file by which processes share a company's limits.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resilience::ErrorKind;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

const DAY: u64 = 24 * 60 * 60 * 1000;
/// How finely a day is counted.
const BUCKET: u64 = 10 * 60 * 1000;
/// Nobody is sent further into the future: the clock may have been put back.
const FURTHEST: Duration = Duration::from_secs(60 * 60);

/// Times are milliseconds since 1970.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Entries {
    /// When the next request may leave.
    next: f64,
    /// Requests, by the beginning of their ten minutes.
    sent: BTreeMap<u64, u64>,
}

#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    path: PathBuf,
    /// Milliseconds between requests.
    interval: f64,
    per_day: Option<u64>,
    /// Tokio's mutex is fair.
    queue: Arc<tokio::sync::Mutex<()>>,
}

impl Ledger {
    pub(crate) fn open(path: &Path, per_second: f64, per_day: Option<u64>) -> Result<Self> {
        let ledger = Self {
            path: path.to_owned(),
            interval: if per_second > 0.0 {
                1000.0 / per_second
            } else {
                0.0
            },
            per_day,
            queue: Arc::default(),
        };
        ledger.locked()?;
        Ok(ledger)
    }

    /// Waits until the next request may leave, and takes that turn. Who gives up while waiting
    /// has taken none.
    pub(crate) async fn admit(&self) -> Result<()> {
        // Of one process only the first in the queue competes with other processes.
        let _turn = self.queue.lock().await;
        while let Some(wait) = self.aside(Self::turn).await? {
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    pub(crate) async fn hold(&self, wait: Duration) -> Result<()> {
        self.aside(move |ledger| {
            ledger.change(|entries, now| {
                entries.next = entries.next.max(milliseconds(now + wait));
                Ok(())
            })
        })
        .await
    }

    pub(crate) async fn used_today(&self) -> Result<u64> {
        self.aside(|ledger| ledger.change(|entries, _| Ok(entries.sent.values().sum())))
            .await
    }

    /// Files block, and so does waiting for their lock.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let ledger = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&ledger)).await;
        done.map_err(|error| {
            Error::new(ErrorKind::Internal, "the shared limiter was interrupted").with_source(error)
        })?
    }

    /// Takes the turn, or says how long it is until there is one. From when the last request
    /// really left: one that left late would otherwise come too close to the next.
    fn turn(&self) -> Result<Option<Duration>> {
        let (interval, per_day) = (self.interval, self.per_day);
        self.change(|entries, now| {
            let used: u64 = entries.sent.values().sum();
            let whole = whole_milliseconds(now);
            if let Some(per_day) = per_day.filter(|per_day| used >= *per_day) {
                let first = entries.sent.keys().next().copied().unwrap_or(whole);
                let free = (first + DAY + BUCKET).saturating_sub(whole);
                let message =
                    format!("the shared budget of {per_day} requests in 24 hours is used up");
                return Err(Error::new(ErrorKind::QuotaExhausted, message)
                    .with_retry_after(Some(Duration::from_millis(free))));
            }
            let wait = entries.next - milliseconds(now);
            if wait > 0.0 {
                return Ok(Some(Duration::from_secs_f64(wait / 1000.0)));
            }
            entries.next = milliseconds(now) + interval;
            *entries.sent.entry(whole - whole % BUCKET).or_default() += 1;
            Ok(None)
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entries, Duration) -> Result<T>) -> Result<T> {
        let mut file = self.locked()?;
        let mut text = String::new();
        let read = file.read_to_string(&mut text);
        // A process that was killed before it cut the file leaves the rest of what was there.
        let first = serde_json::Deserializer::from_str(&text).into_iter().next();
        // A machine that went down while it wrote may leave half: that is a new one.
        let mut entries: Entries = first.and_then(Result::ok).unwrap_or_default();
        read.map_err(|error| self.unusable(error))?;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let whole = whole_milliseconds(now);
        entries.next = entries.next.min(milliseconds(now + FURTHEST));
        entries
            .sent
            .retain(|start, _| start + DAY + BUCKET > whole && *start <= whole);
        let outcome = change(&mut entries, now)?;
        let text = serde_json::to_string(&entries).map_err(|error| self.unusable(error))?;
        file.rewind()
            .and_then(|()| file.write_all(text.as_bytes()))
            .and_then(|()| file.set_len(text.len() as u64))
            .map_err(|error| self.unusable(error))?;
        Ok(outcome)
    }

    /// The lock ends with the file's handle.
    fn locked(&self) -> Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options
            .open(&self.path)
            .map_err(|error| self.unusable(error))?;
        file.lock().map_err(|error| self.unusable(error))?;
        Ok(file)
    }

    fn unusable(&self, error: impl std::error::Error + Send + Sync + 'static) -> Error {
        let message = format!("{} cannot be used", self.path.display());
        Error::config("shared_limiter", message).with_source(error)
    }
}

fn milliseconds(since_1970: Duration) -> f64 {
    since_1970.as_secs_f64() * 1000.0
}

fn whole_milliseconds(since_1970: Duration) -> u64 {
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}
