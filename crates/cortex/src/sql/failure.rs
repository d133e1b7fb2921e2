//! What Snowflake's refusals mean, of a statement and of a row.
//!
//! Snowflake documents no codes for errors inside an AI function, so words
//! decide. They are matched as phrases: "token" alone may refer to a text that is too
//! long or to a credential that has expired.

use resilience::ErrorKind;

use crate::Error;

/// A statement that failed as a whole.
pub(super) fn of_sql(name: &str, error: snowflake_sql::Error) -> Error {
    let (kind, advice) = match error.kind() {
        // An unknown function, or one that the role may not see.
        ErrorKind::NotFound | ErrorKind::Unsupported => (
            ErrorKind::Config,
            "; has the account the function, and the role SNOWFLAKE.CORTEX_USER?",
        ),
        kind => (kind, ""),
    };
    converted(name, error, kind, advice, None)
}

/// A statement of an AI function that failed: by the words of the refusal where
/// Snowflake's code says no more than that something was wrong with some value.
pub(super) fn of_raised(name: &str, error: snowflake_sql::Error) -> Error {
    let is_vague = matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::Internal | ErrorKind::Decode
    );
    let words = error
        .fault()
        .map_or(error.message(), |fault| fault.message.as_str());
    match meaning_of(words).filter(|_| is_vague) {
        Some(meaning) => converted(name, error, meaning.kind, "", meaning.field),
        None => of_sql(name, error),
    }
}

fn converted(
    name: &str,
    error: snowflake_sql::Error,
    kind: ErrorKind,
    advice: &str,
    field: Option<&'static str>,
) -> Error {
    let mut converted = Error::new(kind, format!("{name}: {}{advice}", error.message()))
        .with_retry_after(error.retry_after());
    if let Some(field) = field {
        converted = converted.with_field(field);
    }
    if resilience::Failure::is_exhausted(&error) {
        converted = converted.exhausted();
    }
    converted.with_source(error)
}

/// Whether an error may be due to what one row holds. The others are due to the
/// service, the credentials or the settings.
pub(super) fn concerns_one_row(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::Decode
    )
}

