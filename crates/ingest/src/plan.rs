//! Which spans of time a run reads.

use jiff::{SignedDuration, Timestamp};
use resilience::ErrorKind;
use snowflake_store::{OpenRun, SyncMode, Watermark, Window};

use crate::settings::{days_before, whole_second};
use crate::{Error, Result, SyncSettings};

/// 2015-01-01T00:00:00Z: Gong was founded in 2015, so no call is older.
const EARLIEST_CALL: Timestamp = Timestamp::constant(1_420_070_400, 0);

/// Windows shorter than this are not cut further. Windows begin and end with a whole
/// second, so a call that cannot be read is always found in the same one.
const SHORTEST_WINDOW: SignedDuration = SignedDuration::from_secs(1);

/// The span a run covers.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when nothing is left of it.
pub(crate) fn requested_window(
    settings: &SyncSettings,
    watermark: Option<Timestamp>,
    now: Timestamp,
) -> Result<Window> {
    let to = settings.to.unwrap_or(now);
    let from = settings
        .from
        .unwrap_or_else(|| match (settings.mode, watermark) {
            (SyncMode::Full | SyncMode::Backfill, _) => EARLIEST_CALL,
            (SyncMode::Incremental, Some(watermark)) => {
                days_before(watermark, settings.lookback_days)
            }
            (SyncMode::Incremental, None) => days_before(now, settings.first_sync_days),
        });
    if from >= to {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!("must be later than {from}, where this run starts"),
        )
        .with_field("to"));
    }
    Ok(Window { from, to })
}

/// A minute before the first call.
pub(crate) fn before_any_call() -> Window {
    Window {
        from: EARLIEST_CALL - SignedDuration::from_mins(1),
        to: EARLIEST_CALL,
    }
}

/// From before the first call to now.
pub(crate) fn all_time(now: Timestamp) -> Window {
    Window {
        from: EARLIEST_CALL,
        to: now,
    }
}

/// Whether an unfinished run is what is asked for now. Its age does not matter: what is
/// done stays done, and what has changed since is read by look-back and sweep.
pub(crate) fn is_resumable(open: &OpenRun, settings: &SyncSettings, fingerprint: &str) -> bool {
    settings.from.is_none_or(|from| from == open.window.from)
        && settings.to.is_none_or(|to| to == open.window.to)
        && open.settings.as_deref() == Some(fingerprint)
}

/// What of a window is left when parts of it are done, in order of time.
pub(crate) fn remaining(window: Window, done: &[Window]) -> Vec<Window> {
    let mut done: Vec<Window> = done.to_vec();
    done.sort_by_key(|part| part.from);
    let mut left = Vec::new();
    let mut from = window.from;
    for part in done {
        if part.from > from {
            left.push(Window {
                from,
                to: part.from.min(window.to),
            });
        }
        from = from.max(part.to);
        if from >= window.to {
            break;
        }
    }
    if from < window.to {
        left.push(Window {
            from,
            to: window.to,
        });
    }
    left.retain(|part| part.from < part.to);
    left
}

/// Cuts a window in two at its middle; `None` when it is too short for that.
pub(crate) fn halves(window: Window) -> Option<(Window, Window)> {
    let span = window.to.duration_since(window.from);
    if span < SHORTEST_WINDOW + SHORTEST_WINDOW {
        return None;
    }
    let middle = whole_second(window.from.checked_add(span / 2).ok()?);
    Some((
        Window {
            from: window.from,
            to: middle,
        },
        Window {
            from: middle,
            to: window.to,
        },
    ))
}

/// Whether a window is longer than the longest that one third-party connector
/// believes Gong accepts; nobody else has met such a limit.
pub(crate) fn exceeds_disputed_limit(window: Window) -> bool {
    window.to.duration_since(window.from) > SignedDuration::from_hours(90 * 24)
}

