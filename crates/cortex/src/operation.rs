//! The seven methods of the trait as types, so that a decorator is written once.

use std::future::Future;
use std::pin::Pin;

use calls::reading::{CallToRead, Reading};
use resilience::{ErrorKind, Failure};
use serde::Serialize;

use crate::redaction::Texts;
use crate::{
    Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ExtractRequest, Extraction, LanguageBackend, Method, Outcome, Result, SentimentReading,
    Summary, SummaryRequest,
};

/// A method of [`LanguageBackend`], as a type.
pub(crate) trait Operation: Sized + 'static {
    const METHOD: Method;
    type Item: Clone + Serialize + Texts + Send + Sync + 'static;
    type Answer: Clone + PartialEq + Serialize + Texts + Send + Sync + 'static;

    fn ask<'a>(
        backend: &'a dyn LanguageBackend,
        items: &'a [Self::Item],
    ) -> Asked<'a, Self::Answer>;

    /// Bytes of text or numbers that an answer holds.
    fn answer_bytes(answer: &Self::Answer) -> usize;

    /// Brings an answer whose texts were changed back within what its item allows.
    fn fit(_: &Self::Item, answer: Self::Answer) -> Self::Answer {
        answer
    }

    /// Whether answers that were given apart may stand in one batch.
    fn agree(_: &[Outcome<Self::Answer>]) -> bool {
        true
    }
}

/// A method's future.
pub(crate) type Asked<'a, Answer> =
    Pin<Box<dyn Future<Output = Result<Vec<Outcome<Answer>>>> + Send + 'a>>;

/// Asks a backend. An empty batch is answered without asking.
pub(crate) async fn ask<O: Operation>(
    backend: &dyn LanguageBackend,
    items: &[O::Item],
) -> Result<Vec<Outcome<O::Answer>>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    checked(O::ask(backend, items), items.len()).await
}

/// A backend that answers with too few or too many outcomes would shift answers to
/// other items.
pub(crate) async fn checked<T>(asked: Asked<'_, T>, expected: usize) -> Result<Vec<Outcome<T>>> {
    let outcomes = asked.await?;
    if outcomes.len() == expected {
        return Ok(outcomes);
    }
    let message = format!("{} outcomes for {expected} items", outcomes.len());
    Err(Error::new(ErrorKind::Internal, message))
}

/// The same error for another item, without its source.
pub(crate) fn copy_of(error: &Error) -> Error {
    let mut copy = Error::new(error.kind(), error.message()).with_retry_after(error.retry_after());
    if let Some(field) = error.field() {
        copy = copy.with_field(field);
    }
    if error.is_exhausted() {
        copy.mark_exhausted();
    }
    copy
}

/// A method of the trait as a type: its name there, what it takes and answers, and how
/// many bytes an answer holds.
macro_rules! operation {
    ($name:ident, $method:ident, $item:ty => $answer:ty, |$given:ident| $bytes:expr $(, $more:item)?) => {
        pub(crate) struct $name;

        impl Operation for $name {
            const METHOD: Method = Method::$name;
            type Item = $item;
            type Answer = $answer;

            fn ask<'a>(
                backend: &'a dyn LanguageBackend,
                items: &'a [$item],
            ) -> Asked<'a, $answer> {
                backend.$method(items)
            }

            fn answer_bytes($given: &$answer) -> usize {
                $bytes
            }

            $($more)?
        }
    };
}

operation!(Sentiment, sentiment, String => SentimentReading, |answer| json_bytes(&answer.raw));

operation!(
    Summarize,
    summarize,
    SummaryRequest => Summary,
    |answer| answer.text.len() + size_of_val(answer.sentences.as_slice()),
    fn fit(item: &SummaryRequest, answer: Summary) -> Summary {
        let mut text = answer.text;
        if let Some(word) = text.split_whitespace().nth(item.max_words) {
            let kept = word.as_ptr().addr() - text.as_ptr().addr();
            text.truncate(kept);
            text.truncate(text.trim_end().len());
        }
        Summary { text, ..answer }
    }
);

