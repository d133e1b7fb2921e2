//! What has gone wrong so far with one request: some failures deserve fewer
//! attempts than others.

use std::sync::atomic::{AtomicU32, Ordering};

use outbound::Reply;
use resilience::ErrorKind;

use crate::Error;

/// Attempts for a reply that is an object but not the one it should be. Damage on
/// the way passes; a record that Gong cannot write well does not, and is then told
/// as what it is.
const ATTEMPTS_FOR_DAMAGED_REPLY: u32 = 3;

/// Replies that were damaged so far.
#[derive(Default)]
pub(crate) struct Seen {
    damaged_reply: AtomicU32,
}

impl Seen {
    /// What a successful status with something else in it means.
    ///
    /// A reply of Gong is an object. Anything else came from something in between (a
    /// firewall's page, a proxy's login) or from nowhere, and is waited out like a 503.
    /// An object that is damaged may have been damaged on the way, but where it comes
    /// again it is Gong's own.
    pub(crate) fn undecoded(&self, error: Error, body: &[u8], reply: &Reply<'_>) -> Error {
        let is_object = body.trim_ascii_start().starts_with(b"{");
        let may_pass = error.kind() == ErrorKind::Decode
            && (!is_object || count(&self.damaged_reply) < ATTEMPTS_FOR_DAMAGED_REPLY);
        let error = match (may_pass, is_object) {
            (true, true) => Error::new(ErrorKind::Transient, error.message()),
            (true, false) => Error::new(
                ErrorKind::Transient,
                "the body is not an object as Gong sends it",
            ),
            (false, _) => error,
        };
        let (endpoint, status, bytes) = (reply.endpoint(), reply.status(), body.len());
        error.context(format!("{endpoint}: reply {status} of {bytes} bytes"))
    }
}

/// Counts one more and says how many there are.
fn count(counter: &AtomicU32) -> u32 {
    counter.fetch_add(1, Ordering::Relaxed) + 1
}
