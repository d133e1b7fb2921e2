//! The cache key: what two requests must have in common to share an answer.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::LanguageBackend;
use crate::call::Call;

/// Changes whenever the meaning of a key or the form of a kept answer changes, so
/// that a store never hands out answers of another time.
const FORM: &str = "cortex answer 2";

/// SHA-256 over the method, who answers it and all of the item: texts,
/// speakers, labels, limits, schemas.
///
/// It says nothing about the text, and equal keys mean equal requests to the same
/// model.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerKey([u8; 32]);

impl AnswerKey {
    /// The digest.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The keys of a batch.
    pub(super) fn of_batch<C: Call>(
        backend: &dyn LanguageBackend,
        items: &[C::Item],
    ) -> Result<Vec<Self>, serde_json::Error> {
        let provenance = backend.provenance_of(C::METHOD);
        let parts = [
            FORM,
            C::METHOD.as_str(),
            &provenance.backend,
            &provenance.model,
        ];
        let mut asked = Sha256::new();
        for part in parts {
            // With its length, so that no two lists of parts run into one.
            asked.update((part.len() as u64).to_be_bytes());
            asked.update(part);
        }
        items
            .iter()
            .map(|item| {
                let mut digest = asked.clone();
                digest.update(serde_json::to_vec(item)?);
                Ok(Self(digest.finalize().into()))
            })
            .collect()
    }
}

impl fmt::Display for AnswerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for AnswerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnswerKey({self})")
    }
}
