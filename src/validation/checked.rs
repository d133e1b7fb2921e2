//! What a check found.

use resilience::ErrorKind;
use serde::Serialize;

use crate::{Error, Settings, StoreLocation};

/// One thing to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Check {
    /// Gong lists calls, and transcripts if they are synced.
    GongCredentials,
    /// Snowflake gives a session, with a role, a warehouse and a schema.
    SnowflakeConnection,
    /// Gong's own share has the tables and columns that are read of it, and is not late.
    GongShare,
    /// HubSpot's data share lists the stages of deals.
    HubspotShare,
    /// HubSpot's REST interface lists the stages of deals.
    HubspotApi,
    /// The model writes a word.
    CortexFunctions,
    /// The store opens and has this build's schema, or can be made.
    StoreSchema,
    /// So does the store that answers when that one does not.
    FallbackStore,
    /// The files that settings name can be used.
    Settings,
    /// The clocks of the servers that the other checks ask agree with this machine's.
    Clock,
    /// There is room for the store.
    Disk,
}

impl Check {
    /// Every check.
    pub(super) const ALL: [Self; 11] = [
        Self::GongCredentials,
        Self::SnowflakeConnection,
        Self::GongShare,
        Self::HubspotShare,
        Self::HubspotApi,
        Self::CortexFunctions,
        Self::StoreSchema,
        Self::FallbackStore,
        Self::Settings,
        Self::Clock,
        Self::Disk,
    ];

    /// What has to pass before a bulk load: what it writes to and reads from. Opening the store
    /// for it checks and updates the schema; an enrichment that fails undoes nothing.
    pub(super) fn before_load(settings: &Settings) -> Vec<Self> {
        let mut checks = vec![Self::Disk, Self::GongCredentials, Self::Clock];
        if settings.store.location == StoreLocation::Snowflake {
            checks.push(Self::SnowflakeConnection);
        }
        if settings.gong.share_database.is_some() {
            checks.push(Self::GongShare);
        }
        checks
    }

    /// Its name, such as `gong_credentials`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GongCredentials => "gong_credentials",
            Self::SnowflakeConnection => "snowflake_connection",
            Self::GongShare => "gong_share",
            Self::HubspotShare => "hubspot_share",
            Self::HubspotApi => "hubspot_api",
            Self::CortexFunctions => "cortex_functions",
            Self::StoreSchema => "store_schema",
            Self::FallbackStore => "fallback_store",
            Self::Settings => "settings",
            Self::Clock => "clock",
            Self::Disk => "disk",
        }
    }
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Something will not work.
    Failed,
    /// Nothing to try: no setting asks for it.
    NotConfigured,
}

impl Outcome {
    /// Its name, such as `not_configured`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotConfigured => "not_configured",
        }
    }
}

/// A check and what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Checked {
    /// Which check.
    pub check: Check,
    /// How it went.
    pub outcome: Outcome,
    /// What was found.
    pub cause: String,
    /// What to do, or to see to, of what has passed; `None` where nothing has to be done.
    pub remedy: Option<String>,
    /// What the caller can do about a failure.
    #[serde(skip)]
    kind: Option<ErrorKind>,
    /// The setting at fault.
    #[serde(skip)]
    field: Option<String>,
}

impl Checked {
    fn new(check: Check, outcome: Outcome, cause: impl Into<String>) -> Self {
        Self {
            check,
            outcome,
            cause: cause.into(),
            remedy: None,
            kind: None,
            field: None,
        }
    }

    pub(super) fn passed(check: Check, cause: impl Into<String>) -> Self {
        Self::new(check, Outcome::Passed, cause)
    }

    pub(super) fn not_configured(check: Check, cause: impl Into<String>) -> Self {
        Self::new(check, Outcome::NotConfigured, cause)
    }

    /// A failure, with the remedy that its kind suggests.
    pub(super) fn failed(check: Check, error: &Error) -> Self {
        let mut checked = Self::new(check, Outcome::Failed, error.to_string());
        checked.kind = Some(error.kind());
        checked.field = error.field().map(str::to_owned);
        checked.remedy = Some(remedy(check, error));
        checked
    }

    #[must_use]
    pub(super) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The failure as an error, for whoever stops at it; `None` for what has not failed.
    pub fn error(&self) -> Option<Error> {
        let kind = self.kind.filter(|_| self.outcome == Outcome::Failed)?;
        let field = self.field.as_deref().unwrap_or_default();
        // The error says its field itself.
        let without_field = self.cause.strip_prefix(&format!("{field}: "));
        let cause = without_field.unwrap_or(&self.cause);
        let mut message = format!("{}: {cause}", self.check.as_str());
        if let Some(remedy) = &self.remedy {
            message = format!("{message}; {remedy}");
        }
        let error = Error::new(kind, message);
        Some(match &self.field {
            Some(field) => error.with_field(field),
            None => error,
        })
    }
}

/// What to do about an error, by what it means and where.
fn remedy(check: Check, error: &Error) -> String {
    let setting = match error.field() {
        None => "what docs/configuration.md lists for it".to_owned(),
        Some("store" | "fallback-store") => "the place of the store".to_owned(),
        Some(option) if option.starts_with("--") => option.to_owned(),
        Some(field) => format!("{field}, which docs/configuration.md describes"),
    };
    match error.kind() {
        ErrorKind::Config | ErrorKind::InvalidInput => format!("correct {setting}"),
        ErrorKind::Auth => match check {
            Check::GongCredentials => "make a new key under Company settings > Ecosystem > API, \
                                       and set GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET"
                .to_owned(),
            Check::HubspotApi => "make a new service key under Settings > Integrations, and set \
                                  HUBSPOT_TOKEN"
                .to_owned(),
            Check::CortexFunctions => "make a new token, and set CORTEX_API_KEY".to_owned(),
            _ => "correct SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER and the login".to_owned(),
        },
        ErrorKind::Permission => match check {
            Check::GongCredentials => {
                "give the key the scopes to read calls and transcripts".to_owned()
            }
            Check::HubspotApi => "give the key the scopes to read deals, contacts, companies and \
                                  owners"
                .to_owned(),
            Check::Disk | Check::StoreSchema | Check::FallbackStore => {
                "let this user write there".to_owned()
            }
            _ => "grant the role what docs/snowflake.md lists".to_owned(),
        },
        ErrorKind::NotFound => format!("check {setting} for a typo"),
        ErrorKind::RateLimited | ErrorKind::QuotaExhausted => match error.retry_after() {
            Some(wait) => format!("try again in {} s", wait.as_secs()),
            None => "try again later".to_owned(),
        },
        ErrorKind::Unsupported => format!("build with the feature for it, or correct {setting}"),
        ErrorKind::Corrupt => "restore the store from a copy, or sync into a new one".to_owned(),
        _ => "check that it is up and reachable from here, and try again".to_owned(),
    }
}
