//! Which of the two implementations of a [`Route`](crate::Route) answered.

use crate::ErrorKind;

/// Who answered, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answered {
    /// The primary.
    Primary,
    /// The fallback, because the key belongs to its share.
    FallbackByShare,
    /// The fallback, because the primary failed with this kind.
    FallbackAfter(ErrorKind),
    /// The fallback, because the primary took too long.
    FallbackAfterTimeout,
    /// The fallback, because the primary's breaker is open.
    FallbackForBreaker,
}

impl Answered {
    /// Whether the fallback answered although the primary should have.
    pub fn is_degraded(self) -> bool {
        !matches!(self, Self::Primary | Self::FallbackByShare)
    }

    /// Why the fallback answered, as one word: `share`, `failure`, `timeout` or `breaker`.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Primary => None,
            Self::FallbackByShare => Some("share"),
            Self::FallbackAfter(_) => Some("failure"),
            Self::FallbackAfterTimeout => Some("timeout"),
            Self::FallbackForBreaker => Some("breaker"),
        }
    }

    /// Why the primary did not answer, as a clause: `failed: transient`.
    pub fn why(self) -> Option<String> {
        Some(match self {
            Self::Primary | Self::FallbackByShare => return None,
            Self::FallbackAfter(kind) => format!("failed: {}", kind.as_str()),
            Self::FallbackAfterTimeout => "took too long".to_owned(),
            Self::FallbackForBreaker => "failed too often of late".to_owned(),
        })
    }
}