operation!(
    Embed,
    embed,
    String => Embedding,
    |answer| answer.model.len() + size_of_val(answer.vector.as_slice()),
    /// Vectors of one batch are of one model.
    fn agree(outcomes: &[Outcome<Embedding>]) -> bool {
        let mut models = outcomes.iter().flatten().map(|vector| &vector.model);
        let first = models.next();
        models.all(|model| Some(model) == first)
    }
);

operation!(Classify, classify, ClassifyRequest => Classification, |answer| {
    let scores = answer.scores.iter();
    answer.label.len() + scores.map(|score| score.label.len() + 8).sum::<usize>()
});

operation!(Extract, extract, ExtractRequest => Extraction, |answer| {
    let findings = answer.findings.iter();
    findings.map(|found| found.phrase.len() + 24).sum()
});

operation!(Complete, complete, CompletionRequest => Completion, |answer| {
    answer.text.len() + answer.value.as_ref().map_or(0, json_bytes)
});

operation!(Read, read, CallToRead => Reading, |answer| {
    serde_json::to_value(answer).map_or(0, |value| json_bytes(&value))
});

fn json_bytes(value: &serde_json::Value) -> usize {
    use serde_json::Value;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len() + 2,
        Value::Array(values) => values.iter().map(json_bytes).sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| name.len() + 3 + json_bytes(value))
            .sum(),
    }
}

/// Implements [`LanguageBackend`] for a decorator with a field `inner` and a method
/// `run::<O: Operation>(&self, &[O::Item])`.
macro_rules! decorate {
    ($decorator:ident) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait::async_trait]
        impl<B: $crate::LanguageBackend> $crate::LanguageBackend for $decorator<B> {
            fn provenance(&self) -> calls::Provenance {
                self.inner.provenance()
            }

            fn provenance_of(&self, method: $crate::Method) -> calls::Provenance {
                self.inner.provenance_of(method)
            }

            fn capabilities(&self) -> $crate::Capabilities {
                self.inner.capabilities()
            }

            async fn sentiment(
                &self,
                texts: &[String],
            ) -> $crate::Result<Vec<$crate::Outcome<$crate::SentimentReading>>> {
                self.run::<$crate::operation::Sentiment>(texts).await
            }

            async fn summarize(
                &self,
                requests: &[$crate::SummaryRequest],
            ) -> $crate::Result<Vec<$crate::Outcome<$crate::Summary>>> {
                self.run::<$crate::operation::Summarize>(requests).await
            }

            async fn embed(
                &self,
                texts: &[String],
            ) -> $crate::Result<Vec<$crate::Outcome<$crate::Embedding>>> {
                self.run::<$crate::operation::Embed>(texts).await
            }

            async fn classify(
                &self,
                requests: &[$crate::ClassifyRequest],
            ) -> $crate::Result<Vec<$crate::Outcome<$crate::Classification>>> {
                self.run::<$crate::operation::Classify>(requests).await
            }

            async fn extract(
                &self,
                requests: &[$crate::ExtractRequest],
            ) -> $crate::Result<Vec<$crate::Outcome<$crate::Extraction>>> {
                self.run::<$crate::operation::Extract>(requests).await
            }

            async fn complete(
                &self,
                requests: &[$crate::CompletionRequest],
            ) -> $crate::Result<Vec<$crate::Outcome<$crate::Completion>>> {
                self.run::<$crate::operation::Complete>(requests).await
            }

            async fn read(
                &self,
                calls: &[calls::reading::CallToRead],
            ) -> $crate::Result<Vec<$crate::Outcome<calls::reading::Reading>>> {
                self.run::<$crate::operation::Read>(calls).await
            }
        }
    };
}
pub(crate) use decorate;
