//! What a language backend computes about a call, in the form the store keeps.
//!
//! [`InsightBuilder`] has one call read and asks a [`LanguageBackend`] for its tone, topics
//! and vectors; [`analyse_backlog`] does so for every call of a store that lacks them. A
//! [`Language`] says whether a backend may see who takes part.

mod backlog;
mod chunks;
mod findings;
mod language;
mod reader;
mod standing_in;
mod timed;
mod to_read;
pub(crate) mod tone;

use std::sync::Arc;
use std::time::Duration;

use calls::reading::{Competitor, Confidence};
use calls::{CallId, Provenance, Sentiment, Transcript};
use cortex::{ExtractRequest, FindingKind, LanguageBackend, Utterance};
use resilience::{ErrorKind, RouteStats};
use snowflake_store::{CallDetail, CallInsights, CallReading, Chunk, ChunkEmbedding};

pub use backlog::{BacklogFailure, BacklogProgress, BacklogReport, analyse_backlog};
use chunks::{ChunkText, chunks};
pub(crate) use findings::is_open;
use findings::key_topics;
pub use language::Language;
use reader::Reader;
pub(crate) use reader::{FALL_BACK_ON, Read};
pub(crate) use standing_in::StandingIn;
use timed::Timed;
use to_read::transcript_of;
pub(crate) use to_read::{call_to_read, party_id};

use crate::{Error, Result};

/// Turns calls into [`CallInsights`] with a language backend.
///
/// What the backend cannot do ([`ErrorKind::Unsupported`]) stays empty, and so
/// does a single sentence, chunk or request that it refuses. A failure that
/// usually passes fails the call instead, so that it is retried and no half
/// answer is stored.
#[derive(Debug, Clone)]
pub struct InsightBuilder {
    language: Language,
    reader: Reader,
}

impl<B: LanguageBackend + ?Sized> From<Arc<B>> for InsightBuilder {
    fn from(language: Arc<B>) -> Self {
        Self::new(language)
    }
}

impl InsightBuilder {
    /// A builder over a language backend, which also reads the calls.
    pub fn new(language: impl Into<Language>) -> Self {
        let language = language.into();
        Self {
            reader: Reader::new(language.clone()),
            language,
        }
    }

    /// Has calls read by another backend than the one for tone, topics and vectors. A model
    /// reads a call in one request, and is asked for nothing else then.
    #[must_use]
    pub fn with_reader(mut self, reader: impl Into<Language>) -> Self {
        self.reader = Reader::new(reader.into());
        self
    }

    /// Has calls read by a second backend when the first one fails.
    #[must_use]
    pub fn with_fallback(mut self, fallback: impl Into<Language>) -> Self {
        self.reader = self.reader.with_fallback(fallback.into());
        self
    }

    /// Share of the calls that the reader reads where there is a fallback, from 0 to 1; the
    /// fallback reads the others. A stable hash of a call's id decides, so that a call stays
    /// with whom it was when the share grows. Default 1.
    #[must_use]
    pub fn with_reader_share(mut self, share: f64) -> Self {
        self.reader = self.reader.with_primary_share(share);
        self
    }

