//! What a configuration refuses, and how it says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use resilience::ErrorKind;
use snowflake_sql::{Account, Credentials, Error, QueryTag, SnowflakeConfig};

fn token() -> Credentials {
    Credentials::programmatic_access_token("token")
}

#[test]
fn accounts_are_taken_in_the_spellings_that_snowflake_documents() {
    for (account, host) in [
        ("myorg-sales", "myorg-sales.snowflakecomputing.com"),
        ("MYORG-SALES_EU", "myorg-sales-eu.snowflakecomputing.com"),
        ("xy12345", "xy12345.snowflakecomputing.com"),
        (
            "xy12345.eu-central-1",
            "xy12345.eu-central-1.snowflakecomputing.com",
        ),
        (
            "xy12345.west-europe.azure",
            "xy12345.west-europe.azure.snowflakecomputing.com",
        ),
        (
            "xy12345.us-east-2.aws.privatelink",
            "xy12345.us-east-2.aws.privatelink.snowflakecomputing.com",
        ),
        (
            "myorg-sales.privatelink",
            "myorg-sales.privatelink.snowflakecomputing.com",
        ),
        (
            "xy12345.cn-northwest-1.aws",
            "xy12345.cn-northwest-1.aws.snowflakecomputing.cn",
        ),
        (" myorg-sales\n", "myorg-sales.snowflakecomputing.com"),
    ] {
        assert_eq!(account.parse::<Account>().unwrap().host(), host);
        let config = SnowflakeConfig::new(account, "u", token()).unwrap();
        assert_eq!(config.base_url().host_str(), Some(host));
    }
}

#[test]
fn other_accounts_are_refused_with_the_spelling_that_is_wanted() {
    for (account, advice) in [
        ("", "empty"),
        ("myorg.sales", "write myorg-sales"),
        (
            "https://app.snowflake.com/myorg/sales",
            "only the identifier",
        ),
        ("myorg-sales.snowflakecomputing.com", "leave that out"),
        ("my org", "letters"),
        ("myorg-sales;drop", "letters"),
        ("-myorg", "begins or ends"),
        ("xy12345..aws", "empty part"),
        ("xy12345.us-east-2.aws.privatelink.more", "too many"),
    ] {
        let error = account.parse::<Account>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.field(), Some("account"));
        assert!(error.to_string().contains(advice), "{account}: {error}");
    }
}

#[test]
fn addresses_must_be_safe() {
    let config = SnowflakeConfig::new("myorg-sales", "u", token()).unwrap();
    for good in [
        "http://127.0.0.1:80",
        "http://localhost:1/",
        "http://[::1]:1",
        "https://x.privatelink.example",
    ] {
        assert!(config.clone().with_base_url(good).is_ok(), "{good}");
    }
    for bad in [
        "http://snowflake.example",
        "https://user:secret@x.example",
        "https://x.example/path",
        "https://x.example?a=b",
        "ftp://x.example",
        "x.example",
        "",
    ] {
        let error = config.clone().with_base_url(bad).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some("base_url")),
            "{bad}"
        );
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn keys_are_looked_at_before_anything_is_sent() {
    let pem = |kind: &str| format!("-----BEGIN {kind}-----\nAAAA\n-----END {kind}-----\n");
    let (plain, encrypted) = ("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let check = |pem: String, passphrase| {
        SnowflakeConfig::new("myorg-sales", "u", Credentials::key_pair(pem, passphrase))
    };
    assert!(check(pem(plain), None).is_ok());
    assert!(check(pem(encrypted), Some("p")).is_ok());
    for (kind, passphrase, field, advice) in [
        (encrypted, None, "private_key_passphrase", "missing"),
        (plain, Some("p"), "private_key_passphrase", "not encrypted"),
        ("RSA PRIVATE KEY", None, "private_key", "pkcs8 -topk8"),
        ("PUBLIC KEY", None, "private_key", "public key"),
        ("CERTIFICATE", None, "private_key", "PKCS#8"),
    ] {
        let error = check(pem(kind), passphrase).unwrap_err();
        assert_eq!(error.field(), Some(field), "{kind}");
        assert!(error.to_string().contains(advice), "{error}");
    }
}

