//! Requests about many keys, some of which HubSpot refuses.
//!
//! HubSpot answers 400 to a whole batch for one key that it calls invalid, such as an
//! address with a space in it. Calls contain whatever people typed into an invitation, and
//! one such key must not block the lookup of all others.

use resilience::ErrorKind;

use super::HubSpotApi;
use crate::{Error, Result};

impl HubSpotApi {
    /// Asks about keys, and when HubSpot calls the request invalid, about halves of them,
    /// until those that are at fault are found. They are left out: nothing answers to them.
    ///
    /// `sound` is one key that is surely valid. It is asked about before any halving: when
    /// it is refused too, the fault is not in the keys, and the first refusal comes out.
    ///
    /// # Errors
    /// Those of `ask`.
    pub(super) async fn sifted<'k, Key, Answer, Asking>(
        &self,
        keys: &'k [Key],
        sound: &'k Key,
        ask: impl Fn(&'k [Key]) -> Asking,
    ) -> Result<Vec<Answer>>
    where
        Asking: Future<Output = Result<Answer>>,
    {
        let refused = match ask(keys).await {
            Err(error) if is_refusal(&error) => error,
            answer => return Ok(vec![answer?]),
        };
        match ask(std::slice::from_ref(sound)).await {
            Err(error) if is_refusal(&error) => return Err(refused),
            Err(error) => return Err(error),
            Ok(_) => {}
        }
        let mut answers = Vec::new();
        let mut open = halves(keys);
        while let Some(part) = open.pop() {
            match ask(part).await {
                Err(error) if is_refusal(&error) => open.extend(halves(part)),
                answer => answers.push(answer?),
            }
        }
        tracing::warn!(
            keys = keys.len(),
            error = refused.message(),
            "HubSpot calls some keys invalid; they count as missing"
        );
        Ok(answers)
    }
}

fn is_refusal(error: &Error) -> bool {
    error.kind() == ErrorKind::InvalidInput
}

/// Nothing of a single key: it is known to be at fault.
fn halves<Key>(keys: &[Key]) -> Vec<&[Key]> {
    if keys.len() < 2 {
        return Vec::new();
    }
    let (first, second) = keys.split_at(keys.len() / 2);
    vec![first, second]
}
