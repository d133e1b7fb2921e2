//! Finds calls that resemble a call, and passages that answer a query.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use calls::{CallId, DealOutcome, Timestamp};
use cortex::LanguageBackend;
use futures_util::future::try_join;
use futures_util::{StreamExt, TryStreamExt, stream};
use resilience::ErrorKind;
use serde::Serialize;
use snowflake_store::{CallDetail, CallReader, ChunkEmbedding, ChunkHit, RepIdentity};

use crate::insights::InsightBuilder;
use crate::{Citations, Error, ErrorCode, Evidence, Result};

/// Chunks that are read for each call that is wanted: a call that resembles much
/// fills several places.
const CHUNKS_A_CALL: usize = 8;

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
    /// Name of the deal, where one is linked.
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
    /// Its sentences.
    pub evidence: Vec<Evidence>,
}

/// A chunk with its place among all that were found.
struct Ranked {
    hit: ChunkHit,
    score: f64,
}

impl CallSearch {
    /// A search over a store whose chunks were embedded by the same backend.
    pub fn new(store: Arc<dyn CallReader>, language: impl Into<InsightBuilder>) -> Self {
        Self {
            store,
            insights: language.into(),
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
        let hits = self.closest(&centre, Some(call_id), limit).await?;
        self.by_call(scored(hits), limit).await
    }

    /// The calls whose passages are closest in meaning to a text, best first.
    ///
    /// # Errors
    /// [`ErrorCode::StoreFailed`]; [`ErrorCode::BackendFailed`], also when the
    /// backend cannot embed.
    pub async fn similar_to_text(&self, text: &str, limit: usize) -> Result<Vec<FoundCall>> {
        let Some(vector) = self.embedded(text).await? else {
            return Ok(Vec::new());
        };
        let hits = self.closest(&vector, None, limit).await?;
        self.by_call(scored(hits), limit).await
    }

    /// The calls whose passages hold the words of a query or come close to its
    /// meaning: both rankings fused by reciprocal rank. With a backend that
    /// cannot embed, words alone decide.
    ///
    /// # Errors
    /// [`ErrorCode::StoreFailed`], [`ErrorCode::BackendFailed`].
    pub async fn search(&self, query: &str, limit: usize) -> Result<Vec<FoundCall>> {
        let chunks = limit.saturating_mul(CHUNKS_A_CALL);
        let by_words = async { Ok(self.store.search_chunks(query, chunks).await?) };
        let by_meaning = async {
            match self.embedded(query).await {
                Ok(Some(vector)) => self.closest(&vector, None, limit).await,
                Ok(None) => Ok(Vec::new()),
                Err(error) if error.kind() == ErrorKind::Unsupported => Ok(Vec::new()),
                Err(error) => Err(error),
            }
        };
        let (by_words, by_meaning) = try_join(by_words, by_meaning).await?;
        self.by_call(fused(by_words, by_meaning), limit).await
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
        limit: usize,
    ) -> Result<Vec<ChunkHit>> {
        let chunks = limit.saturating_mul(CHUNKS_A_CALL);
        let hits = self.store.similar_chunks(vector, excluding, chunks).await?;
        Ok(hits.into_iter().filter(|hit| hit.score > 0.0).collect())
    }

    /// Groups chunks by call, best first, and reads the calls.
    async fn by_call(&self, ranked: Vec<Ranked>, limit: usize) -> Result<Vec<FoundCall>> {
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
        groups.truncate(limit);
        stream::iter(groups.into_iter().map(|group| self.read(group)))
            .buffered(READS_AT_A_TIME)
            .try_filter_map(|found| async move { Ok(found) })
            .try_collect()
            .await
    }

    /// `None` when the call is gone since it was found.
    async fn read(&self, chunks: Vec<Ranked>) -> Result<Option<FoundCall>> {
        let Some(best) = chunks.first() else {
            return Ok(None);
        };
        let (call_id, score) = (best.hit.call_id.clone(), best.score);
        let Some(detail) = self.store.call_detail(&call_id).await? else {
            return Ok(None);
        };
        let passages: Vec<Passage> = chunks
            .iter()
            .take(PASSAGES_A_CALL)
            .filter_map(|chunk| passage(&detail, chunk))
            .collect();
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
            deal: detail.deal.as_ref().and_then(|deal| deal.name.clone()),
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
        evidence,
    })
}

fn scored(hits: Vec<ChunkHit>) -> Vec<Ranked> {
    hits.into_iter()
        .map(|hit| Ranked {
            score: hit.score,
            hit,
        })
        .collect()
}

/// Reciprocal rank fusion, scaled so that first in both rankings gives 1.
fn fused(by_words: Vec<ChunkHit>, by_meaning: Vec<ChunkHit>) -> Vec<Ranked> {
    let mut chunks: BTreeMap<(CallId, u32), Ranked> = BTreeMap::new();
    for ranking in [by_words, by_meaning] {
        for (rank, hit) in ranking.into_iter().enumerate() {
            let points = (RANK_CONSTANT + 1.0) / (RANK_CONSTANT + 1.0 + rank as f64) / 2.0;
            chunks
                .entry((hit.call_id.clone(), hit.first_sentence))
                .or_insert(Ranked { hit, score: 0.0 })
                .score += points;
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
