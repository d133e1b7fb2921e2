//! [`LocalLanguage`]: the local methods behind the trait.

use std::sync::Arc;

use async_trait::async_trait;
use calls::reading::{CallToRead, Reading};
use calls::{Provenance, Sentiment, SentimentLabel};
use jiff::civil::Date;
use resilience::ErrorKind;
use serde_json::json;

use super::classification::Classifier;
use super::read::{self, ReadingModel};
use super::spoken_language::{check_is_english, check_texts_are_english};
use super::text_encoder::TextEncoder;
use super::{extraction, summary, vader};
use crate::encoder::{DIMENSIONS, Encoder, MODEL};
use crate::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ExtractRequest, Extraction, LanguageBackend, Method, Outcome, Result, Summary, SummaryRequest,
    TextSentiment, Utterance,
};

/// Batches of more text than this, in bytes, go to a thread that may block: some
/// two milliseconds of work, longer than an executor should be held up.
const INLINE_BYTES: usize = 16 * 1_024;

/// From this compound score on a text is positive, from its negative on negative, as
/// VADER's authors define it.
const TONE_THRESHOLD: f64 = 0.05;

/// A language backend without weights, network or account: deterministic, free, and
/// fast enough to read a thousand sentences in the time of one request elsewhere.
///
/// It is made for English. A conversation that is clearly in another language is not
/// summarised or searched for findings: its item is `Unsupported` on `language`. The
/// tone and the vector of a single text, which is too short to tell, are computed
/// regardless; [`detect_language`](crate::detect_language) tells beforehand. It cannot
/// write text, so [`complete`](LanguageBackend::complete) is unsupported.
///
/// | method | how |
/// |---|---|
/// | sentiment | VADER, all four scores as `vaderSentiment` 3.3.2 |
/// | summarize | the conversation's own sentences, by what people's summaries hold |
/// | embed | stems hashed to 1,024 components, weighted by general IDF; or an [encoder](TextEncoder) that the caller gives |
/// | classify | words shared with the label's name and its relatives |
/// | read | learned numbers that find and group sentences, rules for owners, dates and states |
/// | extract | phrase tables, word statistics and rules, each in a file of its own |
///
/// Cloning is free, clones share everything.
///
/// ```
/// use cortex::{LanguageBackend, LocalLanguage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cortex::Result<()> {
/// let language = LocalLanguage::new();
/// let texts = ["We love it.".to_owned(), "It is far too expensive, sadly.".to_owned()];
/// let readings = language.sentiment(&texts).await?;
/// let scores: Vec<f64> = readings
///     .into_iter()
///     .map(|reading| reading.map(|reading| reading.sentiment.score))
///     .collect::<cortex::Result<_>>()?;
/// assert_eq!(scores, [0.6369, -0.4215]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct LocalLanguage {
    /// In place of hashed stems.
    encoder: Option<Arc<dyn TextEncoder>>,
    /// In place of the numbers that come with the crate.
    reading: Option<ReadingModel>,
}

impl LocalLanguage {
    /// The backend with what it brings itself.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes vectors from an encoder in place of hashed stems, such as
    /// `Model2Vec` (feature `model2vec`). All else stays.
    /// For callers that bring an encoder.
    #[must_use]
    pub fn with_encoder(mut self, encoder: impl TextEncoder) -> Self {
        self.encoder = Some(Arc::new(encoder));
        self
    }

    /// Reads calls with other learned numbers than those that come with the crate, such
    /// as some learned from the caller's own labelled calls.
    #[must_use]
    pub fn with_reading_model(mut self, model: ReadingModel) -> Self {
        self.reading = Some(model);
        self
    }

    /// The days that an English text names, in its order, as [`read`](LanguageBackend::read)
    /// resolves them for due dates: always the coming ones, counted from `today`.
    ///
    /// ```
    /// use jiff::civil::date;
    ///
    /// let language = cortex::LocalLanguage::new();
    /// let days = language.days_named("By Friday, or on the third of July.", date(2026, 4, 21));
    /// assert_eq!(days, [date(2026, 4, 24), date(2026, 7, 3)]);
    /// ```
    pub fn days_named(&self, text: &str, today: Date) -> Vec<Date> {
        read::days_named(text, today)
    }
}

#[async_trait]
impl LanguageBackend for LocalLanguage {
    fn provenance(&self) -> Provenance {
        this_version()
    }

    fn provenance_of(&self, method: Method) -> Provenance {
        let whole = self.provenance();
        let own = self.reading.as_ref().map(ReadingModel::version);
        let model = match method {
            Method::Embed => self.capabilities().embedding_model,
            Method::Read => {
                let numbers = own.unwrap_or_else(|| ReadingModel::shipped_version());
                Some(format!("{}-{numbers}", whole.model))
            }
            _ => None,
        };
        Provenance::new(whole.backend, model.unwrap_or(whole.model))
    }

    fn capabilities(&self) -> Capabilities {
        let methods = Method::ALL
            .into_iter()
            .filter(|method| *method != Method::Complete)
            .collect();
        Capabilities {
            methods,
            max_batch: usize::MAX,
            embedding_dim: Some(self.encoder.as_ref().map_or(DIMENSIONS, |own| own.dim())),
            embedding_model: Some(match &self.encoder {
                Some(own) => own.model().to_owned(),
                None => MODEL.to_owned(),
            }),
            languages: vec!["en".into()],
        }
    }

