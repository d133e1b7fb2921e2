//! One request, however often it takes.

use std::fmt::{self, Debug};
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use resilience::{ErrorKind, retry};
use serde_json::Value;
use url::Url;

use super::body::{Arriving, Body};
use super::chat::{Failed, Reply};
use super::config::EndpointConfig;
use super::refusal::Refusal;
use super::token::{Credentials, Held};
use super::transport::broken;
use super::vectors::Vectors;
use crate::environment::config_error;
use crate::generative::grounding::shares_words;
use crate::{Error, Result};

/// Words in a row that show that a refusal repeats what was sent.
const REPEATED_WORDS: usize = 4;

/// Whose shape an endpoint has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Snowflake,
    OpenAi,
}

impl Dialect {
    fn chat_path(self) -> &'static str {
        match self {
            Self::Snowflake => "/api/v2/cortex/v1/chat/completions",
            Self::OpenAi => "/chat/completions",
        }
    }

    fn embed_path(self) -> &'static str {
        match self {
            Self::Snowflake => "/api/v2/cortex/inference:embed",
            Self::OpenAi => "/embeddings",
        }
    }
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Chat,
    Embed,
}

impl Service {
    fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat completions",
            Self::Embed => "embeddings",
        }
    }
}

/// An endpoint, with the credentials for it.
pub(super) struct Endpoint {
    http: reqwest::Client,
    pub(super) config: EndpointConfig,
    pub(super) dialect: Dialect,
    credentials: Credentials,
    chat_url: Url,
    embed_url: Url,
    host: String,
}

