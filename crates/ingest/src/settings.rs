//! What a sync covers, and how.

use jiff::{SignedDuration, Timestamp};
use resilience::ErrorKind;
use serde_json::json;
use snowflake_store::SyncMode;

use crate::{CallChoice, Error, RemovalLimits, Result};

/// What a sync covers, and how.
///
/// ```
/// use ingest::SyncSettings;
/// use snowflake_store::SyncMode;
///
/// let settings = SyncSettings::new(SyncMode::Incremental).with_lookback_days(3);
/// assert!(settings.validate().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SyncSettings {
    /// Full, incremental or backfill.
    pub mode: SyncMode,
    /// Inclusive start. Default: full, everything; incremental, the watermark
    /// minus the look-back; a backfill requires it.
    pub from: Option<Timestamp>,
    /// Exclusive end. Default: the moment the run starts.
    pub to: Option<Timestamp>,
    /// How many days before the watermark an incremental run starts.
    /// Default 7; connectors in the field use 3 to 14.
    pub lookback_days: u32,
    /// Where the first incremental run of a store starts, in days before now. Default 7.
    pub first_sync_days: u32,
    /// Whether transcripts are fetched. Default yes.
    pub transcripts: bool,
    /// Call ids in one transcript request, 1 to 100. Default 100.
    pub transcript_batch: usize,
    /// Transcript requests in flight at once. Default 2.
    pub transcript_concurrency: usize,
    /// A window with more calls than this is halved. Default 2,000: at most
    /// that much is read again after a crash.
    pub max_calls_per_window: u64,
    /// How many calls outside the window an incremental run checks again by id, with
    /// their transcripts: two requests per hundred. Default 2,000; 0 turns the
    /// sweep off.
    pub sweep_calls: usize,
    /// Requests that an incremental run spends on listing older spans again, in
    /// rotation, to find calls that appear with an old date; a hundred calls each.
    /// Default 30; 0 turns it off.
    pub relist_requests: u32,
    /// Stored documents that a run reads back and hashes, in rotation, to find
    /// damage. Default 1,000; 0 turns it off.
    pub check_documents: usize,
    /// How many requests may fail in a row, each after its own retries, before one whose
    /// answer is known tells an outage from a bad record. Default 6.
    pub max_consecutive_failures: u32,
    /// Which calls are ingested. Default: all but private ones.
    pub choice: CallChoice,
    /// How many removals a run applies without confirmation.
    pub removals: RemovalLimits,
    /// Mark calls deleted even when Gong serves no call at all. Default no: a key
    /// that lost its view of calls looks exactly like an empty tenant.
    pub accept_empty_tenant: bool,
    /// Let the store mirror another tenant, or other workspaces, from now on.
    /// Default no: a store keeps the origin of its first run.
    pub accept_other_origin: bool,
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
            relist_requests: 30,
            check_documents: 1_000,
            max_consecutive_failures: 6,
            choice: CallChoice::default(),
            removals: RemovalLimits::default(),
            accept_empty_tenant: false,
            accept_other_origin: false,
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
        if !(0.0..=1.0).contains(&self.removals.share) {
            return refuse("removals.share", "must be between 0 and 1");
        }
        self.choice.validate()
    }

    /// The settings that decide which documents a run lands, so that a run with different
    /// ones is not resumed.
    pub(crate) fn fingerprint(&self, host: &str) -> String {
        let choice = self.choice.fingerprint();
        json!({"host": host, "transcripts": self.transcripts, "choice": choice}).to_string()
    }

    /// The present in whole seconds: Gong's own times have at most six digits
    /// behind them, so a window that ends between two of them helps nobody.
    pub(crate) fn now(&self) -> Timestamp {
        whole_second(self.now.unwrap_or_else(Timestamp::now))
    }
}

resilience::setters! {
    SyncSettings {
        /// Sets [`from`](SyncSettings::from).
        with_from(from: Option<Timestamp>);
        /// Sets [`to`](SyncSettings::to).
        with_to(to: Option<Timestamp>);
        /// Sets [`lookback_days`](SyncSettings::lookback_days).
        with_lookback_days(lookback_days: u32);
        /// Sets [`first_sync_days`](SyncSettings::first_sync_days).
        with_first_sync_days(first_sync_days: u32);
        /// Sets [`transcripts`](SyncSettings::transcripts).
        with_transcripts(transcripts: bool);
        /// Sets [`transcript_batch`](SyncSettings::transcript_batch).
        with_transcript_batch(transcript_batch: usize);
        /// Sets [`transcript_concurrency`](SyncSettings::transcript_concurrency).
        with_transcript_concurrency(transcript_concurrency: usize);
        /// Sets [`max_calls_per_window`](SyncSettings::max_calls_per_window).
        with_max_calls_per_window(max_calls_per_window: u64);
        /// Sets [`sweep_calls`](SyncSettings::sweep_calls).
        with_sweep_calls(sweep_calls: usize);
        /// Sets [`relist_requests`](SyncSettings::relist_requests).
        with_relist_requests(relist_requests: u32);
        /// Sets [`check_documents`](SyncSettings::check_documents).
        with_check_documents(check_documents: usize);
        /// Sets [`max_consecutive_failures`](SyncSettings::max_consecutive_failures).
        with_max_consecutive_failures(max_consecutive_failures: u32);
        /// Sets [`choice`](SyncSettings::choice).
        with_choice(choice: CallChoice);
        /// Sets [`removals`](SyncSettings::removals).
        with_removals(removals: RemovalLimits);
        /// Sets [`accept_empty_tenant`](SyncSettings::accept_empty_tenant).
        with_accept_empty_tenant(accept_empty_tenant: bool);
        /// Sets [`accept_other_origin`](SyncSettings::accept_other_origin).
        with_accept_other_origin(accept_other_origin: bool);
        /// Sets [`now`](SyncSettings::now).
        with_now(now: Option<Timestamp>);
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
