//! The file by which processes share a company's limits.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resilience::ErrorKind;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

const DAY: u64 = 24 * 60 * 60 * 1000;
/// How finely a day is counted.
const BUCKET: u64 = 10 * 60 * 1000;
/// Nobody is sent further into the future: the clock may have been put back.
const FURTHEST: u64 = 60 * 60 * 1000;

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
        };
        ledger.locked()?;
        Ok(ledger)
    }

    /// Takes the next turn and waits for it.
    pub(crate) async fn admit(&self) -> Result<()> {
        let turn = self.aside(Self::turn).await?;
        tokio::time::sleep(turn).await;
        Ok(())
    }

    pub(crate) async fn hold(&self, wait: Duration) -> Result<()> {
        self.aside(move |ledger| {
            ledger.change(|entries, now| {
                #[allow(clippy::cast_precision_loss)]
                let until = now as f64 + wait.as_secs_f64() * 1000.0;
                entries.next = entries.next.max(until);
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

    /// How long until the turn that is now taken.
    fn turn(&self) -> Result<Duration> {
        let (interval, per_day) = (self.interval, self.per_day);
        self.change(|entries, now| {
            let used: u64 = entries.sent.values().sum();
            if let Some(per_day) = per_day.filter(|per_day| used >= *per_day) {
                let first = entries.sent.keys().next().copied().unwrap_or(now);
                let free = (first + DAY + BUCKET).saturating_sub(now);
                let message =
                    format!("the shared budget of {per_day} requests in 24 hours is used up");
                return Err(Error::new(ErrorKind::QuotaExhausted, message)
                    .with_retry_after(Some(Duration::from_millis(free))));
            }
            #[allow(clippy::cast_precision_loss)]
            let now_ms = now as f64;
            let turn = entries.next.max(now_ms);
            entries.next = turn + interval;
            *entries.sent.entry(now - now % BUCKET).or_default() += 1;
            Ok(Duration::from_secs_f64((turn - now_ms) / 1000.0))
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entries, u64) -> Result<T>) -> Result<T> {
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
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        #[allow(clippy::cast_precision_loss)]
        let furthest = (now + FURTHEST) as f64;
        entries.next = entries.next.min(furthest);
        entries
            .sent
            .retain(|start, _| start + DAY + BUCKET > now && *start <= now);
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
