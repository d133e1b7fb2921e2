//! The AI functions as a language backend.

use std::sync::Arc;

use async_trait::async_trait;
use calls::Provenance;
use calls::reading::{CallToRead, Reading};
use snowflake_sql::SqlPool;

use super::asker::Asker;
use super::config::{CortexSqlConfig, Functions};
use super::models::Models;
use super::shared_readings;
use crate::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding,
    ExtractRequest, Extraction, LanguageBackend, Method, Outcome, Result, Summary, SummaryRequest,
    TextSentiment, generative,
};

/// Snowflake Cortex by SQL, over any [`SqlPool`].
///
/// The role of the sessions needs `USE AI FUNCTIONS` on the account (or the functions
/// by name) and the database role `SNOWFLAKE.CORTEX_USER`. Sessions set a query tag, by
/// which `ACCOUNT_USAGE.CORTEX_AI_FUNCTIONS_USAGE_HISTORY` tells what was spent. What
/// a request took goes to [`usage`](crate::usage) where the function tells it
/// (AI_COMPLETE does).
///
/// A statement that was cut off is not sent again: it may have been paid for.
///
/// ```no_run
/// # async fn example(pool: std::sync::Arc<dyn snowflake_sql::SqlPool>) -> cortex::Result<()> {
/// use cortex::LanguageBackendExt;
/// use cortex::sql::{CortexSql, CortexSqlConfig};
///
/// let cortex = CortexSql::new(pool, CortexSqlConfig::default().with_model("llama3.3-70b"))?;
/// for warning in cortex.check_models().await? {
///     eprintln!("{warning}");
/// }
/// let reading = cortex.sentiment_of("That is a great fit for us.").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CortexSql {
    pub(super) asker: Asker,
    pub(super) config: CortexSqlConfig,
    pub(super) models: Models,
}

impl CortexSql {
    /// A backend over sessions. Nothing is sent yet.
    ///
    /// # Errors
    /// `Config`, naming the setting.
    pub fn new(pool: Arc<dyn SqlPool>, config: CortexSqlConfig) -> Result<Self> {
        config.validate()?;
        let asker = Asker {
            pool,
            rows_per_statement: config.rows_per_statement,
        };
        Ok(Self {
            models: Models::of(&asker, &config),
            asker,
            config,
        })
    }

    /// Checks the models of the settings against what the account offers. Returns what
    /// does not stop them and is worth knowing, a sentence each: a model that is
    /// `LEGACY`, which accounts that never used it cannot start to use; an embedding
    /// model that is not listed, because whether Snowflake lists those is not known.
    ///
    /// It also happens by itself, once for each of the two models, before the first
    /// statement that is paid for; see
    /// [`with_model_check`](super::CortexSqlConfig::with_model_check). For callers that
    /// want to know at start-up.
    ///
    /// # Errors
    /// `Config` naming `model` or `embedding_model` when its life has ended, and naming
    /// `model` when the account does not offer it, with up to five names that are on
    /// offer. The session's.
    pub async fn check_models(&self) -> Result<Vec<String>> {
        self.models.check().await
    }
}

#[async_trait]
impl LanguageBackend for CortexSql {
    /// The model that writes. The older functions are another backend: they may answer
    /// otherwise under the same model.
    fn provenance(&self) -> Provenance {
        let backend = match self.config.functions {
            Functions::Ai => "cortex-sql",
            Functions::Legacy => "cortex-sql-legacy",
        };
        Provenance::new(backend, &self.config.model)
    }

    /// Sentiment and labels are by functions with models of their own, and so are their
    /// prices: they go by the functions' names. Readings are told apart by their criteria.
    fn provenance_of(&self, method: Method) -> Provenance {
        let whole = self.provenance();
        let model = match (method, self.config.functions) {
            (Method::Sentiment, Functions::Ai) => "AI_SENTIMENT",
            (Method::Sentiment, Functions::Legacy) => "SENTIMENT",
            (Method::Classify, Functions::Ai) => "AI_CLASSIFY",
            (Method::Classify, Functions::Legacy) => "CLASSIFY_TEXT",
            (Method::Embed, _) => &self.config.embedding_model,
            (Method::Read, _) => {
                let reader = self.config.reading.reader(&whole.backend);
                return Provenance::new(reader, whole.model);
            }
            _ => return whole,
        };
        Provenance::new(whole.backend, model)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            methods: Method::ALL.to_vec(),
            max_batch: self.config.rows_per_statement,
            embedding_dim: Some(self.config.embedding_dim),
            embedding_model: Some(self.config.embedding_model.clone()),
            // What AI_SENTIMENT is documented for.
            languages: ["en", "fr", "de", "hi", "it", "es", "pt"]
                .map(str::to_owned)
                .to_vec(),
        }
    }

    async fn sentiment(&self, texts: &[String]) -> Result<Vec<Outcome<TextSentiment>>> {
        self.sentiments(texts).await
    }

    async fn summarize(&self, requests: &[SummaryRequest]) -> Result<Vec<Outcome<Summary>>> {
        generative::summarize(self, requests).await
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Outcome<Embedding>>> {
        generative::embed(self, texts).await
    }

    async fn classify(&self, requests: &[ClassifyRequest]) -> Result<Vec<Outcome<Classification>>> {
        self.classifications(requests).await
    }

    async fn extract(&self, requests: &[ExtractRequest]) -> Result<Vec<Outcome<Extraction>>> {
        generative::extract(self, requests).await
    }

    async fn complete(&self, requests: &[CompletionRequest]) -> Result<Vec<Outcome<Completion>>> {
        generative::complete(self, requests).await
    }

    async fn read(&self, calls: &[CallToRead]) -> Result<Vec<Outcome<Reading>>> {
        match self.config.shares_readings {
            true => shared_readings::read(self, calls).await,
            false => generative::read(self, &self.config.reading, calls).await,
        }
    }
}
