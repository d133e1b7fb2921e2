//! What came of a request that `snowflake-api` made.

use resilience::ErrorKind;

use super::reply::{Reply, Unreadable};
use crate::{Error, Remedy, SqlFault};

/// What came of a request.
pub(super) enum Outcome {
    Reply(Reply),
    Failure(Failure),
}

/// Why there is no reply.
pub(super) struct Failure {
    pub(super) error: Error,
    /// Whether the statement has ended on the server for all that is known.
    pub(super) ended: bool,
}

impl Failure {
    pub(super) fn ended(error: Error) -> Self {
        Self { error, ended: true }
    }

    pub(super) fn open(error: Error) -> Self {
        Self {
            error,
            ended: false,
        }
    }
}

impl From<Unreadable> for Failure {
    fn from(_: Unreadable) -> Self {
        Self::open(Error::new(
            ErrorKind::Decode,
            "cannot parse Snowflake's reply",
        ))
    }
}

/// What `snowflake-api` gets to see of a failure.
#[derive(Debug, thiserror::Error)]
#[error("the failure is reported only to the session")]
pub(super) struct Withheld;

/// `snowflake-api` does what this version of it is not known to do: nothing is sent.
pub(super) fn unexpected() -> Failure {
    Failure::ended(Error::new(
        ErrorKind::Internal,
        "snowflake-api sent an unexpected request",
    ))
}

/// A statement that `snowflake-api` cannot wait for.
pub(super) fn too_long(query_id: Option<String>) -> Error {
    Error::of_fault(
        ErrorKind::Unsupported,
        SqlFault {
            code: None,
            query_id,
            message:
                "the statement takes longer than the 45 s after which Snowflake expects to be \
                      polled, which snowflake-api cannot do"
                    .to_owned(),
            remedy: Remedy::GiveUp,
        },
    )
}
