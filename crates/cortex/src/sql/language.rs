//! The AI functions as a language backend.

use async_trait::async_trait;
use calls::Provenance;
use calls::reading::{CallToRead, Reading};

use super::backend::CortexSql;
use super::config::Functions;
use super::shared_readings;
use crate::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding,
    ExtractRequest, Extraction, LanguageBackend, Method, Outcome, Result, Summary, SummaryRequest,
    TextSentiment, generative,
};

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
