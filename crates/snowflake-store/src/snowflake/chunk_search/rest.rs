//! Snowflake's Cortex Search over its REST interface.
//!
//! For callers that have a search service over the chunks.

use std::fmt::{self, Debug};
use std::sync::Arc;

use async_trait::async_trait;
use outbound::reqwest::header::{ACCEPT, AUTHORIZATION};
use outbound::{Attempts, HttpClient, HttpSettings, Token, TokenSource, Tokens};
use resilience::RetryPolicy;
use serde_json::json;
use url::Url;

use super::refusal::{NAME, of_status};
use super::reply::{COLUMNS, read};
use super::{ChunkSearch, FoundChunk, SearchServiceName};
use crate::{Error, Result};

/// Snowflake's limit for the results of one search.
const MOST_RESULTS: usize = 1_000;

/// A Cortex Search service, asked over REST
/// (`POST /api/v2/databases/…/schemas/…/cortex-search-services/…:query`).
///
/// The service ranks by vectors, words and a reranker of its own. Its `SEARCH_PREVIEW`
/// in SQL takes literals only, so it is not used here.
///
/// Transient failures are retried. A token that is refused is replaced
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
    http: HttpClient,
    base_url: Url,
    url: Url,
    service: SearchServiceName,
    tokens: Tokens,
    retry: RetryPolicy,
}

impl CortexSearch {
    /// A service of the account at `base_url`, asked with one token.
    ///
    /// # Errors
    /// `Config` on the field `base_url` when no token may go to the address; see
    /// [`check_base_url`](outbound::check_base_url).
    pub fn new(base_url: &Url, service: SearchServiceName, token: Token) -> Result<Self> {
        Self::with_tokens(base_url, service, token.into())
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
        Self::with_tokens(base_url, service, source.into())
    }

    /// When a transient failure is retried. Default: six attempts within
    /// five minutes.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Limits, and private certificate authorities. Default: 60 s and 64 MiB for a search.
    ///
    /// # Errors
    /// `Config` when TLS cannot be set up.
    pub fn with_http(mut self, settings: &HttpSettings) -> Result<Self> {
        self.http = client(&self.base_url, settings)?;
        Ok(self)
    }

    fn with_tokens(base_url: &Url, service: SearchServiceName, tokens: Tokens) -> Result<Self> {
        Ok(Self {
            http: client(base_url, &HttpSettings::default())?,
            base_url: base_url.clone(),
            url: address(base_url, &service)?,
            service,
            tokens,
            retry: RetryPolicy::default(),
        })
    }

    async fn attempt(
        &self,
        attempts: &Attempts<'_>,
        body: &str,
        token: Token,
    ) -> outbound::Result<Vec<FoundChunk>> {
        let mut request = self
            .http
            .post_json(self.url.clone(), body.to_owned())
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, token.header()?);
        if let Some(kind) = token.kind().snowflake_name() {
            request = request.header("X-Snowflake-Authorization-Token-Type", kind);
        }
        let mut reply = self.http.send(attempts, request).await?;
        if reply.is_success() {
            return read(&reply.whole().await?, &token);
        }
        let body = reply.start().await;
        Err(of_status(&reply, &body, &token))
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
        let attempts = Attempts::of(NAME);
        let attempt = || {
            let send = |token| self.attempt(&attempts, &body, token);
            self.tokens.attempt(send)
        };
        let found = self.http.retry(&self.retry, &attempts, attempt).await;
        found.map_err(Error::from_below)
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

fn client(base_url: &Url, settings: &HttpSettings) -> Result<HttpClient> {
    HttpClient::new(NAME, base_url, settings).map_err(Error::from_below)
}

fn address(base_url: &Url, service: &SearchServiceName) -> Result<Url> {
    let [database, schema, name] = service.parts();
    let mut url = base_url.clone();
    url.path_segments_mut()
        .map_err(|()| Error::config("base_url", "names no host"))?
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
