//! Snowflake's Cortex Search over its REST interface.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use resilience::{ErrorKind, RetryPolicy, retry};
use serde_json::json;
use snowflake_sql::{Token, TokenSource};
use url::Url;

use super::refusal::{broken, of_status};
use super::reply::{COLUMNS, read};
use super::token::{Held, authorization};
use super::{ChunkSearch, FoundChunk, SearchServiceName};
use crate::{Error, Result};

/// Snowflake's limit for the results of one search.
const MOST_RESULTS: usize = 1_000;

/// Much more than a thousand chunks are.
const MOST_REPLY_BYTES: usize = 64 << 20;

/// A Cortex Search service, asked over REST
/// (`POST /api/v2/databases/…/schemas/…/cortex-search-services/…:query`).
///
/// The service ranks by vectors, words and a reranker of its own. Its `SEARCH_PREVIEW`
/// in SQL takes literals only, so it is not used here.
///
/// A search is tried again when it fails for now. A token that is refused is replaced
/// once a search, where there is a source of new ones.
///
/// ```
/// use snowflake_sql::{Token, TokenKind};
/// use snowflake_store::CortexSearch;
///
/// let token = Token::new(TokenKind::ProgrammaticAccess, "SECRET")?;
/// let search = CortexSearch::new(
///     &"https://myorg-sales.snowflakecomputing.com".parse()?,
///     "GONG.CALLS.GONG_CHUNK_SEARCH".parse()?,
///     token,
/// )?;
/// assert!(!format!("{search:?}").contains("SECRET"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CortexSearch {
    http: reqwest::Client,
    url: Url,
    service: SearchServiceName,
    tokens: Held,
    retry: RetryPolicy,
}

impl CortexSearch {
    /// A service of the account at `base_url`, asked with one token.
    ///
    /// # Errors
    /// `Config` on the field `base_url` when no token may go to the address; see
    /// [`check_base_url`](resilience::check_base_url).
    pub fn new(base_url: &Url, service: SearchServiceName, token: Token) -> Result<Self> {
        Self::with_tokens(base_url, service, Held::fixed(token))
    }

    /// As [`new`](Self::new), with tokens that expire.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_token_source(
        base_url: &Url,
        service: SearchServiceName,
        source: Arc<dyn TokenSource>,
    ) -> Result<Self> {
        Self::with_tokens(base_url, service, Held::from_source(source))
    }

    /// When a search that failed for now is tried again. Default: six attempts within
    /// five minutes.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    fn with_tokens(base_url: &Url, service: SearchServiceName, tokens: Held) -> Result<Self> {
        resilience::check_base_url(base_url)
            .map_err(|why| Error::new(ErrorKind::Config, why.to_string()).with_field("base_url"))?;
        let mut builder = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(60))
            // Following one would carry the token and the query to another host.
            .redirect(reqwest::redirect::Policy::none())
            // This client retries, and only once over.
            .retry(reqwest::retry::never())
            .user_agent(concat!("gong-snowflake/", env!("CARGO_PKG_VERSION")));
        if resilience::is_loopback(base_url) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| {
            Error::new(ErrorKind::Config, "the HTTP client cannot be set up").with_source(error)
        })?;
        Ok(Self {
            http,
            url: address(base_url, &service)?,
            service,
            tokens,
            retry: RetryPolicy::default(),
        })
    }

    /// One attempt, and a second one with a new token when the first was refused for
    /// its token.
    async fn attempt_with_token(&self, body: &str) -> Result<Vec<FoundChunk>> {
        let (token, number) = self.tokens.current().await?;
        match self.attempt(body, &token).await {
            Err(error) if error.kind() == ErrorKind::Auth && self.tokens.refuse(number).await => {
                let (token, _) = self.tokens.current().await?;
                self.attempt(body, &token).await
            }
            outcome => outcome,
        }
    }

    async fn attempt(&self, body: &str, token: &Token) -> Result<Vec<FoundChunk>> {
        let request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, authorization(token)?)
            .header(
                "X-Snowflake-Authorization-Token-Type",
                token.kind().as_str(),
            )
            .body(body.to_owned());
        let mut response = request.send().await.map_err(broken)?;
        let (status, headers) = (response.status(), response.headers().clone());
        tracing::debug!(service = %self.service, status = status.as_u16(), "search is answered");
        let mut reply = Vec::new();
        while let Some(part) = response.chunk().await.map_err(broken)? {
            if reply.len() + part.len() > MOST_REPLY_BYTES {
                return Err(Error::new(
                    ErrorKind::Decode,
                    "search service: the reply is too large",
                ));
            }
            reply.extend_from_slice(&part);
        }
        if status.is_success() {
            read(&reply)
        } else {
            Err(of_status(status, &headers, &reply))
        }
    }
}

#[async_trait]
impl ChunkSearch for CortexSearch {
    async fn search(&self, query: &str, limit: usize) -> Result<Vec<FoundChunk>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let body = json!({
            "query": query,
            "columns": COLUMNS,
            "limit": limit.min(MOST_RESULTS),
        })
        .to_string();
        let attempt = || self.attempt_with_token(&body);
        retry(&self.retry, attempt, |error: &Error, wait| {
            tracing::debug!(
                kind = error.kind().as_str(),
                wait_ms = wait.as_millis(),
                "search is tried again"
            );
        })
        .await
    }

    fn most_results(&self) -> usize {
        MOST_RESULTS
    }
}

impl Debug for CortexSearch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CortexSearch")
            .field("service", &self.service)
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}

fn address(base_url: &Url, service: &SearchServiceName) -> Result<Url> {
    let [database, schema, name] = service.parts();
    let mut url = base_url.clone();
    url.path_segments_mut()
        .map_err(|()| Error::new(ErrorKind::Config, "names no host").with_field("base_url"))?
        .clear()
        .extend(["api", "v2", "databases", database, "schemas", schema])
        .push("cortex-search-services")
        .push(&format!("{name}:query"));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within_their_part_of_the_address() {
        let service: SearchServiceName = r#"a."b/../c?d#e"."f g""#.parse().unwrap();
        let url = address(
            &"https://x.snowflakecomputing.com/".parse().unwrap(),
            &service,
        );
        assert_eq!(
            url.unwrap().path(),
            "/api/v2/databases/A/schemas/b%2F..%2Fc%3Fd%23e/cortex-search-services/f%20g:query"
        );
    }
}
