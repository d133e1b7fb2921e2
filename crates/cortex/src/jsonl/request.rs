//! What a line asks for, and what an answer holds.

use calls::SentimentLabel;
use serde::{Deserialize, Serialize};

use crate::LabelScore;

#[derive(Deserialize)]
pub(super) struct TextRequest {
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct SummarizeRequest {
    pub(super) turns: Vec<SpokenTurn>,
    #[serde(default = "default_max_words")]
    pub(super) max_words: usize,
}

fn default_max_words() -> usize {
    150
}

#[derive(Deserialize)]
pub(super) struct SpokenTurn {
    #[serde(default)]
    pub(super) speaker: Option<String>,
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct SearchRequest {
    pub(super) query: String,
    pub(super) windows: Vec<String>,
    #[serde(default = "default_k")]
    pub(super) k: usize,
}

fn default_k() -> usize {
    10
}

#[derive(Serialize)]
pub(super) struct SentimentAnswer {
    pub(super) score: f64,
    pub(super) label: SentimentLabel,
    pub(super) raw: serde_json::Value,
}

#[derive(Serialize)]
pub(super) struct EmbedAnswer {
    pub(super) model: String,
    pub(super) dim: usize,
    pub(super) vector: Vec<f32>,
}

#[derive(Serialize)]
pub(super) struct SummarizeAnswer {
    pub(super) summary: String,
    pub(super) sentences: Vec<ChosenSentence>,
}

#[derive(Serialize)]
pub(super) struct ChosenSentence {
    /// Index into the turns.
    pub(super) turn: usize,
    /// As it was said.
    pub(super) text: String,
}

#[derive(Serialize)]
pub(super) struct ReadAnswer {
    #[serde(flatten)]
    pub(super) reading: calls::reading::Reading,
    /// Requests to another machine that the reading took.
    pub(super) requests: usize,
}

#[derive(Serialize)]
pub(super) struct FindAnswer {
    pub(super) score: f64,
    pub(super) is: bool,
}

#[derive(Serialize)]
pub(super) struct ClassifyAnswer {
    pub(super) label: String,
    pub(super) scores: Vec<LabelScore>,
}

#[derive(Serialize)]
pub(super) struct SearchAnswer {
    pub(super) ranked: Vec<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CompleteAnswer {
    Text(String),
    Value(serde_json::Value),
}