    async fn sentiment(&self, texts: &[String]) -> Result<Vec<Outcome<TextSentiment>>> {
        run(texts, String::len, |texts| {
            let mut analyzer = vader::Analyzer::default();
            texts
                .iter()
                .map(|text| Ok(reading(analyzer.score(text))))
                .collect()
        })
        .await
    }

    async fn summarize(&self, requests: &[SummaryRequest]) -> Result<Vec<Outcome<Summary>>> {
        let size = |request: &SummaryRequest| size_of(&request.utterances);
        run(requests, size, |requests| {
            requests
                .iter()
                .map(|request| {
                    check_is_english(&request.utterances)?;
                    Ok(summary::summarize(request))
                })
                .collect()
        })
        .await
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Outcome<Embedding>>> {
        let own = self.encoder.clone();
        run(texts, String::len, move |texts| match own {
            Some(own) => encoded_by(own.as_ref(), texts),
            None => {
                let mut encoder = Encoder::new();
                texts.iter().map(|text| Ok(encoder.encode(text))).collect()
            }
        })
        .await
    }

    async fn classify(&self, requests: &[ClassifyRequest]) -> Result<Vec<Outcome<Classification>>> {
        let size = |request: &ClassifyRequest| {
            request.text.len() + request.labels.iter().map(String::len).sum::<usize>()
        };
        run(requests, size, |requests| {
            let mut classifier = Classifier::new();
            requests
                .iter()
                .map(|request| classifier.classify(request))
                .collect()
        })
        .await
    }

    async fn extract(&self, requests: &[ExtractRequest]) -> Result<Vec<Outcome<Extraction>>> {
        let size = |request: &ExtractRequest| size_of(&request.utterances);
        run(requests, size, |requests| {
            requests
                .iter()
                .map(|request| {
                    check_is_english(&request.utterances)?;
                    Ok(extraction::extract(request))
                })
                .collect()
        })
        .await
    }

    async fn complete(&self, requests: &[CompletionRequest]) -> Result<Vec<Outcome<Completion>>> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        let message = "the local backend has no generative model";
        Err(Error::new(ErrorKind::Unsupported, message))
    }

    async fn read(&self, calls: &[CallToRead]) -> Result<Vec<Outcome<Reading>>> {
        let model = match &self.reading {
            Some(own) => own.clone(),
            None => ReadingModel::shipped()?,
        };
        let size = |call: &CallToRead| call.sentences().map(|(_, said)| said.len()).sum();
        run(calls, size, move |calls| {
            let read = calls.iter().map(|call| {
                check_texts_are_english(call.sentences().map(|(_, said)| said))?;
                Ok(read::read(call, &model))
            });
            read.collect()
        })
        .await
    }
}

/// The vectors of an encoder, brought to unit length.
fn encoded_by(encoder: &dyn TextEncoder, texts: &[String]) -> Vec<Outcome<Embedding>> {
    let mut vectors = encoder.encode(texts).into_iter();
    texts
        .iter()
        .map(|_| {
            let vector = vectors
                .next()
                .filter(|vector| vector.len() == encoder.dim());
            let mut vector = vector.ok_or_else(|| {
                let message = "the encoder gave no vector of its dimension";
                Error::new(ErrorKind::Internal, message)
            })?;
            crate::embedding::normalize(&mut vector);
            Ok(Embedding {
                model: encoder.model().to_owned(),
                vector,
            })
        })
        .collect()
}

fn this_version() -> Provenance {
    Provenance::new("local", concat!("local-", env!("CARGO_PKG_VERSION")))
}

fn reading(scores: vader::Scores) -> TextSentiment {
    let label = if scores.compound >= TONE_THRESHOLD {
        SentimentLabel::Positive
    } else if scores.compound <= -TONE_THRESHOLD {
        SentimentLabel::Negative
    } else {
        SentimentLabel::Neutral
    };
    TextSentiment {
        sentiment: Sentiment {
            score: scores.compound,
            label,
        },
        raw: json!({
            "compound": scores.compound,
            "pos": scores.positive,
            "neu": scores.neutral,
            "neg": scores.negative,
        }),
        by: this_version(),
    }
}

fn size_of(utterances: &[Utterance]) -> usize {
    utterances
        .iter()
        .map(|utterance| utterance.text.len())
        .sum()
}

/// Works here when there is little to do or no runtime to hand it to, else on a
/// thread that may block.
async fn run<I, O>(
    items: &[I],
    size: impl Fn(&I) -> usize,
    work: impl FnOnce(&[I]) -> Vec<Outcome<O>> + Send + 'static,
) -> Result<Vec<Outcome<O>>>
where
    I: Clone + Send + 'static,
    O: Send + 'static,
{
    let bytes: usize = items.iter().map(size).sum();
    if bytes <= INLINE_BYTES {
        return Ok(work(items));
    }
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        return Ok(work(items));
    };
    let items = items.to_vec();
    let worker = runtime.spawn_blocking(move || work(&items));
    worker.await.map_err(|error| {
        let kind = if error.is_cancelled() {
            ErrorKind::Cancelled
        } else {
            ErrorKind::Internal
        };
        Error::new(kind, "the worker thread did not finish").with_source(error)
    })
}
