//! Finds calls that resemble a call, and passages that answer a query.

mod relevance;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use calls::{CallId, DealId, DealOutcome, Timestamp};
use cortex::LanguageBackend;
use futures_util::future::try_join;
use futures_util::{StreamExt, TryStreamExt, stream};
use relevance::{LEAST_COSINE, QueryWords, is_small_talk};
use resilience::ErrorKind;
use serde::Serialize;
use snowflake_store::{
    CallDetail, CallOrder, CallQuery, CallReader, ChunkEmbedding, ChunkHit, RepIdentity,
};

use crate::analysis::deal_context;
use crate::insights::InsightBuilder;
use crate::{Citations, Error, ErrorCode, Evidence, Result};

/// Chunks that are read for each call that is wanted: a call that resembles much
/// fills several places.
const CHUNKS_A_CALL: usize = 8;

/// Chunks that are read when only some calls are wanted: those of others fill places too.
const CHUNKS_AMONG: usize = 2_000;

/// Calls that fit a filter at most: the newest.
const CALLS_AMONG: usize = 20_000;

/// Calls that are read for each one that is wanted, so that deals can take turns.
const CALLS_READ: usize = 2;

/// Calls that are read at the same time.
const READS_AT_A_TIME: usize = 4;

/// Constant of reciprocal rank fusion, as in its paper (Cormack et al. 2009).
const RANK_CONSTANT: f64 = 60.0;

/// Passages that are shown of one call.
const PASSAGES_A_CALL: usize = 2;

/// Finds calls by what was said in them.
#[derive(Debug, Clone)]
pub struct CallSearch {
    store: Arc<dyn CallReader>,
    insights: InsightBuilder,
    among: CallQuery,
}

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
pub struct Why {
    /// Words of the query that it holds.
    pub words: Vec<String>,
    /// How close it comes in meaning: the cosine, -1 to 1; `None` where words alone found it.
    pub cosine: Option<f64>,
}

/// A chunk with its place among all that were found.
struct Ranked {
    hit: ChunkHit,
    score: f64,
    why: Why,
}

impl CallSearch {
    /// A search over a store whose chunks were embedded by the same backend.
    pub fn new(store: Arc<dyn CallReader>, language: impl Into<InsightBuilder>) -> Self {
        Self {
            store,
            insights: language.into(),
            among: CallQuery::default(),
        }
    }

    /// A search among the calls that fit a query; the newest 20,000 of them. Its order and
    /// limit do not count.
    #[must_use]
    pub fn among(&self, query: CallQuery) -> Self {
        let among = CallQuery {
            order: CallOrder::default(),
            limit: 0,
            ..query
        };
        Self {
            among,
            ..self.clone()
        }
    }

    /// The calls that resemble a call, best first, itself left out: those with a
    /// chunk closest to the mean of its chunks' vectors.
    ///
    /// # Errors
    /// [`ErrorCode::CallNotFound`], [`ErrorCode::NoTranscript`],
    /// [`ErrorCode::StoreFailed`], [`ErrorCode::BackendFailed`].
    pub async fn similar_to(&self, call_id: &CallId, limit: usize) -> Result<Vec<FoundCall>> {
        let detail = self.store.call_detail(call_id).await?.ok_or_else(|| {
            Error::new(
                ErrorCode::CallNotFound,
                format!("the store has no call {call_id}"),
            )
            .with_field("call_id")
        })?;
        let vectors = self.insights.chunk_vectors(&detail).await?;
        let Some(centre) = centre_of(&vectors) else {
            return Err(Error::new(
                ErrorCode::NoTranscript,
                format!("call {call_id} has no words to compare"),
            )
            .with_field("call_id"));
        };
        let hits = self.closest(&centre, Some(call_id), 0.0, limit).await?;
        self.by_call(scored(hits), limit).await
    }

    /// The calls whose passages are closest in meaning to a text, best first, as far as they
    /// are close at all.
    ///
    /// # Errors
    /// [`ErrorCode::StoreFailed`]; [`ErrorCode::BackendFailed`], also when the
    /// backend cannot embed.
    pub async fn similar_to_text(&self, text: &str, limit: usize) -> Result<Vec<FoundCall>> {
        let Some(vector) = self.embedded(text).await? else {
            return Ok(Vec::new());
        };
        let hits = self.closest(&vector, None, LEAST_COSINE, limit).await?;
        self.by_call(scored(hits), limit).await
    }

