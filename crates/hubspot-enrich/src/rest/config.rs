//! Where HubSpot is, who asks, and within which limits.
//!
//! For callers that know their portal; the defaults suit most.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use outbound::{HttpSettings, TokenSource};
use resilience::RetryPolicy;
use url::Url;

use super::token::AccessToken;
use crate::{Error, Result};

/// HubSpot's address for all portals.
const DEFAULT_BASE_URL: &str = "https://api.hubapi.com";

/// A dated version of HubSpot's API. Each stays as it is for at least 18 months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ApiVersion {
    /// `2026-03`.
    V2026_03,
    /// `2026-09`, the latest.
    #[default]
    V2026_09,
}

impl ApiVersion {
    /// The version as used in paths.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2026_03 => "2026-03",
            Self::V2026_09 => "2026-09",
        }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.trim() {
            "2026-03" => Ok(Self::V2026_03),
            "2026-09" => Ok(Self::V2026_09),
            _ => Err(Error::config("api_version", "must be 2026-09 or 2026-03")),
        }
    }
}

/// Everything that a [`HubSpotApi`](crate::HubSpotApi) needs to know.
///
/// ```
/// use hubspot_enrich::{AccessToken, ApiVersion, HubSpotConfig};
///
/// let config = HubSpotConfig::new(AccessToken::new("pat-eu1-SECRET")?)?
///     .with_api_version(ApiVersion::V2026_03)
///     .with_requests_per_ten_seconds(190);
/// assert!(!format!("{config:?}").contains("SECRET"));
/// # Ok::<(), hubspot_enrich::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct HubSpotConfig {
    pub(super) base_url: Url,
    pub(super) api_version: ApiVersion,
    pub(super) token: AccessToken,
    pub(super) token_source: Option<Arc<dyn TokenSource>>,
    pub(super) requests_per_ten_seconds: u32,
    pub(super) searches_per_second: u32,
    pub(super) daily_requests: Option<u64>,
    pub(super) concurrency: usize,
    pub(super) catalogue_max_age: Duration,
    pub(super) finds_archived: bool,
    pub(super) searches_secondary_emails: bool,
    pub(super) http: HttpSettings,
    pub(super) retry: RetryPolicy,
}

impl HubSpotConfig {
    /// HubSpot itself, with limits that every portal allows: 60 s for an attempt, 64 MiB for
    /// a reply.
    ///
    /// # Errors
    /// None at present: HubSpot's own address is accepted.
    pub fn new(token: AccessToken) -> Result<Self> {
        Ok(Self {
            base_url: parse_base_url(DEFAULT_BASE_URL)?,
            api_version: ApiVersion::default(),
            token,
            token_source: None,
            requests_per_ten_seconds: 100,
            searches_per_second: 5,
            daily_requests: None,
            concurrency: 6,
            catalogue_max_age: Duration::from_secs(15 * 60),
            finds_archived: false,
            searches_secondary_emails: true,
            http: HttpSettings::default(),
            retry: RetryPolicy::default(),
        })
    }

    /// Another address, such as a gateway's or a test server's, without a version.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config), naming `base_url`. Plain `http` is accepted for
    /// loopback addresses only.
    pub fn with_base_url(mut self, base_url: &str) -> Result<Self> {
        self.base_url = parse_base_url(base_url)?;
        Ok(self)
    }

    outbound::http_settings!(http);
}

resilience::setters! {
    HubSpotConfig {
        /// The dated version, in all paths alike. Default 2026-09.
        with_api_version(api_version: ApiVersion);
        /// Where another token comes from when HubSpot refuses the present one with 401, as it
        /// does with OAuth tokens after half an hour: asked once, then the request is sent
        /// again, and a second refusal is final. Requests that are refused at the same time
        /// share the new token. Default: none, and a refusal is final.
        with_token_source(token_source: Arc<dyn TokenSource>) = Some(token_source);
        /// Requests in ten seconds that HubSpot allows this token; 0 means no limit on this
        /// side. Default 100, the least of all tiers (Professional and Enterprise: 190; with
        /// a limit pack 250; OAuth apps: 110). Nine tenths of it are used, because requests
        /// do not arrive as evenly as they are sent.
        with_requests_per_ten_seconds(requests_per_ten_seconds: u32);
        /// Searches in a second that HubSpot allows the whole account; 0 means no limit on
        /// this side. Default 5, HubSpot's own. Nine tenths of it are used.
        with_searches_per_second(searches_per_second: u32);
        /// Requests in any twenty-four hours on this side; `None`, the default, leaves the
        /// count to HubSpot, whose daily limit all apps of an account share.
        with_daily_requests(daily_requests: Option<u64>);
        /// Requests in flight at once per method call. Default 6; 0 counts as 1.
        with_concurrency(concurrency: usize) = concurrency.max(1);
        /// Age at which pipelines, stages and owners are read again. Default 15 minutes;
        /// zero reads them each time.
        with_catalogue_max_age(catalogue_max_age: Duration);
        /// Whether records asked for by id are also looked for in the recycling bin, which
        /// costs a second request for what is missing. Default no.
        with_archived(finds_archived: bool);
        /// Whether contacts that no main address finds are searched by their further
        /// addresses, which costs a search for every five addresses. Default yes.
        with_secondary_emails(searches_secondary_emails: bool);
        /// When to retry. Its `longest_retry_after` also decides which 429 is waited for
        /// and which ends as [`QuotaExhausted`](resilience::ErrorKind::QuotaExhausted).
        with_retry(retry: RetryPolicy);
    }
}

fn parse_base_url(text: &str) -> Result<Url> {
    let text = text.trim().trim_end_matches('/');
    outbound::parse_base_url(text, "https://api.hubapi.com")
        .map_err(|why| Error::config("base_url", why.to_string()))
}
