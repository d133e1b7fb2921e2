//! The name of an account, which people paste in many forms.

use std::fmt;
use std::str::FromStr;

use super::config_error;
use crate::{Error, Result};

/// An account identifier: `ORGANISATION-ACCOUNT` (preferred), or a locator with its
/// region, such as `xy12345.eu-central-1` or `xy12345.west-europe.azure`; both also
/// with `.privatelink` behind them.
///
/// ```
/// use snowflake_sql::Account;
///
/// let account: Account = "MyOrg-Sales_EU".parse()?;
/// // A host name takes no underscore.
/// assert_eq!(account.host(), "myorg-sales-eu.snowflakecomputing.com");
///
/// let error = "https://app.snowflake.com/myorg/sales".parse::<Account>().unwrap_err();
/// assert_eq!(error.field(), Some("account"));
/// let error = "myorg.sales".parse::<Account>().unwrap_err();
/// assert!(error.to_string().contains("myorg-sales"));
/// # Ok::<(), snowflake_sql::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account(String);

const CLOUDS: [&str; 3] = ["aws", "azure", "gcp"];
const PRIVATE_LINK: &str = "privatelink";

impl Account {
    /// The identifier as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that signed tokens carry: in capitals, without region.
    #[cfg(feature = "key-pair-jwt")]
    pub(crate) fn in_tokens(&self) -> String {
        let name = self.0.split('.').next().unwrap_or_default();
        name.to_ascii_uppercase()
    }

    /// The host of its own address: `https://` and this is where it answers.
    ///
    /// Underscores become hyphens, as Snowflake asks for in host names; accounts in
    /// China have the ending `.cn`.
    pub fn host(&self) -> String {
        let name = self.0.to_ascii_lowercase().replace('_', "-");
        let chinese = name
            .split('.')
            .nth(1)
            .is_some_and(|region| region.starts_with("cn-"));
        let ending = if chinese { "cn" } else { "com" };
        format!("{name}.snowflakecomputing.{ending}")
    }
}

impl FromStr for Account {
    type Err = Error;

    /// # Errors
    /// `Config` naming `account`, with the spelling that is wanted.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let refuse = |why: String| Err(config_error("account", why));
        if text.is_empty() {
            return refuse("is empty".to_owned());
        }
        if text.contains("://") || text.contains('/') {
            return refuse(
                "is a URL; give only the identifier, such as MYORG-MYACCOUNT \
                 (SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME())"
                    .to_owned(),
            );
        }
        if text.to_ascii_lowercase().contains("snowflakecomputing") {
            return refuse("ends with .snowflakecomputing.com; leave that out".to_owned());
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !text.chars().all(allowed) {
            return refuse(
                "contains something other than letters, digits, hyphens, underscores and dots"
                    .to_owned(),
            );
        }
        let mut parts = text.split('.');
        let name = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let well_made = |part: &str| {
            !part.is_empty() && !part.starts_with(['-', '_']) && !part.ends_with(['-', '_'])
        };
        if !well_made(name) || !rest.iter().all(|part| well_made(part)) {
            return refuse(
                "has an empty part, or one that begins or ends with a hyphen".to_owned(),
            );
        }
        if rest.len() > 3 {
            return refuse("has too many parts separated by dots".to_owned());
        }
        // A region has a hyphen in it (us-east-2, west-europe); what has none is the
        // account behind its organisation, which SQL writes with a dot.
        if let Some(second) = rest.first() {
            let known = CLOUDS.contains(&second.to_ascii_lowercase().as_str())
                || second.eq_ignore_ascii_case(PRIVATE_LINK);
            if !known && !second.contains('-') {
                return refuse(format!(
                    "is written with a dot between organisation and account; write {name}-{second}"
                ));
            }
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
