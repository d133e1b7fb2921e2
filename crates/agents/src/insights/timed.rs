//! A language backend that answers in time or not at all.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calls::Provenance;
use calls::reading::{CallToRead, Reading};
use cortex::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ErrorKind, ExtractRequest, Extraction, LanguageBackend, Method, Outcome, Result, Summary,
    SummaryRequest, TextSentiment,
};

/// Fails, as a backend that is down does, where another backend takes too long.
#[derive(Debug)]
pub(super) struct Timed {
    backend: Arc<dyn LanguageBackend>,
    limit: Duration,
}

impl Timed {
    pub(super) fn new(backend: Arc<dyn LanguageBackend>, limit: Duration) -> Self {
        Self { backend, limit }
    }

    async fn in_time<T>(&self, answer: impl Future<Output = Result<T>>) -> Result<T> {
        let answered = tokio::time::timeout(self.limit, answer).await;
        answered.unwrap_or_else(|_| {
            let message = "the language backend took too long";
            Err(Error::new(ErrorKind::Transient, message))
        })
    }
}

macro_rules! in_time {
    ($($method:ident, $item:ty, $answer:ty;)*) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl LanguageBackend for Timed {
            fn provenance(&self) -> Provenance {
                self.backend.provenance()
            }

            fn provenance_of(&self, method: Method) -> Provenance {
                self.backend.provenance_of(method)
            }

            fn capabilities(&self) -> Capabilities {
                self.backend.capabilities()
            }

            $(
                async fn $method(&self, items: &[$item]) -> Result<Vec<Outcome<$answer>>> {
                    self.in_time(self.backend.$method(items)).await
                }
            )*
        }
    };
}

in_time! {
    sentiment, String, TextSentiment;
    summarize, SummaryRequest, Summary;
    embed, String, Embedding;
    classify, ClassifyRequest, Classification;
    extract, ExtractRequest, Extraction;
    complete, CompletionRequest, Completion;
    read, CallToRead, Reading;
}
