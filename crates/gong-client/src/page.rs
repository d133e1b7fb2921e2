//! One page of a listing.

use calls::{CallId, Timestamp};

/// One page, with malformed records set aside: one bad record never
/// fails the page.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records, in Gong's order.
    pub items: Vec<T>,
    /// Malformed records, with their bytes.
    pub rejected: Vec<Rejected>,
    /// Gong's count over all pages. It may exceed what is delivered while a
    /// recording is being processed, so it says nothing about completeness; that it
    /// shrinks, or that there are far more pages, is another matter
    /// ([`PageGuard`](crate::PageGuard)).
    pub total_records: Option<u64>,
    /// Where the next page is; `None` on the last one.
    pub next: Option<Cursor>,
    /// When it was served, by the server's own clock, in whole seconds: the `Date`
    /// of the reply. `None` where it came without a readable one.
    pub served_at: Option<Timestamp>,
    /// The company's time zone, by its name in the IANA database, where Gong says it: with
    /// figures of people it does.
    pub time_zone: Option<String>,
}

impl<T> Page<T> {
    /// A page with records only.
    pub fn new(items: Vec<T>) -> Self {
        Self {
            items,
            rejected: Vec::new(),
            total_records: None,
            next: None,
            served_at: None,
            time_zone: None,
        }
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

/// A record that could not be read. `Debug` shows no content.
#[derive(Clone)]
#[non_exhaustive]
pub struct Rejected {
    /// Position on its page, from 0.
    pub position: usize,
    /// The call, where at least that could be read.
    pub call_id: Option<CallId>,
    /// Why, naming the field or byte; without the content.
    pub reason: String,
    /// The record as received, with invalid UTF-8 replaced.
    pub payload: String,
}

impl Rejected {
    /// A record at `position` of its page that was refused for `reason`.
    pub fn new(
        position: usize,
        call_id: Option<CallId>,
        reason: impl Into<String>,
        payload: impl Into<String>,
    ) -> Self {
        Self {
            position,
            call_id,
            reason: reason.into(),
            payload: payload.into(),
        }
    }
}

impl std::fmt::Debug for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rejected")
            .field("position", &self.position)
            .field("call_id", &self.call_id)
            .field("reason", &self.reason)
            .field("bytes", &self.payload.len())
            .finish()
    }
}

/// Where a listing continues. Opaque, short-lived and never worth storing: store
/// the window instead and start it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub(crate) String);

impl Cursor {
    /// Wraps a cursor that a [`GongApi`](crate::GongApi) implementation made.
    pub fn new(cursor: impl Into<String>) -> Self {
        Self(cursor.into())
    }

    /// The cursor as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
