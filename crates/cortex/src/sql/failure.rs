//! What Snowflake's refusals mean, of a statement and of a row.

use resilience::ErrorKind;

use crate::Error;

/// A statement that failed as a whole.
pub(super) fn of_sql(name: &str, error: snowflake_sql::Error) -> Error {
    let (kind, advice) = match error.kind() {
        // An unknown function, or one that the role may not see.
        ErrorKind::NotFound => (
            ErrorKind::Config,
            "; has the account the function, and the role SNOWFLAKE.CORTEX_USER?",
        ),
        kind => (kind, ""),
    };
    let mut converted = Error::new(kind, format!("{name}: {}{advice}", error.message()))
        .with_retry_after(error.retry_after());
    if resilience::Failure::is_exhausted(&error) {
        converted = converted.exhausted();
    }
    converted.with_source(error)
}

/// Whether a statement that raised may have done so for one of its rows.
pub(super) fn may_be_one_rows(error: &snowflake_sql::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::Internal | ErrorKind::Decode
    )
}

/// What Snowflake said of one row.
///
/// Its words are sorted by what they speak of and are not passed on: they may repeat
/// the text. Snowflake documents no codes for them.
pub(super) fn of_row(name: &str, message: &str) -> Error {
    let message = message.to_ascii_lowercase();
    let speaks_of = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let (kind, field, meaning) = if speaks_of(&["throttl", "rate limit", "too many requests"]) {
        (ErrorKind::RateLimited, None, "was throttled")
    } else if speaks_of(&["budget", "quota"]) {
        (ErrorKind::QuotaExhausted, None, "is out of budget")
    } else if speaks_of(&["not authorized", "privilege", "access denied", "permission"]) {
        (ErrorKind::Permission, None, "is not allowed to the role")
    } else if speaks_of(&["token", "context", "too long", "exceed"]) {
        (
            ErrorKind::InvalidInput,
            Some("text"),
            "takes no text that long",
        )
    } else if speaks_of(&[
        "timed out",
        "timeout",
        "unavailable",
        "internal",
        "try again",
    ]) {
        (ErrorKind::Transient, None, "failed for now")
    } else if speaks_of(&["unknown model", "model", "region"]) {
        (ErrorKind::Config, Some("model"), "has no such model here")
    } else if speaks_of(&["language", "categor", "label", "input"]) {
        (ErrorKind::InvalidInput, None, "refused the input")
    } else {
        (ErrorKind::Decode, None, "gave an error for the row")
    };
    let error = Error::new(kind, format!("{name} {meaning}"));
    match field {
        Some(field) => error.with_field(field),
        None => error,
    }
}

/// Not one row has a value.
pub(super) fn nothing_answered(name: &str, rows: usize) -> Error {
    Error::new(
        ErrorKind::Config,
        format!(
            "{name} answered none of {rows} rows; check the model's name and end of life, the \
             role's right to it, and the region"
        ),
    )
    .with_field("model")
}