    /// How long a backend may take for one request before it counts as failed: the fallback
    /// reads then, or extracts answer. 4 minutes otherwise.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.reader = self.reader.with_time_limit(limit);
        self
    }

    /// How often reader and fallback have read so far; a reader without a fallback is not
    /// counted. For callers that watch what falls back.
    pub fn reader_stats(&self) -> RouteStats {
        self.reader.route().stats()
    }

    /// Who computes, which reader included: insights of another provenance are not
    /// comparable.
    pub fn provenance(&self) -> Provenance {
        self.provenance_with(self.reader.provenance())
    }

    /// Who computes of a call, which may be one of the fallback's share.
    pub(crate) fn provenance_for(&self, call: &CallId) -> Provenance {
        self.provenance_with(self.reader.provenance_for(call))
    }

    fn provenance_with(&self, reader: Provenance) -> Provenance {
        let own = self.language.provenance();
        if own.backend == reader.backend {
            return own;
        }
        let model = format!("{}, read by {} {}", own.model, reader.backend, reader.model);
        Provenance::new(own.backend, model)
    }

    /// Who reads calls, when nothing fails.
    pub fn reader(&self) -> Provenance {
        self.reader.provenance()
    }

    /// Who reads a call, which may be one of the fallback's share.
    pub(crate) fn reader_for(&self, call: &CallId) -> Provenance {
        self.reader.provenance_for(call)
    }

    /// All who read calls, when nothing fails.
    pub(crate) fn readers(&self) -> Vec<Provenance> {
        self.reader.provenances()
    }

    pub(crate) fn is_by_model(&self, provenance: &Provenance) -> bool {
        self.reader.is_by_model(provenance)
    }

    /// Whether a generative model tells the tone of sentences.
    pub(crate) fn tells_tones_by_model(&self) -> bool {
        self.language.is_model()
    }

    /// The language backend, for what belongs to no call.
    pub(crate) fn language(&self) -> Arc<dyn LanguageBackend> {
        self.timed(self.language.without_call())
    }

    /// The language backend for what is said in a call.
    fn language_for(&self, detail: &CallDetail) -> Result<Arc<dyn LanguageBackend>> {
        Ok(self.timed(self.language.for_call(detail)?))
    }

    fn timed(&self, backend: Arc<dyn LanguageBackend>) -> Arc<dyn LanguageBackend> {
        match self.reader.route().primary_timeout() {
            Some(limit) => Arc::new(Timed::new(backend, limit)),
            None => backend,
        }
    }

    /// Who writes about some calls: the reader where it is a model, else the backend where
    /// that is one.
    pub(crate) fn writer<'d>(
        &self,
        details: impl IntoIterator<Item = &'d CallDetail>,
    ) -> Result<Option<Arc<dyn LanguageBackend>>> {
        let candidates = [self.reader.primary(), &self.language];
        let writer = candidates.into_iter().find(|one| one.is_model());
        let writer = writer.map(|one| one.for_calls(details)).transpose()?;
        Ok(writer.map(|writer| self.timed(writer)))
    }

    /// Whether reading a call costs no request to a model.
    pub(crate) fn reads_without_model(&self) -> bool {
        !self.reader.primary().is_model()
    }

    /// Reads a call.
    ///
    /// # Errors
    /// [`NoTranscript`](crate::ErrorCode::NoTranscript);
    /// [`BackendFailed`](crate::ErrorCode::BackendFailed) when the settings are at fault.
    /// Other failures are facts of the reading.
    pub async fn read(&self, detail: &CallDetail) -> Result<CallReading> {
        Ok(self.read_and_say(detail).await?.reading)
    }

    /// As [`read`](Self::read), with why it is not what was asked for.
    pub(crate) async fn read_and_say(&self, detail: &CallDetail) -> Result<Read> {
        self.reader.read(detail).await
    }

    /// What is computed of a call, with what its reading says for the columns of risks and
    /// next steps. A transcript without sentences gives empty insights.
    ///
    /// # Errors
    /// [`NoTranscript`](crate::ErrorCode::NoTranscript),
    /// [`BackendFailed`](crate::ErrorCode::BackendFailed).
    pub async fn build(&self, detail: &CallDetail, read: &CallReading) -> Result<CallInsights> {
        let transcript = transcript_of(detail)?;
        // What the fallback has read is not what the others are compared by.
        let reader = self.reader_for(&detail.call.id);
        let reading = Some(&read.reading).filter(|_| read.provenance == reader);
        let mut insights = CallInsights {
            call_id: detail.call.id.clone(),
            transcript_sha: detail.transcript_sha.clone(),
            sentiment: None,
            summary: None,
            key_topics: Vec::new(),
            risks: reading.and_then(findings::risks),
            next_steps: reading.and_then(findings::next_steps),
            sentence_sentiments: Vec::new(),
            chunks: Vec::new(),
            provenance: self.provenance_for(&detail.call.id),
        };
        if transcript.sentences.is_empty() {
            return Ok(insights);
        }
        let language = self.language_for(detail)?;
        let utterances = utterances_of(detail, transcript);
        let cut = chunks(&detail.call, transcript);
        let wanted = vec![FindingKind::Topic, FindingKind::Keyword];
        // Side by side: a backend that computes uses its threads, one that is far
        // away answers in the time of one request.
        let (tones, vectors, found) = tokio::try_join!(
            tones(&*language, transcript),
            vectors(&*language, &cut),
            extracted(&*language, utterances, wanted, Vec::new()),
        )?;
        insights.sentiment = tone::tone_of_call(
            transcript
                .sentences
                .iter()
                .zip(&tones)
                .filter_map(|(sentence, tone)| Some((sentence, tone.as_ref()?))),
        );
        insights.sentence_sentiments = transcript
            .sentences
            .iter()
            .zip(&tones)
            .filter_map(|(sentence, tone)| Some((sentence.index, tone.as_ref()?.score)))
            .collect();
        let summary = reading.map(|reading| reading.summary.trim());
        insights.summary = summary.filter(|text| !text.is_empty()).map(str::to_owned);
        insights.chunks = embedded(cut, vectors, &insights.sentence_sentiments);
        insights.key_topics = key_topics(&found);
        Ok(insights)
    }

    /// Where these competitors are named.
    pub(crate) async fn competitors_in(
        &self,
        detail: &CallDetail,
        competitors: &[String],
    ) -> Result<Vec<Competitor>> {
        let transcript = transcript_of(detail)?;
        let found = extracted(
            &*self.language_for(detail)?,
            utterances_of(detail, transcript),
            vec![FindingKind::CompetitorMention],
            competitors.to_vec(),
        )
        .await?;
        let mut named: Vec<Competitor> = Vec::new();
        for one in found.into_iter().filter(cortex::Finding::is_likely) {
            let is_same = |known: &&mut Competitor| known.name.eq_ignore_ascii_case(&one.phrase);
            match named.iter_mut().find(is_same) {
                Some(known) => known.sentences.push(one.utterance),
                None => {
                    let sure = Confidence::claimed(one.score);
                    named.push(Competitor::new(one.phrase, vec![one.utterance], sure));
                }
            }
        }
        for one in &mut named {
            one.sentences.sort_unstable();
            one.sentences.dedup();
        }
        Ok(named)
    }

    /// The vectors of a call's chunks, without storing anything.
    pub(crate) async fn chunk_vectors(&self, detail: &CallDetail) -> Result<Vec<ChunkEmbedding>> {
        let cut = chunks(&detail.call, transcript_of(detail)?);
        let language = self.language_for(detail)?;
        let vectors = vectors(&*language, &cut).await?;
        Ok(vectors.into_iter().flatten().collect())
    }
}

