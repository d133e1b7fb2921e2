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
    /// Ids that the body asks for, 0 unless the simulator counts them: batch reads
    /// of HubSpot.
    pub inputs: usize,
    /// Records in the answer, 0 unless it is a page or a batch.
    pub records: usize,
    /// Bytes of the answer's body before compression.
    pub body_bytes: usize,
    /// Name of the fault that hit it, such as `cut_body`.
    pub fault: Option<&'static str>,
}

/// Counters since the start or the last reset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests by path. The path is folded, so that the map stays small: Gong's
    /// `/v2/calls/7` counts for `/v2/calls/{id}`; HubSpot's
    /// `/crm/objects/2026-09/0-3/7` for `/crm/objects/deals/{id}`, without its
    /// version and with plural names.
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

    /// Requests for one folded path, such as `/v2/calls/extensive` or
    /// `/crm/objects/deals/batch/read`.
    pub fn requests_for(&self, path: &str) -> u64 {
        self.requests_by_path.get(path).copied().unwrap_or_default()
    }
}

/// Keeps [`Traffic`] and the log.
#[derive(Debug, Default)]
pub(crate) struct TrafficMeter {
    traffic: Traffic,
    last_second: VecDeque<Instant>,
    log: VecDeque<RequestSummary>,
    sequence: u64,
}

impl TrafficMeter {
    /// Counts an arrival for a folded path and returns its number.
    pub(crate) fn arrived(&mut self, path: String, now: Instant) -> u64 {
        *self.traffic.requests_by_path.entry(path).or_default() += 1;
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

    pub(crate) fn answered(&mut self, mut summary: RequestSummary) {
        self.traffic.body_bytes += summary.body_bytes as u64;
        self.traffic.too_many_requests += u64::from(summary.status == 429);
        self.traffic.faults += u64::from(summary.fault.is_some());
        let mut end = LOGGED_BODY_BYTES.min(summary.body.len());
        while !summary.body.is_char_boundary(end) {
            end -= 1;
        }
        summary.body.truncate(end);
        if self.log.len() == LOGGED_REQUESTS {
            self.log.pop_front();
        }
        self.log.push_back(summary);
    }

    pub(crate) fn traffic(&self) -> Traffic {
        self.traffic.clone()
    }

    pub(crate) fn log(&self) -> Vec<RequestSummary> {
        self.log.iter().cloned().collect()
    }

    pub(crate) fn reset(&mut self) {
        *self = Self {
            sequence: self.sequence,
            ..Self::default()
        };
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
            meter.arrived("/v2/users".to_owned(), start + Duration::from_millis(at_ms));
        }
        // 900, 950, 1050 and 1899 ms lie within one second; 2900 does not.
        assert_eq!(meter.traffic().peak_requests_in_a_second, 4);
        assert_eq!(meter.traffic().requests(), 6);
    }
}
