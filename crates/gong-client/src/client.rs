//! The HTTP client: one request, with its retries.

use std::fmt;

use async_trait::async_trait;
use calls::{Call, CallId, RawDocument, Timestamp};
use outbound::reqwest::header::AUTHORIZATION;
use outbound::{Attempts, HttpClient, Token, Tokens};
use resilience::{ErrorKind, RateLimiter};

use crate::config::GongConfig;
use crate::failure::Refusal;
use crate::request::{Endpoints, Request};
use crate::seen::Seen;
use crate::{
    CallFilter, ClientStats, ContentSelector, Cursor, Error, GongApi, Page, Result,
    TranscriptFilter, User, Workspace, decode,
};

/// Gong's name for a request, which is also the `requestId` of its errors and what its
/// support asks for.
const TRACE_ID: &str = "x-traceid";

/// Gong's public API over HTTP.
///
/// It enforces Gong's limits on the client side, waits where Gong asks it to, retries
/// transient failures, and turns the rest into errors that name the cause.
/// Cheap to share in an `Arc`; the limits hold for all who share it.
///
/// ```no_run
/// use gong_client::{CallFilter, GongApi, GongClient, GongConfig};
///
/// # async fn example() -> Result<(), gong_client::Error> {
/// let gong = GongClient::new(GongConfig::from_env()?)?;
/// let page = gong.calls(&CallFilter::default(), None).await?;
/// println!("{} calls, {:?}", page.items.len(), gong.stats());
/// # Ok(())
/// # }
/// ```
pub struct GongClient {
    http: HttpClient,
    endpoints: Endpoints,
    tokens: Tokens,
    config: GongConfig,
    limiter: RateLimiter,
}

impl GongClient {
    /// A client for one tenant. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) when the credentials cannot go into a header
    /// or TLS cannot be set up.
    pub fn new(config: GongConfig) -> Result<Self> {
        let token = config.credentials.token()?;
        let tokens = match &config.token_source {
            Some(source) => Tokens::beginning_with(token, source.clone()),
            None => token.into(),
        };
        Ok(Self {
            http: HttpClient::new("gong", &config.base_url, &config.http)?,
            endpoints: Endpoints::new(config.base_url.clone()),
            tokens,
            limiter: RateLimiter::new(config.requests_per_second, config.daily_requests),
            config,
        })
    }

    /// What it has done so far.
    pub fn stats(&self) -> ClientStats {
        self.http.stats()
    }

    /// What is left of the client's own daily budget; `None` when it keeps none.
    /// Others who use the company's quota are not counted.
    pub fn remaining_today(&self) -> Option<u64> {
        self.limiter.remaining_today()
    }

    /// Sends a request until it is answered.
    async fn fetch<T>(
        &self,
        request: &Request,
        decode: fn(&[u8]) -> Result<T>,
    ) -> Result<Answer<T>> {
        let seen = Seen::default();
        let attempts = Attempts::of(request.endpoint);
        let attempt = || {
            let send = |token| self.attempt(request, &attempts, decode, &seen, token);
            self.tokens.attempt(send)
        };
        let policy = &self.config.retry;
        self.http.retry(policy, &attempts, attempt).await
    }

    async fn attempt<T>(
        &self,
        request: &Request,
        attempts: &Attempts<'_>,
        decode: fn(&[u8]) -> Result<T>,
        seen: &Seen,
        token: Token,
    ) -> Result<Answer<T>> {
        self.http.admit(&self.limiter).await?;
        let sent = match &request.body {
            Some(body) => self.http.post_json(request.url.clone(), body.clone()),
            None => self.http.get(request.url.clone()),
        };
        let sent = sent.header(AUTHORIZATION, token.header()?);
        let mut reply = self.http.send(attempts, sent).await?;
        reply.note_trace_id(TRACE_ID, &token);
        let served_at = reply.date();
        let answer = |content| Answer { content, served_at };
        if reply.is_success() {
            let body = reply.whole().await?;
            return decode(&body)
                .map(Some)
                .map(answer)
                .map_err(|error| seen.undecoded(error, &body, &reply));
        }
        let body = reply.start().await;
        let refusal = Refusal::read(&reply, &body, &token);
        if refusal.is_empty_result() {
            return Ok(answer(None));
        }
        let longest_wait = self.config.retry.longest_retry_after;
        // The quota is everybody's: nobody sends until it is over.
        if refusal.status() == 429
            && let Some(wait) = refusal.retry_after().filter(|wait| *wait <= longest_wait)
        {
            self.limiter.hold(wait);
        }
        Err(refusal.into_error(request.endpoint, reply.host(), longest_wait))
    }

    async fn fetch_page<T>(
        &self,
        request: &Request,
        decode: fn(&[u8]) -> Result<Page<T>>,
    ) -> Result<Page<T>> {
        let answer = self.fetch(request, decode).await?;
        let mut page = answer.content.unwrap_or_default();
        page.served_at = answer.served_at;
        Ok(page)
    }
}

#[async_trait]
impl GongApi for GongClient {
    fn authority(&self) -> String {
        self.endpoints.authority()
    }

    async fn users(&self, cursor: Option<Cursor>) -> Result<Page<User>> {
        self.fetch_page(&self.endpoints.users(cursor), decode::users)
            .await
    }

    async fn workspaces(&self) -> Result<Vec<Workspace>> {
        let workspaces = self
            .fetch(&self.endpoints.workspaces(), decode::workspaces)
            .await?;
        Ok(workspaces.content.unwrap_or_default())
    }

    async fn calls(&self, filter: &CallFilter, cursor: Option<Cursor>) -> Result<Page<Call>> {
        self.fetch_page(&self.endpoints.calls(filter, cursor)?, decode::calls)
            .await
    }

    async fn call(&self, id: &CallId) -> Result<Call> {
        let answer = self.fetch(&self.endpoints.call(id)?, decode::call).await?;
        answer
            .content
            .ok_or_else(|| Error::new(ErrorKind::NotFound, format!("call {id} was not found")))
    }

    async fn extensive_calls(
        &self,
        filter: &CallFilter,
        selector: &ContentSelector,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>> {
        let request = self.endpoints.extensive_calls(filter, selector, cursor)?;
        self.fetch_page(&request, decode::extensive_calls).await
    }

    async fn transcripts(
        &self,
        filter: &TranscriptFilter,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>> {
        let request = self.endpoints.transcripts(filter, cursor)?;
        self.fetch_page(&request, decode::transcripts).await
    }
}

impl fmt::Debug for GongClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GongClient")
            .field("host", &self.config.base_url.host_str())
            .field("limiter", &self.limiter)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

/// A request answered.
struct Answer<T> {
    /// `None` is Gong's empty result.
    content: Option<T>,
    served_at: Option<Timestamp>,
}
