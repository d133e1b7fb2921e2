//! One request, however often it takes.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode};
use resilience::{ErrorKind, RateLimiter, retry};
use serde_json::Value;
use serde_json::error::Category;
use url::Url;

use super::HubSpotConfig;
use super::failure::{CORRELATION, Pause, Problem, Refusal, printable};
use super::stats::{Counters, UnderWay};
use super::token::{Authorization, Unanswered};
use super::transport::broken;
use crate::{Error, Result};

/// How much of an unsuccessful reply is read; HubSpot's are a few hundred bytes.
const MAX_ERROR_BODY: usize = 64 * 1024;
/// The part of HubSpot's limits that is used: requests do not arrive as evenly as they
/// are sent.
const SHARE_OF_LIMIT: f64 = 0.9;

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
    client: reqwest::Client,
    pub(super) config: HubSpotConfig,
    authorization: Authorization,
    host: String,
    limiter: RateLimiter,
    search_limiter: RateLimiter,
    pub(super) counters: Counters,
}

impl Http {
    pub(super) fn new(config: HubSpotConfig) -> Result<Self> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(config.connect_timeout)
            .timeout(config.attempt_timeout)
            // HubSpot never redirects; following would carry the token to another host.
            .redirect(reqwest::redirect::Policy::none())
            // This client retries, and only once over.
            .retry(reqwest::retry::never())
            .user_agent(&config.user_agent);
        if config.is_loopback() {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            Error::new(ErrorKind::Config, "the HTTP client cannot be set up").with_source(error)
        })?;
        let (token, source) = (config.token.clone(), config.token_source.clone());
        let authorization = Authorization::new(token, source)?;
        let per_second = f64::from(config.requests_per_ten_seconds) / 10.0;
        let searches = f64::from(config.searches_per_second);
        Ok(Self {
            client,
            authorization,
            host: config.base_url.host_str().unwrap_or_default().to_owned(),
            limiter: RateLimiter::new(per_second * SHARE_OF_LIMIT, config.daily_requests),
            search_limiter: RateLimiter::new(searches * SHARE_OF_LIMIT, None),
            counters: Counters::default(),
            config,
        })
    }

    /// The address of a path, whose parts need no escaping.
    pub(super) fn url(&self, path: &str) -> Url {
        let mut url = self.config.base_url.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        url
    }

    /// Sends a request until it is answered. What `decode` finds wrong may be worth
    /// another attempt too.
    pub(super) async fn fetch<T>(
        &self,
        request: &Request,
        decode: impl Fn(&[u8]) -> Result<T>,
    ) -> Result<T> {
        let attempt = || self.attempt_with_valid_token(request, &decode);
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

    /// An attempt, and a second one with another token when the first is refused for its.
    async fn attempt_with_valid_token<T>(
        &self,
        request: &Request,
        decode: &impl Fn(&[u8]) -> Result<T>,
    ) -> Result<T> {
        match self.attempt(request, decode).await {
            Err(Unanswered {
                refused_token: Some(number),
                ..
            }) if self.authorization.renew(number).await? => self.attempt(request, decode).await,
            answer => answer,
        }
        .map_err(|unanswered| unanswered.error)
    }

    async fn attempt<T>(
        &self,
        request: &Request,
        decode: &impl Fn(&[u8]) -> Result<T>,
    ) -> Result<T, Unanswered> {
        let waited = self.admit(request.is_search).await?;
        let under_way = self.counters.begin(request.is_search, waited);
        let method = request.body.as_ref().map_or(Method::GET, |_| Method::POST);
        let (authorization, token_number) = self.authorization.header();
        let mut builder = self
            .client
            .request(method, request.url.clone())
            .header(AUTHORIZATION, authorization);
        if let Some(body) = &request.body {
            builder = builder
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        let endpoint = &*request.endpoint;
        let mut response = builder
            .send()
            .await
            .map_err(|error| broken(error, endpoint, &self.host))?;
        self.heed(response.headers(), &under_way);
        let status = response.status();
        if status.is_success() {
            let correlation_id = correlation_id(response.headers());
            let body = self.read(&mut response, endpoint).await?;
            tracing::debug!(
                endpoint,
                status = status.as_u16(),
                bytes = body.len(),
                "answered"
            );
            return decode(&body).map_err(|error| {
                Unanswered::from(self.correlated(&error, endpoint, correlation_id.as_deref()))
            });
        }
        Err(Unanswered {
            error: self.refusal(response, request).await,
            refused_token: (status == StatusCode::UNAUTHORIZED).then_some(token_number),
        })
    }

    /// An error of a reply that came with status 2xx, with the id by which HubSpot's support
    /// finds it.
    fn correlated(&self, error: &Error, endpoint: &str, correlation_id: Option<&str>) -> Error {
        let words = match self.authorization.is_in(error.message()) {
            true => "[left out, because it repeats the token]",
            false => error.message(),
        };
        let mut message = format!("{endpoint}: {words}");
        let id = correlation_id.filter(|id| !self.authorization.is_in(id));
        if let Some(id) = id.filter(|_| !message.contains(CORRELATION)) {
            message = format!("{message}{CORRELATION}{})", printable(id));
        }
        Error::new(error.kind(), message).with_retry_after(error.retry_after())
    }

    /// Waits for the limits, and says for how long.
    async fn admit(&self, is_search: bool) -> Result<Duration> {
        let used_up = |used_up: resilience::BudgetExhausted| {
            Error::new(ErrorKind::QuotaExhausted, used_up.to_string())
                .with_retry_after(Some(used_up.free_after))
        };
        let mut waited = Duration::ZERO;
        if is_search {
            waited += self.search_limiter.acquire().await.map_err(used_up)?.waited;
        }
        // Searches count for the day as well.
        waited += self.limiter.acquire().await.map_err(used_up)?.waited;
        Ok(waited)
    }

    /// Stops before HubSpot has to say no: others may use the same token.
    fn heed(&self, headers: &HeaderMap, under_way: &UnderWay<'_>) {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
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

    async fn read(&self, response: &mut Response, endpoint: &str) -> Result<Vec<u8>> {
        let limit = self.config.max_response_bytes;
        let mut body = Vec::new();
        loop {
            let chunk = response.chunk().await;
            let chunk = chunk.map_err(|error| broken(error, endpoint, &self.host))?;
            let Some(chunk) = chunk else {
                return Ok(body);
            };
            if body.len() + chunk.len() > limit {
                let message = format!("{endpoint}: the reply is larger than {limit} bytes");
                return Err(Error::new(ErrorKind::Decode, message).with_field("max_response_bytes"));
            }
            body.extend_from_slice(&chunk);
        }
    }

    async fn refusal(&self, mut response: Response, request: &Request) -> Error {
        let mut body = Vec::new();
        // As much as arrives: the status alone already says what to do.
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() >= MAX_ERROR_BODY {
                break;
            }
        }
        let header = |name: &str| response.headers().get(name)?.to_str().ok().map(str::trim);
        let refusal = Refusal {
            status: response.status().as_u16(),
            retry_after: header(RETRY_AFTER.as_str())
                .and_then(|seconds| Duration::try_from_secs_f64(seconds.parse().ok()?).ok()),
            problem: Problem(serde_json::from_slice(&body).unwrap_or(Value::Null)),
            correlation_id: correlation_id(response.headers()),
        };
        tracing::debug!(
            endpoint = request.endpoint,
            status = refusal.status,
            "refused"
        );
        let longest_wait = self.config.retry.longest_retry_after;
        if refusal.status == 429 {
            self.counters.refused_for_rate();
        }
        match refusal.pause(longest_wait) {
            Some(Pause::All(wait)) => self.limiter.hold(wait),
            Some(Pause::Searches(wait)) => self.search_limiter.hold(wait),
            None => {}
        }
        refusal.into_error(
            &request.endpoint,
            &request.scopes,
            &self.host,
            longest_wait,
            |words| self.authorization.is_in(words),
        )
    }
}

fn correlation_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-hubspot-correlation-id")?.to_str().ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
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
