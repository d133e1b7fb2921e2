//! Asks an account whether what the store and the models need is there.
//!
//! Before a bulk load and not after it: what is missing is said by name, with what to run.

mod grants;
mod models;
mod session;

use std::fmt;

use calls::Timestamp;
use resilience::ErrorKind;
use serde::Serialize;
use snowflake_sql::{Rows, SqlPool, SqlText, Statement};

use crate::Result;
pub use grants::GrantedRole;
use session::Session;

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AccountCheck {
    /// Which check: `connection`, `clock`, `role`, `warehouse`, `schema`, `edition`,
    /// `cross_region`, `models`, `privileges`, `network_policy`.
    pub check: &'static str,
    /// How it went.
    pub outcome: CheckOutcome,
    /// What was found.
    pub cause: String,
    /// What to run or to set; `None` where nothing has to be done.
    pub remedy: Option<String>,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CheckOutcome {
    /// As it should be.
    Passed,
    /// Something will not work.
    Failed,
    /// The account does not tell, or nothing asks for it.
    NotConfigured,
}

impl fmt::Display for CheckOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotConfigured => "not known",
        })
    }
}

/// What an account is checked for.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct AccountNeeds {
    /// Models that will be asked.
    pub models: Vec<String>,
    /// What the session's role is there for; `None` leaves its privileges unchecked.
    pub role: Option<GrantedRole>,
}

impl AccountCheck {
    fn new(check: &'static str, outcome: CheckOutcome, cause: impl Into<String>) -> Self {
        Self {
            check,
            outcome,
            cause: cause.into(),
            remedy: None,
        }
    }

    fn passed(check: &'static str, cause: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::Passed, cause)
    }

    fn unknown(check: &'static str, cause: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::NotConfigured, cause)
    }

    fn failed(check: &'static str, cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::Failed, cause).with_remedy(remedy)
    }

    fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// Checks an account by statements that read. `now` is this machine's time.
///
/// For callers that set a store up: what is missing is a check that failed, not an error. A
/// check that the account answers with an error tells that error.
///
/// # Errors
/// Of kind `Internal` alone, when a statement's text cannot be made.
pub async fn check_account(
    pool: &dyn SqlPool,
    needs: &AccountNeeds,
    now: Timestamp,
) -> Result<Vec<AccountCheck>> {
    let session = match Session::ask(pool).await {
        Ok(session) => session,
        Err(error) => {
            let remedy = "Check SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER and its credentials.";
            let failed = AccountCheck::failed("connection", error.to_string(), remedy);
            return Ok(vec![failed]);
        }
    };
    let mut checks = session.checks(now);
    checks.push(edition(pool).await);
    let cross_region = parameter(pool, "check_cross_region", CROSS_REGION).await;
    checks.push(match &cross_region {
        Ok(value) => AccountCheck::passed("cross_region", value.clone()),
        Err(error) => AccountCheck::unknown("cross_region", error.clone()),
    });
    let region = cross_region.ok();
    checks.push(models::check(pool, &needs.models, region.as_deref()).await);
    if let Some(role) = needs.role {
        checks.push(grants::check(pool, role, &session).await?);
    }
    checks.push(
        match parameter(pool, "check_network_policy", NETWORK_POLICY).await {
            Ok(policy) if policy.is_empty() => AccountCheck::unknown(
                "network_policy",
                "the account has none; access tokens of services need one",
            ),
            Ok(policy) => AccountCheck::passed(
                "network_policy",
                format!("{policy}, which lets this machine in"),
            ),
            Err(error) => AccountCheck::unknown("network_policy", error),
        },
    );
    Ok(checks)
}

const CROSS_REGION: SqlText = SqlText::fixed(include_str!(
    "../../../sql/snowflake/check/cross_region.sql"
));
const NETWORK_POLICY: SqlText = SqlText::fixed(include_str!(
    "../../../sql/snowflake/check/network_policy.sql"
));
const ACCOUNTS: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/accounts.sql"));

async fn ask(pool: &dyn SqlPool, name: &'static str, text: SqlText) -> snowflake_sql::Result<Rows> {
    pool.query(&Statement::new(name, text)).await
}

/// The value of an account's parameter, or why it is not told.
async fn parameter(
    pool: &dyn SqlPool,
    name: &'static str,
    text: SqlText,
) -> std::result::Result<String, String> {
    let rows = ask(pool, name, text)
        .await
        .map_err(|error| error.to_string())?;
    let row = rows.first().ok_or("the account does not tell")?;
    let value = row.text("value").map_err(|error| error.to_string())?;
    Ok(value.unwrap_or_default().to_owned())
}

/// Only an organization's administrator is told; others keep to what every edition has.
async fn edition(pool: &dyn SqlPool) -> AccountCheck {
    let rows = match ask(pool, "check_accounts", ACCOUNTS).await {
        Ok(rows) => rows,
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::Permission | ErrorKind::InvalidInput
            ) =>
        {
            return AccountCheck::unknown("edition", "only ORGADMIN is told")
                .with_remedy("Setup works on Standard; give --edition to use more.");
        }
        Err(error) => return AccountCheck::unknown("edition", error.to_string()),
    };
    let editions: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.text("edition").ok().flatten())
        .collect();
    match editions.as_slice() {
        [] => AccountCheck::unknown("edition", "no account is listed"),
        [edition] => AccountCheck::passed("edition", *edition),
        several => AccountCheck::passed("edition", several.join(", ")),
    }
}
