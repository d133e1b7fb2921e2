//! One request, with its retries.

use std::fmt::{self, Debug};
use std::sync::atomic::{AtomicU32, Ordering};

use outbound::reqwest::header::{ACCEPT, AUTHORIZATION};
use outbound::{Attempts, HttpClient, Token, Tokens};
use resilience::ErrorKind;
use serde_json::Value;
use url::Url;

use super::body::{self, Body};
use super::chat::{Failed, Reply};
use super::config::EndpointConfig;
use super::dialect::Dialect;
use super::refusal::Refusal;
use super::vectors::EmbeddingReply;
use crate::generative::grounding::shares_words;
use crate::{Error, Result};

/// Words in a row that show that a refusal repeats what was sent.
const REPEATED_WORDS: usize = 4;

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
    http: HttpClient,
    pub(super) config: EndpointConfig,
    pub(super) dialect: Dialect,
    /// Some endpoints ask for none.
    tokens: Option<Tokens>,
    chat_url: Url,
    embed_url: Url,
}

impl Endpoint {
    pub(super) fn new(config: EndpointConfig, dialect: Dialect) -> Result<Self> {
        let http = HttpClient::new("cortex", &config.base_url, &config.http)?;
        let tokens = match (&config.token_source, &config.token) {
            (Some(source), _) => Some(Tokens::from(source.clone())),
            (None, Some(token)) => Some(Tokens::from(token.clone())),
            (None, None) if dialect == Dialect::Snowflake => {
                return Err(Error::config("token", "is not set"));
            }
            (None, None) => None,
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
        Ok(Self {
            http,
            dialect,
            tokens,
            chat_url: outbound::address(&base, dialect.chat_path()),
            embed_url: outbound::address(&base, dialect.embed_path()),
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
    pub(super) async fn embed(&self, body: &Value, sent: &[&str]) -> Result<EmbeddingReply> {
        let request = Outgoing::new(Service::Embed, body, sent);
        let read = |body| match body {
            Body::Whole(body) => EmbeddingReply::read(&body, sent.len()),
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
        let attempts = Attempts::of(request.service.name());
        let limits = AtomicU32::new(0);
        let attempt = || async {
            let send = |token| self.attempt(request, &attempts, &read, token);
            let outcome = match &self.tokens {
                Some(tokens) => tokens.attempt(|token| send(Some(token))).await,
                None => send(None).await,
            };
            outcome.map_err(|error| self.paced(error, &limits))
        };
        let policy = &self.config.retry;
        self.http.retry(policy, &attempts, attempt).await
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

    async fn attempt<T>(
        &self,
        request: &Outgoing<'_>,
        attempts: &Attempts<'_>,
        read: impl Fn(Body) -> Result<T, Failed>,
        token: Option<Token>,
    ) -> Result<T> {
        let url = match request.service {
            Service::Chat => &self.chat_url,
            Service::Embed => &self.embed_url,
        };
        let mut sent = self
            .http
            .post_json(url.clone(), request.body.clone())
            .header(ACCEPT, "application/json, text/event-stream");
        if let Some(token) = &token {
            sent = sent.header(AUTHORIZATION, token.header()?);
            if let (Dialect::Snowflake, Some(kind)) = (self.dialect, token.kind().snowflake_name())
            {
                sent = sent.header("X-Snowflake-Authorization-Token-Type", kind);
            }
        }
        let refused = |refusal: Refusal| {
            let longest_wait = self.config.retry.longest_retry_after;
            refusal.into_error(request.service.name(), longest_wait, |words| {
                let is_token = token
                    .as_ref()
                    .is_some_and(|token| token.is_repeated_in(words));
                !is_token && !shares_words(words, request.sent, REPEATED_WORDS)
            })
        };
        let mut reply = self.http.send(attempts, sent).await?;
        if !reply.is_success() {
            let start = reply.start().await;
            return Err(refused(Refusal::of_status(&reply, &start)));
        }
        let body = body::read(&mut reply).await?;
        body.and_then(read).map_err(|failed| match failed {
            Failed::Refused(refusal) => refused(*refusal),
            Failed::Unreadable(problem) => {
                let service = request.service.name();
                Error::new(ErrorKind::Decode, format!("{service}: {problem}"))
            }
        })
    }
}

impl Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("host", &self.config.base_url.host_str())
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
