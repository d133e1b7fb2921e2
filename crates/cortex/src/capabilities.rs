//! What a backend can do, as plain data.

use serde::{Deserialize, Serialize};

/// What a backend can do. A caller reads it before it plans; a method that is not
/// listed answers with [`ErrorKind::Unsupported`](resilience::ErrorKind::Unsupported).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// The methods that work.
    pub methods: Vec<Method>,
    /// Most items that one round trip carries. A longer batch is legal: the
    /// backend divides it.
    pub max_batch: usize,
    /// Length of embedding vectors; `None` when there are none.
    pub embedding_dim: Option<usize>,
    /// Name of the embedding model, equal to [`Embedding::model`](crate::Embedding::model).
    pub embedding_model: Option<String>,
    /// ISO 639-1 codes of the languages it is made for.
    pub languages: Vec<String>,
}

impl Capabilities {
    /// Whether a method works.
    pub fn supports(&self, method: Method) -> bool {
        self.methods.contains(&method)
    }
}

/// A method of [`LanguageBackend`](crate::LanguageBackend).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// [`sentiment`](crate::LanguageBackend::sentiment).
    Sentiment,
    /// [`summarize`](crate::LanguageBackend::summarize).
    Summarize,
    /// [`embed`](crate::LanguageBackend::embed).
    Embed,
    /// [`classify`](crate::LanguageBackend::classify).
    Classify,
    /// [`extract`](crate::LanguageBackend::extract).
    Extract,
    /// [`complete`](crate::LanguageBackend::complete).
    Complete,
    /// [`read`](crate::LanguageBackend::read).
    Read,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 7] = [
        Self::Sentiment,
        Self::Summarize,
        Self::Embed,
        Self::Classify,
        Self::Extract,
        Self::Complete,
        Self::Read,
    ];

    /// The name of the trait's method.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sentiment => "sentiment",
            Self::Summarize => "summarize",
            Self::Embed => "embed",
            Self::Classify => "classify",
            Self::Extract => "extract",
            Self::Complete => "complete",
            Self::Read => "read",
        }
    }
}
