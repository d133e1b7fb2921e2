//! Replies to batches, parts of which may have failed (status 207).

use resilience::ErrorKind;
use serde::de::DeserializeOwned;

use super::failure::Problem;
use super::http::from_json;
use super::wire::BatchReply;
use crate::{Error, Result};

/// The results of a batch. What is not there is not among them; that a part failed for
/// any other reason fails the batch, for nothing may seem missing that was not looked for.
pub(super) fn results<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>> {
    let reply: BatchReply<T> = from_json(body)?;
    if let Some(status) = reply.status.filter(|status| status != "COMPLETE") {
        let message = format!("the batch came back as {status:.40}");
        return Err(Error::new(ErrorKind::Transient, message));
    }
    let errors = reply.errors.unwrap_or_default();
    if errors.is_empty() && reply.num_errors.is_some_and(|errors| errors > 0) {
        let message = "the batch counts errors and names none";
        return Err(Error::new(ErrorKind::Decode, message));
    }
    let mut problems = errors.into_iter().map(Problem);
    match problems.find(|problem| !problem.is_absence()) {
        Some(problem) => Err(problem.of_a_part()),
        None => Ok(reply.results),
    }
}
