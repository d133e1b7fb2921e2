//! The address that requests go to.

use url::{Host, Url};

use super::{Account, config_error};
use crate::Result;

pub(super) fn of_account(account: &Account) -> Result<Url> {
    format!("https://{}/", account.host())
        .parse()
        .map_err(|_| config_error("account", "does not make a host name"))
}

/// The messages never repeat the address: it may hold credentials.
pub(super) fn parse(text: &str) -> Result<Url> {
    let refuse = |why: &str| Err(config_error("base_url", why));
    let Ok(mut url) = text.trim().parse::<Url>() else {
        return refuse("is not an address such as https://myorg-myaccount.snowflakecomputing.com");
    };
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return refuse("must begin with https:// and name a host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("must not hold credentials");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("must not hold a query or fragment");
    }
    if !url.path().trim_matches('/').is_empty() {
        return refuse("must not hold a path");
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return refuse("must use https, except for a loopback address");
    }
    url.set_path("/");
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        None => false,
    }
}
