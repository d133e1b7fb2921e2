//! The cache key: what two requests must have in common to share an answer.

use sha2::{Digest, Sha256};

use crate::LanguageBackend;
use crate::operation::Operation;

/// SHA-256 over the method, who answers it and all of the item: texts,
/// speakers, labels, limits, schemas.
///
/// It says nothing about the text, and equal keys mean equal requests to the same
/// model.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct AnswerKey([u8; 32]);

impl AnswerKey {
    /// The keys of a batch.
    pub(super) fn of_batch<O: Operation>(
        backend: &dyn LanguageBackend,
        items: &[O::Item],
    ) -> Result<Vec<Self>, serde_json::Error> {
        let provenance = backend.provenance_of(O::METHOD);
        let parts = [O::METHOD.as_str(), &provenance.backend, &provenance.model];
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
