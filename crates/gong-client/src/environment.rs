//! Reads the configuration from environment variables.

use outbound::{Variables, variable};

use crate::{Credentials, Error, GongConfig, Result};

const BASE_URL: &str = "GONG_BASE_URL";
const ACCESS_KEY: &str = "GONG_ACCESS_KEY";
const ACCESS_KEY_SECRET: &str = "GONG_ACCESS_KEY_SECRET";
const BEARER_TOKEN: &str = "GONG_BEARER_TOKEN";
const REQUESTS_PER_SECOND: &str = "GONG_REQUESTS_PER_SECOND";
const DAILY_REQUESTS: &str = "GONG_DAILY_REQUESTS";
const LIMITS_FILE: &str = "GONG_LIMITS_FILE";

impl GongConfig {
    /// Reads the environment:
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `GONG_BASE_URL` | the tenant's address; required |
    /// | `GONG_ACCESS_KEY`, `GONG_ACCESS_KEY_SECRET` | the key; required unless there is a token |
    /// | `GONG_BEARER_TOKEN` | an OAuth token, in place of the key |
    /// | `GONG_REQUESTS_PER_SECOND` | default 3; 0 means no limit on this side |
    /// | `GONG_DAILY_REQUESTS` | default 10000; 0 means no limit on this side |
    /// | `GONG_LIMITS_FILE` | a file by which processes of one machine keep both limits together; default none |
    /// | `GONG_SNOWFLAKE_ROOT_CERTIFICATES` | a file of certificate authorities to trust beside the system's |
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
    /// use gong_client::GongConfig;
    ///
    /// let error = GongConfig::from_variables(|_| Ok(None)).unwrap_err();
    /// assert_eq!(error.field(), Some("GONG_BASE_URL"));
    /// ```
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env), and what `variable` returns.
    pub fn from_variables(
        variable: impl Fn(&'static str) -> Result<Option<String>>,
    ) -> Result<Self> {
        let variables = Variables::from(variable);
        let base_url = variables.trimmed(BASE_URL)?.ok_or_else(|| {
            Error::config(
                BASE_URL,
                "is not set; every Gong tenant has its own address, shown under \
                 Company settings > Ecosystem > API",
            )
        })?;
        let credentials = match variables.trimmed(BEARER_TOKEN)? {
            Some(token) => Credentials::bearer(token),
            None => Credentials::basic(
                variables.required(ACCESS_KEY)?,
                variables.required(ACCESS_KEY_SECRET)?,
            ),
        };
        let mut config = Self::new(&base_url, credentials).map_err(name_the_variable)?;
        let wrong = "is not a number of 0 or more";
        if let Some(rate) = variables.parsed(REQUESTS_PER_SECOND, wrong)? {
            config = config
                .with_requests_per_second(rate)
                .map_err(name_the_variable)?;
        }
        if let Some(requests) = variables.parsed::<u64>(DAILY_REQUESTS, wrong)? {
            config = config.with_daily_requests((requests > 0).then_some(requests));
        }
        if let Some(file) = variables.trimmed(LIMITS_FILE)? {
            config = config.with_limits_file(file).map_err(name_the_variable)?;
        }
        config.http = config.http.trusting_named(&variables)?;
        Ok(config)
    }
}

/// The reader of this error knows the variable and not the field.
fn name_the_variable(error: crate::Error) -> crate::Error {
    let variable = match error.field() {
        Some("base_url") => BASE_URL,
        Some("access_key") => ACCESS_KEY,
        Some("access_key_secret") => ACCESS_KEY_SECRET,
        Some("bearer_token") => BEARER_TOKEN,
        Some("requests_per_second") => REQUESTS_PER_SECOND,
        Some("shared_limiter") => LIMITS_FILE,
        _ => return error,
    };
    error.with_field(variable)
}
