//! Calls from Gong's own share in Snowflake, landed by statements.
//!
//! Who has Gong Data Cloud has most calls in Snowflake already: nothing travels. The share is
//! up to a day late, so it is one of two sources: what it has is landed as documents in the
//! shape of Gong's API, and of each call the newer document stands, whichever source it came
//! by. What of a call has been landed is remembered by hash (`GONG_SHARE_CALLS`): rows that
//! the share sends again change nothing.

mod columns;
mod config;
mod gone;
mod report;
mod texts;

pub use config::GongShareConfig;
pub use report::GongShareReport;

use std::time::Duration;

use super::erasure;
use super::failure::of_sql;
use super::store::SnowflakeStore;
use crate::{Error, Result, instant};
use calls::{CallId, Timestamp};
use resilience::ErrorKind;
use snowflake_sql::{Rows, Statement};

/// How far back rows are read again: stamps of different tables come apart.
const OVERLAP: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Gong was founded in 2015, so no row is older.
const EARLIEST: Timestamp = Timestamp::constant(1_420_070_400, 0);

/// Transcripts end near the call's length in seconds times a thousand if their times are
/// milliseconds, as two users of the share say and Gong's pages do not. Far below that they
/// are seconds.
const FEWEST_UNITS_A_SECOND: f64 = 50.0;

/// How long after landing documents are looked through for people who were erased, in case the
/// run that landed them ended before it had.
const LOOKED_THROUGH: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a transcript may be missing before the API is no longer asked for it.
const WAITING: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Calls without a transcript that are named.
const MOST_NAMED: i64 = 1_000;

impl SnowflakeStore {
    /// Makes the tables that landing from Gong's share needs, for those who have it. Running
    /// it again changes nothing.
    ///
    /// # Errors
    /// `Permission` when the role may not create tables.
    pub async fn prepare_gong_share(&self) -> Result<()> {
        for statement in [
            texts::create_calls(),
            texts::create_transcripts(),
            texts::create_new_calls(),
            texts::create_new_transcripts(),
            texts::create_freshness(),
        ] {
            self.write(&[statement]).await?;
        }
        Ok(())
    }

    /// Lands what has changed in Gong's share since it was last read, marks what is gone, and
    /// says how late the share is. The calls are staged by the next
    /// [`transform`](crate::Landing::transform) of what is pending.
    ///
    /// What landed is one transaction; repeating it, or running it twice at a time, changes
    /// nothing more. A call that the API brought is replaced only by rows of the share that
    /// changed after that; topics, which the share lacks, are kept. Calls without a row in the share
    /// any more are removed up to 20 or a tenth of them; the report says how many were withheld.
    /// People who were erased are taken out right behind it.
    ///
    /// # Errors
    /// `NotFound` when the share, a column that is read of it, or the tables of
    /// [`prepare_gong_share`](Self::prepare_gong_share) are not there;
    /// `Unsupported` on the field `transcript` when times of transcripts are not in
    /// milliseconds.
    pub async fn land_from_gong_share(
        &self,
        share: &GongShareConfig,
        run_id: &str,
        now: Timestamp,
    ) -> Result<GongShareReport> {
        self.require_columns(share).await?;
        let since = self.share_since().await?;
        let as_of = self.share_standing(share, since.transcripts).await?;
        let at = instant::text(now);
        let landing = |statement: Statement| statement.bind(at.as_str()).bind(run_id);
        let calls_since = instant::text(since.calls);
        let changed = texts::fill_calls(share)?
            .bind_all([calls_since.as_str(); 5])
            .bind(share.wants_private_calls())
            .bind(share.crm());
        let spoken = texts::fill_transcripts(share)?.bind(instant::text(since.transcripts));
        let replies = self
            .write(&[
                texts::clear_new_calls(),
                texts::clear_new_transcripts(),
                changed,
                spoken,
                texts::keep_topics(),
                landing(texts::land_calls()),
                landing(texts::land_transcripts()),
                texts::keep_calls(),
                texts::keep_transcripts(),
                texts::clear_new_calls(),
                texts::clear_new_transcripts(),
            ])
            .await?;
        let affected = |at: usize| replies.get(at).map_or(0, snowflake_sql::Rows::affected);
        let mut report = GongShareReport::new(as_of, now);
        report.calls_landed = affected(5);
        report.transcripts_landed = affected(6);
        self.take_out_erased(now).await?;
        self.remove_gone(share, run_id, now, &mut report).await?;
        report.without_transcript = self.share_without_transcript(now).await?;
        Ok(report)
    }

    /// When the share was last brought up to date, by the latest stamp of its calls; `None` for
    /// an empty one. For callers that check a set-up.
    ///
    /// # Errors
    /// `NotFound` when the share, or a column that is read of it, is not there.
    pub async fn gong_share_as_of(&self, share: &GongShareConfig) -> Result<Option<Timestamp>> {
        // No transcript is newer, so that none is read.
        self.share_standing(share, Timestamp::now()).await
    }

    /// The share knows nobody who was erased, and lands past the client, which does.
    async fn take_out_erased(&self, now: Timestamp) -> Result<()> {
        self.forget_erased().await;
        if erasure::erased(self).await?.is_empty() {
            return Ok(());
        }
        let from = instant::text(now - LOOKED_THROUGH);
        let landed = texts::landed().bind(from.as_str()).bind(from.as_str());
        let ids = named(&self.ask(&landed).await?)?;
        erasure::take_out(self, &ids).await
    }

    async fn share_since(&self) -> Result<Since> {
        let rows = self.ask(&texts::since()).await?;
        let row = rows.first();
        let read = |column: &str| {
            let at = row.as_ref().map(|row| row.timestamp(column)).transpose();
            let at = at.map_err(of_sql)?.flatten();
            Ok::<_, Error>(at.map_or(EARLIEST, |at| (at - OVERLAP).max(EARLIEST)))
        };
        Ok(Since {
            calls: read("CALLS_AT")?,
            transcripts: read("TRANSCRIPTS_AT")?,
        })
    }

    /// The share's latest stamp.
    async fn share_standing(
        &self,
        share: &GongShareConfig,
        since: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let statement = texts::standing(share)?.bind(instant::text(since));
        let rows = self.ask(&statement).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let units = row.float("UNITS_A_SECOND").map_err(of_sql)?;
        if units.is_some_and(|units| units < FEWEST_UNITS_A_SECOND) {
            let message = "the share's transcripts do not count in milliseconds";
            return Err(Error::new(ErrorKind::Unsupported, message).with_field("transcript"));
        }
        row.timestamp("LATEST_AT").map_err(of_sql)
    }

    async fn share_without_transcript(&self, now: Timestamp) -> Result<Vec<CallId>> {
        let statement = texts::without_transcript()
            .bind(instant::text(now - WAITING))
            .bind(MOST_NAMED);
        named(&self.ask(&statement).await?)
    }
}

fn named(rows: &Rows) -> Result<Vec<CallId>> {
    let ids = rows
        .iter()
        .map(|row| row.required_text("CALL_ID").map(CallId::new));
    ids.collect::<snowflake_sql::Result<_>>().map_err(of_sql)
}

/// From where on rows of the share are read.
struct Since {
    calls: Timestamp,
    transcripts: Timestamp,
}
