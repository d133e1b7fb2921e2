//! What an unsuccessful reply, or an unsuccessful part of a batch, means.

use std::time::Duration;

use outbound::{Token, printable};
use resilience::ErrorKind;
use serde_json::Value;

use crate::Error;

/// What stands before a correlation id in a message.
pub(super) const CORRELATION: &str = " (correlation ";
/// Longest part of HubSpot's own words that a message repeats.
pub(super) const MAX_WORDS: usize = 500;
/// The window of the burst limit, after which a refusal without `Retry-After` is over.
const BURST_WINDOW: Duration = Duration::from_secs(10);
/// The same for searches.
const SEARCH_WINDOW: Duration = Duration::from_secs(1);
/// Least time after which a locked record is worth asking for again.
const LOCK: Duration = Duration::from_secs(2);

/// HubSpot's error body. Every field of it is optional by HubSpot's own words, so that
/// it is picked from and never decoded as a whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Problem(pub(super) Value);

impl Problem {
    pub(super) fn category(&self) -> Option<&str> {
        self.0.get("category")?.as_str()
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether it says no more than that a record, or an association, is not there.
    pub(super) fn is_absence(&self) -> bool {
        let sub_category = self.text("subCategory").unwrap_or_default();
        self.category() == Some("OBJECT_NOT_FOUND")
            || sub_category.ends_with("NO_ASSOCIATIONS_FOUND")
    }

    fn is_about_today(&self) -> bool {
        let policy = self.text("policyName").unwrap_or_default();
        policy.eq_ignore_ascii_case("DAILY")
            || self
                .text("message")
                .is_some_and(|words| words.to_lowercase().contains("daily"))
    }

    fn is_about_a_second(&self) -> bool {
        let policy = self.text("policyName").unwrap_or_default();
        policy.eq_ignore_ascii_case("SECONDLY")
            || self
                .text("message")
                .is_some_and(|words| words.contains(" secondly limit"))
    }

    /// The scopes that HubSpot asks for, wherever it names them.
    fn scopes(&self) -> Vec<&str> {
        let errors = self.0.get("errors").and_then(Value::as_array);
        let nested = errors.into_iter().flatten();
        let contexts = nested
            .chain([&self.0])
            .filter_map(|part| part.get("context"));
        contexts
            .filter_map(Value::as_object)
            .flatten()
            .filter(|(field, _)| field.to_lowercase().contains("scopes"))
            .filter_map(|(_, scopes)| scopes.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// HubSpot's words, the particulars after the general.
    fn words(&self) -> Option<String> {
        let errors = self.0.get("errors").and_then(Value::as_array);
        let particulars = errors.into_iter().flatten();
        let particulars = particulars.filter_map(|error| error.get("message")?.as_str());
        let words: Vec<&str> = self
            .text("message")
            .into_iter()
            .chain(particulars)
            .collect();
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// The error for a part of a batch that failed for another reason than that a record
    /// is not there.
    pub(super) fn of_a_part(&self) -> Error {
        let kind = match self.category() {
            Some("MISSING_SCOPES") => ErrorKind::Permission,
            Some("INVALID_AUTHENTICATION" | "EXPIRED_AUTHENTICATION") => ErrorKind::Auth,
            Some("VALIDATION_ERROR" | "CONFLICT") => ErrorKind::InvalidInput,
            Some("RATE_LIMITS") => ErrorKind::RateLimited,
            _ => ErrorKind::Transient,
        };
        let category = printable(self.category().unwrap_or("no category"), MAX_WORDS);
        let words = printable(&self.words().unwrap_or_default(), MAX_WORDS);
        let mut message = format!("part of the batch failed ({category}): {words}");
        if let Some(id) = self.text("correlationId") {
            message = format!("{message}{CORRELATION}{})", printable(id, MAX_WORDS));
        }
        Error::new(kind, message)
    }
}

/// An unsuccessful reply, read.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    pub(super) problem: Problem,
    /// From a header, for replies whose body lacks it.
    pub(super) correlation_id: Option<String>,
}

/// Who has to wait before the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pause {
    /// Everybody, for this long.
    All(Duration),
    /// Searches, for this long.
    Searches(Duration),
}

impl Refusal {
    /// What a 429 asks for; `None` for other replies and for waits longer than
    /// `longest_wait`.
    pub(super) fn pause(&self, longest_wait: Duration) -> Option<Pause> {
        let wait = self.wait()?;
        if self.status != 429 || wait > longest_wait || self.problem.is_about_today() {
            return None;
        }
        Some(match self.problem.is_about_a_second() {
            true => Pause::Searches(wait),
            false => Pause::All(wait),
        })
    }

    /// How long HubSpot wants us to wait, said or known.
    fn wait(&self) -> Option<Duration> {
        match self.status {
            429 if self.problem.is_about_today() => self.retry_after,
            429 if self.problem.is_about_a_second() => self.retry_after.or(Some(SEARCH_WINDOW)),
            429 => self.retry_after.or(Some(BURST_WINDOW)),
            423 => Some(self.retry_after.unwrap_or_default().max(LOCK)),
            _ => self.retry_after,
        }
    }

    /// The error for the caller. Words that give the token away are left out.
    pub(super) fn into_error(
        self,
        endpoint: &str,
        scopes: &[&str],
        host: &str,
        longest_wait: Duration,
        token: &Token,
    ) -> Error {
        let (kind, meaning) = self.meaning(scopes, host, longest_wait);
        let shown = |words: &str| token.redacted(words, MAX_WORDS);
        let mut message = format!("{endpoint}: HubSpot answered {}", self.status);
        for part in meaning.into_iter().chain(self.problem.words()) {
            message = format!("{message}: {}", shown(&part));
        }
        let correlation_id = self.problem.text("correlationId");
        if let Some(id) = correlation_id.or(self.correlation_id.as_deref()) {
            message = format!("{message}{CORRELATION}{})", shown(id));
        }
        let error = Error::new(kind, message);
        match (self.wait(), self.retry_after) {
            (Some(known), None) => error.with_pause(known),
            (wait, _) => error.with_retry_after(wait),
        }
    }

    fn meaning(
        &self,
        scopes: &[&str],
        host: &str,
        longest_wait: Duration,
    ) -> (ErrorKind, Option<String>) {
        let wait = self.wait();
        let meaning = match self.status {
            401 => match self.problem.category() {
                Some("EXPIRED_AUTHENTICATION") => "the OAuth token has expired".to_owned(),
                _ => "the token is wrong, expired or revoked".to_owned(),
            },
            403 => {
                let named = self.problem.scopes();
                let scopes = if named.is_empty() {
                    scopes.to_vec()
                } else {
                    named
                };
                format!("the token lacks the scope {}", scopes.join(" or "))
            }
            404 => {
                format!(
                    "not found; check the address and the API version: the request went to {host}"
                )
            }
            414 => "the address is too long".to_owned(),
            423 => "a record is locked".to_owned(),
            429 if self.problem.is_about_today() => {
                "the account's daily requests are used up".to_owned()
            }
            477 => "the account is moving to another data centre".to_owned(),
            530 => "the token is malformed".to_owned(),
            300..=399 => format!("a redirect; check the address: the request went to {host}"),
            _ => String::new(),
        };
        let kind = match self.status {
            401 | 530 => ErrorKind::Auth,
            403 => ErrorKind::Permission,
            404 | 410 => ErrorKind::NotFound,
            405 | 501 => ErrorKind::Unsupported,
            408 | 423 | 425 | 477 => ErrorKind::Transient,
            429 if self.problem.is_about_today() => ErrorKind::QuotaExhausted,
            429 if wait.is_some_and(|wait| wait > longest_wait && self.retry_after.is_some()) => {
                ErrorKind::QuotaExhausted
            }
            429 => ErrorKind::RateLimited,
            300..=399 => ErrorKind::Config,
            400..=499 => ErrorKind::InvalidInput,
            500..=599 => ErrorKind::Transient,
            _ => ErrorKind::Decode,
        };
        (kind, Some(meaning).filter(|meaning| !meaning.is_empty()))
    }
}
