//! What was found, without what must not leave the house.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use gong_snowflake::Settings;
use gong_snowflake::calls::Timestamp;

use super::shared;

/// How long one part may take; that of the made-up call includes some thirty statements.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Settings that say who or where somebody is; values of the others tell what was tried.
const HIDDEN: [&str; 24] = [
    "CORTEX_API_KEY",
    "CORTEX_BASE_URL",
    "GONG_ACCESS_KEY",
    "GONG_ACCESS_KEY_SECRET",
    "GONG_BASE_URL",
    "GONG_BEARER_TOKEN",
    "GONG_SHARE_DATABASE",
    "HUBSPOT_BASE_URL",
    "HUBSPOT_SHARE_DATABASE",
    "HUBSPOT_TOKEN",
    "SNOWFLAKE_ACCOUNT",
    "SNOWFLAKE_BASE_URL",
    "SNOWFLAKE_DATABASE",
    "SNOWFLAKE_OAUTH_TOKEN",
    "SNOWFLAKE_OAUTH_TOKEN_HEADER",
    "SNOWFLAKE_OAUTH_TOKEN_URL",
    "SNOWFLAKE_PASSWORD",
    "SNOWFLAKE_PRIVATE_KEY",
    "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
    "SNOWFLAKE_PRIVATE_KEY_PATH",
    "SNOWFLAKE_ROLE",
    "SNOWFLAKE_TOKEN",
    "SNOWFLAKE_USER",
    "SNOWFLAKE_WAREHOUSE",
];

/// One thing that was tried.
#[derive(Debug)]
pub(super) struct Check {
    check: String,
    outcome: Outcome,
    cause: String,
    remedy: Option<String>,
    milliseconds: u128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed,
    Failed,
    NotConfigured,
}

impl Outcome {
    /// As programs read it.
    fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotConfigured => "not_configured",
        }
    }
}

impl Check {
    fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "check": self.check,
            "outcome": self.outcome.as_str(),
            "cause": self.cause,
            "remedy": self.remedy,
            "milliseconds": u64::try_from(self.milliseconds).unwrap_or(u64::MAX),
        })
    }
}

/// The checks of a part, each with the time since the one before it.
#[derive(Debug)]
pub(super) struct Checks {
    part: &'static str,
    checks: Vec<Check>,
    since: Instant,
}

impl Checks {
    pub(super) fn new(part: &'static str) -> Self {
        Self {
            part,
            checks: Vec::new(),
            since: Instant::now(),
        }
    }

    pub(super) fn add(
        &mut self,
        check: &str,
        outcome: Outcome,
        cause: impl Into<String>,
        remedy: Option<String>,
    ) {
        let name = match check {
            "" => self.part.to_owned(),
            check => format!("{}.{check}", self.part),
        };
        self.checks.push(Check {
            check: name,
            outcome,
            cause: cause.into(),
            remedy,
            milliseconds: self.since.elapsed().as_millis(),
        });
        self.since = Instant::now();
    }

    pub(super) fn passed(&mut self, check: &str, cause: impl Into<String>) {
        self.add(check, Outcome::Passed, cause, None);
    }

    pub(super) fn failed(&mut self, check: &str, error: &(dyn Error + 'static)) {
        self.add(check, Outcome::Failed, shared::describe(error), None);
    }

    /// What a step gave: `say` tells it, without words of calls.
    pub(super) fn tell<T, E: Error + 'static>(
        &mut self,
        check: &str,
        result: Result<T, E>,
        say: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        match result {
            Ok(value) => {
                self.passed(check, say(&value));
                Some(value)
            }
            Err(error) => {
                self.failed(check, &error);
                None
            }
        }
    }

    /// The part was not tried, because a variable is not set.
    pub(super) fn without(mut self, variable: &str) -> Self {
        let cause = format!("{variable} is not set");
        self.add("", Outcome::NotConfigured, cause, None);
        self
    }
}

pub(super) fn is_set(settings: &Settings, variable: &str) -> bool {
    settings
        .variable(variable)
        .is_some_and(|value| !value.is_empty())
}

/// All checks, in the order in which they were made.
#[derive(Debug)]
pub(super) struct Report {
    version: &'static str,
    started_at: Timestamp,
    system: String,
    checks: Vec<Check>,
    hidden: Vec<(String, String)>,
}

impl Report {
    pub(super) fn new(settings: &Settings) -> Self {
        let described = settings.describe().into_iter();
        let values = described.filter_map(|setting| {
            let value = settings.variable(setting.variable)?;
            Some((setting.variable.to_owned(), value))
        });
        Self {
            version: env!("CARGO_PKG_VERSION"),
            started_at: Timestamp::now(),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            checks: Vec::new(),
            hidden: hidden(values),
        }
    }

