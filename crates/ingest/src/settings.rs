//! What a sync covers and how it goes about it.

use jiff::{SignedDuration, Timestamp};
use resilience::ErrorKind;
use snowflake_store::SyncMode;

use crate::{Error, Result};

/// What a sync covers and how it goes about it.
///
/// ```
/// use ingest::SyncSettings;
/// use snowflake_store::SyncMode;
///
/// let settings = SyncSettings { lookback_days: 3, ..SyncSettings::new(SyncMode::Incremental) };
/// assert!(settings.validate().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SyncSettings {
    /// Full, incremental or backfill.
    pub mode: SyncMode,
    /// Inclusive start. Default: full, everything; incremental, the watermark
    /// less the look-back; backfill must name it.
    pub from: Option<Timestamp>,
    /// Exclusive end. Default: the moment the run starts.
    pub to: Option<Timestamp>,
    /// How far an incremental run reads back behind the watermark, in days.
    /// Default 7; connectors in the field use 3 to 14.
    pub lookback_days: u32,
    /// Where the first incremental run of a store starts, in days before now. Default 7.
    pub first_sync_days: u32,
    /// Whether transcripts are fetched. Default yes.
    pub transcripts: bool,
    /// Call ids in one transcript request, 1 to 100. Default 100.
    pub transcript_batch: usize,
    /// Transcript requests under way at once. Default 2.
    pub transcript_concurrency: usize,
    /// A window with more calls than this is cut in two. Default 2,000: at most
    /// that much is read again after a crash.
    pub max_calls_per_window: u64,
    /// How many calls outside the window an incremental run re-checks by id,
    /// one request for each hundred. Default 2,000; 0 turns the sweep off.
    pub sweep_calls: usize,
    /// An unfinished run older than this is started over instead of resumed, in
    /// hours. Default 24.
    pub resume_within_hours: u32,
    /// Failed requests in a row, each after its own retries, that count as an
    /// outage and stop the run. Default 6.
    pub max_consecutive_failures: u32,
    /// Mark calls deleted even when Gong serves no call at all. Default no: a key
    /// that lost its view of calls looks exactly like an empty tenant.
    pub accept_empty_tenant: bool,
    /// The present, for tests and reproducible runs. Default: the clock.
    pub now: Option<Timestamp>,
}

impl SyncSettings {
    /// Defaults for a mode.
    pub fn new(mode: SyncMode) -> Self {
        Self {
            mode,
            from: None,
            to: None,
            lookback_days: 7,
            first_sync_days: 7,
            transcripts: true,
            transcript_batch: 100,
            transcript_concurrency: 2,
            max_calls_per_window: 2_000,
            sweep_calls: 2_000,
            resume_within_hours: 24,
            max_consecutive_failures: 6,
            accept_empty_tenant: false,
            now: None,
        }
    }

    /// Checks what can be checked before the first request.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] names the field.
    pub fn validate(&self) -> Result<()> {
        let refuse = |field: &str, why: &str| {
            Err(Error::new(ErrorKind::InvalidInput, why).with_field(field))
        };
        if self.mode == SyncMode::Backfill && self.from.is_none() {
            return refuse("from", "a backfill needs a start");
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from >= to
        {
            return refuse("to", "must be later than from");
        }
        if self.to.is_none() && self.from.is_some_and(|from| from >= self.now()) {
            return refuse("from", "lies in the future");
        }
        if !(1..=100).contains(&self.transcript_batch) {
            return refuse("transcript_batch", "must be 1 to 100");
        }
        if self.transcript_concurrency == 0 {
            return refuse("transcript_concurrency", "must be at least 1");
        }
        if self.max_calls_per_window < 100 {
            return refuse("max_calls_per_window", "must be at least 100, one page");
        }
        if self.lookback_days > 3_650 {
            return refuse("lookback_days", "must be at most 3650");
        }
        if self.first_sync_days > 3_650 {
            return refuse("first_sync_days", "must be at most 3650");
        }
        Ok(())
    }

    /// The present in whole seconds: Gong's own times have at most six digits
    /// behind them, so a window that ends between two of them helps nobody.
    pub(crate) fn now(&self) -> Timestamp {
        whole_second(self.now.unwrap_or_else(Timestamp::now))
    }
}

/// An instant some days earlier, as early as an instant can be at most.
pub(crate) fn days_before(instant: Timestamp, days: u32) -> Timestamp {
    instant
        .checked_sub(SignedDuration::from_hours(i64::from(days) * 24))
        .unwrap_or(Timestamp::MIN)
}

/// The second that an instant lies in.
pub(crate) fn whole_second(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}
