//! Reading a reply's body, up to a limit.

use reqwest::Response;

use crate::stats::Counters;

/// Room made in advance for a body of announced length. A server may announce
/// anything, so that more than this grows with what really comes.
const MAX_RESERVED: usize = 16 * 1024 * 1024;

/// Why a body was not read.
pub(crate) enum Unread {
    Broken(reqwest::Error),
    TooLarge,
}

/// The whole body, after decompression; a limit keeps a small compressed body from
/// unfolding into more than there is memory.
pub(crate) async fn read_whole(
    response: &mut Response,
    limit: usize,
    counters: &Counters,
) -> Result<Vec<u8>, Unread> {
    let announced = response.content_length().unwrap_or(0);
    let announced = usize::try_from(announced).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(Unread::TooLarge);
    }
    let mut body = Vec::with_capacity(announced.min(MAX_RESERVED));
    while let Some(chunk) = response.chunk().await.map_err(Unread::Broken)? {
        counters.bytes(chunk.len());
        if body.len() + chunk.len() > limit {
            return Err(Unread::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The first bytes of an unsuccessful reply, or as many as arrive: the status alone
/// already says what to do.
pub(crate) async fn read_start(
    response: &mut Response,
    enough: usize,
    counters: &Counters,
) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        counters.bytes(chunk.len());
        body.extend_from_slice(&chunk);
        if body.len() >= enough {
            break;
        }
    }
    body
}
