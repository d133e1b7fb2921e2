//! One operation of Gong's API, as data.
//!
//! For callers that want to know which scope a key needs, or that list what there is.

/// One operation: what it is called, where it is and what a key needs for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// Gong's `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with `{…}` where ids stand.
    pub path: &'static str,
    /// The scope that an OAuth token needs; empty where Gong states none.
    pub scope: &'static str,
    /// The call of this crate, such as `users().get`.
    pub call: &'static str,
    /// Whether it changes something at Gong. Such a request is sent once: no key makes Gong
    /// recognise a repetition, so only one that was refused for its rate is sent again.
    pub writes: bool,
}

impl Operation {
    /// Of [`RawCall`](crate::RawCall): unknown, so that its method decides.
    pub(crate) const fn raw(method: &'static str, writes: bool) -> Self {
        Self {
            id: "",
            method,
            path: "(raw)",
            scope: "",
            call: "request",
            writes,
        }
    }
}