async fn tones(
    language: &dyn LanguageBackend,
    transcript: &Transcript,
) -> Result<Vec<Option<Sentiment>>> {
    let texts: Vec<String> = transcript
        .sentences
        .iter()
        .map(|sentence| sentence.text.clone())
        .collect();
    let readings = supported(language.sentiment(&texts).await)?;
    let mut tones = items(readings, "sentiment")?
        .into_iter()
        .map(|reading| reading.map(|reading| reading.sentiment))
        .collect::<Vec<_>>();
    tones.resize(texts.len(), None);
    Ok(tones)
}

async fn vectors(
    language: &dyn LanguageBackend,
    cut: &[ChunkText],
) -> Result<Vec<Option<ChunkEmbedding>>> {
    let texts: Vec<String> = cut.iter().map(|chunk| chunk.text.clone()).collect();
    let embeddings = supported(language.embed(&texts).await)?;
    let vector = |embedding: cortex::Embedding| ChunkEmbedding {
        model: embedding.model,
        vector: embedding.vector,
    };
    Ok(items(embeddings, "embedding")?
        .into_iter()
        .map(|embedding| embedding.map(vector))
        .collect())
}

async fn extracted(
    language: &dyn LanguageBackend,
    utterances: Vec<Utterance>,
    wanted: Vec<FindingKind>,
    competitors: Vec<String>,
) -> Result<Vec<cortex::Finding>> {
    let request = ExtractRequest {
        utterances,
        wanted,
        competitors,
    };
    let extractions = supported(language.extract(&[request]).await)?;
    Ok(items(extractions, "extraction")?
        .into_iter()
        .flatten()
        .flat_map(|extraction| extraction.findings)
        .collect())
}

/// Chunks with their vectors and the mean tone of their sentences.
fn embedded(
    cut: Vec<ChunkText>,
    vectors: Vec<Option<ChunkEmbedding>>,
    tones: &[(u32, f64)],
) -> Vec<Chunk> {
    let mut vectors = vectors.into_iter();
    cut.into_iter()
        .map(|chunk| Chunk {
            sentiment: mean_between(tones, chunk.first, chunk.last),
            first_sentence: chunk.first,
            last_sentence: chunk.last,
            text: chunk.text,
            embedding: vectors.next().flatten(),
        })
        .collect()
}

/// One utterance a sentence, so that a finding's position is a sentence's.
fn utterances_of(detail: &CallDetail, transcript: &Transcript) -> Vec<Utterance> {
    transcript
        .sentences
        .iter()
        .map(|sentence| {
            let speaker = sentence.speaker_id.as_ref();
            Utterance {
                speaker: speaker
                    .and_then(|speaker| detail.call.speaker(speaker))
                    .and_then(|party| party.display_name())
                    .map(str::to_owned),
                affiliation: detail.call.affiliation_of(speaker),
                text: sentence.text.clone(),
                start_ms: Some(sentence.start_ms),
            }
        })
        .collect()
}

/// An operation that the backend does not have gives nothing.
fn supported<T>(outcome: Result<Vec<T>, cortex::Error>) -> Result<Vec<T>> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(Vec::new()),
        other => Ok(other?),
    }
}

/// Items of a batch; one that failed for good is left out, one that may yet
/// succeed fails the batch.
fn items<T>(outcomes: Vec<Result<T, cortex::Error>>, what: &str) -> Result<Vec<Option<T>>> {
    outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Ok(item) => Ok(Some(item)),
            Err(error) if error.kind().is_retryable() => Err(Error::from(error)),
            Err(error) => {
                tracing::debug!(what, %error, "the language backend refused an item");
                Ok(None)
            }
        })
        .collect()
}

/// Mean of the scores of a run of sentences. `tones` ascends by sentence.
fn mean_between(tones: &[(u32, f64)], first: u32, last: u32) -> Option<f64> {
    let from = tones.partition_point(|(index, _)| *index < first);
    let to = tones.partition_point(|(index, _)| *index <= last);
    let run = tones.get(from..to).filter(|run| !run.is_empty())?;
    Some(run.iter().map(|(_, score)| score).sum::<f64>() / run.len() as f64)
}
