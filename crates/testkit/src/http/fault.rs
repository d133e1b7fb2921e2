//! Which requests a fault affects; each simulator decides what it does to them.

use std::time::{Duration, Instant};

/// A fault and the requests it hits: by default the next one, on any path.
///
/// `E` is what happens: [`gong::FaultEffect`](crate::gong::FaultEffect) or
/// [`hubspot::FaultEffect`](crate::hubspot::FaultEffect).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault<E> {
    pub(crate) effect: E,
    /// `None`: for ever.
    remaining: Option<u32>,
    skip: u32,
    lifetime: Option<Duration>,
    path: Option<String>,
    body_contains: Option<String>,
    pub(crate) record_id: Option<String>,
}

impl<E> Fault<E> {
    /// Hits the next request.
    pub fn new(effect: E) -> Self {
        Self {
            effect,
            remaining: Some(1),
            skip: 0,
            lifetime: None,
            path: None,
            body_contains: None,
            record_id: None,
        }
    }

    /// Hits this many matching requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self {
            remaining: Some(times),
            ..self
        }
    }

    /// Hits every matching request until the faults are cleared.
    #[must_use]
    pub fn always(self) -> Self {
        Self {
            remaining: None,
            ..self
        }
    }

    /// Hits every matching request for so long after it was injected.
    #[must_use]
    pub fn lasting(self, lifetime: Duration) -> Self {
        Self {
            remaining: None,
            lifetime: Some(lifetime),
            ..self
        }
    }

    /// Lets this many matching requests pass first.
    #[must_use]
    pub fn after(self, requests: u32) -> Self {
        Self {
            skip: requests,
            ..self
        }
    }

    /// Only requests for exactly this path, such as `/v2/calls/transcript` of Gong
    /// or `/crm/objects/deals/batch/read` of HubSpot (see
    /// [`Traffic::requests_by_path`](super::Traffic::requests_by_path)).
    #[must_use]
    pub fn on_path(self, path: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            ..self
        }
    }

    /// Only requests whose body contains this text.
    #[must_use]
    pub fn when_body_contains(self, text: impl Into<String>) -> Self {
        Self {
            body_contains: Some(text.into()),
            ..self
        }
    }

    /// Whether path and body are those it waits for.
    pub(crate) fn matches(&self, path: &str, body: &str) -> bool {
        self.path.as_deref().is_none_or(|wanted| wanted == path)
            && self
                .body_contains
                .as_deref()
                .is_none_or(|text| body.contains(text))
    }
}

/// The faults that are waiting, in the order they were injected, and since when.
#[derive(Debug)]
pub(crate) struct FaultQueue<E>(Vec<(Fault<E>, Instant)>);

impl<E> Default for FaultQueue<E> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<E: Clone> FaultQueue<E> {
    pub(crate) fn add(&mut self, fault: Fault<E>) {
        self.0.push((fault, Instant::now()));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The first fault that `matches`, unless it lets this request pass.
    pub(crate) fn take(&mut self, matches: impl Fn(&Fault<E>) -> bool) -> Option<Fault<E>> {
        self.0.retain(|(fault, since)| {
            fault
                .lifetime
                .is_none_or(|lifetime| since.elapsed() < lifetime)
        });
        let index = self.0.iter().position(|(fault, _)| matches(fault))?;
        let (fault, _) = &mut self.0[index];
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        let taken = fault.clone();
        if let Some(remaining) = &mut fault.remaining {
            *remaining = remaining.saturating_sub(1);
            if *remaining == 0 {
                self.0.remove(index);
            }
        }
        Some(taken)
    }
}
