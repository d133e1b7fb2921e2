//! Turns Snowflake's errors into the store's.

use crate::Error;

/// Keeps the kind, the field and whether a retry layer gave up; code and query id stay
/// in the source.
pub(super) fn of_sql(error: snowflake_sql::Error) -> Error {
    let exhausted = resilience::Failure::is_exhausted(&error);
    let mut failure =
        Error::new(error.kind(), error.message()).with_retry_after(error.retry_after());
    if let Some(field) = error.field() {
        failure = failure.with_field(field);
    }
    if exhausted {
        failure = failure.exhausted();
    }
    failure.with_source(error)
}

/// A cell that cannot be what this crate wrote.
pub(super) fn unreadable(column: &str) -> Error {
    Error::new(resilience::ErrorKind::Decode, "stored value cannot be read").with_field(column)
}
