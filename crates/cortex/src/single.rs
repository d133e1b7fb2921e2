//! One text at a time, over the batches of [`LanguageBackend`].

use std::future::Future;

use calls::reading::{CallToRead, Reading};
use resilience::ErrorKind;

use crate::{
    Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ExtractRequest, Extraction, LanguageBackend, Outcome, Result, Summary, SummaryRequest,
    TextSentiment,
};

/// Sugar for a single item. Many items are cheaper in one batch.
///
/// ```
/// use cortex::{LanguageBackendExt, LocalLanguage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cortex::Result<()> {
/// let reading = LocalLanguage::new().sentiment_of("That is a great fit for us.").await?;
/// assert!(reading.sentiment.score > 0.5);
/// # Ok(())
/// # }
/// ```
pub trait LanguageBackendExt: LanguageBackend {
    /// The sentiment of one text.
    fn sentiment_of(
        &self,
        text: impl Into<String>,
    ) -> impl Future<Output = Result<TextSentiment>> + Send {
        let texts = [text.into()];
        async move { only(self.sentiment(&texts).await?) }
    }

    /// The summary of one conversation.
    fn summary_of(&self, request: SummaryRequest) -> impl Future<Output = Result<Summary>> + Send {
        async move { only(self.summarize(&[request]).await?) }
    }

    /// The vector of one text.
    fn embedding_of(
        &self,
        text: impl Into<String>,
    ) -> impl Future<Output = Result<Embedding>> + Send {
        let texts = [text.into()];
        async move { only(self.embed(&texts).await?) }
    }

    /// The label of one text.
    fn label_of(
        &self,
        request: ClassifyRequest,
    ) -> impl Future<Output = Result<Classification>> + Send {
        async move { only(self.classify(&[request]).await?) }
    }

    /// What one conversation holds.
    fn findings_of(
        &self,
        request: ExtractRequest,
    ) -> impl Future<Output = Result<Extraction>> + Send {
        async move { only(self.extract(&[request]).await?) }
    }

    /// What a generative model writes for one prompt.
    fn completion_of(
        &self,
        request: CompletionRequest,
    ) -> impl Future<Output = Result<Completion>> + Send {
        async move { only(self.complete(&[request]).await?) }
    }

    /// What one call says.
    fn reading_of(&self, call: CallToRead) -> impl Future<Output = Result<Reading>> + Send {
        async move { only(self.read(&[call]).await?) }
    }
}

impl<B: LanguageBackend + ?Sized> LanguageBackendExt for B {}

/// The outcome of a batch of one.
fn only<T>(outcomes: Vec<Outcome<T>>) -> Result<T> {
    outcomes.into_iter().next().unwrap_or_else(|| {
        let message = "the backend answered a batch of one with nothing";
        Err(Error::new(ErrorKind::Internal, message))
    })
}