fn from(variables: &[(&str, &str)]) -> Result<SnowflakeConfig, Error> {
    SnowflakeConfig::from_variables(|name| {
        let found = variables.iter().find(|(given, _)| *given == name);
        Ok(found.map(|(_, value)| (*value).to_owned()))
    })
}

const WHO: [(&str, &str); 2] = [
    ("SNOWFLAKE_ACCOUNT", "myorg-sales"),
    ("SNOWFLAKE_USER", "U"),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    WHO.iter().chain(more).copied().collect()
}

#[test]
fn the_environment_is_read_and_its_errors_name_the_variable() {
    let config = from(&with(&[
        ("SNOWFLAKE_TOKEN", " token \n"),
        ("SNOWFLAKE_PASSWORD", "  "),
        ("SNOWFLAKE_WAREHOUSE", "W"),
        ("SNOWFLAKE_BASE_URL", "http://127.0.0.1:9"),
        ("SNOWFLAKE_POOL_SIZE", "7"),
    ]))
    .unwrap();
    assert_eq!(config.base_url().as_str(), "http://127.0.0.1:9/");
    assert!(!format!("{config:?}").contains("token \n"));
    for (variables, field) in [
        (vec![], "SNOWFLAKE_ACCOUNT"),
        (vec![("SNOWFLAKE_ACCOUNT", "myorg-sales")], "SNOWFLAKE_USER"),
        (
            vec![
                ("SNOWFLAKE_ACCOUNT", "a.b"),
                ("SNOWFLAKE_USER", "U"),
                ("SNOWFLAKE_TOKEN", "t"),
            ],
            "SNOWFLAKE_ACCOUNT",
        ),
        (with(&[]), "SNOWFLAKE_PRIVATE_KEY_PATH"),
        (
            with(&[("SNOWFLAKE_TOKEN", "t"), ("SNOWFLAKE_PASSWORD", "p")]),
            "SNOWFLAKE_PASSWORD",
        ),
        (with(&[("SNOWFLAKE_TOKEN", "two words")]), "SNOWFLAKE_TOKEN"),
        (
            with(&[("SNOWFLAKE_OAUTH_TOKEN", "two words")]),
            "SNOWFLAKE_OAUTH_TOKEN",
        ),
        (
            with(&[("SNOWFLAKE_PRIVATE_KEY", "no key")]),
            "SNOWFLAKE_PRIVATE_KEY",
        ),
        (
            with(&[("SNOWFLAKE_PRIVATE_KEY_PATH", "/does/not/exist")]),
            "SNOWFLAKE_PRIVATE_KEY_PATH",
        ),
        (
            with(&[
                ("SNOWFLAKE_TOKEN", "t"),
                ("SNOWFLAKE_BASE_URL", "http://x.example"),
            ]),
            "SNOWFLAKE_BASE_URL",
        ),
        (
            with(&[("SNOWFLAKE_TOKEN", "t"), ("SNOWFLAKE_POOL_SIZE", "0")]),
            "SNOWFLAKE_POOL_SIZE",
        ),
        (
            with(&[
                ("SNOWFLAKE_TOKEN", "t"),
                ("SNOWFLAKE_STATEMENT_TIMEOUT_SECONDS", "soon"),
            ]),
            "SNOWFLAKE_STATEMENT_TIMEOUT_SECONDS",
        ),
    ] {
        let error = from(&variables).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.field(), Some(field), "{error}");
    }
}

#[test]
fn a_query_tag_is_json_that_snowflake_takes() {
    let tag = QueryTag::new("gong-snowflake").with_run("\"quoted\"");
    let json: serde_json::Value = serde_json::from_str(&tag.to_string()).unwrap();
    assert_eq!(json["run"], "\"quoted\"");
    let long = QueryTag::new("a").with_run("x".repeat(3_000));
    assert!(long.to_string().len() < 2_000);
    assert!(long.to_string().contains("\"app\":\"a\""));
}
