//! The address that requests go to.

use url::Url;

use super::{Account, config_error};
use crate::Result;

pub(super) fn of_account(account: &Account) -> Result<Url> {
    format!("https://{}/", account.host())
        .parse()
        .map_err(|_| config_error("account", "does not form a host name"))
}

pub(super) fn parse(text: &str) -> Result<Url> {
    let example = "https://myorg-myaccount.snowflakecomputing.com";
    let mut url = outbound::parse_base_url(text, example)
        .map_err(|why| config_error("base_url", why.to_string()))?;
    if !url.path().trim_matches('/').is_empty() {
        return Err(config_error("base_url", "must not contain a path"));
    }
    url.set_path("/");
    Ok(url)
}
