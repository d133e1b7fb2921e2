//! The requests, one function each.

use std::collections::HashMap;

use outbound::reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use outbound::reqwest::{Method, RequestBuilder};
use outbound::{Attempts, HttpClient, Token, TokenKind, Tokens};
use resilience::ErrorKind;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use url::Url;

use crate::batch::Batch;
use crate::failure::refusal;
use crate::{ChannelConfig, Error, Result};

/// The ingest host with a token that is good for it alone.
#[derive(Debug)]
pub(crate) struct Ingest {
    url: Url,
    token: Token,
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
pub(crate) async fn discover(
    http: &HttpClient,
    config: &ChannelConfig,
    attempts: &Attempts<'_>,
) -> Result<Ingest> {
    let tokens = Tokens::from(config.tokens.clone());
    tokens
        .attempt(|proof| ask_account(http, config, attempts, proof))
        .await
}

async fn ask_account(
    http: &HttpClient,
    config: &ChannelConfig,
    attempts: &Attempts<'_>,
    proof: Token,
) -> Result<Ingest> {
    let told = |request: RequestBuilder| match proof.kind().snowflake_name() {
        Some(kind) => request.header("X-Snowflake-Authorization-Token-Type", kind),
        None => request,
    };
    let address = join(&config.account_url, &["v2", "streaming", "hostname"])?;
    let host = answer(http, attempts, &proof, told(http.get(address))).await?;
    let host = hostname(&String::from_utf8_lossy(&host));
    let address = join(&config.account_url, &["oauth", "token"])?;
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
        .append_pair("scope", &host)
        .finish();
    let request = http.request(Method::POST, address).body(form);
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let scoped = answer(http, attempts, &proof, told(request)).await?;
    // The reference shows an object; a bare token has been seen in examples.
    let scoped = match serde_json::from_slice::<Scoped>(&scoped) {
        Ok(scoped) => scoped.token,
        Err(_) => bare(&String::from_utf8_lossy(&scoped)),
    };
    let token = Token::new(TokenKind::OAuth, scoped)
        .map_err(|_| Error::new(ErrorKind::Decode, "the scoped token is not a token"))?;
    Ok(Ingest {
        url: ingest_url(&config.account_url, &host)?,
        token,
    })
}

/// Text that may be in quotes.
fn bare(text: &str) -> String {
    text.trim().trim_matches('"').to_owned()
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
        Err(_) => bare(text),
    };
    host.replace('_', "-")
}

/// https, but for a test server that names a host of its own kind.
fn ingest_url(account_url: &Url, host: &str) -> Result<Url> {
    let wrong = || Error::new(ErrorKind::Decode, "the ingest host is not a host name");
    let scheme = account_url.scheme();
    let url: Url = format!("{scheme}://{host}").parse().map_err(|_| wrong())?;
    if scheme != "https" && !outbound::is_loopback(&url) {
        return Err(wrong());
    }
    Ok(url)
}

impl Ingest {
    /// Opens the channel, which takes it away from whoever has it open.
    pub(crate) async fn open(
        &self,
        http: &HttpClient,
        config: &ChannelConfig,
        attempts: &Attempts<'_>,
    ) -> Result<Opened> {
        let address = join(&self.url, &self.channel_path(config, false))?;
        let request = http.request(Method::PUT, address).body("{}");
        let request = request.header(CONTENT_TYPE, "application/json");
        json(&answer(http, attempts, &self.token, request).await?)
    }

    /// Sends rows.
    pub(crate) async fn append(
        &self,
        http: &HttpClient,
        config: &ChannelConfig,
        attempts: &Attempts<'_>,
        continuation_token: &str,
        batch: &Batch,
    ) -> Result<Opened> {
        let mut path = self.channel_path(config, true);
        path.push("rows".to_owned());
        let mut address = join(&self.url, &path)?;
        address
            .query_pairs_mut()
            .append_pair("continuationToken", continuation_token)
            .append_pair("startOffsetToken", &batch.first.to_string())
            .append_pair("endOffsetToken", &batch.last.to_string());
        let request = http
            .request(Method::POST, address)
            .header(CONTENT_TYPE, "application/x-ndjson")
            .header("Content-Encoding", "gzip")
            .body(batch.body.clone());
        json(&answer(http, attempts, &self.token, request).await?)
    }

    /// How far the channel is; `None` when Snowflake does not know it.
    pub(crate) async fn status(
        &self,
        http: &HttpClient,
        config: &ChannelConfig,
        attempts: &Attempts<'_>,
    ) -> Result<Option<ChannelStatus>> {
        let mut path = self.pipe_path(config, false);
        if let Some(pipe) = path.last_mut() {
            pipe.push_str(":bulk-channel-status");
        }
        let names = json!({ "channel_names": [config.channel] }).to_string();
        let request = http.post_json(join(&self.url, &path)?, names);
        let mut statuses: Statuses = json(&answer(http, attempts, &self.token, request).await?)?;
        Ok(statuses.channel_statuses.remove(&config.channel))
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
        .map_err(|()| Error::config("account_url", "cannot contain a path"))?
        .pop_if_empty()
        .extend(segments);
    Ok(url)
}

fn json<T: DeserializeOwned>(reply: &[u8]) -> Result<T> {
    serde_json::from_slice(reply).map_err(|error| {
        Error::new(ErrorKind::Decode, "the reply is not understood").with_source(error)
    })
}

/// Sends a request and reads its reply.
async fn answer(
    http: &HttpClient,
    attempts: &Attempts<'_>,
    token: &Token,
    request: RequestBuilder,
) -> Result<Vec<u8>> {
    let request = request.header(AUTHORIZATION, token.header()?);
    let mut reply = http.send(attempts, request).await?;
    if reply.is_success() {
        return Ok(reply.whole().await?);
    }
    let body = reply.start().await;
    Err(refusal(&reply, &body, token))
}