    /// The calls whose passages hold at least half of the telling words of a query or come
    /// close to its meaning: both rankings fused by reciprocal rank, the best call of each
    /// deal before the second of any. With a backend that cannot embed, words alone decide.
    ///
    /// # Errors
    /// [`ErrorCode::StoreFailed`], [`ErrorCode::BackendFailed`].
    pub async fn search(&self, query: &str, limit: usize) -> Result<Vec<FoundCall>> {
        let words = QueryWords::of(query);
        if words.are_none() {
            return Ok(Vec::new());
        }
        let chunks = self.chunks(limit);
        let by_words = async { Ok(self.store.search_chunks(query, chunks).await?) };
        let by_meaning = async {
            match self.embedded(query).await {
                Ok(Some(vector)) => self.closest(&vector, None, LEAST_COSINE, limit).await,
                Ok(None) => Ok(Vec::new()),
                Err(error) if error.kind() == ErrorKind::Unsupported => Ok(Vec::new()),
                Err(error) => Err(error),
            }
        };
        let (by_words, by_meaning) = try_join(by_words, by_meaning).await?;
        let by_words: Vec<ChunkHit> = by_words
            .into_iter()
            .filter(|hit| words.are_enough(&words.found_in(&hit.text)))
            .collect();
        let mut ranked = fused(by_words, by_meaning);
        for chunk in &mut ranked {
            chunk.why.words = words.found_in(&chunk.hit.text);
        }
        self.by_call(ranked, limit).await
    }

    /// Chunks to read for so many calls.
    fn chunks(&self, limit: usize) -> usize {
        let chunks = limit.saturating_mul(CHUNKS_A_CALL);
        if self.among == CallQuery::default() {
            chunks
        } else {
            chunks.max(CHUNKS_AMONG)
        }
    }

    /// The calls that are wanted; `None` for all.
    async fn wanted(&self) -> Result<Option<HashSet<CallId>>> {
        if self.among == CallQuery::default() {
            return Ok(None);
        }
        let query = CallQuery {
            limit: CALLS_AMONG,
            ..self.among.clone()
        };
        let calls = self.store.find_calls(&query).await?;
        Ok(Some(calls.into_iter().map(|call| call.id).collect()))
    }

    /// `None` for a text in which the model sees nothing.
    async fn embedded(&self, text: &str) -> Result<Option<ChunkEmbedding>> {
        let texts = [text.to_owned()];
        let embedding = self.insights.language().embed(&texts).await?;
        let Some(embedding) = embedding.into_iter().next().transpose()? else {
            return Ok(None);
        };
        let sees_something = embedding.vector.iter().any(|value| *value != 0.0);
        Ok(sees_something.then_some(ChunkEmbedding {
            model: embedding.model,
            vector: embedding.vector,
        }))
    }

    async fn closest(
        &self,
        vector: &ChunkEmbedding,
        excluding: Option<&CallId>,
        least: f64,
        limit: usize,
    ) -> Result<Vec<ChunkHit>> {
        let chunks = self.chunks(limit);
        let hits = self.store.similar_chunks(vector, excluding, chunks).await?;
        let close = hits
            .into_iter()
            .filter(|hit| hit.score > 0.0 && hit.score >= least);
        Ok(close.filter(|hit| !is_small_talk(&hit.text)).collect())
    }