/// What Snowflake said of one row. Its words are not passed on: they may repeat the
/// text.
pub(super) fn of_row(name: &str, message: &str) -> Error {
    let meaning = meaning_of(message).unwrap_or(Meaning {
        kind: ErrorKind::Decode,
        field: None,
        says: "returned an error for the row",
    });
    let error = Error::new(meaning.kind, format!("{name} {}", meaning.says));
    match meaning.field {
        Some(field) => error.with_field(field),
        None => error,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Meaning {
    kind: ErrorKind,
    field: Option<&'static str>,
    says: &'static str,
}

const fn meaning(kind: ErrorKind, field: Option<&'static str>, says: &'static str) -> Meaning {
    Meaning { kind, field, says }
}

const THROTTLED: Meaning = meaning(ErrorKind::RateLimited, None, "was throttled");
const OUT_OF_BUDGET: Meaning = meaning(ErrorKind::QuotaExhausted, None, "is out of budget");
const UNKNOWN_CALLER: Meaning = meaning(ErrorKind::Auth, None, "does not accept the credentials");
const NOT_ALLOWED: Meaning = meaning(ErrorKind::Permission, None, "is not allowed for the role");
const NO_SUCH_MODEL: Meaning = meaning(ErrorKind::Config, Some("model"), "has no such model here");
const FAILED_FOR_NOW: Meaning = meaning(ErrorKind::Transient, None, "failed temporarily");
const TOO_LONG: Meaning = meaning(
    ErrorKind::InvalidInput,
    Some("text"),
    "does not take text this long",
);
const WITHHELD: Meaning = meaning(ErrorKind::Unsupported, None, "withholds the answer");
const REFUSED: Meaning = meaning(ErrorKind::InvalidInput, None, "refused the input");

/// What some words speak of: all phrases of one of the lists, the first that fits.
const PHRASES: &[(Meaning, &[&[&str]])] = &[
    (
        THROTTLED,
        &[
            &["throttl"],
            &["rate limit"],
            &["too many requests"],
            &["tokens per minute"],
            &["requests per minute"],
        ],
    ),
    (
        OUT_OF_BUDGET,
        &[
            &["budget", "exceed"],
            &["budget", "used up"],
            &["budget", "exhaust"],
            &["out of budget"],
            &["quota", "exceed"],
            &["quota", "exhaust"],
        ],
    ),
    (
        UNKNOWN_CALLER,
        &[
            &["authentication"],
            &["unauthenticated"],
            &["token", "expired"],
            &["invalid token"],
            &["invalid credential"],
        ],
    ),
    (
        NOT_ALLOWED,
        &[
            &["not authorized"],
            &["unauthorized"],
            &["insufficient privilege"],
            &["access denied"],
            &["permission denied"],
            &["not allowed to"],
        ],
    ),
    (
        NO_SUCH_MODEL,
        &[
            &["unknown model"],
            &["invalid model"],
            &["model", "not found"],
            &["model", "does not exist"],
            &["model", "not available"],
            &["model", "unavailable", "region"],
            &["model", "not supported"],
            &["model", "not enabled"],
            &["model", "deprecated"],
            &["model", "retired"],
            &["model", "end of life"],
            &["model", "no longer"],
            &["not available", "region"],
        ],
    ),
    (
        FAILED_FOR_NOW,
        &[
            &["timed out"],
            &["timeout"],
            &["time limit"],
            &["unavailable"],
            &["internal error"],
            &["internal server error"],
            &["internal service"],
            &["try again"],
            &["retry"],
            &["connection"],
            &["overloaded"],
        ],
    ),
    (
        TOO_LONG,
        &[
            &["context window"],
            &["context length"],
            &["too long"],
            &["too large"],
            &["too many tokens"],
            &["token limit"],
            &["exceed", "tokens"],
            &["exceed", "characters"],
            &["exceed", "input"],
            &["exceed", "length"],
            &["exceed", "size"],
        ],
    ),
    (
        WITHHELD,
        &[
            &["guardrail"],
            &["content filter"],
            &["content policy"],
            &["unsafe"],
        ],
    ),
    (
        REFUSED,
        &[&["language"], &["categor"], &["label"], &["input"]],
    ),
];

/// What the words of a refusal speak of; else what the status of the service behind
/// the function says, which Snowflake repeats: `… with remote service error: 429 '…'`.
fn meaning_of(message: &str) -> Option<Meaning> {
    let message = message.to_ascii_lowercase();
    let holds = |phrases: &[&str]| phrases.iter().all(|phrase| message.contains(phrase));
    let by_words = PHRASES
        .iter()
        .find(|(_, lists)| lists.iter().any(|list| holds(list)))
        .map(|(meaning, _)| *meaning);
    // "input" is in too many messages to weigh more than a status.
    match by_words {
        Some(meaning) if meaning != REFUSED => Some(meaning),
        vague => remote_status(&message).and_then(of_status).or(vague),
    }
}

fn remote_status(message: &str) -> Option<u16> {
    let (_, after) = message.split_once("remote service error")?;
    let start = after.find(|symbol: char| symbol.is_ascii_digit())?;
    // Further away a number is one of the service's own words.
    if start > 4 {
        return None;
    }
    let digits = after.get(start..start + 3)?;
    digits.parse().ok()
}

fn of_status(status: u16) -> Option<Meaning> {
    Some(match status {
        400 | 422 => REFUSED,
        401 => UNKNOWN_CALLER,
        402 => OUT_OF_BUDGET,
        403 => NOT_ALLOWED,
        404 => NO_SUCH_MODEL,
        413 => TOO_LONG,
        429 => THROTTLED,
        408 | 500..=599 => FAILED_FOR_NOW,
        _ => return None,
    })
}

/// Not one row has a value.
pub(super) fn nothing_answered(name: &str, rows: usize) -> Error {
    Error::new(
        ErrorKind::Config,
        format!(
            "{name} answered none of {rows} rows; check the model's name and end of life, the \
             role's access to it, and the region"
        ),
    )
    .with_field("model")
}

/// A row that was not asked, because the rows before it were all refused.
pub(super) fn not_asked(name: &str, refused: usize) -> Error {
    Error::new(
        ErrorKind::Config,
        format!(
            "{name} refused {refused} single rows and answered none, so this one was not \
             sent; check the model's name, the role's access to it, and the region"
        ),
    )
    .with_field("model")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_and_not_single_words_tell_what_is_wrong() {
        for (said, kind) in [
            ("authentication token expired", ErrorKind::Auth),
            (
                "exceeded the time limit of 30 seconds, request timed out",
                ErrorKind::Transient,
            ),
            ("token service unavailable", ErrorKind::Transient),
            (
                "exceeded 400000 tokens per minute for the model",
                ErrorKind::RateLimited,
            ),
            ("too many tokens in the prompt", ErrorKind::InvalidInput),
            (
                "maximum context length of the model is 8192 tokens",
                ErrorKind::InvalidInput,
            ),
            (
                "the model claude-4-sonnet is no longer served",
                ErrorKind::Config,
            ),
            (
                "answer blocked by the content filter",
                ErrorKind::Unsupported,
            ),
            ("unsupported language", ErrorKind::InvalidInput),
            ("something else", ErrorKind::Decode),
        ] {
            assert_eq!(of_row("f", said).kind(), kind, "{said}");
        }
    }

    #[test]
    fn the_status_of_the_service_behind_a_function_tells_what_words_do_not() {
        let said = |rest: &str| {
            let words = format!(
                "Request failed for external function EMBED_TEXT_768$V1 with remote service \
                 error: {rest}"
            );
            of_row("f", &words).kind()
        };
        assert_eq!(said(r#"400 '"unknown model \"m\""'"#), ErrorKind::Config);
        assert_eq!(
            said("400 'all requests were throttled'"),
            ErrorKind::RateLimited
        );
        assert_eq!(said("400 '\"bad\"'"), ErrorKind::InvalidInput);
        assert_eq!(said("429 ''"), ErrorKind::RateLimited);
        assert_eq!(said("402 ''"), ErrorKind::QuotaExhausted);
        assert_eq!(said("503 'bad input gateway'"), ErrorKind::Transient);
        assert_eq!(said("bad row 503"), ErrorKind::Decode);
    }
}
