//! What Snowflake's refusals mean, in one place.

mod known;
mod login;
mod network;
mod words;

use resilience::ErrorKind;

pub(crate) use login::{refused_login, unrepeatable_login};
#[cfg(feature = "connector")]
pub(crate) use network::passing;
pub(crate) use network::{answered, cut, part_answered};

use crate::{Error, Remedy, SqlFault};
use known::Words;

/// A statement that Snowflake answered with an error.
pub(crate) fn refused(code: Option<&str>, message: Option<&str>, query_id: Option<&str>) -> Error {
    let said = message.unwrap_or("no reason given");
    let (kind, remedy, text) = match code.and_then(known::find) {
        Some(known) => {
            let text = match known.words {
                Words::AboutObjects => words::printable(said),
                Words::MayHoldValues => words::without_values(said),
            };
            (known.kind, known.remedy, with_hint(text, known.hint))
        }
        None => {
            let (kind, remedy) = guess(code, said);
            (kind, remedy, words::without_values(said))
        }
    };
    Error::of_fault(
        kind,
        SqlFault {
            code: code.map(str::to_owned),
            query_id: query_id.map(str::to_owned),
            message: text,
            remedy,
        },
    )
}

fn with_hint(text: String, hint: &str) -> String {
    if hint.is_empty() {
        return text;
    }
    format!("{} ({hint})", text.trim_end_matches(['.', ' ']))
}

/// The meaning of a code that the table does not have: from words that Snowflake uses
/// whatever the code, else from the range of the code.
fn guess(code: Option<&str>, said: &str) -> (ErrorKind, Remedy) {
    let said = said.to_ascii_lowercase();
    let says = |text: &str| said.contains(text);
    if says("exceeded its quota") || says("budget exceeded") || says("is suspended") {
        return (ErrorKind::QuotaExhausted, Remedy::GiveUp);
    }
    if says("insufficient privileges") || says("not allowed to access") {
        return (ErrorKind::Permission, Remedy::GiveUp);
    }
    if says("does not exist or not authorized") {
        return (ErrorKind::NotFound, Remedy::GiveUp);
    }
    if says("throttled") || says("too many requests") || says("rate limit") {
        return (ErrorKind::RateLimited, Remedy::Retry);
    }
    if says("deadlock") || says("queued timeout") || says("service unavailable") {
        return (ErrorKind::Transient, Remedy::Retry);
    }
    match code.unwrap_or_default().as_bytes() {
        // Data that does not fit: 100038, 100078 and many more.
        [b'1', b'0', ..] => (ErrorKind::InvalidInput, Remedy::GiveUp),
        // Internal errors with an incident.
        [b'3', b'0' | b'7', ..] => (ErrorKind::Transient, Remedy::Retry),
        // Logins and tokens.
        [b'3', b'9', ..] => (ErrorKind::Auth, Remedy::GiveUp),
        // Compilation: the statement and the database do not fit.
        _ => (ErrorKind::Internal, Remedy::GiveUp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_and_remedy(code: &str, message: &str) -> (ErrorKind, Remedy) {
        let error = refused(Some(code), Some(message), Some("01b2"));
        let fault = error.fault().expect("a refusal has a fault");
        assert_eq!(fault.code.as_deref(), Some(code));
        assert_eq!(fault.query_id.as_deref(), Some("01b2"));
        (error.kind(), error.remedy())
    }

    #[test]
    fn codes_are_cut_by_what_the_caller_does() {
        for (code, kind, remedy) in [
            ("390112", ErrorKind::Transient, Remedy::Reconnect),
            ("390111", ErrorKind::Transient, Remedy::Reconnect),
            ("390114", ErrorKind::Transient, Remedy::Reconnect),
            ("390144", ErrorKind::Auth, Remedy::GiveUp),
            ("003001", ErrorKind::Permission, Remedy::GiveUp),
            ("002003", ErrorKind::NotFound, Remedy::GiveUp),
            ("000904", ErrorKind::NotFound, Remedy::GiveUp),
            ("001003", ErrorKind::Internal, Remedy::GiveUp),
            ("000630", ErrorKind::Transient, Remedy::LongerTimeout),
            ("000625", ErrorKind::Transient, Remedy::Retry),
            ("000604", ErrorKind::Cancelled, Remedy::GiveUp),
            ("390505", ErrorKind::RateLimited, Remedy::Retry),
            ("090073", ErrorKind::QuotaExhausted, Remedy::GiveUp),
            ("100038", ErrorKind::InvalidInput, Remedy::GiveUp),
            // Not in the table: by range.
            ("100999", ErrorKind::InvalidInput, Remedy::GiveUp),
            ("300002", ErrorKind::Transient, Remedy::Retry),
            ("390999", ErrorKind::Auth, Remedy::GiveUp),
            ("009999", ErrorKind::Internal, Remedy::GiveUp),
        ] {
            assert_eq!(kind_and_remedy(code, "words"), (kind, remedy), "{code}");
        }
    }

    #[test]
    fn words_decide_where_the_code_is_not_known() {
        for (message, kind) in [
            (
                "Warehouse 'W' cannot be resumed because resource monitor 'M' has exceeded its quota.",
                ErrorKind::QuotaExhausted,
            ),
            (
                "Insufficient privileges to operate on table 'T'",
                ErrorKind::Permission,
            ),
            (
                "Request was throttled by remote service",
                ErrorKind::RateLimited,
            ),
        ] {
            assert_eq!(kind_and_remedy("099999", message).0, kind, "{message}");
        }
    }

    #[test]
    fn values_are_left_out_and_names_of_objects_stay() {
        let value = refused(
            Some("100038"),
            Some("Numeric value 'my secret' is not recognized"),
            None,
        );
        assert!(!value.to_string().contains("secret"), "{value}");
        assert!(value.to_string().contains("Numeric value"), "{value}");
        let object = refused(
            Some("002003"),
            Some("Object 'STG.CALLS' does not exist or not authorized."),
            None,
        );
        assert!(object.to_string().contains("'STG.CALLS'"), "{object}");
    }

    #[test]
    fn the_message_says_what_to_do() {
        let error = refused(
            Some("000606"),
            Some("No active warehouse selected in the current session."),
            None,
        );
        assert!(error.to_string().contains("SNOWFLAKE_WAREHOUSE"), "{error}");
    }
}
