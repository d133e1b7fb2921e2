//! The trait that every language backend implements.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::Provenance;
use calls::reading::{CallToRead, Reading};
use resilience::ErrorKind;

use crate::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ExtractRequest, Extraction, Method, Outcome, Result, Summary, SummaryRequest, TextSentiment,
};

/// Reads, shortens, compares and labels what was said on calls.
///
/// # Contract
/// - **Shape.** Every method takes a batch and returns one [`Outcome`] per item, in
///   the order of the input. Equal items get equal outcomes from a deterministic
///   backend; duplicates are not merged. An empty batch gives an empty result
///   without a round trip.
/// - **Errors.** The outer error means that nothing was answered (credentials,
///   network, an unsupported method). An inner error concerns only its item and
///   does not affect the others. `RateLimited` and `Transient` are worth
///   retrying; a backend that has already retried marks them exhausted.
/// - **Size.** A batch may be longer than [`Capabilities::max_batch`]: the backend
///   divides it.
/// - **Idempotence.** No call changes anything but the account's bill.
/// - **Cancellation.** Dropping the future abandons the work. A local backend may
///   still finish what a worker thread has begun; its result is dropped.
/// - **Privacy.** Texts appear in no error, and in no log above `trace`.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait LanguageBackend: Debug + Send + Sync + 'static {
    /// Which backend and model answer: stored with everything they compute.
    fn provenance(&self) -> Provenance;

    /// Which model answers one method, for backends with several models: prices and caches
    /// go by this. By default, a backend has one
    /// model for everything but vectors.
    fn provenance_of(&self, method: Method) -> Provenance {
        let whole = self.provenance();
        let embedding_model = match method {
            Method::Embed => self.capabilities().embedding_model,
            _ => None,
        };
        Provenance {
            model: embedding_model.unwrap_or(whole.model),
            ..whole
        }
    }

    /// What this backend can do.
    fn capabilities(&self) -> Capabilities;

    /// The sentiment of each text.
    async fn sentiment(&self, texts: &[String]) -> Result<Vec<Outcome<TextSentiment>>>;

    /// A summary of each conversation.
    async fn summarize(&self, requests: &[SummaryRequest]) -> Result<Vec<Outcome<Summary>>>;

    /// A unit vector for each text. All vectors of one batch are of one model.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Outcome<Embedding>>>;

    /// The label that fits each text best. An item without labels, or with the same
    /// label twice, is `InvalidInput` on the field `labels`.
    async fn classify(&self, requests: &[ClassifyRequest]) -> Result<Vec<Outcome<Classification>>>;

    /// The findings of the requested kinds in each conversation.
    async fn extract(&self, requests: &[ExtractRequest]) -> Result<Vec<Outcome<Extraction>>>;

    /// What a generative model writes for each prompt.
    async fn complete(&self, requests: &[CompletionRequest]) -> Result<Vec<Outcome<Completion>>>;

    /// The reading of each call. Every sentence number of a reading is one
    /// of its call, every owner is one of its parties, and pushback, pains and
    /// praise were not said by a seller. A call in which nothing was said has an empty
    /// reading. A part that could not be read is listed in
    /// [`Reading::failed`](calls::reading::Reading::failed); a call that could not be read
    /// at all is an error of its item.
    ///
    /// By default, a backend cannot read.
    async fn read(&self, calls: &[CallToRead]) -> Result<Vec<Outcome<Reading>>> {
        if calls.is_empty() {
            return Ok(Vec::new());
        }
        let message = "this backend cannot read calls";
        Err(Error::new(ErrorKind::Unsupported, message))
    }
}

/// Pointers do as what they point to, and what is traced in spans.
macro_rules! forward {
    ($($methods:tt)*) => {
        resilience::forward_pointers! { LanguageBackend { $($methods)* } }
        resilience::forward_in_spans! { "language" for LanguageBackend { $($methods)* } }
    };
}

forward! {
    fn provenance(&self) -> Provenance;
    fn provenance_of(&self, method: Method) -> Provenance;
    fn capabilities(&self) -> Capabilities;
    async fn sentiment(&self, texts: &[String]) -> Result<Vec<Outcome<TextSentiment>>>;
    async fn summarize(&self, requests: &[SummaryRequest]) -> Result<Vec<Outcome<Summary>>>;
    async fn embed(&self, texts: &[String]) -> Result<Vec<Outcome<Embedding>>>;
    async fn classify(
        &self,
        requests: &[ClassifyRequest],
    ) -> Result<Vec<Outcome<Classification>>>;
    async fn extract(&self, requests: &[ExtractRequest]) -> Result<Vec<Outcome<Extraction>>>;
    async fn complete(
        &self,
        requests: &[CompletionRequest],
    ) -> Result<Vec<Outcome<Completion>>>;
    async fn read(&self, calls: &[CallToRead]) -> Result<Vec<Outcome<Reading>>>;
}
