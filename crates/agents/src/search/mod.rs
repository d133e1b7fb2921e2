//! Finds calls that resemble a call, and passages that answer a query.

mod found;
mod gong;
mod relevance;

use std::collections::HashSet;
use std::sync::Arc;

use calls::CallId;
use cortex::LanguageBackend;
use found::{Found, Ranked, by_call, fused, scored};
use futures_util::future::try_join3;
use futures_util::{StreamExt, TryStreamExt, stream};
use gong::{add_findings, passage_of_line};
pub(crate) use relevance::telling;
use relevance::{LEAST_COSINE, LEAST_COSINE_OF_CALLS, QueryWords, is_small_talk};
use resilience::ErrorKind;
use snowflake_store::{
    CallDetail, CallOrder, CallQuery, CallReader, ChunkEmbedding, ChunkHit, RepIdentity,
};

pub use found::{FoundCall, Passage, Why};

use crate::analysis::deal_context;
use crate::insights::InsightBuilder;
use crate::{Citations, Error, ErrorCode, Result};

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

/// Passages that are shown of one call.
const PASSAGES_A_CALL: usize = 2;

/// Finds calls by what was said in them.
#[derive(Debug, Clone)]
pub struct CallSearch {
    store: Arc<dyn CallReader>,
    insights: InsightBuilder,
    among: CallQuery,
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

    /// The calls that resemble a call, best first, itself left out, as far as any does: those
    /// with a chunk closest to the mean of its chunks' vectors.
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
        let least = LEAST_COSINE_OF_CALLS;
        let hits = self.closest(&centre, Some(call_id), least, limit).await?;
        self.read_all(by_call(scored(hits)), limit).await
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
        self.read_all(by_call(scored(hits)), limit).await
    }

    /// The calls whose passages hold at least half of the telling words of a query or come
    /// close to its meaning: both rankings fused by reciprocal rank, the best call of each
    /// deal before the second of any. With a backend that cannot embed, words alone decide.
    /// What Gong wrote about a call finds it too, and weighs half as much.
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
        let by_gong = async {
            let calls = limit.saturating_mul(CALLS_READ);
            Ok(self.store.search_findings(query, calls).await?)
        };
        let (by_words, by_meaning, by_gong) = try_join3(by_words, by_meaning, by_gong).await?;
        let by_words: Vec<ChunkHit> = by_words
            .into_iter()
            .filter(|hit| words.are_enough(&words.found_in(&hit.text)))
            .collect();
        let mut ranked = fused(by_words, by_meaning);
        for chunk in &mut ranked {
            chunk.why.words = words.found_in(&chunk.hit.text);
        }
        let mut found = by_call(ranked);
        add_findings(&mut found, by_gong, &words);
        self.read_all(found, limit).await
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
        let close = hits.into_iter().filter(|hit| hit.score >= least);
        Ok(close.filter(|hit| !is_small_talk(&hit.text)).collect())
    }

    /// Reads the calls that were found, best first.
    async fn read_all(&self, mut found: Vec<Found>, limit: usize) -> Result<Vec<FoundCall>> {
        if let Some(wanted) = self.wanted().await? {
            found.retain(|call| wanted.contains(&call.call_id));
        }
        found.truncate(limit.saturating_mul(CALLS_READ));
        let found: Vec<FoundCall> = stream::iter(found.into_iter().map(|call| self.read(call)))
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
    async fn read(&self, found: Found) -> Result<Option<FoundCall>> {
        let Found {
            call_id,
            score,
            chunks,
            gong,
        } = found;
        let Some(detail) = self.store.call_detail(&call_id).await? else {
            return Ok(None);
        };
        let mut passages: Vec<Passage> = chunks
            .iter()
            .take(PASSAGES_A_CALL)
            .filter_map(|chunk| passage(&detail, chunk))
            .collect();
        let mut why = match chunks.first() {
            Some(best) => best.why.clone(),
            None => Why::default(),
        };
        if let Some((line, words)) = gong {
            if chunks.is_empty() {
                passages.extend(passage_of_line(&detail, &line, score, &words));
                why.words = words;
            }
            why.gong = Some(line);
        }
        let deal = deal_context(&detail);
        let host = detail.call.primary_party();
        let rep = RepIdentity {
            id: detail.call.primary_user_id.clone(),
            email: host.and_then(|party| party.email.clone()),
            name: host.and_then(|party| party.name.clone()),
        };
        let is_shown = !passages.is_empty() || why.gong.is_some();
        Ok(is_shown.then_some(FoundCall {
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
