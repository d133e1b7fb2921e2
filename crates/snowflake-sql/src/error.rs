//! What Snowflake refused, with its code and a remedy.

use resilience::ErrorKind;

resilience::error_type! {
    /// What went wrong on a session.
    ///
    /// [`fault`](Self::fault) holds Snowflake's code and query id, where there was a
    /// reply. Values that Snowflake repeats in its messages are left out.
    pub struct Error;
    from outbound::Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What Snowflake said, kept as the source of an [`Error`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Snowflake {}{}: {message}; {}", .code.as_deref().unwrap_or("without a code"),
    .query_id.as_deref().map(|id| format!(" (query {id})")).unwrap_or_default(), .remedy.advice())]
pub struct SqlFault {
    /// Snowflake's code, such as `002003`.
    pub code: Option<String>,
    /// Id of the query, to look it up in `QUERY_HISTORY`.
    pub query_id: Option<String>,
    /// Snowflake's words, without the values that it repeats.
    pub message: String,
    /// What helps.
    pub remedy: Remedy,
}

/// What helps against a fault: what recovery does by itself, or what a person has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// The session is gone: log in again, and run the statement or transaction again.
    Reconnect,
    /// The connection or the server failed temporarily: run it again after a pause.
    Retry,
    /// The statement ran into its time limit: run it again with a longer one.
    LongerTimeout,
    /// Nothing that a program can do; the message says what a person has to.
    GiveUp,
}

impl Remedy {
    /// One clause for people.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Reconnect => "log in again and repeat it",
            Self::Retry => "repeat it after a pause",
            Self::LongerTimeout => "repeat it with a longer time limit or a larger warehouse",
            Self::GiveUp => "it will fail again until the cause is removed",
        }
    }
}

impl Error {
    /// An error of a kind about what Snowflake said.
    pub fn of_fault(kind: ErrorKind, fault: SqlFault) -> Self {
        Self::new(kind, fault.to_string()).with_source(fault)
    }

    /// What Snowflake said, where it replied.
    pub fn fault(&self) -> Option<&SqlFault> {
        std::error::Error::source(self)?.downcast_ref()
    }

    /// What helps. Without a reply it follows from the kind.
    pub fn remedy(&self) -> Remedy {
        match self.fault() {
            Some(fault) => fault.remedy,
            None if self.is_retryable() => Remedy::Retry,
            None => Remedy::GiveUp,
        }
    }
}
