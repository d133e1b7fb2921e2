//! The HTTP client: one request, with its retries.

use std::fmt;
use std::sync::Arc;

use calls::Timestamp;
use outbound::reqwest::header::AUTHORIZATION;
use outbound::{Attempts, HttpClient, Token, Tokens};
use url::Url;

use crate::config::GongConfig;
use crate::counts::{Counts, EndpointCount};
use crate::failure::Refusal;
use crate::request::Request;
use crate::seen::Seen;
use crate::{ClientStats, Quota, Result, SharedLimiter};

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
/// use gong_client::GongClient;
///
/// # async fn example() -> Result<(), gong_client::Error> {
/// let gong = GongClient::from_env()?;
/// let workspaces = gong.settings().workspaces().await?;
/// println!("{} workspaces, {:?}", workspaces.len(), gong.client_stats());
/// # Ok(())
/// # }
/// ```
pub struct GongClient {
    http: HttpClient,
    tokens: Tokens,
    config: GongConfig,
    limiter: Arc<SharedLimiter>,
    counts: Counts,
}

impl GongClient {
    /// A client for one tenant. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) when the credentials cannot go into a header
    /// or TLS cannot be set up.
    pub fn new(config: GongConfig) -> Result<Self> {
        let token = config.credentials.token()?;
        let tokens = match &config.token_source {
            Some(source) => Tokens::beginning_with(token, source.clone()),
            None => token.into(),
        };
        Ok(Self {
            http: HttpClient::new("gong", &config.base_url, &config.http)?,
            tokens,
            limiter: config.limiter(),
            config,
            counts: Counts::default(),
        })
    }

    /// A client as the environment says; see [`GongConfig::from_env`].
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config), with the variable as
    /// [`field`](crate::Error::field).
    pub fn from_env() -> Result<Self> {
        Self::new(GongConfig::from_env()?)
    }

    /// What it has done so far.
    pub fn client_stats(&self) -> ClientStats {
        self.http.stats()
    }

    /// What it has done so far, by method, endpoint and status. For callers that export figures.
    pub fn counts(&self) -> Vec<EndpointCount> {
        self.counts.read()
    }

    /// How much of the quota is used, as far as this side knows.
    pub async fn quota(&self) -> Quota {
        self.limiter.quota().await
    }

    /// What is left of the client's own daily budget; `None` when it keeps none.
    /// Others who use the company's quota are not counted.
    pub async fn remaining_today(&self) -> Option<u64> {
        self.quota().await.remaining_today()
    }

    pub(crate) fn base_url(&self) -> &Url {
        &self.config.base_url
    }

    /// Sends a request until it is answered.
    pub(crate) async fn fetch<T>(
        &self,
        request: &Request,
        decode: impl Fn(&[u8]) -> Result<T>,
    ) -> Result<Answer<T>> {
        let (seen, decode) = (Seen::default(), &decode);
        let (seen, attempts) = (&seen, &Attempts::of(request.endpoint()));
        let attempt = async || {
            let send = |token| self.attempt(request, attempts, decode, seen, token);
            let outcome = self.tokens.attempt(send).await;
            outcome.map_err(|error| match request.may_repeat_after(&error) {
                true => error,
                false => error.exhausted(),
            })
        };
        let policy = &self.config.retry;
        self.http.retry(policy, attempts, attempt).await
    }

    async fn attempt<T>(
        &self,
        request: &Request,
        attempts: &Attempts<'_>,
        decode: &impl Fn(&[u8]) -> Result<T>,
        seen: &Seen,
        token: Token,
    ) -> Result<Answer<T>> {
        let sent = request.attempt(|method, url| self.http.request(method, url))?;
        self.http.admit(&self.limiter.here).await?;
        self.limiter.elsewhere().await?;
        let sent = sent.header(AUTHORIZATION, token.header()?);
        let reply = self.http.send(attempts, sent).await;
        let status = reply.as_ref().ok().map(outbound::Reply::status);
        self.counts.count(&request.operation, status);
        let mut reply = reply?;
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
            self.limiter.hold(wait).await;
        }
        Err(refusal.into_error(request.endpoint(), reply.host(), longest_wait))
    }
}

impl fmt::Debug for GongClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GongClient")
            .field("host", &self.config.base_url.host_str())
            .field("limiter", &self.limiter)
            .field("stats", &self.client_stats())
            .finish_non_exhaustive()
    }
}

/// A request answered.
pub(crate) struct Answer<T> {
    /// `None` is Gong's empty result.
    pub(crate) content: Option<T>,
    pub(crate) served_at: Option<Timestamp>,
}
