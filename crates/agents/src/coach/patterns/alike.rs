//! Problems that mean much the same, said in different words.

use cortex::Embedding;

use super::mentions::{Family, Mention};
use crate::insights::InsightBuilder;

/// Texts that are closer mean much the same, by cosine. Ours.
const ALIKE: f64 = 0.6;

/// Gives problems that mean much the same the key of the first of them. A backend that
/// cannot compare leaves them as they are: then only what was said alike is one.
pub(super) async fn join_alike<'h>(
    language: Option<&InsightBuilder>,
    heard: impl Iterator<Item = &'h mut Mention>,
) {
    let Some(language) = language else { return };
    let mut pains: Vec<&mut Mention> = heard.filter(|one| one.family == Family::Pain).collect();
    let texts: Vec<String> = pains.iter().map(|one| one.what.clone()).collect();
    if texts.is_empty() {
        return;
    }
    let embedded = match language.language().embed(&texts).await {
        Ok(embedded) => embedded,
        Err(error) => {
            tracing::warn!(%error, "problems are counted by their words only");
            return;
        }
    };
    let mut firsts: Vec<(Embedding, String)> = Vec::new();
    for (one, vector) in pains.iter_mut().zip(embedded) {
        let Ok(vector) = vector else { continue };
        let closest = firsts
            .iter()
            .filter_map(|(first, key)| Some((first.cosine(&vector).ok()?, key)))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match closest.filter(|(cosine, _)| *cosine >= ALIKE) {
            Some((_, key)) => one.key.clone_from(key),
            None => firsts.push((vector, one.key.clone())),
        }
    }
}
