//! The tasks: good lines go to the backend as one batch, bad ones answer at once.

use calls::reading::CallToRead;
use resilience::ErrorKind;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::line::{Line, copy_of};
use super::request::{
    ClassifyAnswer, CompleteAnswer, EmbedAnswer, FindAnswer, ReadAnswer, SearchAnswer,
    SearchRequest, SentimentAnswer, SummarizeAnswer, SummarizeRequest, TextRequest,
};
use super::turns::{cited, request_by_sentence};
use crate::search::SearchIndex;
use crate::{
    ClassifyRequest, CompletionRequest, Error, ExtractRequest, Finding, FindingKind,
    LanguageBackend, LanguageBackendExt, Method, Outcome, Result, Utterance, usage,
};

/// The requests of the good lines, and what each line is: the place of its request,
/// or an error.
struct Batch<R> {
    requests: Vec<R>,
    places: Vec<Outcome<usize>>,
}

impl<R: DeserializeOwned> Batch<R> {
    fn read(lines: &[Line<'_>]) -> Self {
        let mut requests = Vec::with_capacity(lines.len());
        let places = lines
            .iter()
            .map(|line| {
                requests.push(line.request()?);
                Ok(requests.len() - 1)
            })
            .collect();
        Self { requests, places }
    }
}

impl<R> Batch<R> {
    /// The lines' answers, given the backend's.
    fn written<O, A: Serialize>(
        self,
        lines: &[Line<'_>],
        outcomes: Result<Vec<Outcome<O>>>,
        shape: impl Fn(&R, O) -> A,
    ) -> Vec<String> {
        let mut answers: Vec<Option<Outcome<A>>> = match outcomes {
            Ok(outcomes) => self
                .requests
                .iter()
                .zip(outcomes)
                .map(|(request, outcome)| Some(outcome.map(|value| shape(request, value))))
                .collect(),
            Err(error) => self
                .requests
                .iter()
                .map(|_| Some(Err(copy_of(&error))))
                .collect(),
        };
        lines
            .iter()
            .zip(self.places)
            .map(|(line, place)| {
                line.answered(place.and_then(|place| {
                    answers
                        .get_mut(place)
                        .and_then(Option::take)
                        .unwrap_or_else(|| {
                            let message = "the backend skipped this line";
                            Err(Error::new(ErrorKind::Internal, message))
                        })
                }))
            })
            .collect()
    }
}

fn texts(batch: &Batch<TextRequest>) -> Vec<String> {
    let requests = batch.requests.iter();
    requests.map(|request| request.text.clone()).collect()
}

pub(super) async fn sentiment(backend: &dyn LanguageBackend, lines: &[Line<'_>]) -> Vec<String> {
    let batch = Batch::<TextRequest>::read(lines);
    let outcomes = backend.sentiment(&texts(&batch)).await;
    batch.written(lines, outcomes, |_, reading| SentimentAnswer {
        score: reading.sentiment.score,
        label: reading.sentiment.label,
        raw: reading.raw,
    })
}

pub(super) async fn embed(backend: &dyn LanguageBackend, lines: &[Line<'_>]) -> Vec<String> {
    let batch = Batch::<TextRequest>::read(lines);
    let outcomes = backend.embed(&texts(&batch)).await;
    batch.written(lines, outcomes, |_, embedding| EmbedAnswer {
        dim: embedding.dim(),
        model: embedding.model,
        vector: embedding.vector,
    })
}

pub(super) async fn summarize(backend: &dyn LanguageBackend, lines: &[Line<'_>]) -> Vec<String> {
    let batch = Batch::<SummarizeRequest>::read(lines);
    let requests: Vec<_> = batch.requests.iter().map(request_by_sentence).collect();
    let outcomes = backend.summarize(&requests).await;
    batch.written(lines, outcomes, |request, summary| SummarizeAnswer {
        sentences: cited(request, &summary),
        summary: summary.text,
    })
}

/// Whether a text holds a finding of a kind, by the likeliest one.
pub(super) async fn find(
    backend: &dyn LanguageBackend,
    lines: &[Line<'_>],
    kind: FindingKind,
) -> Vec<String> {
    let batch = Batch::<TextRequest>::read(lines);
    let requests: Vec<ExtractRequest> = texts(&batch)
        .into_iter()
        .map(|text| ExtractRequest {
            utterances: vec![Utterance::of(text)],
            wanted: vec![kind],
            competitors: Vec::new(),
        })
        .collect();
    let outcomes = backend.extract(&requests).await;
    batch.written(lines, outcomes, |_, extraction| {
        let findings = extraction.findings.iter();
        let score = findings
            .filter(|finding| finding.kind == kind)
            .map(|finding| finding.score)
            .fold(0.0, f64::max);
        FindAnswer {
            score,
            is: score >= Finding::LIKELY,
        }
    })
}

pub(super) async fn classify(backend: &dyn LanguageBackend, lines: &[Line<'_>]) -> Vec<String> {
    let batch = Batch::<ClassifyRequest>::read(lines);
    let outcomes = backend.classify(&batch.requests).await;
    batch.written(lines, outcomes, |_, classification| ClassifyAnswer {
        label: classification.label,
        scores: classification.scores,
    })
}

pub(super) async fn complete(backend: &dyn LanguageBackend, lines: &[Line<'_>]) -> Vec<String> {
    let batch = Batch::<CompletionRequest>::read(lines);
    let outcomes = backend.complete(&batch.requests).await;
    batch.written(lines, outcomes, |_, completion| match completion.value {
        Some(value) => CompleteAnswer::Value(value),
        None => CompleteAnswer::Text(completion.text),
    })
}

pub(super) async fn search(backend: &dyn LanguageBackend, lines: &[Line<'_>]) -> Vec<String> {
    let batch = Batch::<SearchRequest>::read(lines);
    let mut outcomes = Vec::with_capacity(batch.requests.len());
    for request in &batch.requests {
        outcomes.push(ranked(backend, request).await);
    }
    batch.written(lines, Ok(outcomes), |_, ranked| SearchAnswer { ranked })
}

/// Words and the backend's own vectors, or words alone where it has none.
async fn ranked(backend: &dyn LanguageBackend, request: &SearchRequest) -> Outcome<Vec<usize>> {
    let index = SearchIndex::without_vectors(&request.windows);
    let hits = if backend.capabilities().supports(Method::Embed) {
        let mut texts = Vec::with_capacity(request.windows.len() + 1);
        texts.push(request.query.clone());
        texts.extend(request.windows.iter().cloned());
        let mut vectors = backend.embed(&texts).await?.into_iter();
        let query = vectors.next().unwrap_or_else(|| {
            let message = "the backend gave no vector for the query";
            Err(Error::new(ErrorKind::Internal, message))
        })?;
        let similarities = vectors
            .map(|vector| vector?.cosine(&query))
            .collect::<Result<Vec<f64>>>()?;
        index.search_with(&request.query, &similarities, request.k)?
    } else {
        index.search(&request.query, request.k)
    };
    Ok(hits.into_iter().map(|hit| hit.passage).collect())
}

/// The reading of each call. A backend that reports no requests sent none.
pub(super) async fn read(backend: &dyn LanguageBackend, lines: &[Line<'_>]) -> Vec<String> {
    let batch = Batch::<CallToRead>::read(lines);
    let mut outcomes = Vec::with_capacity(batch.requests.len());
    // One by one, so that it is known which call took which requests.
    for call in &batch.requests {
        let (outcome, reports) = usage::collect(backend.reading_of(call.clone())).await;
        outcomes.push(outcome.map(|reading| (reading, reports.len())));
    }
    batch.written(lines, Ok(outcomes), |_, (reading, requests)| ReadAnswer {
        reading,
        requests,
    })
}
