//! Dead letters: what could not be landed, kept until it lands or a person retires it.
//!
//! A letter is keyed by what is at fault, so one fault has one letter however often,
//! and in whichever span, it occurs.

use std::fmt;

use calls::{CallId, Timestamp};

use super::{Stream, Window};
use crate::{instant, payload_hash};

/// Something that could not be landed.
#[derive(Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// What it is.
    pub stream: Stream,
    /// What is at fault; together with the stream, the letter's key.
    pub fault: Fault,
    /// Why, without call text.
    pub reason: String,
    /// What was received, when anything was.
    pub payload: Option<String>,
    /// Correlation id of the run.
    pub run_id: String,
    /// When, by the caller's clock.
    pub failed_at: Timestamp,
    /// [`DECODER_VERSION`](calls::gong::DECODER_VERSION) of the code that failed; 0 for a
    /// letter from before versions were kept.
    pub decoder_version: u32,
}

impl fmt::Debug for DeadLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetter")
            .field("stream", &self.stream)
            .field("fault", &self.fault)
            .field("reason", &self.reason)
            .field("payload_bytes", &self.payload.as_ref().map(String::len))
            .field("failed_at", &self.failed_at)
            .finish_non_exhaustive()
    }
}

/// What is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A call.
    Call(CallId),
    /// A record without a readable id.
    Record {
        /// SHA-256 (hex) of what came, see [`Fault::record`].
        digest: String,
        /// The shortest span it was met in.
        window: Window,
    },
    /// The shortest span that could not be read.
    Window(Window),
}

impl Fault {
    /// A record without a readable id. Its digest is that of its canonical JSON
    /// without a top-level `media` object, or of its bytes where it is not JSON.
    pub fn record(payload: &str, window: Window) -> Self {
        let digest = payload_hash::digest(payload);
        Self::Record { digest, window }
    }

    /// The key of the letter within its stream: `call:<id>`, `record:<digest>` or
    /// `window:<from>/<to>`.
    pub fn key(&self) -> String {
        match self {
            Self::Call(id) => format!("call:{id}"),
            Self::Record { digest, .. } => format!("record:{digest}"),
            Self::Window(Window { from, to }) => {
                format!("window:{}/{}", instant::text(*from), instant::text(*to))
            }
        }
    }

    /// The call at fault.
    pub fn call_id(&self) -> Option<&CallId> {
        match self {
            Self::Call(id) => Some(id),
            Self::Record { .. } | Self::Window(_) => None,
        }
    }

    /// The span at fault, or in which the record at fault was met.
    pub fn window(&self) -> Option<Window> {
        match self {
            Self::Call(_) => None,
            Self::Record { window, .. } | Self::Window(window) => Some(*window),
        }
    }

    /// Reads a stored letter's key and span.
    pub(crate) fn read(key: &str, window: Option<Window>) -> Option<Self> {
        match key.split_once(':')? {
            ("call", id) => Some(Self::Call(CallId::new(id))),
            ("record", digest) => Some(Self::Record {
                digest: digest.to_owned(),
                window: window?,
            }),
            ("window", _) => window.map(Self::Window),
            _ => None,
        }
    }
}

/// A dead letter as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetterRecord {
    /// The letter, as last recorded.
    pub letter: DeadLetter,
    /// How often it was tried.
    pub attempts: u64,
    /// First time.
    pub first_failed_at: Timestamp,
    /// Last time.
    pub last_failed_at: Timestamp,
    /// When a person retired it; `None` for an open one.
    pub retired_at: Option<Timestamp>,
}

impl DeadLetterRecord {
    /// Where it stands in the order of letters: what the next page goes on
    /// [after](DeadLettersQuery::after).
    pub fn position(&self) -> String {
        let Self { letter, .. } = self;
        let first = instant::text(self.first_failed_at);
        format!("{first} {} {}", letter.stream.as_str(), letter.fault.key())
    }
}

/// Which dead letters to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeadLettersQuery {
    /// [`position`](DeadLetterRecord::position) of the last letter of the page before;
    /// it holds when that letter is gone.
    pub after: Option<String>,
    /// At most this many; 0 gives none.
    pub limit: usize,
    /// Include retired ones.
    pub retired: bool,
}

/// A [`position`](DeadLetterRecord::position), taken apart.
#[derive(Debug)]
pub(crate) struct LetterPosition {
    pub(crate) first_failed_at: Timestamp,
    pub(crate) stream: String,
    pub(crate) key: String,
}

impl DeadLettersQuery {
    /// The first `limit` open letters.
    pub fn first(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// # Errors
    /// `InvalidInput` with the field `after`.
    pub(crate) fn position(&self) -> crate::Result<Option<LetterPosition>> {
        let Some(after) = &self.after else {
            return Ok(None);
        };
        let mut parts = after.splitn(3, ' ');
        let (first, stream, key) = (parts.next(), parts.next(), parts.next());
        let first = first.and_then(|first| first.parse().ok());
        match (first, stream, key) {
            (Some(first_failed_at), Some(stream), Some(key)) => Ok(Some(LetterPosition {
                first_failed_at,
                stream: stream.to_owned(),
                key: key.to_owned(),
            })),
            _ => Err(crate::Error::new(
                resilience::ErrorKind::InvalidInput,
                "is not the position of a dead letter",
            )
            .with_field("after")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        Window {
            from: "2026-01-01T00:00:00Z".parse().unwrap(),
            to: "2026-01-02T00:00:00.5Z".parse().unwrap(),
        }
    }

    #[test]
    fn keys_read_back() {
        let record = Fault::record(r#"{"b":1, "media":{"url":"?x=1"}}"#, window());
        assert_eq!(record, Fault::record(r#"{"b":1}"#, window()));
        for fault in [
            Fault::Call(CallId::new("a:b c")),
            record,
            Fault::record("<html>", window()),
            Fault::Window(window()),
        ] {
            assert_eq!(Fault::read(&fault.key(), fault.window()), Some(fault));
        }
        assert_eq!(
            Fault::Window(window()).key(),
            "window:2026-01-01T00:00:00+00:00/2026-01-02T00:00:00.5+00:00"
        );
        assert_eq!(Fault::read("run", None), None);
    }
}
