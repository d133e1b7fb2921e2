//! Kinds of errors, classified by what the caller does next.

use std::time::Duration;

/// What a caller can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is wrong: fix it and start again.
    Config,
    /// The input is wrong: the message names the field.
    InvalidInput,
    /// The credentials are wrong, expired or revoked.
    Auth,
    /// The credentials are right but lack a permission, which the message names.
    Permission,
    /// The requested thing does not exist.
    NotFound,
    /// Too many requests: retry after [`Failure::retry_after`].
    RateLimited,
    /// A quota is used up for hours or days: stop and resume later.
    QuotaExhausted,
    /// The other side failed temporarily: retry.
    Transient,
    /// A reply or a stored value could not be understood.
    Decode,
    /// The storage is damaged or is not what it should be.
    Corrupt,
    /// This implementation cannot do it; another one may.
    Unsupported,
    /// The work was cancelled.
    Cancelled,
    /// A bug in this workspace.
    Internal,
}

impl ErrorKind {
    /// Whether the same request may succeed if it is retried soon.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Transient)
    }

    /// A stable lower-case name, for metrics and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::InvalidInput => "invalid_input",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::NotFound => "not_found",
            Self::RateLimited => "rate_limited",
            Self::QuotaExhausted => "quota_exhausted",
            Self::Transient => "transient",
            Self::Decode => "decode",
            Self::Corrupt => "corrupt",
            Self::Unsupported => "unsupported",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

/// What retry, routing and circuit breaking need to know about an error.
pub trait Failure: std::error::Error {
    /// What the caller can do.
    fn kind(&self) -> ErrorKind;

    /// How long to wait before the next attempt, where that is known.
    fn retry_after(&self) -> Option<Duration>;

    /// Whether the other side asked for that wait, rather than this side choosing it.
    fn was_asked_to_wait(&self) -> bool {
        self.retry_after().is_some()
    }

    /// Whether a retry layer below has already tried and given up; an outer
    /// layer must then not start again, or attempts multiply.
    fn is_exhausted(&self) -> bool;

    /// Marks that a retry layer has given up on it.
    fn mark_exhausted(&mut self);

    /// Whether this request is worth retrying now.
    fn is_retryable(&self) -> bool {
        self.kind().is_retryable() && !self.is_exhausted()
    }
}
