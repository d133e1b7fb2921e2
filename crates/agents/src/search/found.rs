//! What was found, chunk by chunk and call by call, with how well it fits.

use std::collections::{BTreeMap, HashMap};

use calls::{CallId, DealId, DealOutcome, Timestamp};
use serde::Serialize;
use snowflake_store::{ChunkHit, RepIdentity};

use crate::Evidence;

/// Constant of reciprocal rank fusion, as in its paper (Cormack et al. 2009).
const RANK_CONSTANT: f64 = 60.0;

/// A call that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FoundCall {
    /// The call.
    pub call_id: CallId,
    /// Title.
    pub title: Option<String>,
    /// Start.
    pub started: Timestamp,
    /// The host.
    pub rep: RepIdentity,
    /// How well it fits: cosine (-1 to 1) for similar calls, a fused rank score
    /// (0 to 1, 1 for first by words and by meaning) for queries. Comparable
    /// within one answer only.
    pub score: f64,
    /// Why it was found, by its best passage.
    pub why: Why,
    /// The deal, where one is linked.
    pub deal_id: Option<DealId>,
    /// Its name.
    pub deal: Option<String>,
    /// How the deal stands, when the CRM mirror knows it.
    pub outcome: Option<DealOutcome>,
    /// Summary, when computed.
    pub summary: Option<String>,
    /// The passages that fit best, best first.
    pub passages: Vec<Passage>,
}

/// A passage of a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Passage {
    /// How well it fits, on the scale of [`FoundCall::score`].
    pub score: f64,
    /// Why it was found.
    pub why: Why,
    /// Its sentences.
    pub evidence: Vec<Evidence>,
}

/// Why a passage was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Why {
    /// Words of the query that it holds.
    pub words: Vec<String>,
    /// How close it comes in meaning: the cosine, -1 to 1; `None` where words alone found it.
    pub cosine: Option<f64>,
    /// What Gong wrote about the call that holds words of the query, where that found it.
    pub gong: Option<String>,
}

/// A chunk with its place among all that were found.
pub(super) struct Ranked {
    pub(super) hit: ChunkHit,
    pub(super) score: f64,
    pub(super) why: Why,
}

/// A call with what was found of it.
pub(super) struct Found {
    pub(super) call_id: CallId,
    pub(super) score: f64,
    /// Best first.
    pub(super) chunks: Vec<Ranked>,
    /// The best line of what Gong wrote, and the words of the query that it holds.
    pub(super) gong: Option<(String, Vec<String>)>,
}

/// Groups chunks by call, best first.
pub(super) fn by_call(ranked: Vec<Ranked>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut place: HashMap<CallId, usize> = HashMap::new();
    for chunk in ranked {
        let call_id = chunk.hit.call_id.clone();
        let at = *place.entry(call_id.clone()).or_insert(found.len());
        match found.get_mut(at) {
            Some(call) => call.chunks.push(chunk),
            None => found.push(Found {
                call_id,
                score: chunk.score,
                chunks: vec![chunk],
                gong: None,
            }),
        }
    }
    found
}

/// What was found by its meaning.
pub(super) fn close(hit: &ChunkHit) -> Why {
    Why {
        cosine: Some(hit.score),
        ..Why::default()
    }
}

pub(super) fn scored(hits: Vec<ChunkHit>) -> Vec<Ranked> {
    hits.into_iter()
        .map(|hit| Ranked {
            score: hit.score,
            why: close(&hit),
            hit,
        })
        .collect()
}

/// 1 for the first of a ranking, less for those after it.
pub(super) fn by_rank(rank: usize) -> f64 {
    (RANK_CONSTANT + 1.0) / (RANK_CONSTANT + 1.0 + rank as f64)
}

/// Reciprocal rank fusion, scaled so that first in both rankings gives 1.
pub(super) fn fused(by_words: Vec<ChunkHit>, by_meaning: Vec<ChunkHit>) -> Vec<Ranked> {
    let mut chunks: BTreeMap<(CallId, u32), Ranked> = BTreeMap::new();
    for (ranking, is_by_meaning) in [(by_words, false), (by_meaning, true)] {
        for (rank, hit) in ranking.into_iter().enumerate() {
            let points = by_rank(rank) / 2.0;
            let why = if is_by_meaning {
                close(&hit)
            } else {
                Why::default()
            };
            let chunk = chunks
                .entry((hit.call_id.clone(), hit.first_sentence))
                .or_insert_with(|| Ranked {
                    hit,
                    score: 0.0,
                    why: Why::default(),
                });
            chunk.score += points;
            chunk.why.cosine = chunk.why.cosine.or(why.cosine);
        }
    }
    let mut ranked: Vec<Ranked> = chunks.into_values().collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
    ranked
}
