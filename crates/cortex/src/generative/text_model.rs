//! The interface below every generative backend: something that writes, something that
//! embeds. Prompts, schemas, chunks and grounding are above it and shared.

use std::fmt::{self, Debug};

use async_trait::async_trait;
use serde_json::Value;

use crate::{Method, Outcome, Result};

/// A generative model behind some transport.
///
/// # Contract
/// - One outcome a prompt, in order. The outer error means that nothing was answered.
/// - A transport retries what its protocol calls passing; an error that it has given
///   up on is marked exhausted. It does not look into answers: an answer that is no
///   JSON, or is empty, is an answer here.
/// - What a request took is [reported](crate::usage::report) before it returns.
#[async_trait]
pub(crate) trait TextModel: Debug + Send + Sync {
    /// Name of the model, for messages.
    fn name(&self) -> &str;

    /// How much goes into one prompt.
    fn limits(&self) -> PromptLimits;

    /// Answers every prompt.
    async fn complete_many(&self, prompts: &[Prompt]) -> Result<Vec<Outcome<Answer>>>;
}

/// An embedding model behind some transport.
///
/// # Contract
/// As [`TextModel`]. Texts are not blank and not longer than
/// [`EmbedLimits::characters`] and [`most_tokens`](Self::most_tokens) allow; a batch may be longer than what one request carries.
/// Vectors come as the model gave them, of any length but 0.
#[async_trait]
pub(crate) trait VectorModel: Debug + Send + Sync {
    /// Name of the model, as it stands beside its vectors.
    fn name(&self) -> &str;

    /// How much goes into one text.
    fn limits(&self) -> EmbedLimits;

    /// Most tokens of one text, as
    /// [`estimated_tokens`](super::tokens::estimated_tokens) counts them; `None` where
    /// characters alone limit it.
    fn most_tokens(&self) -> Option<usize> {
        None
    }

    /// The vector of every text.
    async fn embed_many(&self, texts: &[String]) -> Result<Vec<Outcome<Vec<f32>>>>;
}

/// How much goes into one prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PromptLimits {
    /// Most tokens of data in one prompt, as
    /// [`estimated_tokens`](super::tokens::estimated_tokens) counts them. What is
    /// longer is cut into chunks.
    pub(crate) data_tokens: usize,
    /// Most texts of a sentiment batch that share one prompt; 1 keeps texts apart.
    pub(crate) texts_per_prompt: usize,
}

/// How much goes into one text of an embedding request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EmbedLimits {
    /// Most characters of one text. What is longer is cut, and its vector is the
    /// mean of the pieces' vectors.
    pub(crate) characters: usize,
    /// Components of a vector, when known beforehand.
    pub(crate) dim: Option<usize>,
}

/// One thing to write. `Debug` shows sizes and no words.
#[derive(Clone)]
pub(crate) struct Prompt {
    /// What it is for.
    pub(crate) method: Method,
    /// How many items of the caller's batch it answers, for the bill.
    pub(crate) items: u64,
    /// Instructions on how to behave.
    pub(crate) system: Option<String>,
    /// What to do, and with what.
    pub(crate) user: String,
    /// JSON schema of the answer, [closed](super::schema): every object names its
    /// properties, requires them all and allows no others.
    pub(crate) schema: Option<Value>,
    /// Most tokens to write; `None` is the transport's own limit.
    pub(crate) max_tokens: Option<u32>,
    /// The last answer and what was wrong with it.
    pub(crate) correction: Option<Correction>,
}

/// An answer that could not be used, for a second try.
#[derive(Clone)]
pub(crate) struct Correction {
    /// The answer as it was written.
    pub(crate) answer: String,
    /// A request to do better, which names what was wrong.
    pub(crate) request: String,
}

impl Prompt {
    /// The user's part and the correction in one text, for models that are not given
    /// a conversation.
    pub(crate) fn as_one_text(&self) -> String {
        let mut text = String::new();
        if let Some(system) = &self.system {
            text.push_str(system);
            text.push_str("\n\n");
        }
        text.push_str(&self.user);
        if let Some(correction) = &self.correction {
            text.push_str("\n\nYour answer was:\n");
            text.push_str(&correction.answer);
            text.push_str("\n\n");
            text.push_str(&correction.request);
        }
        text
    }
}

impl Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prompt")
            .field("method", &self.method)
            .field("items", &self.items)
            .field("bytes", &self.user.len())
            .field("schema", &self.schema.is_some())
            .field("correction", &self.correction.is_some())
            .finish()
    }
}

/// What a model wrote.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    /// The text. Empty when the transport gave a value alone.
    pub(crate) text: String,
    /// The value, from a transport that parses structured answers itself.
    pub(crate) value: Option<Value>,
    /// Whether the limit of tokens ended it.
    pub(crate) cut_off: bool,
}

impl Answer {
    /// Whether there is nothing in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.value.as_ref().is_none_or(Value::is_null)
    }
}

impl Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("bytes", &self.text.len())
            .field("value", &self.value.is_some())
            .field("cut_off", &self.cut_off)
            .finish()
    }
}
