//! What the simulator saw: counters, the peak rate, and a log of requests.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// Longest request body that the log keeps; longer ones are cut.
const LOGGED_BODY_BYTES: usize = 64 * 1024;

/// How many requests the log remembers.
const LOGGED_REQUESTS: usize = 10_000;

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSummary {
    /// Position in the order of arrival, from 0.
    pub sequence: u64,
    /// When it arrived, from the start of the simulator.
    pub at: Duration,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Query without the question mark, empty when there is none.
    pub query: String,
    /// The body as text, at most 64 KiB of it.
    pub body: String,
    /// Status of the answer.
    pub status: u16,
    /// Records in the answer, 0 unless it is a page.
    pub records: usize,
    /// Bytes of the answer's body before compression.
    pub body_bytes: usize,
    /// The fault that hit it; see [`FaultEffect::name`](super::FaultEffect::name).
    pub fault: Option<&'static str>,
}

/// Counters since the start or the last reset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests by path; ids in `/v2/calls/{id}` are folded into that text.
    pub requests_by_path: BTreeMap<String, u64>,
    /// Bytes of reply bodies before compression.
    pub body_bytes: u64,
    /// Replies with status 429, by limits and by faults.
    pub too_many_requests: u64,
    /// Requests hit by a fault.
    pub faults: u64,
    /// Most requests that arrived within any one second.
    pub peak_requests_in_a_second: usize,
}

impl Traffic {
    /// All requests.
    pub fn requests(&self) -> u64 {
        self.requests_by_path.values().sum()
    }

    /// Requests for one path, such as `/v2/calls/extensive` or `/v2/calls/{id}`.
    pub fn requests_for(&self, path: &str) -> u64 {
        self.requests_by_path.get(path).copied().unwrap_or_default()
    }
}

/// Keeps [`Traffic`] and the log.
#[derive(Debug, Default)]
pub(super) struct TrafficMeter {
    traffic: Traffic,
    last_second: VecDeque<Instant>,
    log: VecDeque<RequestSummary>,
    sequence: u64,
}

impl TrafficMeter {
    /// Counts an arrival and returns its number.
    pub(super) fn arrived(&mut self, path: &str, now: Instant) -> u64 {
        *self
            .traffic
            .requests_by_path
            .entry(folded(path))
            .or_default() += 1;
        self.last_second.push_back(now);
        while self
            .last_second
            .front()
            .is_some_and(|first| now - *first >= Duration::from_secs(1))
        {
            self.last_second.pop_front();
        }
        let peak = &mut self.traffic.peak_requests_in_a_second;
        *peak = (*peak).max(self.last_second.len());
        self.sequence += 1;
        self.sequence - 1
    }

    pub(super) fn answered(&mut self, mut summary: RequestSummary) {
        self.traffic.body_bytes += summary.body_bytes as u64;
        self.traffic.too_many_requests += u64::from(summary.status == 429);
        self.traffic.faults += u64::from(summary.fault.is_some());
        summary
            .body
            .truncate(summary.body.floor_char_boundary(LOGGED_BODY_BYTES));
        if self.log.len() == LOGGED_REQUESTS {
            self.log.pop_front();
        }
        self.log.push_back(summary);
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.traffic.clone()
    }

    pub(super) fn log(&self) -> Vec<RequestSummary> {
        self.log.iter().cloned().collect()
    }

    pub(super) fn reset(&mut self) {
        *self = Self {
            sequence: self.sequence,
            ..Self::default()
        };
    }
}

/// Ids would make the map grow with the number of calls.
fn folded(path: &str) -> String {
    match path.strip_prefix("/v2/calls/") {
        Some("extensive" | "transcript") | None => path.to_owned(),
        Some(_) => "/v2/calls/{id}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_taken_over_any_second_and_not_over_clock_seconds() {
        let start = Instant::now();
        let mut meter = TrafficMeter::default();
        for at_ms in [0, 900, 950, 1_050, 1_899, 2_900] {
            meter.arrived("/v2/users", start + Duration::from_millis(at_ms));
        }
        // 900, 950, 1050 and 1899 ms lie within one second; 2900 does not.
        assert_eq!(meter.traffic().peak_requests_in_a_second, 4);
        assert_eq!(meter.traffic().requests(), 6);
    }

    #[test]
    fn ids_are_folded_so_that_the_map_stays_small() {
        let mut meter = TrafficMeter::default();
        for path in [
            "/v2/calls",
            "/v2/calls/1",
            "/v2/calls/2",
            "/v2/calls/extensive",
        ] {
            meter.arrived(path, Instant::now());
        }
        let traffic = meter.traffic();
        assert_eq!(traffic.requests_for("/v2/calls/{id}"), 2);
        assert_eq!(traffic.requests_for("/v2/calls/extensive"), 1);
        assert_eq!(traffic.requests_for("/v2/calls"), 1);
    }
}
