//! The error an agent returns when it cannot do a task.
//!
//! A task's reply carries a stable code that programs can act on, so the error
//! of this crate is a [`Fault`] with a code rather than the bare fault that the
//! other crates wrap.

use std::fmt;
use std::time::Duration;

use resilience::{ErrorKind, Failure, Fault};
use serde::Serialize;

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a task was not done, as the reply spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// The bytes are not a JSON object in UTF-8.
    InvalidJson,
    /// `task_type` names no task.
    UnknownTaskType,
    /// A required field is missing.
    MissingField,
    /// A field that the task does not have.
    UnknownField,
    /// A field has another JSON type than the task's.
    WrongType,
    /// A date is neither an ISO 8601 date nor an instant.
    InvalidDate,
    /// A number is outside its range.
    OutOfRange,
    /// A value, or a combination of fields, makes no sense.
    InvalidValue,
    /// The store has no such call, or Gong no longer serves it.
    CallNotFound,
    /// The store has no call of such a rep.
    RepNotFound,
    /// The store has no call of such a deal that has a transcript.
    DealNotFound,
    /// The store has no call with such a company that has a transcript.
    AccountNotFound,
    /// Gong's users have no such manager, or nobody reports to them.
    TeamNotFound,
    /// No scorecard of this name is known.
    ScorecardNotFound,
    /// The call has no transcript yet, or one without a sentence. Nothing can
    /// be claimed about it, because a claim cites sentences.
    NoTranscript,
    /// Whoever answers for the store cannot do such a task: Gong itself has no figures of a
    /// rep and no search.
    Unsupported,
    /// The store failed.
    StoreFailed,
    /// The language backend failed.
    BackendFailed,
    /// The task took longer than the dispatcher's time limit.
    TimedOut,
    /// The dispatcher was shut down.
    Cancelled,
    /// A bug in this crate.
    Internal,
}

impl ErrorCode {
    /// The code as the reply spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidJson => "invalid_json",
            Self::UnknownTaskType => "unknown_task_type",
            Self::MissingField => "missing_field",
            Self::UnknownField => "unknown_field",
            Self::WrongType => "wrong_type",
            Self::InvalidDate => "invalid_date",
            Self::OutOfRange => "out_of_range",
            Self::InvalidValue => "invalid_value",
            Self::CallNotFound => "call_not_found",
            Self::RepNotFound => "rep_not_found",
            Self::DealNotFound => "deal_not_found",
            Self::AccountNotFound => "account_not_found",
            Self::TeamNotFound => "team_not_found",
            Self::ScorecardNotFound => "scorecard_not_found",
            Self::NoTranscript => "no_transcript",
            Self::Unsupported => "unsupported",
            Self::StoreFailed => "store_failed",
            Self::BackendFailed => "backend_failed",
            Self::TimedOut => "timed_out",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }

    /// The exit code of a command that ends with it: 2 when the task asks for
    /// something that cannot be had (so repeating it is of no use), 1 when the
    /// store, the backend or this crate failed.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::StoreFailed
            | Self::BackendFailed
            | Self::TimedOut
            | Self::Cancelled
            | Self::Internal => 1,
            _ => 2,
        }
    }

    fn kind(self) -> ErrorKind {
        match self {
            Self::CallNotFound
            | Self::RepNotFound
            | Self::DealNotFound
            | Self::AccountNotFound
            | Self::TeamNotFound
            | Self::ScorecardNotFound
            | Self::NoTranscript => ErrorKind::NotFound,
            Self::StoreFailed | Self::BackendFailed | Self::Internal => ErrorKind::Internal,
            Self::TimedOut | Self::Cancelled => ErrorKind::Transient,
            Self::Unsupported => ErrorKind::Unsupported,
            _ => ErrorKind::InvalidInput,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What went wrong in an agent: a code, a message without call text, and the
/// field of the task at fault where one is.
pub struct Error {
    code: ErrorCode,
    fault: Box<Fault>,
    suggestions: Vec<String>,
}

impl Error {
    /// An error with a code and a message (lower case, no full stop, no call text).
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            fault: Box::new(Fault::new(code.kind(), message)),
            suggestions: Vec::new(),
        }
    }

    /// Names the field of the task at fault.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.fault.field = Some(field.into());
        self
    }

    /// Names what was probably meant, the likeliest first. The message says so too.
    #[must_use]
    pub(crate) fn with_suggestions(mut self, suggestions: Vec<String>) -> Self {
        if let Some((last, others)) = suggestions.split_last() {
            let meant = match others {
                [] => last.clone(),
                _ => format!("{} or {last}", others.join(", ")),
            };
            self.fault.message = format!("{}; did you mean {meant}?", self.fault.message);
        }
        self.suggestions = suggestions;
        self
    }

    /// What was probably meant in place of a name that was not found, the likeliest first.
    pub fn suggestions(&self) -> &[String] {
        &self.suggestions
    }

    /// What a program does about it.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// What the caller can do.
    pub fn kind(&self) -> ErrorKind {
        self.fault.kind
    }

    /// The message without the field's name.
    pub fn message(&self) -> &str {
        &self.fault.message
    }

    /// The field of the task at fault, when one is.
    pub fn field(&self) -> Option<&str> {
        self.fault.field.as_deref()
    }

    /// Whether the same task is worth running again now.
    pub fn is_retryable(&self) -> bool {
        Failure::is_retryable(self)
    }

    fn from_failure<F: Failure + Send + Sync + 'static>(code: ErrorCode, failure: F) -> Self {
        let mut fault = Fault::new(failure.kind(), failure.to_string());
        fault.retry_after = failure.retry_after();
        fault.exhausted = failure.is_exhausted();
        fault.source = Some(Box::new(failure));
        Self {
            code,
            fault: Box::new(fault),
            suggestions: Vec::new(),
        }
    }
}

impl From<snowflake_store::Error> for Error {
    fn from(failure: snowflake_store::Error) -> Self {
        let code = match Failure::kind(&failure) {
            ErrorKind::Unsupported => ErrorCode::Unsupported,
            _ => ErrorCode::StoreFailed,
        };
        Self::from_failure(code, failure)
    }
}

impl From<cortex::Error> for Error {
    fn from(failure: cortex::Error) -> Self {
        Self::from_failure(ErrorCode::BackendFailed, failure)
    }
}

impl Failure for Error {
    fn kind(&self) -> ErrorKind {
        self.fault.kind
    }

    fn retry_after(&self) -> Option<Duration> {
        self.fault.retry_after
    }

    fn is_exhausted(&self) -> bool {
        self.fault.exhausted
    }

    fn mark_exhausted(&mut self) {
        self.fault.exhausted = true;
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.fault, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.fault, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.fault.source.as_deref().map(|source| source as _)
    }
}
