//! Faults on demand: the ways a real Snowflake, and the network before it, fail.

use std::time::Duration;

/// What happens to a request that a [`Fault`](super::Fault) hits.
///
/// Paths to aim at: `/queries/v1/query-request`, `/session/v1/login-request`,
/// `/queries/v1/abort-request`, `/result` (polls) and `/part` (parts of results).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultEffect {
    /// An HTTP status with no reply of Snowflake's. Nothing is executed.
    Status(u16),
    /// The connection closes without an answer. Nothing is executed.
    Disconnect,
    /// It is executed, and the connection closes without an answer.
    LostReply,
    /// It is executed, and half of the answer arrives.
    CutReply,
    /// 390112 in place of executing: the session has ended, its transaction is undone.
    ExpiredSession,
    /// An error of Snowflake's in place of executing.
    Error {
        /// Such as `000625`.
        code: String,
        /// Its words.
        message: String,
    },
    /// It takes over 45 s: the answer comes after so many polls that say it runs.
    Slow {
        /// Polls that come too early.
        polls: u32,
    },
    /// It runs until it is cancelled.
    Endless,
    /// The answer, this much later.
    Late(Duration),
    /// The result comes in Arrow.
    Arrow,
    /// Status 200 and something that is not JSON.
    NotJson,
}

impl FaultEffect {
    /// An error of Snowflake's.
    pub fn error(code: &str, message: &str) -> Self {
        Self::Error {
            code: code.to_owned(),
            message: message.to_owned(),
        }
    }
}
