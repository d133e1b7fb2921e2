//! Reading what an endpoint sends: in one piece, or as events.

use outbound::Reply as Response;
use resilience::ErrorKind;

use super::chat::{Failed, Reply};
use super::events::EventDecoder;
use crate::{Error, Result};

/// A reply that was read to its end.
pub(super) enum Body {
    Whole(Vec<u8>),
    /// One that came as events.
    Streamed(Reply),
}

/// Reads a success to its end.
pub(super) async fn read(response: &mut Response<'_>) -> Result<Result<Body, Failed>> {
    let kind = response.header("content-type").unwrap_or_default();
    match kind.starts_with("text/event-stream") {
        true => streamed(response).await,
        false => Ok(Ok(Body::Whole(response.whole().await?))),
    }
}

/// A stream to its end. What has come before a failure is dropped: half an answer looks
/// like an answer.
async fn streamed(response: &mut Response<'_>) -> Result<Result<Body, Failed>> {
    let mut decoder = EventDecoder::default();
    let mut reply = Reply::default();
    while let Some(part) = response.chunk().await? {
        for event in decoder.push(&part) {
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
        let message = format!("{}: the stream broke off", response.endpoint());
        return Err(Error::new(ErrorKind::Transient, message));
    }
    Ok(Ok(Body::Streamed(reply)))
}
