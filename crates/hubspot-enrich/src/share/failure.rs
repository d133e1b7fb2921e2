//! What a failed statement means for a CRM.

use resilience::ErrorKind;

use crate::Error;

/// Carries an error of a session over. Sessions have retried already.
pub(super) fn of_sql(error: snowflake_sql::Error) -> Error {
    let (kind, advice) = match error.kind() {
        ErrorKind::NotFound => (
            ErrorKind::Config,
            ": is the share mounted under this name, and may the role read it?",
        ),
        ErrorKind::Permission => (
            ErrorKind::Permission,
            ": the role needs IMPORTED PRIVILEGES on the share's database",
        ),
        kind => (kind, ""),
    };
    Error::new(kind, format!("data share: {}{advice}", error.message()))
        .with_retry_after(error.retry_after())
        .with_source(error)
        .exhausted()
}
