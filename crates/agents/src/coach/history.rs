//! Figures over parts of a period, from the calls themselves.

use calls::{Provenance, Timestamp};
use jiff::SignedDuration;
use serde::Serialize;
use snowflake_store::{CoachingCall, Measured, Performance, Period, RepFigures};

/// Figures in one part of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HistoryPoint {
    /// The part.
    pub period: Period,
    /// Figures; `calls == 0` where there was none.
    pub figures: Performance,
    /// How many calls have each of them.
    pub measured: Measured,
}

/// Consecutive parts of so many days from the period's start; the last one ends with it.
pub(crate) fn parts(period: Period, days: u32) -> Vec<Period> {
    let length = SignedDuration::from_hours(24 * i64::from(days.max(1)));
    let mut parts = Vec::new();
    let mut from = period.from;
    while from < period.to {
        let to = from.checked_add(length);
        let to = to.map_or(period.to, |to| to.min(period.to));
        parts.push(Period { from, to });
        from = to;
    }
    parts
}

pub(crate) fn is_in(period: Period, at: Timestamp) -> bool {
    period.from <= at && at < period.to
}

/// The figures of some calls together.
pub(crate) fn over<'c>(calls: impl IntoIterator<Item = &'c CoachingCall>) -> RepFigures {
    let mut all = RepFigures::default();
    for call in calls {
        all.add(&RepFigures::from(call));
    }
    all
}

/// The figures of calls in parts of a period.
pub(crate) fn history(calls: &[CoachingCall], period: Period, days: u32) -> Vec<HistoryPoint> {
    let parts = parts(period, days).into_iter();
    parts
        .map(|part| {
            let of_part = calls.iter().filter(|call| is_in(part, call.header.started));
            let all = over(of_part);
            HistoryPoint {
                period: part,
                figures: all.figures,
                measured: all.measured,
            }
        })
        .collect()
}

/// Leaves tone and next steps out that another backend computed: those of two are not
/// comparable. Says of how many calls.
pub(crate) fn keep_comparable(calls: &mut [CoachingCall], by: Option<&Provenance>) -> usize {
    let Some(by) = by else { return 0 };
    let others = calls.iter_mut().filter(|call| {
        let computed = call.insights_by.as_ref();
        computed.is_some_and(|computed| computed != by)
    });
    let mut left_out = 0;
    for call in others {
        left_out += 1;
        call.header.sentiment = None;
        call.figures.sentiment = None;
        call.figures.next_step_share = None;
    }
    left_out
}

/// The span of the same length before a period.
pub(crate) fn before(period: Period) -> Period {
    let length = period.to.duration_since(period.from);
    Period {
        from: period.from.checked_sub(length).unwrap_or(Timestamp::MIN),
        to: period.from,
    }
}
