//! The HTTP client: one request, however often it takes.

use std::fmt;

use async_trait::async_trait;
use calls::{Call, CallId, RawDocument, Timestamp};
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use resilience::{ErrorKind, RateLimiter, retry};
use tracing::Instrument;

use crate::authorization::Authorization;
use crate::body::{Unread, read_start, read_whole};
use crate::config::GongConfig;
use crate::failure::Refusal;
use crate::request::{Endpoints, Request};
use crate::seen::Seen;
use crate::stats::Counters;
use crate::transport::broken;
use crate::{
    CallFilter, ClientStats, ContentSelector, Cursor, Error, GongApi, Page, Result,
    TranscriptFilter, User, Workspace, decode, headers,
};

/// How much of an unsuccessful reply is read; Gong's are a few hundred bytes.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// Gong's public API over HTTP.
///
/// It keeps to Gong's limits on its own side, waits where Gong asks it to, tries
/// again what usually passes, and turns the rest into errors that name the cause.
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
    http: reqwest::Client,
    endpoints: Endpoints,
    authorization: Authorization,
    host: String,
    config: GongConfig,
    limiter: RateLimiter,
    counters: Counters,
}

impl GongClient {
    /// A client for one tenant. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) when the credentials cannot go into a header
    /// or TLS cannot be set up.
    pub fn new(config: GongConfig) -> Result<Self> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            .timeout(config.attempt_timeout)
            // Gong never redirects; following would carry data to another host.
            .redirect(reqwest::redirect::Policy::none())
            // This client retries, and only once over.
            .retry(reqwest::retry::never())
            .user_agent(&config.user_agent);
        if config.is_loopback() {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| {
            Error::new(ErrorKind::Config, "the HTTP client cannot be set up").with_source(error)
        })?;
        let authorization = Authorization::new(&http, &config)?;
        Ok(Self {
            http,
            endpoints: Endpoints::new(config.base_url.clone()),
            authorization,
            host: config.base_url.host_str().unwrap_or_default().to_owned(),
            limiter: RateLimiter::new(config.requests_per_second, config.daily_requests),
            counters: Counters::default(),
            config,
        })
    }

    /// What it has done so far.
    pub fn stats(&self) -> ClientStats {
        self.counters.read()
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
        let attempt = || {
            let span = tracing::debug_span!(
                "gong_request",
                endpoint = request.endpoint,
                status = tracing::field::Empty,
                trace_id = tracing::field::Empty,
            );
            self.attempt(request, decode, &seen).instrument(span)
        };
        retry(&self.config.retry, attempt, |error: &Error, wait| {
            self.counters.retry();
            tracing::debug!(
                endpoint = request.endpoint,
                kind = error.kind().as_str(),
                wait_ms = wait.as_millis(),
                "request is tried again"
            );
        })
        .await
    }

    async fn attempt<T>(
        &self,
        request: &Request,
        decode: fn(&[u8]) -> Result<T>,
        seen: &Seen,
    ) -> Result<Answer<T>> {
        let endpoint = request.endpoint;
        let admission = self.limiter.acquire().await.map_err(|used_up| {
            Error::new(ErrorKind::QuotaExhausted, used_up.to_string())
                .with_retry_after(Some(used_up.free_after))
        })?;
        self.counters.request(admission.waited);
        let mut builder = self
            .http
            .request(request.method.clone(), request.url.clone())
            .header(AUTHORIZATION, self.authorization.header());
        if let Some(body) = &request.body {
            builder = builder
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        let mut response = builder.send().await.map_err(|error| {
            let broken = broken(error, endpoint, &self.host);
            if broken.unknown_host && seen.unknown_host_is_enough() {
                return broken.error.exhausted();
            }
            broken.error
        })?;
        let status = response.status();
        self.note_answer(status, response.headers());
        let served_at = headers::date(response.headers());
        let answer = |content| Answer { content, served_at };
        if status.is_success() {
            let body = read_whole(
                &mut response,
                self.config.max_response_bytes,
                &self.counters,
            )
            .await
            .map_err(|unread| self.unread(unread, endpoint))?;
            tracing::debug!(bytes = body.len(), "answered");
            return decode(&body)
                .map(Some)
                .map(answer)
                .map_err(|error| seen.undecoded(error, &body, endpoint, status));
        }
        let body = read_start(&mut response, MAX_ERROR_BODY, &self.counters).await;
        let refusal = Refusal::read(status, response.headers(), &body, |words| {
            self.authorization.is_repeated_in(words)
        });
        if refusal.is_empty_result() {
            return Ok(answer(None));
        }
        tracing::debug!("refused");
        let longest_wait = self.config.retry.longest_retry_after;
        if refusal.status() == StatusCode::TOO_MANY_REQUESTS {
            self.counters.refused_for_rate();
            // The quota is everybody's: nobody sends until it is over.
            if let Some(wait) = refusal.retry_after().filter(|wait| *wait <= longest_wait) {
                self.limiter.hold(wait);
            }
        }
        Err(refusal.into_error(endpoint, &self.host, longest_wait))
    }

    /// Gong's support asks for the trace id; a server may also write secrets into it.
    fn note_answer(&self, status: StatusCode, headers: &HeaderMap) {
        let span = tracing::Span::current();
        span.record("status", status.as_u16());
        let trace_id = headers::trace_id(headers);
        if let Some(id) = trace_id.filter(|id| !self.authorization.is_repeated_in(id)) {
            span.record("trace_id", id);
        }
    }

    fn unread(&self, unread: Unread, endpoint: &str) -> Error {
        match unread {
            Unread::Broken(error) => broken(error, endpoint, &self.host).error,
            Unread::TooLarge => {
                let limit = self.config.max_response_bytes;
                let message = format!("{endpoint}: the reply is larger than {limit} bytes");
                Error::new(ErrorKind::Decode, message).with_field("max_response_bytes")
            }
        }
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
            .field("host", &self.host)
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
