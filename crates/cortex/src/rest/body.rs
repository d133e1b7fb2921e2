//! Reading what an endpoint sends, up to a limit.

use reqwest::Response;
use resilience::ErrorKind;

use super::chat::{Failed, Reply};
use super::events::EventDecoder;
use super::transport::broken;
use crate::{Error, Result};

/// How much of a refusal is read.
const MOST_REFUSAL_BYTES: usize = 64 * 1_024;

/// How much of a reply is read: 1,280 vectors of 4,096 components are some 100 MB of
/// JSON.
const MOST_REPLY_BYTES: usize = 256 * 1_024 * 1_024;

/// A reply that was read to its end.
pub(super) enum Body {
    Whole(Vec<u8>),
    /// One that came as events.
    Streamed(Reply),
}

/// A response, and how to speak of it.
pub(super) struct Arriving<'a> {
    pub(super) response: Response,
    pub(super) service: &'static str,
    pub(super) host: &'a str,
}

impl Arriving<'_> {
    /// The whole reply.
    pub(super) async fn whole(mut self) -> Result<Body> {
        let mut body = Vec::new();
        loop {
            let chunk = self.response.chunk().await;
            let Some(chunk) = chunk.map_err(|error| broken(error, self.service, self.host))? else {
                return Ok(Body::Whole(body));
            };
            self.check(body.len() + chunk.len())?;
            body.extend_from_slice(&chunk);
        }
    }

    /// A stream to its end. What has come before a failure is dropped: half an answer
    /// looks like an answer.
    pub(super) async fn streamed(mut self) -> Result<Result<Body, Failed>> {
        let mut decoder = EventDecoder::default();
        let mut reply = Reply::default();
        let mut bytes = 0;
        loop {
            let chunk = self.response.chunk().await;
            let Some(chunk) = chunk.map_err(|error| broken(error, self.service, self.host))? else {
                break;
            };
            bytes += chunk.len();
            self.check(bytes)?;
            for event in decoder.push(&chunk) {
                if let Err(failed) = reply.take(&event) {
                    return Ok(Err(failed));
                }
            }
        }
        if let Some(event) = decoder.finish()
            && let Err(failed) = reply.take(&event)
        {
            return Ok(Err(failed));
        }
        if !reply.is_complete() {
            let message = format!("{}: the stream broke off", self.service);
            return Err(Error::new(ErrorKind::Transient, message));
        }
        Ok(Ok(Body::Streamed(reply)))
    }

    /// The first bytes of a refusal, or as many as arrive: the status alone already
    /// says what to do.
    pub(super) async fn start(mut self) -> Vec<u8> {
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = self.response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() >= MOST_REFUSAL_BYTES {
                break;
            }
        }
        body
    }

    fn check(&self, bytes: usize) -> Result<()> {
        if bytes <= MOST_REPLY_BYTES {
            return Ok(());
        }
        let message = format!("{}: more than {MOST_REPLY_BYTES} bytes", self.service);
        Err(Error::new(ErrorKind::Decode, message))
    }
}
