//! Whether stored documents are still what landed.

use calls::CallId;

/// Which documents to check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckQuery {
    /// Documents of calls with an id greater than this (byte order), to go on.
    pub after: Option<CallId>,
    /// Those of at most this many calls; 0 checks none.
    pub limit: usize,
}

/// The result of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentCheck {
    /// Documents that were read and hashed.
    pub checked: u64,
    /// The last call whose documents were: where the next check goes on. `None` when the
    /// end was reached.
    pub last: Option<CallId>,
    /// Calls with a document that is not what landed, ascending by id.
    pub damaged: Vec<CallId>,
}
