//! Which functions and models.
//!
//! For callers that know their account: every default is one that new accounts accept.

use resilience::ErrorKind;

use crate::embedding_models::{FEWEST_TOKENS, embedding_model};
use crate::{Error, ReadingSettings, Result};

/// The names by which Cortex's functions go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Functions {
    /// `AI_SENTIMENT`, `AI_COMPLETE`, `AI_CLASSIFY`, `AI_EMBED` and so on.
    #[default]
    Ai,
    /// `SNOWFLAKE.CORTEX.SENTIMENT` and its like, for accounts that still need them;
    /// Snowflake deprecates them by the end of 2026.
    Legacy,
}

/// Which functions and models a [`CortexSql`](super::CortexSql) uses.
///
/// Models are settings because they come and go within months; see
/// [`CortexSql::check_models`](super::CortexSql::check_models).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CortexSqlConfig {
    pub(super) functions: Functions,
    pub(super) model: String,
    pub(super) embedding_model: String,
    pub(super) embedding_dim: usize,
    pub(super) embedding_tokens: Option<usize>,
    pub(super) checks_models: bool,
    pub(super) data_tokens: usize,
    pub(super) rows_per_statement: usize,
    pub(super) max_tokens: u32,
    pub(super) reading: ReadingSettings,
    pub(super) shares_readings: bool,
}

impl Default for CortexSqlConfig {
    /// `llama3.1-8b` writes, `snowflake-arctic-embed-l-v2.0` (1,024) embeds: what the main
    /// regions of AWS and Azure serve without cross-region inference. It is a small model: most
    /// larger ones are served across regions only.
    fn default() -> Self {
        Self {
            functions: Functions::Ai,
            model: "llama3.1-8b".to_owned(),
            embedding_model: "snowflake-arctic-embed-l-v2.0".to_owned(),
            embedding_dim: 1024,
            embedding_tokens: None,
            checks_models: true,
            data_tokens: 24_000,
            rows_per_statement: 64,
            max_tokens: 4096,
            reading: ReadingSettings::default(),
            shares_readings: false,
        }
    }
}

impl CortexSqlConfig {
    /// The model that writes.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The model that embeds, with the length of its vectors: 768 for
    /// `snowflake-arctic-embed-m-v1.5` and `e5-base-v2`, 1,024 for
    /// `snowflake-arctic-embed-l-v2.0` and `voyage-multilingual-2`.
    #[must_use]
    pub fn with_embedding_model(mut self, model: impl Into<String>, dim: usize) -> Self {
        self.embedding_model = model.into();
        self.embedding_dim = dim;
        self
    }

    /// Most tokens of one text for the embedding model.
    pub(super) fn embedding_tokens(&self) -> usize {
        let known = || embedding_model(&self.embedding_model).map(|model| model.tokens);
        let tokens = self.embedding_tokens.or_else(known);
        tokens.unwrap_or(FEWEST_TOKENS)
    }

    /// # Errors
    /// `Config`, naming the setting.
    pub(super) fn validate(&self) -> Result<()> {
        let refuse = |field, why: &str| Err(Error::new(ErrorKind::Config, why).with_field(field));
        if self.model.trim().is_empty() {
            return refuse("model", "is empty");
        }
        if self.embedding_model.trim().is_empty() {
            return refuse("embedding_model", "is empty");
        }
        if !(1..=4096).contains(&self.embedding_dim) {
            return refuse("embedding_dim", "must be from 1 to 4,096");
        }
        let known = embedding_model(&self.embedding_model);
        if let Some(known) = known.filter(|known| known.dim != self.embedding_dim) {
            let why = format!("vectors of {} have {} components", known.name, known.dim);
            return refuse("embedding_dim", &why);
        }
        let has_legacy_function = matches!(self.embedding_dim, 768 | 1024);
        if self.functions == Functions::Legacy && !has_legacy_function {
            return refuse(
                "embedding_dim",
                "the older functions embed with 768 or 1,024 components only",
            );
        }
        Ok(())
    }
}

resilience::setters! {
    CortexSqlConfig {
        /// Which names the functions have. Default: the current ones.
        with_functions(functions: Functions);
        /// The model that writes.
        with_model(model: impl Into<String>) = model.into();
        /// Most tokens of one text that the embedding model reads, by this crate's cautious
        /// estimate; the vector of a longer text is the mean of its pieces'. Default: what
        /// Snowflake documents for the model (8,000 for `snowflake-arctic-embed-l-v2.0-8k`,
        /// 32,000 for `voyage-multilingual-2`), and 512 for the others.
        with_embedding_tokens(embedding_tokens: usize) = Some(embedding_tokens.max(16));
        /// Whether the account is asked for its models, once, before the first statement
        /// that a model is paid for. Default: yes. A model that is gone is then an error of
        /// kind `Config` before anything is spent; what is only doubtful is logged as a
        /// warning.
        with_model_check(checks_models: bool);
        /// Most tokens of a call in one prompt, by this crate's cautious estimate; longer
        /// calls are cut between turns. Default 24,000, which every model on offer takes.
        with_data_tokens(data_tokens: usize) = data_tokens.max(64);
        /// Most rows that one statement asks about. Default 64.
        with_rows_per_statement(rows_per_statement: usize) = rows_per_statement.max(1);
        /// Most tokens that one answer may take, where a request says nothing. Default 4,096.
        with_max_tokens(max_tokens: u32) = max_tokens.max(1);
        /// How whole calls are read.
        with_reading(reading: ReadingSettings);
        /// Whether sessions are of a schema of `snowflake-store`, where whoever reads a call
        /// claims it first and an answer that somebody has paid for is checked and not asked
        /// for again. Default: no. Where the schema is another one, calls are read all the
        /// same.
        with_shared_readings(shares_readings: bool);
    }
}
