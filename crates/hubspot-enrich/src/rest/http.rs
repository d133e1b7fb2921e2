//! One request, with its retries.

use std::time::Duration;

use outbound::reqwest::header::AUTHORIZATION;
use outbound::{Attempts, HttpClient, Reply, Token, Tokens};
use resilience::{ErrorKind, RateLimiter};
use serde_json::Value;
use serde_json::error::Category;
use url::Url;

use super::failure::{CORRELATION, MAX_WORDS, Pause, Problem, Refusal};
use super::stats::{Counters, UnderWay};
use super::{HubSpotConfig, HubSpotStats};
use crate::{Error, Result};

/// The part of HubSpot's limits that is used: requests do not arrive as evenly as they
/// are sent.
const SHARE_OF_LIMIT: f64 = 0.9;

/// By this id HubSpot's support finds a request.
const CORRELATION_ID: &str = "x-hubspot-correlation-id";

/// What to send.
#[derive(Debug)]
pub(super) struct Request {
    /// Names it in errors and logs.
    pub(super) endpoint: String,
    pub(super) url: Url,
    /// A `POST` with this body; without one a `GET`.
    pub(super) body: Option<Vec<u8>>,
    /// The scopes that it takes, in case HubSpot does not say.
    pub(super) scopes: Vec<&'static str>,
    pub(super) is_search: bool,
}

/// The connection, the limits and the counters.
pub(super) struct Http {
    client: HttpClient,
    pub(super) config: HubSpotConfig,
    tokens: Tokens,
    limiter: RateLimiter,
    search_limiter: RateLimiter,
    counters: Counters,
}

impl Http {
    pub(super) fn new(config: HubSpotConfig) -> Result<Self> {
        let token = config.token.clone().into();
        let tokens = match &config.token_source {
            Some(source) => Tokens::beginning_with(token, source.clone()),
            None => token.into(),
        };
        let per_second = f64::from(config.requests_per_ten_seconds) / 10.0;
        let searches = f64::from(config.searches_per_second);
        Ok(Self {
            client: HttpClient::new("hubspot", &config.base_url, &config.http)?,
            tokens,
            limiter: RateLimiter::new(per_second * SHARE_OF_LIMIT, config.daily_requests),
            search_limiter: RateLimiter::new(searches * SHARE_OF_LIMIT, None),
            counters: Counters::default(),
            config,
        })
    }

    pub(super) fn stats(&self) -> HubSpotStats {
        self.counters.read(self.client.stats())
    }

    /// The address of a path, whose parts need no escaping.
    pub(super) fn url(&self, path: &str) -> Url {
        outbound::address(&self.config.base_url, path)
    }

    /// Sends a request until it is answered. What `decode` finds wrong may be worth
    /// another attempt too.
    pub(super) async fn fetch<T>(
        &self,
        request: &Request,
        decode: impl Fn(&[u8]) -> Result<T>,
    ) -> Result<T> {
        let attempts = Attempts::of(&request.endpoint);
        let attempt = || {
            let send = |token| self.attempt(request, &attempts, &decode, token);
            self.tokens.attempt(send)
        };
        let policy = &self.config.retry;
        self.client.retry(policy, &attempts, attempt).await
    }

    async fn attempt<T>(
        &self,
        request: &Request,
        attempts: &Attempts<'_>,
        decode: &impl Fn(&[u8]) -> Result<T>,
        token: Token,
    ) -> Result<T> {
        if request.is_search {
            self.client.admit(&self.search_limiter).await?;
        }
        // Searches count for the day as well.
        self.client.admit(&self.limiter).await?;
        let under_way = self.counters.begin(request.is_search);
        let sent = match &request.body {
            Some(body) => self.client.post_json(request.url.clone(), body.clone()),
            None => self.client.get(request.url.clone()),
        };
        let sent = sent.header(AUTHORIZATION, token.header()?);
        let mut reply = self.client.send(attempts, sent).await?;
        reply.note_trace_id(CORRELATION_ID, &token);
        self.heed(&reply, &under_way);
        if reply.is_success() {
            let correlation_id = correlation_id(&reply);
            let body = reply.whole().await?;
            return decode(&body).map_err(|error| {
                let id = correlation_id.as_deref();
                correlated(&error, &request.endpoint, id, &token)
            });
        }
        Err(self.refusal(reply, request, &token).await)
    }

    /// Stops before HubSpot has to say no: others may use the same token.
    fn heed(&self, reply: &Reply<'_>, under_way: &UnderWay<'_>) {
        let number = |name: &str| reply.header(name)?.parse::<u64>().ok();
        if let Some(remaining) = number("x-hubspot-ratelimit-daily-remaining") {
            self.counters.daily_remaining(remaining);
        }
        let remaining = number("x-hubspot-ratelimit-remaining");
        let interval = number("x-hubspot-ratelimit-interval-milliseconds");
        if let (Some(remaining), Some(interval)) = (remaining, interval)
            && remaining <= under_way.others()
        {
            let pause = Duration::from_millis(interval);
            self.limiter
                .hold(pause.min(self.config.retry.longest_retry_after));
            tracing::debug!(
                remaining,
                interval,
                "the burst limit is used up; requests wait"
            );
        }
    }

    async fn refusal(&self, mut reply: Reply<'_>, request: &Request, token: &Token) -> Error {
        let body = reply.start().await;
        let refusal = Refusal {
            status: reply.status(),
            retry_after: reply.retry_after(),
            problem: Problem(serde_json::from_slice(&body).unwrap_or(Value::Null)),
            correlation_id: correlation_id(&reply),
        };
        let longest_wait = self.config.retry.longest_retry_after;
        match refusal.pause(longest_wait) {
            Some(Pause::All(wait)) => self.limiter.hold(wait),
            Some(Pause::Searches(wait)) => self.search_limiter.hold(wait),
            None => {}
        }
        let (endpoint, scopes) = (&request.endpoint, &request.scopes);
        refusal.into_error(endpoint, scopes, reply.host(), longest_wait, token)
    }
}

/// An error of a reply that came with status 2xx, with the id by which HubSpot's support
/// finds it.
fn correlated(error: &Error, endpoint: &str, id: Option<&str>, token: &Token) -> Error {
    let mut message = format!(
        "{endpoint}: {}",
        token.redacted(error.message(), 2 * MAX_WORDS)
    );
    let id = id.filter(|id| !token.is_repeated_in(id));
    if let Some(id) = id.filter(|_| !message.contains(CORRELATION)) {
        message = format!(
            "{message}{CORRELATION}{})",
            outbound::printable(id, MAX_WORDS)
        );
    }
    Error::new(error.kind(), message).with_retry_after(error.retry_after())
}

fn correlation_id(reply: &Reply<'_>) -> Option<String> {
    let id = reply.header(CORRELATION_ID)?;
    Some(id.to_owned()).filter(|id| !id.is_empty())
}

/// Reads a reply as JSON; the error names the place in it and no value. A reply that is
/// no JSON was damaged on the way, which passes; one of another shape stays as it is.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| {
        let (kind, what) = match error.classify() {
            Category::Data => (ErrorKind::Decode, "is not what it should be"),
            _ => (ErrorKind::Transient, "is not JSON"),
        };
        let (bytes, line, column) = (body.len(), error.line(), error.column());
        let message = format!("the reply of {bytes} bytes {what}, at line {line} column {column}");
        Error::new(kind, message)
    })
}