/// The watermark that a finished run leaves: the end of its span, unless the
/// span leaves a gap behind the present watermark. It is never later than the
/// beginning of the run by Gong's clock: what comes after that was not there to read.
pub(crate) fn next_watermark(
    mode: SyncMode,
    window: Window,
    present: Option<Timestamp>,
    began_at: Timestamp,
) -> Option<Timestamp> {
    let reached = window.to.min(began_at);
    match (mode, present) {
        (SyncMode::Backfill, _) => None,
        (_, Some(present)) if window.from > present || reached < present => None,
        _ => Some(reached),
    }
}

/// The watermark to go by. One that lies in the future was left by a clock that was
/// ahead, or by a run that was told to read beyond its time; nothing is known of what
/// came between the beginning of that run and now.
pub(crate) fn believable(watermark: Watermark, now: Timestamp) -> Option<Timestamp> {
    let believed = [watermark.at, watermark.set_at];
    believed.into_iter().filter(|at| *at <= now).min()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn window(from: i64, to: i64) -> Window {
        Window {
            from: at(from),
            to: at(to),
        }
    }

    #[test]
    fn done_parts_are_left_out() {
        let left = remaining(
            window(0, 100),
            &[window(40, 50), window(10, 20), window(45, 60)],
        );
        assert_eq!(left, [window(0, 10), window(20, 40), window(60, 100)]);
    }

    #[test]
    fn an_incremental_run_without_a_watermark_starts_a_week_back() {
        let settings = SyncSettings::new(SyncMode::Incremental);
        let now = at(1_700_000_000);
        let window = requested_window(&settings, None, now).unwrap();
        assert_eq!(
            window.to.duration_since(window.from),
            SignedDuration::from_hours(7 * 24)
        );
    }

    #[test]
    fn a_span_that_would_leave_a_gap_does_not_move_the_watermark() {
        let next = |mode, span, present: Option<i64>| {
            next_watermark(mode, span, present.map(at), at(1_000))
        };
        use SyncMode::{Backfill, Full, Incremental};
        assert_eq!(next(Incremental, window(50, 90), Some(40)), None);
        assert_eq!(next(Incremental, window(30, 90), Some(40)), Some(at(90)));
        assert_eq!(next(Full, window(0, 30), Some(40)), None);
        assert_eq!(next(Backfill, window(0, 90), None), None);
    }

    #[test]
    fn the_watermark_is_never_later_than_the_run() {
        let reached = next_watermark(SyncMode::Full, window(0, 5_000), None, at(100));
        assert_eq!(reached, Some(at(100)));
    }

    #[test]
    fn a_watermark_in_the_future_is_replaced_by_when_its_run_began() {
        let watermark = |at_, set_at| Watermark {
            at: at(at_),
            set_at: at(set_at),
        };
        assert_eq!(believable(watermark(90, 95), at(100)), Some(at(90)));
        assert_eq!(believable(watermark(900, 50), at(100)), Some(at(50)));
        assert_eq!(believable(watermark(900, 800), at(100)), None);
    }

    proptest! {
        #[test]
        fn done_and_remaining_cover_the_window_once(
            parts in prop::collection::vec((0_i64..1_000, 1_i64..200), 0..12)
        ) {
            let whole = window(100, 900);
            let done: Vec<Window> = parts.iter().map(|(from, len)| window(*from, from + len)).collect();
            let left = remaining(whole, &done);
            for second in 100..900 {
                let instant = at(second);
                let inside = |w: &Window| w.from <= instant && instant < w.to;
                let times = left.iter().filter(|w| inside(w)).count();
                prop_assert_eq!(times, usize::from(!done.iter().any(inside)));
            }
        }

        #[test]
        fn halves_meet_and_cover(from in 0_i64..1_000_000, length in 2_i64..100_000_000) {
            let whole = window(from, from + length);
            let (left, right) = halves(whole).unwrap();
            prop_assert_eq!(left.from, whole.from);
            prop_assert_eq!(left.to, right.from);
            prop_assert_eq!(right.to, whole.to);
            prop_assert!(left.from < left.to && right.from < right.to);
        }
    }
}
