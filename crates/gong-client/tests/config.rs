//! Which configurations are accepted, and how a refusal names the fault.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;

use gong_client::{Credentials, GongClient, GongConfig, Result};
use resilience::ErrorKind;

fn key() -> Credentials {
    Credentials::basic("key", "secret")
}

fn from(variables: &[(&'static str, &str)]) -> Result<GongConfig> {
    let variables: HashMap<_, _> = variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    GongConfig::from_variables(|name| Ok(variables.get(name).cloned()))
}

const COMPLETE: [(&str, &str); 3] = [
    ("GONG_BASE_URL", "https://us02-16381.api.gong.io"),
    ("GONG_ACCESS_KEY", "key"),
    ("GONG_ACCESS_KEY_SECRET", "secret"),
];

#[test]
fn accepts_tenant_addresses_and_loopback() {
    for (given, used) in [
        (
            "https://us02-16381.api.gong.io",
            "https://us02-16381.api.gong.io",
        ),
        (
            " https://us02-16381.api.gong.io/ ",
            "https://us02-16381.api.gong.io",
        ),
        (
            "https://us02-16381.api.gong.io/v2/",
            "https://us02-16381.api.gong.io",
        ),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ] {
        assert_eq!(GongConfig::new(given, key()).unwrap().base_url(), used);
    }
}

#[test]
fn refuses_addresses_that_leak_or_mislead() {
    for given in [
        "",
        "us02-16381.api.gong.io",
        "ftp://us02-16381.api.gong.io",
        "http://us02-16381.api.gong.io",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://0.0.0.0:1",
        "https://user:password@us02-16381.api.gong.io",
        "https://us02-16381.api.gong.io?x=1",
        "https://us02-16381.api.gong.io#x",
        "https://",
        "file:///etc/passwd",
    ] {
        let error = GongConfig::new(given, key()).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some("base_url")),
            "{given}"
        );
    }
}

#[test]
fn refuses_credentials_that_cannot_be_sent() {
    for (credentials, field) in [
        (Credentials::basic("", "secret"), "access_key"),
        (Credentials::basic("key", ""), "access_key_secret"),
        (Credentials::basic("key", "sec\nret"), "access_key_secret"),
        (Credentials::bearer("to ken"), "bearer_token"),
    ] {
        let error = GongConfig::new("https://us-1.api.gong.io", credentials).unwrap_err();
        assert_eq!(error.field(), Some(field));
    }
}

#[test]
fn refuses_rates_that_are_no_rates() {
    for rate in [-1.0, f64::NAN, f64::INFINITY] {
        let config = GongConfig::new("https://us-1.api.gong.io", key()).unwrap();
        let error = config.with_requests_per_second(rate).unwrap_err();
        assert_eq!(error.field(), Some("requests_per_second"));
    }
}

#[tokio::test]
async fn reads_variables() {
    assert!(from(&COMPLETE).is_ok());
    let mut limited = COMPLETE.to_vec();
    limited.extend([
        ("GONG_REQUESTS_PER_SECOND", " 0 "),
        ("GONG_DAILY_REQUESTS", "500"),
    ]);
    let client = GongClient::new(from(&limited).unwrap()).unwrap();
    assert_eq!(client.remaining_today().await, Some(500));
}

#[tokio::test]
async fn gongs_own_limits_are_the_default_and_zero_lifts_the_daily_one() {
    let client = GongClient::new(from(&COMPLETE).unwrap()).unwrap();
    assert_eq!(client.remaining_today().await, Some(10_000));
    let mut unlimited = COMPLETE.to_vec();
    unlimited.push(("GONG_DAILY_REQUESTS", "0"));
    let client = GongClient::new(from(&unlimited).unwrap()).unwrap();
    assert_eq!(client.remaining_today().await, None);
}

#[test]
fn a_token_stands_in_for_a_key() {
    let variables = [COMPLETE[0], ("GONG_BEARER_TOKEN", "t0ken")];
    assert!(from(&variables).is_ok());
}

#[test]
fn names_the_variable_at_fault() {
    let replaced = |name, value| {
        let mut variables = COMPLETE.to_vec();
        variables.retain(|(given, _)| *given != name);
        variables.push((name, value));
        from(&variables).unwrap_err()
    };
    for (name, value) in [
        ("GONG_BASE_URL", ""),
        ("GONG_BASE_URL", "http://us-1.api.gong.io"),
        ("GONG_ACCESS_KEY", " "),
        ("GONG_ACCESS_KEY_SECRET", ""),
        ("GONG_ACCESS_KEY_SECRET", "a b"),
        ("GONG_BEARER_TOKEN", "a b"),
        ("GONG_REQUESTS_PER_SECOND", "three"),
        ("GONG_REQUESTS_PER_SECOND", "-1"),
        ("GONG_DAILY_REQUESTS", "1.5"),
        ("GONG_LIMITS_FILE", "/"),
    ] {
        let error = replaced(name, value);
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some(name)),
            "{value:?}"
        );
    }
}
