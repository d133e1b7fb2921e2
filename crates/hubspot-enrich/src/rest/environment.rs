//! Reads the configuration from environment variables.

use outbound::{Variables, variable};

use super::{AccessToken, HubSpotConfig};
use crate::{Error, Result};

const TOKEN: &str = "HUBSPOT_TOKEN";
const BASE_URL: &str = "HUBSPOT_BASE_URL";
const API_VERSION: &str = "HUBSPOT_API_VERSION";
const REQUESTS_PER_TEN_SECONDS: &str = "HUBSPOT_REQUESTS_PER_TEN_SECONDS";

impl HubSpotConfig {
    /// Reads the environment:
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `HUBSPOT_TOKEN` | a service key or an OAuth access token; required |
    /// | `HUBSPOT_BASE_URL` | default `https://api.hubapi.com` |
    /// | `HUBSPOT_API_VERSION` | `2026-09` (default) or `2026-03` |
    /// | `HUBSPOT_REQUESTS_PER_TEN_SECONDS` | default 100; 0 means no limit on this side |
    /// | `GONG_SNOWFLAKE_ROOT_CERTIFICATES` | a file of certificate authorities to trust beside the system's |
    ///
    /// An empty variable counts as absent.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config), with the variable as
    /// [`field`](Error::field).
    pub fn from_env() -> Result<Self> {
        Self::from_variables(variable)
    }

    /// As [`from_env`](Self::from_env), from any source of variables, such as a settings
    /// file.
    ///
    /// ```
    /// use hubspot_enrich::HubSpotConfig;
    ///
    /// let error = HubSpotConfig::from_variables(|_| Ok(None)).unwrap_err();
    /// assert_eq!(error.field(), Some("HUBSPOT_TOKEN"));
    /// ```
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env), and what `variable` returns.
    pub fn from_variables(
        variable: impl Fn(&'static str) -> Result<Option<String>>,
    ) -> Result<Self> {
        let variables = Variables::from(variable);
        let named = |name| move |error: Error| error.with_field(name);
        let token = variables.trimmed(TOKEN)?.ok_or_else(|| {
            let message = "is not set; create a service key under Settings > Integrations > \
                           Service keys, with the scopes to read deals, contacts, companies \
                           and owners";
            Error::config(TOKEN, message)
        })?;
        let token = AccessToken::new(token).map_err(named(TOKEN))?;
        let mut config = Self::new(token)?;
        if let Some(base_url) = variables.trimmed(BASE_URL)? {
            config = config.with_base_url(&base_url).map_err(named(BASE_URL))?;
        }
        if let Some(version) = variables.trimmed(API_VERSION)? {
            let version = version.parse().map_err(named(API_VERSION))?;
            config = config.with_api_version(version);
        }
        let wrong = "is not a whole number of 0 or more";
        if let Some(requests) = variables.parsed(REQUESTS_PER_TEN_SECONDS, wrong)? {
            config = config.with_requests_per_ten_seconds(requests);
        }
        config.http = config.http.trusting_named(&variables)?;
        Ok(config)
    }
}
