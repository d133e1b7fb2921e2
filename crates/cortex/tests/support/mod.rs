//! A backend that does what a test tells it, and remembers what it was asked.
#![allow(dead_code)] // no test uses all of it

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use calls::Provenance;
use calls::reading::{CallToRead, Reading};
use cortex::usage::{self, TokenUsage};
use cortex::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ExtractRequest, Extraction, LanguageBackend, LocalLanguage, Method, Outcome, Result, Summary,
    SummaryRequest, TextSentiment,
};
use resilience::ErrorKind;
use serde_json::json;

/// The local backend, which also completes (with an echo) and fails on demand.
///
/// A text with `#invalid` fails its item; one with `#flaky` fails its item with
/// `Transient` the first time it is seen, one with `#down` every time.
#[derive(Debug, Default)]
pub(crate) struct Scripted {
    /// Outer errors of the next round trips.
    pub(crate) outer: Mutex<VecDeque<Error>>,
    pub(crate) seen: Mutex<HashMap<String, u32>>,
    /// The texts of each round trip.
    pub(crate) asked: Mutex<Vec<Vec<String>>>,
    pub(crate) under_way: AtomicUsize,
    pub(crate) most_under_way: AtomicUsize,
    pub(crate) finished: AtomicUsize,
    pub(crate) delay: Duration,
    /// Most items that it takes; more are an outer `InvalidInput`.
    pub(crate) max_batch: Option<usize>,
    /// Tokens that it reports for each item.
    pub(crate) tokens: Option<(u64, u64)>,
    /// The model of the vectors of each round trip, the last one for all that follow.
    pub(crate) models: Mutex<VecDeque<String>>,
    /// Fails the whole round trip for an item with `#invalid`.
    pub(crate) refuses_all: bool,
}

impl Scripted {
    pub(crate) fn failing(errors: impl IntoIterator<Item = Error>) -> Self {
        Self {
            outer: Mutex::new(errors.into_iter().collect()),
            ..Self::default()
        }
    }

    pub(crate) fn fail_next(&self, error: Error) {
        self.outer.lock().unwrap().push_back(error);
    }

    pub(crate) fn asked(&self) -> Vec<Vec<String>> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn last_asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().last().unwrap().clone()
    }

    pub(crate) fn round_trips(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    async fn round_trip(&self, texts: Vec<String>) -> Result<Vec<Outcome<()>>> {
        let count = texts.len();
        self.asked.lock().unwrap().push(texts.clone());
        let under_way = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_under_way.fetch_max(under_way, Ordering::SeqCst);
        let leaving = Leaving(&self.under_way);
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        drop(leaving);
        self.finished.fetch_add(1, Ordering::SeqCst);
        if let Some(error) = self.outer.lock().unwrap().pop_front() {
            return Err(error);
        }
        let is_too_long = self.max_batch.is_some_and(|most| count > most);
        let is_refused = self.refuses_all && texts.iter().any(|text| text.contains("#invalid"));
        if is_too_long || is_refused {
            return Err(Error::new(ErrorKind::InvalidInput, "refused"));
        }
        if let Some((input, output)) = self.tokens {
            usage::report(TokenUsage {
                model: "scripted-1".into(),
                items: count as u64,
                input: input * count as u64,
                output: output * count as u64,
            });
        }
        Ok(texts.iter().map(|text| self.check(text)).collect())
    }

    fn check(&self, text: &str) -> Outcome<()> {
        let mut seen = self.seen.lock().unwrap();
        let times = seen.entry(text.to_owned()).or_default();
        *times += 1;
        if text.contains("#invalid") {
            return Err(Error::new(ErrorKind::InvalidInput, "refused"));
        }
        if text.contains("#down") || (text.contains("#flaky") && *times == 1) {
            return Err(Error::new(ErrorKind::Transient, "try again"));
        }
        Ok(())
    }
}

struct Leaving<'a>(&'a AtomicUsize);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn spoken(utterances: &[cortex::Utterance]) -> String {
    let texts: Vec<&str> = utterances
        .iter()
        .map(|spoken| spoken.text.as_str())
        .collect();
    texts.join("\n")
}

fn both<T>(checks: Vec<Outcome<()>>, answers: Vec<Outcome<T>>) -> Vec<Outcome<T>> {
    let pairs = checks.into_iter().zip(answers);
    pairs.map(|(check, answer)| check.and(answer)).collect()
}

#[async_trait]
impl LanguageBackend for Scripted {
    fn provenance(&self) -> Provenance {
        Provenance::new("scripted", "scripted-1")
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            methods: Method::ALL.to_vec(),
            max_batch: self.max_batch.unwrap_or(usize::MAX),
            ..LocalLanguage::new().capabilities()
        }
    }

    async fn sentiment(&self, texts: &[String]) -> Result<Vec<Outcome<TextSentiment>>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let checks = self.round_trip(texts.to_vec()).await?;
        Ok(both(checks, LocalLanguage::new().sentiment(texts).await?))
    }

    async fn summarize(&self, requests: &[SummaryRequest]) -> Result<Vec<Outcome<Summary>>> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        let texts = requests.iter().map(|request| spoken(&request.utterances));
        let checks = self.round_trip(texts.collect()).await?;
        Ok(both(
            checks,
            LocalLanguage::new().summarize(requests).await?,
        ))
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Outcome<Embedding>>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let checks = self.round_trip(texts.to_vec()).await?;
        let model = {
            let mut models = self.models.lock().unwrap();
            match models.len() {
                0 => None,
                1 => models.front().cloned(),
                _ => models.pop_front(),
            }
        };
        let vectors = LocalLanguage::new().embed(texts).await?;
        let renamed = vectors.into_iter().map(|vector| {
            vector.map(|vector| Embedding {
                model: model.clone().unwrap_or_else(|| vector.model.clone()),
                ..vector
            })
        });
        Ok(both(checks, renamed.collect()))
    }

    async fn classify(&self, requests: &[ClassifyRequest]) -> Result<Vec<Outcome<Classification>>> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        let texts = requests.iter().map(|request| request.text.clone());
        let checks = self.round_trip(texts.collect()).await?;
        Ok(both(checks, LocalLanguage::new().classify(requests).await?))
    }

    async fn extract(&self, requests: &[ExtractRequest]) -> Result<Vec<Outcome<Extraction>>> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        let texts = requests.iter().map(|request| spoken(&request.utterances));
        let checks = self.round_trip(texts.collect()).await?;
        Ok(both(checks, LocalLanguage::new().extract(requests).await?))
    }

    async fn complete(&self, requests: &[CompletionRequest]) -> Result<Vec<Outcome<Completion>>> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        let texts = requests.iter().map(|request| request.prompt.clone());
        let checks = self.round_trip(texts.collect()).await?;
        let echoes = requests.iter().map(|request| {
            let value = request
                .schema
                .as_ref()
                .map(|_| json!({ "echo": request.prompt }));
            let text = match &value {
                Some(value) => value.to_string(),
                None => request.prompt.clone(),
            };
            Ok(Completion { text, value })
        });
        Ok(both(checks, echoes.collect()))
    }

    async fn read(&self, calls: &[CallToRead]) -> Result<Vec<Outcome<Reading>>> {
        if calls.is_empty() {
            return Ok(Vec::new());
        }
        let said = |call: &CallToRead| {
            let said: Vec<&str> = call.sentences().map(|(_, said)| said).collect();
            said.join("\n")
        };
        let checks = self.round_trip(calls.iter().map(said).collect()).await?;
        Ok(both(checks, LocalLanguage::new().read(calls).await?))
    }
}

pub(crate) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
