//! Language backends behind one trait.
#![warn(missing_docs)]

mod backend;
mod capabilities;
mod embedding;
mod error;
mod hybrid;
pub mod jsonl;
mod local;
mod model;
pub mod search;
mod single;

pub use backend::LanguageBackend;
#[cfg(feature = "mocks")]
pub use backend::MockLanguageBackend;
pub use capabilities::{Capabilities, Method};
pub use embedding::Embedding;
pub use error::{Error, Outcome, Result};
pub use hybrid::{Attributed, AttributedMethods, Hybrid};
pub use local::LocalLanguage;
pub use model::{
    Classification, ClassifyRequest, Completion, CompletionRequest, ExtractRequest, Extraction,
    Finding, FindingKind, LabelScore, SentimentReading, Summary, SummaryRequest, Utterance,
};
pub use single::LanguageBackendExt;
