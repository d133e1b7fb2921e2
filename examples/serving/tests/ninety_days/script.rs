//! What happens in the ninety days, and which alerts that must and may bring.

/// All of it, and some quiet days at the end.
pub(crate) const DAYS: u64 = 92;

/// Hours since the start.
pub(crate) const fn at(day: u64, hour: u64) -> u64 {
    day * 24 + hour
}

/// A time from an hour to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span(pub(crate) u64, pub(crate) u64);

impl Span {
    pub(crate) fn holds(self, hours: f64) -> bool {
        hours >= self.0 as f64 && hours < self.1 as f64
    }
}

/// Gong answers nothing but 503.
pub(crate) const GONG_DOWN: Span = Span(at(10, 9), at(10, 14));
/// HubSpot as well.
pub(crate) const HUBSPOT_DOWN: Span = Span(at(20, 2), at(20, 12));
/// Gong's quota of the day is used up, until midnight.
pub(crate) const QUOTA_GONE: Span = Span(at(30, 6), at(31, 0));
/// The daemon's wall clock is thirty hours ahead.
pub(crate) const CLOCK_AHEAD: Span = Span(at(40, 6), at(41, 6));
/// It is thirty hours behind.
pub(crate) const CLOCK_BEHIND: Span = Span(at(50, 6), at(50, 18));
/// The store refuses all reads and writes.
pub(crate) const STORE_DOWN: Span = Span(at(60, 3), at(60, 6));
/// The model's endpoint disconnects, and a call comes right then.
pub(crate) const MODEL_DOWN: Span = Span(at(70, 12), at(70, 16));
/// A page with a certain call cannot be read.
pub(crate) const PAGE_POISONED: Span = Span(at(80, 6), at(82, 6));
/// A call says nothing of when it was.
pub(crate) const CALL_SPOILT: Span = Span(at(85, 6), at(85, 18));

/// When an alert has to fire, and around that when it may.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) alert: &'static str,
    /// Its labels beside its name.
    pub(crate) labels: &'static str,
    /// Empty where it need not.
    pub(crate) must: Option<(f64, f64)>,
    pub(crate) may: (f64, f64),
}

const fn expected(
    alert: &'static str,
    labels: &'static str,
    must: Option<(f64, f64)>,
    may: (f64, f64),
) -> Expected {
    Expected {
        alert,
        labels,
        must,
        may,
    }
}

fn hours(span: Span, from: f64, to: f64) -> (f64, f64) {
    (span.0 as f64 + from, span.1 as f64 + to)
}

/// Everything that may be heard of. Whatever fires beside it, or does not fire, is wrong.
pub(crate) fn expectations() -> Vec<Expected> {
    let page = "severity: page";
    let job = |name| match name {
        "sync" => "severity: ticket, step: sync",
        "enrich" => "severity: ticket, step: enrich",
        "read" => "severity: ticket, step: read",
        _ => "severity: ticket, step: retain",
    };
    let mut all = vec![
        expected(
            "CallsNotFresh",
            page,
            Some(hours(GONG_DOWN, 2.0, 0.0)),
            hours(GONG_DOWN, 0.5, 1.5),
        ),
        expected(
            "JobFails",
            job("sync"),
            Some(hours(GONG_DOWN, 3.0, 0.0)),
            hours(GONG_DOWN, 0.5, 2.5),
        ),
        expected(
            "StreamNotFresh",
            "severity: ticket, stream: crm",
            Some(hours(HUBSPOT_DOWN, 7.0, 0.0)),
            hours(HUBSPOT_DOWN, 5.5, 3.5),
        ),
        expected(
            "JobFails",
            job("enrich"),
            Some(hours(HUBSPOT_DOWN, 3.0, 0.0)),
            hours(HUBSPOT_DOWN, 0.5, 4.5),
        ),
        expected(
            "CallsNotFresh",
            page,
            Some(hours(QUOTA_GONE, 2.0, 0.0)),
            hours(QUOTA_GONE, 0.5, 1.5),
        ),
        // It fails once and then waits for midnight.
        expected("JobFails", job("sync"), None, hours(QUOTA_GONE, 0.0, 3.0)),
        // What a wrong clock stamps is wrong until the next run by a right one.
        expected("CallsNotFresh", page, None, hours(CLOCK_AHEAD, 0.0, 1.5)),
        expected(
            "CallsNotFresh",
            page,
            Some(hours(CLOCK_BEHIND, 2.0, 0.0)),
            hours(CLOCK_BEHIND, 0.0, 1.5),
        ),
        expected(
            "StreamNotFresh",
            "severity: ticket, stream: crm",
            None,
            hours(CLOCK_BEHIND, 0.0, 3.5),
        ),
        expected(
            "StreamNotFresh",
            "severity: ticket, stream: readings",
            None,
            hours(CLOCK_BEHIND, 0.0, 1.5),
        ),
        expected(
            "CallsNotFresh",
            page,
            Some(hours(STORE_DOWN, 2.0, 0.0)),
            hours(STORE_DOWN, 0.5, 1.5),
        ),
        expected(
            "FallbackAnswers",
            "severity: ticket, component: store",
            Some(hours(STORE_DOWN, 2.0, -1.0)),
            hours(STORE_DOWN, 0.0, 2.0),
        ),
        expected(
            "FallbackAnswers",
            "severity: ticket, component: language",
            // One call is read once, which looks an hour apart need not see.
            None,
            hours(MODEL_DOWN, 0.0, 2.0),
        ),
        expected(
            "DeadLettersGrow",
            "severity: ticket",
            Some((PAGE_POISONED.0 as f64 + 2.0, PAGE_POISONED.0 as f64 + 5.0)),
            (PAGE_POISONED.0 as f64, PAGE_POISONED.0 as f64 + 8.0),
        ),
        // Each run within these two days leaves a letter open.
        expected(
            "RunsLeaveOpen",
            job("sync"),
            None,
            hours(PAGE_POISONED, 24.0, 26.0),
        ),
        expected(
            "CallsBroken",
            "severity: ticket",
            Some(hours(CALL_SPOILT, 2.0, 0.0)),
            hours(CALL_SPOILT, 0.5, 1.5),
        ),
    ];
    for name in ["sync", "enrich", "read", "retain"] {
        all.push(expected(
            "JobFails",
            job(name),
            None,
            hours(STORE_DOWN, 0.0, 3.0),
        ));
    }
    // It is tried again as rarely as it is due.
    let until_next = hours(STORE_DOWN, 0.0, 27.0);
    all.push(expected("JobFails", job("retain"), None, until_next));
    all
}
