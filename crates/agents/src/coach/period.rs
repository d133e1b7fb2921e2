//! The period a coach looks at.

use calls::Timestamp;
use jiff::SignedDuration;
use snowflake_store::{CallQuery, CallReader, Period, Rep};

use crate::{Result, prose};

/// Days a coach looks back when nobody says otherwise.
pub const DEFAULT_DAYS: u32 = 30;

/// Which span of time to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodChoice {
    /// Exactly this one.
    Between(Period),
    /// So many days before `now`; when there is no call in them, so many days up
    /// to the latest call.
    Last {
        /// How many.
        days: u32,
        /// The end.
        now: Timestamp,
    },
}

impl PeriodChoice {
    /// The last [`DEFAULT_DAYS`] before `now`.
    pub fn recent(now: Timestamp) -> Self {
        Self::Last {
            days: DEFAULT_DAYS,
            now,
        }
    }
}

/// A period and why it is not the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChosenPeriod {
    pub(crate) period: Period,
    pub(crate) note: Option<String>,
}

/// The period to look at; `None` when a look-back finds no call at all.
pub(crate) async fn choose(
    store: &dyn CallReader,
    rep: Option<&Rep>,
    choice: PeriodChoice,
) -> Result<Option<ChosenPeriod>> {
    let (days, now) = match choice {
        PeriodChoice::Between(period) => return Ok(Some(ChosenPeriod { period, note: None })),
        PeriodChoice::Last { days, now } => (days, now),
    };
    let period = ending_at(now, days);
    let latest_in = |period: Option<Period>| CallQuery {
        rep: rep.cloned(),
        period,
        limit: 1,
        ..CallQuery::default()
    };
    if !store.find_calls(&latest_in(Some(period))).await?.is_empty() {
        return Ok(Some(ChosenPeriod { period, note: None }));
    }
    let Some(latest) = store.find_calls(&latest_in(None)).await?.into_iter().next() else {
        return Ok(None);
    };
    let after_latest = latest
        .started
        .checked_add(SignedDuration::from_secs(1))
        .unwrap_or(Timestamp::MAX);
    Ok(Some(ChosenPeriod {
        period: ending_at(after_latest, days),
        note: Some(format!(
            "There was no call in the {days} days before {}; the period ends with the latest call.",
            prose::date(now)
        )),
    }))
}

/// So many days up to an instant.
pub(crate) fn ending_at(to: Timestamp, days: u32) -> Period {
    let from = to
        .checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
        .unwrap_or(Timestamp::MIN);
    Period { from, to }
}
