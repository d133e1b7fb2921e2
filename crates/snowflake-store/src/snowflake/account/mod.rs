//! Asks an account whether what the store and the models need is there.
//!
//! Before a bulk load and not after it: what is missing is said by name, with what to run.

mod checked;
mod granted;
mod grants;
mod models;
mod schedule;
mod session;

use calls::Timestamp;
use resilience::ErrorKind;
use snowflake_sql::{Row, Rows, SqlPool, SqlText};

use crate::Result;
use checked::ask;
pub use checked::{AccountCheck, CheckOutcome};
pub use grants::GrantedRole;
use models::Place;
use session::Session;

/// What an account is checked for.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct AccountNeeds {
    /// Models that will be asked.
    pub models: Vec<String>,
    /// What the session's role is there for; `None` leaves its privileges unchecked.
    pub role: Option<GrantedRole>,
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
        Ok(value) if value == "DISABLED" && !needs.models.is_empty() => {
            AccountCheck::passed("cross_region", value.clone()).with_remedy(
                "Snowflake lists AI_SENTIMENT for no region by itself. If it fails, \
                 CORTEX_FUNCTIONS=legacy asks SENTIMENT, which the main regions serve.",
            )
        }
        Ok(value) => AccountCheck::passed("cross_region", value.clone()),
        Err(error) => AccountCheck::unknown("cross_region", error.clone()),
    });
    let crossing = cross_region.ok();
    let allowlist = parameter(pool, "check_models_allowlist", MODELS_ALLOWLIST).await;
    let place = Place {
        region: session.region.as_deref(),
        crossing: crossing.as_deref(),
        allowlist: allowlist.ok().filter(|list| !list.trim().is_empty()),
    };
    checks.push(models::check(pool, &needs.models, &place).await);
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
    checks.extend(schedule::checks(pool).await);
    Ok(checks)
}

/// Checks by one statement that sessions can be had, whether both clocks agree, and that there is
/// a role, a warehouse and a schema. `now` is this machine's time.
///
/// # Errors
/// Why there is no session.
pub async fn check_session(
    pool: &dyn SqlPool,
    now: Timestamp,
) -> snowflake_sql::Result<Vec<AccountCheck>> {
    Ok(Session::ask(pool).await?.checks(now))
}

const CROSS_REGION: SqlText = SqlText::fixed(include_str!(
    "../../../sql/snowflake/check/cross_region.sql"
));
const MODELS_ALLOWLIST: SqlText = SqlText::fixed(include_str!(
    "../../../sql/snowflake/check/models_allowlist.sql"
));
const NETWORK_POLICY: SqlText = SqlText::fixed(include_str!(
    "../../../sql/snowflake/check/network_policy.sql"
));
const ACCOUNTS: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/accounts.sql"));

const ACCOUNT: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/account.sql"));

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
    let account = ask(pool, "check_account", ACCOUNT).await.ok();
    let account = account.as_ref().and_then(Rows::first);
    let account = account.and_then(|row| row.text("ACCOUNT_NAME").ok().flatten());
    let is_this = |row: &Row<'_>| row.text("account_name").ok().flatten() == account;
    let of_this = rows.iter().find(is_this);
    match of_this.and_then(|row| row.text("edition").ok().flatten()) {
        Some(edition) => AccountCheck::passed("edition", edition),
        None => AccountCheck::unknown("edition", "this account is not among those listed"),
    }
}
