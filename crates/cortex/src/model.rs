//! What goes into a language backend and what comes out.

use std::collections::HashSet;

use calls::{Affiliation, Provenance, Sentiment};
use resilience::ErrorKind;
use serde::{Deserialize, Serialize};

use crate::{Error, Outcome};

/// What one person said at a time: a sentence, or a turn of several.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Utterance {
    /// Name to show for the speaker, when known.
    pub speaker: Option<String>,
    /// The speaker's side.
    #[serde(default)]
    pub affiliation: Affiliation,
    /// The words.
    pub text: String,
    /// Start, in milliseconds from the start of the recording, when known.
    #[serde(default)]
    pub start_ms: Option<i64>,
}

impl Utterance {
    /// An utterance of an unknown speaker at an unknown time.
    pub fn of(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

/// The sentiment of one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextSentiment {
    /// The sentiment on the workspace's scale.
    pub sentiment: Sentiment,
    /// What the backend answered, in its own terms. The local backend gives
    /// `{"compound", "pos", "neu", "neg"}`.
    pub raw: serde_json::Value,
    /// Who answered: behind a [`Hybrid`](crate::Hybrid) one of its two sides.
    pub by: Provenance,
}

/// A conversation to summarise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryRequest {
    /// What was said, in order.
    pub utterances: Vec<Utterance>,
    /// Upper limit of white-space separated words in the summary.
    pub max_words: usize,
}

/// A summary of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// At most [`SummaryRequest::max_words`] words. Empty when nothing was said.
    pub text: String,
    /// Indices into [`SummaryRequest::utterances`] of what the text rests on, in
    /// time order, each once. Empty when the backend cannot say.
    pub sentences: Vec<usize>,
    /// Claims of a generative model that were left out, because what they were said
    /// to rest on is not in the conversation. 0 for a backend that only quotes.
    #[serde(default)]
    pub dropped: usize,
}

/// A text to classify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassifyRequest {
    /// The text.
    pub text: String,
    /// The labels to choose from, at least one, each different.
    pub labels: Vec<String>,
}

/// How well one label fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelScore {
    /// The label as it was asked for.
    pub label: String,
    /// From 0 to 1; the scores of one classification add up to 1.
    pub score: f64,
}

/// The label that fits best, and all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// The label with the highest score; on a tie, the one asked for first.
    pub label: String,
    /// Every label that was asked for, best first.
    pub scores: Vec<LabelScore>,
}

impl ClassifyRequest {
    /// `InvalidInput` on the field `labels` when there are none or two are the same.
    pub(crate) fn check_labels(&self) -> Outcome<()> {
        let problem = if self.labels.is_empty() {
            "at least one label is needed"
        } else if self.labels.iter().collect::<HashSet<_>>().len() < self.labels.len() {
            "labels must differ"
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::InvalidInput, problem).with_field("labels"))
    }
}

impl Classification {
    /// The labels with their weights turned into shares, best first.
    pub(crate) fn by_weights(labels: &[String], weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut scores: Vec<LabelScore> = labels
            .iter()
            .zip(weights)
            .map(|(label, weight)| LabelScore {
                label: label.clone(),
                score: weight / total,
            })
            .collect();
        // Stable: on a tie, the label that was asked for first.
        scores.sort_by(|left, right| right.score.total_cmp(&left.score));
        Self {
            label: scores
                .first()
                .map(|best| best.label.clone())
                .unwrap_or_default(),
            scores,
        }
    }
}

/// A kind of finding. What a call means for its deal (next steps, pushback, pricing, …)
/// is no finding but part of a [`Reading`](calls::reading::Reading).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// A word or phrase that this conversation uses more than others do.
    Keyword,
    /// A subject that a passage is about.
    Topic,
    /// A question.
    Question,
    /// Somebody takes something upon themselves.
    Commitment,
    /// One of the competitors that were named in the request.
    CompetitorMention,
}

impl FindingKind {
    /// Every kind, in the order in which findings are sorted.
    pub const ALL: [Self; 5] = [
        Self::Keyword,
        Self::Topic,
        Self::Question,
        Self::Commitment,
        Self::CompetitorMention,
    ];
}

/// A conversation to search for findings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExtractRequest {
    /// What was said, in order.
    pub utterances: Vec<Utterance>,
    /// The kinds to look for; findings of other kinds are not returned.
    pub wanted: Vec<FindingKind>,
    /// Names of competitors, for [`FindingKind::CompetitorMention`].
    #[serde(default)]
    pub competitors: Vec<String>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Index into [`ExtractRequest::utterances`] of where it is; for keywords and
    /// topics, of the best place among several.
    pub utterance: usize,
    /// The words that gave it away, or the keyword or topic itself.
    pub phrase: String,
    /// From above 0 to 1, for ranking within a kind.
    pub score: f64,
}

impl Finding {
    /// From this score on, the backend itself would bet on the finding. What is
    /// below is for ranking.
    pub const LIKELY: f64 = 0.5;

    /// Whether the score reaches [`LIKELY`](Self::LIKELY).
    pub fn is_likely(&self) -> bool {
        self.score >= Self::LIKELY
    }
}

/// All findings in one conversation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Extraction {
    /// Sorted by kind, then by falling score, then by utterance.
    pub findings: Vec<Finding>,
    /// Claims of a generative model that were left out, because their quotes are not
    /// in the conversation or are not of the kind. 0 for a backend that only quotes.
    #[serde(default)]
    pub dropped: usize,
}

/// A prompt for a generative model.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CompletionRequest {
    /// What to answer.
    pub prompt: String,
    /// Instructions on how to behave.
    #[serde(default)]
    pub system: Option<String>,
    /// JSON schema that the answer has to satisfy.
    #[serde(default)]
    pub schema: Option<serde_json::Value>,
    /// Upper limit of tokens to write; `None` is the backend's own.
    #[serde(default)]
    pub max_tokens: Option<u32>,
}

/// What a generative model wrote.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Completion {
    /// The text as it was written.
    pub text: String,
    /// The parsed answer, when the request had a schema.
    #[serde(default)]
    pub value: Option<serde_json::Value>,
}