    /// Groups chunks by call, best first, and reads the calls.
    async fn by_call(&self, mut ranked: Vec<Ranked>, limit: usize) -> Result<Vec<FoundCall>> {
        if let Some(wanted) = self.wanted().await? {
            ranked.retain(|chunk| wanted.contains(&chunk.hit.call_id));
        }
        let mut groups: Vec<Vec<Ranked>> = Vec::new();
        let mut place: HashMap<CallId, usize> = HashMap::new();
        for chunk in ranked {
            let at = *place
                .entry(chunk.hit.call_id.clone())
                .or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.push(chunk),
                None => groups.push(vec![chunk]),
            }
        }
        groups.truncate(limit.saturating_mul(CALLS_READ));
        let found: Vec<FoundCall> = stream::iter(groups.into_iter().map(|group| self.read(group)))
            .buffered(READS_AT_A_TIME)
            .try_filter_map(|found| async move { Ok(found) })
            .try_collect()
            .await?;
        let mut deals = HashSet::new();
        let is_first = |call: &FoundCall| match &call.deal_id {
            Some(deal) => deals.insert(deal.clone()),
            None => true,
        };
        let (mut first, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_first);
        first.extend(others);
        first.truncate(limit);
        Ok(first)
    }

    /// `None` when the call is gone since it was found.
    async fn read(&self, chunks: Vec<Ranked>) -> Result<Option<FoundCall>> {
        let Some(best) = chunks.first() else {
            return Ok(None);
        };
        let (call_id, score, why) = (best.hit.call_id.clone(), best.score, best.why.clone());
        let Some(detail) = self.store.call_detail(&call_id).await? else {
            return Ok(None);
        };
        let passages: Vec<Passage> = chunks
            .iter()
            .take(PASSAGES_A_CALL)
            .filter_map(|chunk| passage(&detail, chunk))
            .collect();
        let deal = deal_context(&detail);
        let host = detail.call.primary_party();
        let rep = RepIdentity {
            id: detail.call.primary_user_id.clone(),
            email: host.and_then(|party| party.email.clone()),
            name: host.and_then(|party| party.name.clone()),
        };
        Ok((!passages.is_empty()).then_some(FoundCall {
            call_id,
            rep,
            score,
            passages,
            why,
            deal_id: deal.as_ref().map(|deal| deal.id.clone()),
            deal: deal.and_then(|deal| deal.name),
            outcome: detail.deal.as_ref().map(|deal| deal.outcome),
            summary: detail.insights.and_then(|insights| insights.summary),
            title: detail.call.title,
            started: detail.call.started,
        }))
    }
}

fn passage(detail: &CallDetail, chunk: &Ranked) -> Option<Passage> {
    let transcript = detail.transcript.as_ref()?;
    let citations = Citations::new(&detail.call, transcript);
    let evidence = citations.cite_all(chunk.hit.first_sentence..=chunk.hit.last_sentence);
    (!evidence.is_empty()).then_some(Passage {
        score: chunk.score,
        why: chunk.why.clone(),
        evidence,
    })
}

/// What was found by its meaning.
fn close(hit: &ChunkHit) -> Why {
    Why {
        words: Vec::new(),
        cosine: Some(hit.score),
    }
}

fn scored(hits: Vec<ChunkHit>) -> Vec<Ranked> {
    hits.into_iter()
        .map(|hit| Ranked {
            score: hit.score,
            why: close(&hit),
            hit,
        })
        .collect()
}

/// Reciprocal rank fusion, scaled so that first in both rankings gives 1.
fn fused(by_words: Vec<ChunkHit>, by_meaning: Vec<ChunkHit>) -> Vec<Ranked> {
    let mut chunks: BTreeMap<(CallId, u32), Ranked> = BTreeMap::new();
    for (ranking, is_by_meaning) in [(by_words, false), (by_meaning, true)] {
        for (rank, hit) in ranking.into_iter().enumerate() {
            let points = (RANK_CONSTANT + 1.0) / (RANK_CONSTANT + 1.0 + rank as f64) / 2.0;
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

/// The mean of vectors of one model, of unit length; `None` when they add up to nothing.
fn centre_of(vectors: &[ChunkEmbedding]) -> Option<ChunkEmbedding> {
    let first = vectors.first()?;
    let mut sum = vec![0.0_f64; first.vector.len()];
    for vector in vectors.iter().filter(|vector| vector.model == first.model) {
        for (total, value) in sum.iter_mut().zip(&vector.vector) {
            *total += f64::from(*value);
        }
    }
    let length = sum.iter().map(|value| value * value).sum::<f64>().sqrt();
    (length > 0.0).then(|| ChunkEmbedding {
        model: first.model.clone(),
        vector: sum.iter().map(|value| (value / length) as f32).collect(),
    })
}