    /// Runs a part; one that fails, hangs or has a bug stops no other.
    pub(super) async fn isolated(
        &mut self,
        part: &'static str,
        work: impl Future<Output = Checks> + Send + 'static,
    ) {
        let mut of_part = Checks::new(part);
        match tokio::time::timeout(LIMIT, tokio::spawn(work)).await {
            Ok(Ok(checks)) => of_part = checks,
            Ok(Err(bug)) => of_part.failed("", &bug),
            Err(late) => of_part.failed("", &late),
        }
        for mut check in of_part.checks {
            check.cause = clean(&check.cause, &self.hidden);
            check.remedy = check.remedy.map(|remedy| clean(&remedy, &self.hidden));
            self.checks.push(check);
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        let mut checks = self.checks.iter();
        checks.any(|check| check.outcome == Outcome::Failed)
    }

    pub(super) fn json(&self) -> String {
        let checks: Vec<_> = self.checks.iter().map(Check::json).collect();
        let report = serde_json::json!({
            "version": self.version,
            "system": self.system,
            "started_at": self.started_at.to_string(),
            "checks": checks,
        });
        format!(
            "{report:#}
"
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "gong-snowflake {} on {}", self.version, self.system)?;
        for check in &self.checks {
            let outcome = match check.outcome {
                Outcome::Passed => "passed",
                Outcome::Failed => "FAILED",
                Outcome::NotConfigured => "not known",
            };
            let (name, milliseconds) = (&check.check, check.milliseconds);
            writeln!(
                f,
                "{name:<28} {outcome:<9} {milliseconds:>6} ms  {}",
                check.cause
            )?;
            if let Some(remedy) = &check.remedy {
                writeln!(f, "{:<48}{remedy}", "")?;
            }
        }
        let count = |outcome| {
            self.checks
                .iter()
                .filter(|one| one.outcome == outcome)
                .count()
        };
        let (passed, failed) = (count(Outcome::Passed), count(Outcome::Failed));
        let unknown = count(Outcome::NotConfigured);
        writeln!(f, "{passed} passed, {failed} failed, {unknown} not known")?;
        f.write_str(match (passed, failed) {
            (0, 0) => {
                "Nothing was checked: set variables of a system that you have, as docs/live.md lists them."
            }
            (_, 0) => "Whatever was checked holds.",
            _ => "Not everything that was checked holds.",
        })
    }
}

/// Values of settings and the names that stand in their place, longest first: one may be
/// part of another.
fn hidden(variables: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut hidden: Vec<(String, String)> = variables
        .filter(|(name, _)| HIDDEN.contains(&name.as_str()))
        .flat_map(|(name, value)| {
            let value = value.trim().trim_end_matches('/').to_lowercase();
            let host = value.split_once("://").map(|(_, rest)| rest.to_owned());
            let shown = format!("<{name}>");
            [Some(value), host]
                .into_iter()
                .flatten()
                .map(move |value| (value, shown.clone()))
        })
        // Shorter ones would be found in other words.
        .filter(|(value, _)| value.len() >= 4)
        .collect();
    hidden.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    hidden
}

/// A text without values of settings, in any case, and without addresses.
fn clean(text: &str, hidden: &[(String, String)]) -> String {
    let without = hidden.iter().fold(text.to_owned(), |text, (value, shown)| {
        let mut rest = text.as_str();
        let mut clean = String::with_capacity(text.len());
        // Lower case of other letters may have another length; then the text stays as it is.
        let mut lower = rest.to_lowercase();
        while lower.len() == rest.len() {
            let Some((before, found)) =
                lower.find(value).and_then(|at| Some((rest.get(..at)?, at)))
            else {
                break;
            };
            clean.push_str(before);
            clean.push_str(shown);
            rest = rest.get(found + value.len()..).unwrap_or_default();
            lower = rest.to_lowercase();
        }
        clean + rest
    });
    without
        .split_inclusive(char::is_whitespace)
        .map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != ':');
            match () {
                () if bare.contains('@') => word.replace(bare, "<address>"),
                () if bare.parse::<IpAddr>().is_ok() => word.replace(bare, "<IP address>"),
                () => word.to_owned(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_settings_and_addresses_are_left_out() {
        let variables = [
            ("SNOWFLAKE_ACCOUNT", "acme-east"),
            ("SNOWFLAKE_USER", "east"),
            ("SNOWFLAKE_BASE_URL", "https://acme-east.example.com/"),
            ("CORTEX_MODEL", "claude-haiku-4-5"),
            ("HOME", "/srv/jo"),
        ];
        let hidden = hidden(
            variables
                .map(|(name, value)| (name.into(), value.into()))
                .into_iter(),
        );
        let text = "ACME-EAST refused East (jo@example.com, 10.1.2.3) at \
                    acme-east.example.com, claude-haiku-4-5 in /srv/jo";
        assert_eq!(
            clean(text, &hidden),
            "<SNOWFLAKE_ACCOUNT> refused <SNOWFLAKE_USER> (<address>, <IP address>) at \
             <SNOWFLAKE_BASE_URL>, claude-haiku-4-5 in /srv/jo"
        );
    }
}
