//! Reads the configuration from environment variables.

use std::num::NonZeroUsize;
use std::time::Duration;

use outbound::{TokenKind, Variables, variable};

use super::{Credentials, SnowflakeConfig, config_error};
use crate::{Result, TokenFile};

const ACCOUNT: &str = "SNOWFLAKE_ACCOUNT";
const USER: &str = "SNOWFLAKE_USER";
const PRIVATE_KEY_PATH: &str = "SNOWFLAKE_PRIVATE_KEY_PATH";
const PRIVATE_KEY: &str = "SNOWFLAKE_PRIVATE_KEY";
const PRIVATE_KEY_PASSPHRASE: &str = "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE";
const TOKEN: &str = "SNOWFLAKE_TOKEN";
const OAUTH_TOKEN: &str = "SNOWFLAKE_OAUTH_TOKEN";
const OAUTH_TOKEN_FILE: &str = "SNOWFLAKE_OAUTH_TOKEN_FILE";
const OAUTH_TOKEN_URL: &str = "SNOWFLAKE_OAUTH_TOKEN_URL";
#[cfg(feature = "token-endpoint")]
const OAUTH_TOKEN_HEADER: &str = "SNOWFLAKE_OAUTH_TOKEN_HEADER";
#[cfg(feature = "token-endpoint")]
const OAUTH_TOKEN_FIELD: &str = "SNOWFLAKE_OAUTH_TOKEN_FIELD";
const PASSWORD: &str = "SNOWFLAKE_PASSWORD";
const WAREHOUSE: &str = "SNOWFLAKE_WAREHOUSE";
const DATABASE: &str = "SNOWFLAKE_DATABASE";
const SCHEMA: &str = "SNOWFLAKE_SCHEMA";
const ROLE: &str = "SNOWFLAKE_ROLE";
const BASE_URL: &str = "SNOWFLAKE_BASE_URL";
const STATEMENT_TIMEOUT: &str = "SNOWFLAKE_STATEMENT_TIMEOUT_SECONDS";
const POOL_SIZE: &str = "SNOWFLAKE_POOL_SIZE";

/// The ways to prove who one is, of which exactly one is to be set.
const PROOFS: [&str; 7] = [
    PRIVATE_KEY_PATH,
    PRIVATE_KEY,
    TOKEN,
    OAUTH_TOKEN,
    OAUTH_TOKEN_FILE,
    OAUTH_TOKEN_URL,
    PASSWORD,
];

impl SnowflakeConfig {
    /// Reads the environment:
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `SNOWFLAKE_ACCOUNT`, `SNOWFLAKE_USER` | required |
    /// | `SNOWFLAKE_PRIVATE_KEY_PATH` or `SNOWFLAKE_PRIVATE_KEY` | the private key: a file, or its text |
    /// | `SNOWFLAKE_PRIVATE_KEY_PASSPHRASE` | opens an encrypted key |
    /// | `SNOWFLAKE_TOKEN` | a programmatic access token, in place of a key |
    /// | `SNOWFLAKE_OAUTH_TOKEN` | an OAuth access token, in place of a key |
    /// | `SNOWFLAKE_OAUTH_TOKEN_FILE` | a file that something else keeps an OAuth token in; read at each login |
    /// | `SNOWFLAKE_OAUTH_TOKEN_URL` | an endpoint of the platform that gives OAuth tokens; asked at each login |
    /// | `SNOWFLAKE_OAUTH_TOKEN_HEADER`, `SNOWFLAKE_OAUTH_TOKEN_FIELD` | the header that it wants, `Name: value`, and the field of its JSON reply |
    /// | `SNOWFLAKE_PASSWORD` | for development only |
    /// | `SNOWFLAKE_WAREHOUSE`, `SNOWFLAKE_DATABASE`, `SNOWFLAKE_SCHEMA`, `SNOWFLAKE_ROLE` | the session's; optional |
    /// | `SNOWFLAKE_BASE_URL` | a private link or a test server |
    /// | `SNOWFLAKE_STATEMENT_TIMEOUT_SECONDS` | default 900 |
    /// | `SNOWFLAKE_POOL_SIZE` | sessions at most, default 4 |
    /// | `GONG_SNOWFLAKE_ROOT_CERTIFICATES` | a file of certificate authorities that the endpoint of tokens may be signed by; sessions go by the system's and `SSL_CERT_FILE` |
    ///
    /// An empty variable counts as absent.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config), with the variable as
    /// [`field`](crate::Error::field).
    pub fn from_env() -> Result<Self> {
        Self::from_variables(variable)
    }