impl Endpoint {
    pub(super) fn new(config: EndpointConfig, dialect: Dialect) -> Result<Self> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            .timeout(config.attempt_timeout)
            // Following one would carry call text to another host.
            .redirect(reqwest::redirect::Policy::none())
            // This client retries, and only once over.
            .retry(reqwest::retry::never())
            .user_agent(concat!("gong-snowflake/", env!("CARGO_PKG_VERSION")));
        if config.is_loopback() {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| {
            Error::new(ErrorKind::Config, "the HTTP client cannot be set up").with_source(error)
        })?;
        let credentials = match (&config.token_source, &config.token) {
            (Some(source), _) => Credentials::from_source(source.clone()),
            (None, None) if dialect == Dialect::Snowflake => {
                return Err(config_error("token", "is not set"));
            }
            (None, token) => Credentials::fixed(token.clone()),
        };
        let base = match dialect {
            // A base address for OpenAI's own clients ends so.
            Dialect::Snowflake => {
                let path = config.base_url.path();
                let path = path.strip_suffix("/api/v2/cortex/v1").unwrap_or(path);
                let mut base = config.base_url.clone();
                base.set_path(path);
                base
            }
            Dialect::OpenAi => config.base_url.clone(),
        };
        let address = |path: &str| {
            let mut url = base.clone();
            url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
            url
        };
        Ok(Self {
            http,
            dialect,
            credentials,
            chat_url: address(dialect.chat_path()),
            embed_url: address(dialect.embed_path()),
            host: config.base_url.host_str().unwrap_or_default().to_owned(),
            config,
        })
    }

    /// Asks for a completion. `sent` are the texts that no message may repeat.
    pub(super) async fn chat(&self, body: &Value, sent: &[&str]) -> Result<Reply> {
        let request = Outgoing::new(Service::Chat, body, sent);
        let read = |body| match body {
            Body::Whole(body) => Reply::whole(&body),
            Body::Streamed(reply) => Ok(reply),
        };
        self.send(&request, read).await
    }

    /// Asks for the vectors of `sent`.
    pub(super) async fn embed(&self, body: &Value, sent: &[&str]) -> Result<Vectors> {
        let request = Outgoing::new(Service::Embed, body, sent);
        let read = |body| match body {
            Body::Whole(body) => Vectors::read(&body, sent.len()),
            Body::Streamed(_) => Err(Failed::Unreadable("the reply is a stream")),
        };
        self.send(&request, read).await
    }

    /// Sends a request until it is answered.
    async fn send<T>(
        &self,
        request: &Outgoing<'_>,
        read: impl Fn(Body) -> Result<T, Failed>,
    ) -> Result<T> {
        let service = request.service.name();
        let limits = AtomicU32::new(0);
        let attempt = || async {
            let outcome = self.attempt_with_token(request, &read).await;
            outcome.map_err(|error| self.paced(error, &limits))
        };
        retry(&self.config.retry, attempt, |error: &Error, wait| {
            tracing::debug!(
                service,
                kind = error.kind().as_str(),
                wait_ms = wait.as_millis(),
                "request is tried again"
            );
        })
        .await
    }

    /// An error with the wait that a limit by the minute needs, where the endpoint tells
    /// none.
    fn paced(&self, error: Error, limits: &AtomicU32) -> Error {
        let is_untold_limit =
            error.kind() == ErrorKind::RateLimited && error.retry_after().is_none();
        if self.dialect != Dialect::Snowflake || !is_untold_limit {
            return error;
        }
        let before = limits.fetch_add(1, Ordering::Relaxed);
        error.with_pause(self.config.limit_wait(before))
    }

    /// One attempt, and a second one with a new token when the first was refused for
    /// its token and there is a source of new ones.
    async fn attempt_with_token<T>(
        &self,
        request: &Outgoing<'_>,
        read: impl Fn(Body) -> Result<T, Failed>,
    ) -> Result<T> {
        let held = self.credentials.current().await?;
        match self.attempt(request, &read, &held).await {
            Err(error) if error.kind() == ErrorKind::Auth => {
                match self.credentials.renewed(&held).await? {
                    Some(renewed) => self.attempt(request, &read, &renewed).await,
                    None => Err(error),
                }
            }
            outcome => outcome,
        }
    }

    async fn attempt<T>(
        &self,
        request: &Outgoing<'_>,
        read: impl Fn(Body) -> Result<T, Failed>,
        held: &Held,
    ) -> Result<T> {
        let service = request.service.name();
        let url = match request.service {
            Service::Chat => &self.chat_url,
            Service::Embed => &self.embed_url,
        };
        let mut builder = self
            .http
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json, text/event-stream")
            .body(request.body.clone());
        if let Some(token) = &held.token {
            builder = builder.header(AUTHORIZATION, token.authorization()?);
            if let (Dialect::Snowflake, Some(kind)) = (self.dialect, token.kind().header()) {
                builder = builder.header("X-Snowflake-Authorization-Token-Type", kind);
            }
        }
        let sent = builder.send().await;
        let response = sent.map_err(|error| broken(error, service, &self.host))?;
        let (status, headers) = (response.status(), response.headers().clone());
        tracing::debug!(service, status = status.as_u16(), "answered");
        let arriving = Arriving {
            response,
            service,
            host: &self.host,
        };
        if !status.is_success() {
            let refusal = Refusal::of_status(status, &headers, &arriving.start().await);
            return Err(self.refused(refusal, request, held));
        }
        let is_stream = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.trim_start().starts_with("text/event-stream"));
        let body = match is_stream {
            true => arriving.streamed().await?,
            false => Ok(arriving.whole().await?),
        };
        body.and_then(read).map_err(|failed| match failed {
            Failed::Refused(refusal) => self.refused(*refusal, request, held),
            Failed::Unreadable(problem) => {
                Error::new(ErrorKind::Decode, format!("{service}: {problem}"))
            }
        })
    }

    fn refused(&self, refusal: Refusal, request: &Outgoing<'_>, held: &Held) -> Error {
        let longest_wait = self.config.retry.longest_retry_after;
        refusal.into_error(request.service.name(), longest_wait, |words| {
            let token = held.token.as_ref();
            let gives_token_away = token.is_some_and(|token| token.is_repeated_in(words));
            !gives_token_away && !shares_words(words, request.sent, REPEATED_WORDS)
        })
    }
}

impl Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("host", &self.host)
            .field("dialect", &self.dialect)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

struct Outgoing<'a> {
    service: Service,
    body: String,
    sent: &'a [&'a str],
}

impl<'a> Outgoing<'a> {
    fn new(service: Service, body: &Value, sent: &'a [&'a str]) -> Self {
        Self {
            service,
            body: body.to_string(),
            sent,
        }
    }
}
