//! The requests, one function each.

use std::collections::HashMap;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{RequestBuilder, Response};
use resilience::ErrorKind;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use url::Url;

use crate::batch::Batch;
use crate::failure::{broken, refusal};
use crate::{ChannelConfig, Error, Result};

/// The ingest host with a token that is good for it alone.
#[derive(Debug)]
pub(crate) struct Ingest {
    url: Url,
    token: SecretString,
}

/// A reply that opens a channel or takes rows.
#[derive(Debug, Deserialize)]
pub(crate) struct Opened {
    pub(crate) next_continuation_token: String,
    #[serde(default)]
    pub(crate) channel_status: ChannelStatus,
}

/// How far a channel is. Everything is optional: the reference shows more fields
/// than replies are promised to hold.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct ChannelStatus {
    #[serde(default)]
    pub(crate) last_committed_offset_token: Option<String>,
    /// Named so in the reply that opens a channel, and `rows_errors` in the other.
    #[serde(default, alias = "rows_errors")]
    pub(crate) rows_error_count: Option<u64>,
    #[serde(default)]
    pub(crate) last_error_offset_upper_bound: Option<String>,
}

#[derive(Deserialize)]
struct Statuses {
    #[serde(default)]
    channel_statuses: HashMap<String, ChannelStatus>,
}

#[derive(Deserialize)]
struct Scoped {
    token: String,
}

/// Asks where the account takes rows, and for a token for that place.
pub(crate) async fn discover(http: &reqwest::Client, config: &ChannelConfig) -> Result<Ingest> {
    const HOST: &str = "asking for the ingest host";
    const TOKEN: &str = "asking for a scoped token";
    let proof = config.tokens.token().await.map_err(no_token)?;
    let account = |request: RequestBuilder| {
        request.bearer_auth(proof.secret().expose_secret()).header(
            "X-Snowflake-Authorization-Token-Type",
            proof.kind().as_str(),
        )
    };
    let address = join(&config.account_url, &["v2", "streaming", "hostname"])?;
    let text = succeeded(HOST, account(http.get(address))).await?;
    let text = text.text().await.map_err(|error| broken(HOST, error))?;
    let host = hostname(&text);
    let address = join(&config.account_url, &["oauth", "token"])?;
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("scope", &host),
    ];
    let reply = succeeded(TOKEN, account(http.post(address).form(&form))).await?;
    let text = reply.text().await.map_err(|error| broken(TOKEN, error))?;
    // The reference shows an object; a bare token has been seen in examples.
    let token = match serde_json::from_str::<Scoped>(&text) {
        Ok(scoped) => scoped.token,
        Err(_) => text.trim().trim_matches('"').to_owned(),
    };
    Ok(Ingest {
        url: ingest_url(&config.account_url, &host)?,
        token: token.into(),
    })
}

fn no_token(error: snowflake_sql::Error) -> Error {
    let field = error.field().unwrap_or("tokens").to_owned();
    Error::new(
        error.kind(),
        format!("asking for a token: {}", error.message()),
    )
    .with_retry_after(error.retry_after())
    .with_source(error)
    .with_field(field)
}

/// An object with the field `hostname` in the reference, bare text in its tutorial.
/// A name with underscores is not served; the tutorial says to write dashes.
fn hostname(text: &str) -> String {
    #[derive(Deserialize)]
    struct Named {
        hostname: String,
    }
    let host = match serde_json::from_str::<Named>(text) {
        Ok(named) => named.hostname,
        Err(_) => text.trim().trim_matches('"').to_owned(),
    };
    host.replace('_', "-")
}

/// https, but for a test server that names a host of its own kind.
fn ingest_url(account_url: &Url, host: &str) -> Result<Url> {
    let wrong = || Error::new(ErrorKind::Decode, "the ingest host is not a host name");
    let scheme = account_url.scheme();
    let url: Url = format!("{scheme}://{host}").parse().map_err(|_| wrong())?;
    if scheme != "https" && !resilience::is_loopback(&url) {
        return Err(wrong());
    }
    Ok(url)
}

impl Ingest {
    /// Opens the channel, which takes it away from whoever has it open.
    pub(crate) async fn open(
        &self,
        http: &reqwest::Client,
        config: &ChannelConfig,
    ) -> Result<Opened> {
        let address = join(&self.url, &self.channel_path(config, false))?;
        let request = http.put(address).json(&json!({}));
        json_of("opening the channel", self.authorized(request)).await
    }

    /// Sends rows.
    pub(crate) async fn append(
        &self,
        http: &reqwest::Client,
        config: &ChannelConfig,
        continuation_token: &str,
        batch: &Batch,
    ) -> Result<Opened> {
        let mut path = self.channel_path(config, true);
        path.push("rows".to_owned());
        let request = http
            .post(join(&self.url, &path)?)
            .query(&[
                ("continuationToken", continuation_token),
                ("startOffsetToken", &batch.first.to_string()),
                ("endOffsetToken", &batch.last.to_string()),
            ])
            .header("Content-Type", "application/x-ndjson")
            .header("Content-Encoding", "gzip")
            .body(batch.body.clone());
        json_of("appending rows", self.authorized(request)).await
    }

    /// How far the channel is; `None` when Snowflake does not know it.
    pub(crate) async fn status(
        &self,
        http: &reqwest::Client,
        config: &ChannelConfig,
    ) -> Result<Option<ChannelStatus>> {
        let mut path = self.pipe_path(config, false);
        if let Some(pipe) = path.last_mut() {
            pipe.push_str(":bulk-channel-status");
        }
        let request = http
            .post(join(&self.url, &path)?)
            .json(&json!({ "channel_names": [config.channel] }));
        let mut statuses: Statuses =
            json_of("asking how far the channel is", self.authorized(request)).await?;
        Ok(statuses.channel_statuses.remove(&config.channel))
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(self.token.expose_secret())
    }

    fn pipe_path(&self, config: &ChannelConfig, data: bool) -> Vec<String> {
        let mut path: Vec<String> = vec!["v2".to_owned(), "streaming".to_owned()];
        if data {
            path.push("data".to_owned());
        }
        path.extend([
            "databases".to_owned(),
            config.database.clone(),
            "schemas".to_owned(),
            config.schema.clone(),
            "pipes".to_owned(),
            format!("{}-STREAMING", config.table),
        ]);
        path
    }

    fn channel_path(&self, config: &ChannelConfig, data: bool) -> Vec<String> {
        let mut path = self.pipe_path(config, data);
        path.extend(["channels".to_owned(), config.channel.clone()]);
        path
    }
}

/// Joins path segments, each escaped.
fn join(base: &Url, segments: &[impl AsRef<str>]) -> Result<Url> {
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| {
            Error::new(ErrorKind::Config, "cannot hold a path").with_field("account_url")
        })?
        .pop_if_empty()
        .extend(segments);
    Ok(url)
}

async fn json_of<T: DeserializeOwned>(what: &str, request: RequestBuilder) -> Result<T> {
    let reply = succeeded(what, request).await?;
    let text = reply.text().await.map_err(|error| broken(what, error))?;
    serde_json::from_str(&text).map_err(|error| {
        Error::new(
            ErrorKind::Decode,
            format!("{what}: the reply is not understood"),
        )
        .with_source(error)
    })
}

async fn succeeded(what: &str, request: RequestBuilder) -> Result<Response> {
    let reply = request.send().await.map_err(|error| broken(what, error))?;
    let status = reply.status();
    if status.is_success() {
        return Ok(reply);
    }
    let retry_after = reply
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    let body = reply.text().await.unwrap_or_default();
    Err(refusal(what, status, retry_after, &body))
}
