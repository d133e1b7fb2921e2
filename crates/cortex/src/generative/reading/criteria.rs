//! What a model is told about reading a call, and how much it is given at once.
//!
//! For callers that have criteria, a context or a language of their own.

use std::path::Path;
use std::sync::Arc;

use outbound::Variables;
use resilience::ErrorKind;
use sha2::{Digest, Sha256};

use super::wording::TOLD;
use crate::version::version_of;
use crate::{Error, Result};

const SHIPPED: &str = include_str!("../../../criteria/reading.md");

const CRITERIA_VARIABLE: &str = "CORTEX_READING_CRITERIA";
const CONTEXT_VARIABLE: &str = "CORTEX_CONTEXT_TOKENS";
const LANGUAGE_VARIABLE: &str = "CORTEX_READING_LANGUAGE";

/// Contexts of models that are known, by the beginning of their names, in tokens. Where
/// a model comes in several sizes of context, the smallest.
const CONTEXTS: [(&str, usize); 12] = [
    ("claude-", 200_000),
    ("openai-gpt-", 128_000),
    ("gpt-4", 128_000),
    ("gpt-5", 128_000),
    ("llama3.1-", 128_000),
    ("llama3.3-", 128_000),
    ("llama4-", 128_000),
    ("snowflake-llama", 128_000),
    ("mistral-large2", 128_000),
    ("gemini-", 128_000),
    ("mistral-7b", 32_000),
    ("deepseek-r1", 32_000),
];

/// For any other model.
const SMALLEST_CONTEXT: usize = 32_000;

/// The words that tell a model what counts as a next step, as pushback and so on.
///
/// They are one text, written to be edited: [`shipped`](Self::shipped) stands in
/// `criteria/reading.md` of this crate. Another text may word the fields otherwise, in
/// the customer's own terms; the fields themselves are those of a
/// [`Reading`](calls::reading::Reading).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingCriteria {
    text: Arc<str>,
}

impl ReadingCriteria {
    /// Those that come with the crate.
    pub fn shipped() -> Self {
        Self {
            text: SHIPPED.into(),
        }
    }

    /// The caller's own.
    ///
    /// # Errors
    /// `Config` on `criteria` when there is no word in them.
    pub fn new(text: &str) -> Result<Self> {
        if text.trim().is_empty() {
            return Err(Error::config("criteria", "are empty"));
        }
        Ok(Self { text: text.into() })
    }

    /// The caller's own, from a file of UTF-8 text.
    ///
    /// # Errors
    /// `Config` on `criteria` when the file cannot be read or is empty.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| {
            let message = format!("{} cannot be read", path.display());
            let error = Error::new(ErrorKind::Config, message).with_source(source);
            error.with_field("criteria")
        })?;
        Self::new(&text)
    }

    /// The words.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Default for ReadingCriteria {
    fn default() -> Self {
        Self::shipped()
    }
}

/// How [`read`](crate::LanguageBackend::read) asks a generative model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingSettings {
    criteria: ReadingCriteria,
    context_tokens: Option<usize>,
    answer_tokens: u32,
    language: Option<String>,
}

impl Default for ReadingSettings {
    fn default() -> Self {
        Self {
            criteria: ReadingCriteria::shipped(),
            context_tokens: None,
            answer_tokens: 8_192,
            language: None,
        }
    }
}

impl ReadingSettings {
    /// What counts as what.
    pub fn criteria(&self) -> &ReadingCriteria {
        &self.criteria
    }

    /// Eight hexadecimal digits of a hash over everything that a model is told beside
    /// the call. It is part of the provenance of readings, so that readings by other
    /// criteria are other readings.
    pub fn version(&self) -> String {
        let mut told = Sha256::new();
        let language = self.language.as_deref().unwrap_or_default();
        for part in [self.criteria.text(), language].into_iter().chain(TOLD) {
            told.update((part.len() as u64).to_be_bytes());
            told.update(part);
        }
        told.update(super::schema::reading().to_string());
        version_of(told)
    }

    /// The name of a backend as a reader.
    pub(crate) fn reader(&self, backend: &str) -> String {
        format!("{backend}/criteria-{}", self.version())
    }

    pub(crate) fn from_variables(
        variables: &Variables<impl Fn(&'static str) -> Result<Option<String>>>,
    ) -> Result<Self> {
        let mut settings = Self::default();
        if let Some(path) = variables.trimmed(CRITERIA_VARIABLE)? {
            let criteria = ReadingCriteria::from_file(path);
            settings.criteria = criteria.map_err(|error| error.with_field(CRITERIA_VARIABLE))?;
        }
        settings.context_tokens =
            variables.parsed(CONTEXT_VARIABLE, "is not a number of tokens")?;
        settings.language = variables.trimmed(LANGUAGE_VARIABLE)?;
        Ok(settings)
    }

    pub(super) fn context_tokens(&self, model: &str) -> usize {
        let known = || {
            let known = CONTEXTS.iter().find(|(name, _)| model.starts_with(name));
            known.map_or(SMALLEST_CONTEXT, |(_, tokens)| *tokens)
        };
        self.context_tokens.unwrap_or_else(known)
    }

    pub(crate) fn answer_tokens(&self) -> u32 {
        self.answer_tokens
    }

    pub(super) fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }
}

resilience::setters! {
    ReadingSettings {
        /// What counts as what.
        with_criteria(criteria: ReadingCriteria);
        /// Tokens that the model takes, criteria and answer included, by an estimate on the
        /// safe side. Longer calls are read in overlapping parts. Default: what is known of
        /// the model (200,000 for Claude, 128,000 for most), else 32,000. A server with a
        /// smaller window, such as Ollama with its `num_ctx`, needs this to be set: it
        /// forgets the beginning of what exceeds the window, and does not say so.
        with_context_tokens(context_tokens: usize) = Some(context_tokens);
        /// Most tokens of one answer. Default 8,192. An answer that is cut off is an error.
        with_answer_tokens(answer_tokens: u32) = answer_tokens.max(1);
        /// The language of the reading's own words, as an ISO 639-1 code such as `en`.
        /// Default: the call's. Words in another language than the call's cannot be compared
        /// with it: then only numbers of sentences, sides, names and quotes are checked against
        /// the call.
        with_answer_language(language: impl Into<String>) = Some(language.into());
    }
}
