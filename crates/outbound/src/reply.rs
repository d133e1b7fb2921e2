//! A reply, and reading its body up to a limit.

use std::fmt::{self, Debug};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use resilience::ErrorKind;
use tracing::{Instrument, Span};

use crate::connection_failure::{connection_failure, late};
use crate::counters::Counters;
use crate::retry_after::{date, retry_after};
use crate::{Error, Result, Token, identifier};

/// Room made in advance for a body of announced length. A server may announce anything, so
/// that more than this grows with what really comes.
const MAX_RESERVED: usize = 16 * 1024 * 1024;
/// How much of an unsuccessful reply is read; those of APIs have a few hundred bytes.
const MAX_START: usize = 64 * 1024;

/// A reply whose head has come. Its span lives as long as it does.
pub struct Reply<'a> {
    response: Response,
    /// Most bytes of the body.
    limit: usize,
    /// Longest silence within it.
    silence: Duration,
    counters: &'a Counters,
    endpoint: &'a str,
    host: String,
    span: Span,
    read: usize,
}

impl<'a> Reply<'a> {
    pub(crate) fn new(
        response: Response,
        limit: usize,
        silence: Duration,
        counters: &'a Counters,
        endpoint: &'a str,
        host: String,
        span: Span,
    ) -> Self {
        Self {
            response,
            limit,
            silence,
            counters,
            endpoint,
            host,
            span,
            read: 0,
        }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        self.response.status().is_success()
    }

    /// What was asked.
    pub fn endpoint(&self) -> &str {
        self.endpoint
    }

    /// Who answered.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// A header, when it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let value = self.response.headers().get(name)?;
        value.to_str().ok().map(str::trim)
    }

    /// How long the server asks to wait: `Retry-After` in seconds or as a date.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.response.headers())
    }

    /// Puts what the other side calls this request, from one of its headers, on the span:
    /// its support asks for it. Nothing that is not an id or that gives the token away.
    pub fn note_trace_id(&self, header: &str, token: &Token) {
        let id = self.header(header).and_then(identifier);
        if let Some(id) = id.filter(|id| !token.is_repeated_in(id)) {
            self.span.record("trace_id", id);
        }
    }

    /// When the reply says that it was made: its `Date`.
    pub fn date(&self) -> Option<jiff::Timestamp> {
        date(self.response.headers())
    }

    /// The next part of the body, after decompression; `None` at its end.
    ///
    /// # Errors
    /// [`Transient`](ErrorKind::Transient) when it is cut off or stops coming;
    /// [`Decode`](ErrorKind::Decode) on the field `max_response_bytes` when it is larger
    /// than that. A limit keeps a small compressed body from unfolding into more than
    /// there is memory.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        let (endpoint, host) = (self.endpoint, &self.host);
        let next = self.response.chunk().instrument(self.span.clone());
        let next = match tokio::time::timeout(self.silence, next).await {
            Ok(next) => next.map_err(|error| connection_failure(error, endpoint, host).error)?,
            Err(_) => return Err(late(endpoint, host).error),
        };
        let length = next.as_ref().map_or(0, Bytes::len);
        self.counters.bytes(length);
        self.read += length;
        self.check(self.read)?;
        Ok(next)
    }

    /// The whole body.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk).
    pub async fn whole(&mut self) -> Result<Vec<u8>> {
        let announced = self.response.content_length().unwrap_or(0);
        let announced = usize::try_from(announced).unwrap_or(usize::MAX);
        self.check(announced)?;
        let mut body = Vec::with_capacity(announced.min(MAX_RESERVED));
        while let Some(part) = self.chunk().await? {
            body.extend_from_slice(&part);
        }
        Ok(body)
    }

    /// The first 64 KiB of an unsuccessful reply, or as much as arrives: the status alone
    /// already says what to do.
    pub async fn start(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        while let Ok(Some(part)) = self.chunk().await {
            body.extend_from_slice(&part);
            if body.len() >= MAX_START {
                break;
            }
        }
        body
    }

    fn check(&self, bytes: usize) -> Result<()> {
        let limit = self.limit;
        if bytes <= limit {
            return Ok(());
        }
        let message = format!("{}: the reply is larger than {limit} bytes", self.endpoint);
        Err(Error::new(ErrorKind::Decode, message).with_field("max_response_bytes"))
    }
}

impl Debug for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("endpoint", &self.endpoint)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
