//! What was computed about a text, and by which backend.

use serde::{Deserialize, Serialize};

/// The sentiment of a text, on the one scale of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sentiment {
    /// -1 (negative) to 1 (positive).
    pub score: f64,
    /// The label. Backends cut their own scales differently, so the label comes
    /// from the backend and is not recomputed from the score.
    pub label: SentimentLabel,
}

/// The sentiment of a text in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SentimentLabel {
    /// Positive.
    Positive,
    /// Neither.
    Neutral,
    /// Negative.
    Negative,
    /// Both, where a backend tells that apart from neutral.
    Mixed,
}

impl SentimentLabel {
    /// `positive`, `neutral`, `negative` or `mixed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
            Self::Mixed => "mixed",
        }
    }

    /// Reads [`as_str`](Self::as_str)'s spelling.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "positive" => Some(Self::Positive),
            "neutral" => Some(Self::Neutral),
            "negative" => Some(Self::Negative),
            "mixed" => Some(Self::Mixed),
            _ => None,
        }
    }
}

/// Which backend computed a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Provenance {
    /// The backend, such as `local` or `cortex-sql`.
    pub backend: String,
    /// The model or method, with its version.
    pub model: String,
}

impl Provenance {
    /// A provenance from its two names.
    pub fn new(backend: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            backend: backend.into(),
            model: model.into(),
        }
    }
}