    /// As [`from_env`](Self::from_env), from any source of variables, such as a
    /// settings file.
    ///
    /// ```
    /// use snowflake_sql::SnowflakeConfig;
    ///
    /// let error = SnowflakeConfig::from_variables(|_| Ok(None)).unwrap_err();
    /// assert_eq!(error.field(), Some("SNOWFLAKE_ACCOUNT"));
    /// ```
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env), and what `variable` returns.
    pub fn from_variables(
        variable: impl Fn(&'static str) -> Result<Option<String>>,
    ) -> Result<Self> {
        let variables = Variables::from(variable);
        let account = variables.required(ACCOUNT)?;
        let user = variables.required(USER)?;
        let (proof, credentials) = credentials(&|name| variables.verbatim(name))?;
        let mut config = Self::new(&account, user, credentials)
            .map_err(|error| name_the_variable(error, proof))?;
        if let Some(name) = variables.trimmed(WAREHOUSE)? {
            config = config.with_warehouse(name);
        }
        if let Some(name) = variables.trimmed(DATABASE)? {
            config = config.with_database(name);
        }
        if let Some(name) = variables.trimmed(SCHEMA)? {
            config = config.with_schema(name);
        }
        if let Some(name) = variables.trimmed(ROLE)? {
            config = config.with_role(name);
        }
        if let Some(address) = variables.trimmed(BASE_URL)? {
            config = config
                .with_base_url(&address)
                .map_err(|error| name_the_variable(error, proof))?;
        }
        let positive = |name| variables.parsed(name, "is not a whole number of 1 or more");
        if let Some(seconds) = positive(STATEMENT_TIMEOUT)? {
            let seconds: NonZeroUsize = seconds;
            config = config.with_statement_timeout(Duration::from_secs(seconds.get() as u64));
        }
        if let Some(sessions) = positive(POOL_SIZE)? {
            config = config.with_pool_size(sessions);
        }
        Ok(config)
    }
}

/// The credentials, and the variable they came from.
fn credentials(
    read: &impl Fn(&'static str) -> Result<Option<String>>,
) -> Result<(&'static str, Credentials)> {
    let mut given = None;
    for name in PROOFS {
        if let Some(value) = read(name)? {
            if let Some((first, _)) = given {
                return Err(config_error(
                    name,
                    format!("is set as well as {first}; set only one of them"),
                ));
            }
            given = Some((name, value));
        }
    }
    let Some((name, value)) = given else {
        return Err(config_error(
            PRIVATE_KEY_PATH,
            "is not set, and neither is SNOWFLAKE_PRIVATE_KEY, SNOWFLAKE_TOKEN, \
             SNOWFLAKE_OAUTH_TOKEN, SNOWFLAKE_OAUTH_TOKEN_FILE, SNOWFLAKE_OAUTH_TOKEN_URL or \
             SNOWFLAKE_PASSWORD",
        ));
    };
    let passphrase = || read(PRIVATE_KEY_PASSPHRASE);
    let credentials = match name {
        PRIVATE_KEY_PATH => Credentials::key_pair_file(value.trim(), passphrase()?.as_deref())
            .map_err(|error| name_the_variable(error, name))?,
        PRIVATE_KEY => Credentials::key_pair(value, passphrase()?.as_deref()),
        TOKEN => Credentials::programmatic_access_token(value.trim()),
        OAUTH_TOKEN => Credentials::oauth(value.trim()),
        OAUTH_TOKEN_FILE => Credentials::oauth_from(TokenFile::new(TokenKind::OAuth, value.trim())),
        OAUTH_TOKEN_URL => endpoint(&value, read)?,
        _ => Credentials::password(value),
    };
    Ok((name, credentials))
}

#[cfg(feature = "token-endpoint")]
fn endpoint(
    url: &str,
    read: &impl Fn(&'static str) -> Result<Option<String>>,
) -> Result<Credentials> {
    let variables = Variables::from(read);
    let http = outbound::HttpSettings::default().trusting_named(&variables)?;
    let mut source = crate::TokenEndpoint::new(url)
        .and_then(|source| source.with_http(&http))
        .map_err(|error| config_error(OAUTH_TOKEN_URL, error.message()))?;
    if let Some(header) = read(OAUTH_TOKEN_HEADER)? {
        let (name, value) = header.split_once(':').ok_or_else(|| {
            config_error(OAUTH_TOKEN_HEADER, "is not a name, a colon and a value")
        })?;
        source = source.with_header(name.trim(), value.trim());
    }
    if let Some(field) = read(OAUTH_TOKEN_FIELD)? {
        source = source.with_field(field.trim());
    }
    Ok(Credentials::oauth_from(source))
}

#[cfg(not(feature = "token-endpoint"))]
fn endpoint(_: &str, _: &impl Fn(&'static str) -> Result<Option<String>>) -> Result<Credentials> {
    let message = "needs the feature token-endpoint";
    Err(config_error(OAUTH_TOKEN_URL, message))
}

/// The reader of this error knows the variable and not the field.
fn name_the_variable(error: crate::Error, proof: &'static str) -> crate::Error {
    let variable = match error.field() {
        Some("account") => ACCOUNT,
        Some("user") => USER,
        Some("private_key" | "private_key_path" | "token" | "password") => proof,
        Some("private_key_passphrase") => PRIVATE_KEY_PASSPHRASE,
        Some("base_url") => BASE_URL,
        _ => return error,
    };
    error.with_field(variable)
}
