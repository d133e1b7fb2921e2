//! Sends a request, with its retries.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use reqwest::{IntoUrl, Method, RequestBuilder};
use resilience::{ErrorKind, Failure, RateLimiter, RetryPolicy, retry};
use tracing::Instrument;
use tracing::field::Empty;
use url::Url;

use crate::connection_failure::{connection_failure, late};
use crate::counters::Counters;
use crate::cryptography;
use crate::retry_after::date;
use crate::{BaseUrlError, ClientStats, Error, HttpSettings, Reply, Result};
use crate::{check_base_url, is_loopback};

/// Attempts for a host whose name cannot be resolved: a resolver may hiccup, and a misspelt
/// address should be reported soon.
const ATTEMPTS_FOR_UNKNOWN_HOST: u32 = 3;
/// Time for one attempt whose body is read while it is sent, unless the request says another:
/// 1.5 GB at 3.4 megabits per second.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(60 * 60);

/// Sends the requests of one client, and counts what it does.
///
/// It follows no redirect, because that would carry a token or what was asked to another
/// host, and it does not retry by itself. Requests to this machine go past any proxy;
/// others heed `HTTPS_PROXY` and `NO_PROXY`.
#[derive(Debug)]
pub struct HttpClient {
    name: &'static str,
    http: reqwest::Client,
    read_timeout: Duration,
    max_response_bytes: usize,
    counters: Counters,
}

/// One request, however often it is sent: names it in messages and counts the attempts.
#[derive(Debug)]
pub struct Attempts<'a> {
    pub(crate) endpoint: &'a str,
    sent: AtomicU32,
    unknown_host: AtomicU32,
}

impl<'a> Attempts<'a> {
    /// Of a request to an endpoint, named without ids and without a query.
    pub fn of(endpoint: &'a str) -> Self {
        Self {
            endpoint,
            sent: AtomicU32::new(0),
            unknown_host: AtomicU32::new(0),
        }
    }
}

impl HttpClient {
    /// A client for the service at `base`. `name` is what spans call it. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config): on the field `base_url` when no token may go there, see
    /// [`check_base_url`]; or when TLS cannot be set up.
    pub fn new(name: &'static str, base: &Url, settings: &HttpSettings) -> Result<Self> {
        check_base_url(base).map_err(|why| Error::config("base_url", why.to_string()))?;
        cryptography::provide();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.attempt_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .user_agent(&settings.user_agent)
            .tls_certs_merge(settings.root_certificates.iter().cloned());
        if is_loopback(base) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| {
            Error::new(ErrorKind::Config, "the HTTP client cannot be set up").with_source(error)
        })?;
        Ok(Self {
            name,
            http,
            read_timeout: settings.read_timeout,
            max_response_bytes: settings.max_response_bytes,
            counters: Counters::of(name),
        })
    }

    /// What it has done so far.
    pub fn stats(&self) -> ClientStats {
        self.counters.read()
    }

    /// A request, to be completed and [sent](Self::send).
    pub fn request(&self, method: Method, url: impl IntoUrl) -> RequestBuilder {
        self.http.request(method, url)
    }

    /// A `GET`.
    pub fn get(&self, url: impl IntoUrl) -> RequestBuilder {
        self.request(Method::GET, url)
    }

    /// A `POST` of JSON text.
    pub fn post_json(&self, url: impl IntoUrl, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let request = self.request(Method::POST, url);
        let request = request.header(reqwest::header::CONTENT_TYPE, "application/json");
        request.body(body)
    }

    /// Waits until a limit on this side has room for a request.
    ///
    /// # Errors
    /// [`QuotaExhausted`](ErrorKind::QuotaExhausted) when the limit's budget is used up.
    pub async fn admit(&self, limiter: &RateLimiter) -> Result<()> {
        let admission = limiter.acquire().await;
        self.counters.quota(limiter);
        let admission = admission.map_err(|used_up| {
            Error::new(ErrorKind::QuotaExhausted, used_up.to_string())
                .with_retry_after(Some(used_up.free_after))
        })?;
        self.counters.waited(admission.waited);
        Ok(())
    }

    /// Sends a request once. A reply of any status is a reply.
    ///
    /// A server is silent while it is sent a long body: one that is read while it is sent may
    /// take an hour, or as long as its request says.
    ///
    /// # Errors
    /// [`Transient`](ErrorKind::Transient) when no reply came, marked as not worth a further
    /// attempt once a host's name could not be resolved three times;
    /// [`Config`](ErrorKind::Config) when its certificate is not trusted.
    pub async fn send<'a>(
        &'a self,
        attempts: &'a Attempts<'_>,
        request: RequestBuilder,
    ) -> Result<Reply<'a>> {
        let endpoint = attempts.endpoint;
        let attempt = attempts.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let span = tracing::info_span!(
            "request",
            client = self.name,
            endpoint,
            attempt,
            status = Empty,
            trace_id = Empty,
        );
        self.counters.request();
        let mut request = request
            .build()
            .map_err(|error| connection_failure(error, endpoint, "").error)?;
        let url = request.url();
        if url.scheme() != "https" && !is_loopback(url) {
            let message = format!("{endpoint}: {}", BaseUrlError::PlainHttp);
            return Err(Error::new(ErrorKind::Config, message));
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let is_upload = request.body().is_some_and(|body| body.as_bytes().is_none());
        let silence = match is_upload {
            true => *request.timeout_mut().get_or_insert(UPLOAD_TIMEOUT),
            false => self.read_timeout,
        };
        let started = Instant::now();
        let replied = self.http.execute(request).instrument(span.clone());
        let replied = match tokio::time::timeout(silence, replied).await {
            Ok(replied) => replied.map_err(|error| connection_failure(error, endpoint, &host)),
            Err(_) => Err(late(endpoint, &host)),
        };
        let status = replied.as_ref().ok().map(|reply| reply.status().as_u16());
        self.counters.replied(status, started.elapsed());
        match replied {
            Ok(response) => {
                let status = response.status().as_u16();
                self.counters.answered_at(date(response.headers()));
                span.record("status", status);
                tracing::debug!(parent: &span, status, "answered");
                let limit = self.max_response_bytes;
                Ok(Reply::new(
                    response,
                    limit,
                    self.read_timeout,
                    &self.counters,
                    endpoint,
                    host,
                    span,
                ))
            }
            Err(failure) => {
                tracing::debug!(parent: &span, error = %failure.error, "not answered");
                let counted = |counter: &AtomicU32| counter.fetch_add(1, Ordering::Relaxed) + 1;
                Err(match failure.unknown_host {
                    true if counted(&attempts.unknown_host) >= ATTEMPTS_FOR_UNKNOWN_HOST => {
                        failure.error.exhausted()
                    }
                    _ => failure.error,
                })
            }
        }
    }

    /// [`retry`](resilience::retry), counted and told.
    ///
    /// # Errors
    /// As there.
    pub async fn retry<T, E, Attempt>(
        &self,
        policy: &RetryPolicy,
        attempts: &Attempts<'_>,
        attempt: impl FnMut() -> Attempt,
    ) -> Result<T, E>
    where
        E: Failure,
        Attempt: Future<Output = Result<T, E>>,
    {
        retry(policy, attempt, |error: &E, wait| {
            self.counters.retry();
            tracing::debug!(
                client = self.name,
                endpoint = attempts.endpoint,
                kind = error.kind().as_str(),
                wait_ms = wait.as_millis(),
                "request is retried"
            );
        })
        .await
    }
}
