//! The REST endpoints as language backends.

use std::sync::OnceLock;

use async_trait::async_trait;
use calls::Provenance;
use calls::reading::{CallToRead, Reading};
use resilience::ErrorKind;

use super::config::EndpointConfig;
use super::dialect::Dialect;
use super::endpoint::Endpoint;
use super::models::Embedder;
use crate::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ExtractRequest, Extraction, LanguageBackend, Method, Outcome, Result, Summary, SummaryRequest,
    TextSentiment, generative,
};

/// Snowflake Cortex over its REST API: `POST /api/v2/cortex/v1/chat/completions` and
/// `POST /api/v2/cortex/inference:embed`.
///
/// Requests run with the default role of the token's user, which needs
/// `SNOWFLAKE.CORTEX_USER` or `SNOWFLAKE.CORTEX_REST_API_USER` and the right to the
/// model. What a model says about a conversation is checked against it; see
/// [`grounding`](crate::grounding). What requests took goes to
/// [`usage`](crate::usage).
///
/// ```no_run
/// use cortex::rest::{CortexRest, EndpointConfig};
/// use cortex::LanguageBackendExt;
///
/// # async fn example() -> cortex::Result<()> {
/// let cortex = CortexRest::new(EndpointConfig::from_env()?)?;
/// let reading = cortex.sentiment_of("That is a great fit for us.").await?;
/// println!("{:?}", reading.sentiment);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CortexRest(Remote);

/// Any endpoint in the shape of OpenAI's: `/chat/completions` and `/embeddings` under
/// one address, as Ollama, vLLM, llama.cpp and OpenAI itself have them.
///
/// It does all that [`CortexRest`] does. The token may be left out, as local servers
/// ask for none.
///
/// ```no_run
/// use cortex::rest::{EndpointConfig, OpenAiCompatible};
///
/// # fn example() -> cortex::Result<()> {
/// let config = EndpointConfig::new("http://localhost:11434/v1", "llama3.1:8b")?
///     .with_embedding_model("nomic-embed-text", Some(768));
/// let ollama = OpenAiCompatible::new(config)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct OpenAiCompatible(Remote);

impl CortexRest {
    /// A backend for one account. Nothing is sent yet.
    ///
    /// # Errors
    /// `Config` when there is no token or the HTTP client cannot be set up.
    pub fn new(config: EndpointConfig) -> Result<Self> {
        Remote::new(config, Dialect::Snowflake, "cortex-rest").map(Self)
    }
}

impl OpenAiCompatible {
    /// A backend for one endpoint. Nothing is sent yet.
    ///
    /// # Errors
    /// `Config` when the HTTP client cannot be set up.
    pub fn new(config: EndpointConfig) -> Result<Self> {
        Remote::new(config, Dialect::OpenAi, "openai-compatible").map(Self)
    }
}

/// What both are.
#[derive(Debug)]
struct Remote {
    endpoint: Endpoint,
    backend: &'static str,
    /// Components of a vector, once one was seen.
    dim: OnceLock<usize>,
}

impl Remote {
    fn new(config: EndpointConfig, dialect: Dialect, backend: &'static str) -> Result<Self> {
        let dim = config.embedding.as_ref().and_then(|model| model.dim);
        Ok(Self {
            endpoint: Endpoint::new(config, dialect)?,
            backend,
            dim: dim.map_or_else(OnceLock::new, OnceLock::from),
        })
    }

    fn capabilities(&self) -> Capabilities {
        let config = &self.endpoint.config;
        let embedding = config.embedding.as_ref();
        Capabilities {
            methods: Method::ALL
                .into_iter()
                .filter(|method| *method != Method::Embed || embedding.is_some())
                .collect(),
            max_batch: self.endpoint.most_texts(),
            embedding_dim: self.dim.get().copied().filter(|_| embedding.is_some()),
            embedding_model: embedding.map(|model| model.name.clone()),
            languages: config.languages.clone(),
        }
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Outcome<Embedding>>> {
        let Some(model) = &self.endpoint.config.embedding else {
            let message = "no embedding model is configured";
            let error = Error::new(ErrorKind::Unsupported, message);
            return Err(error.with_field("embedding_model"));
        };
        let embedder = Embedder {
            endpoint: &self.endpoint,
            model: &model.name,
            dim: self.dim.get().copied(),
        };
        let outcomes = generative::embed(&embedder, texts).await?;
        if let Some(embedding) = outcomes.iter().flatten().next() {
            self.dim.get_or_init(|| embedding.dim());
        }
        Ok(outcomes)
    }
}

macro_rules! language_backend {
    ($($backend:ident),*) => {$(
        #[async_trait]
        impl LanguageBackend for $backend {
            fn provenance(&self) -> Provenance {
                Provenance::new(self.0.backend, &self.0.endpoint.config.model)
            }

            /// Readings are told apart by their criteria.
            fn provenance_of(&self, method: Method) -> Provenance {
                let whole = self.provenance();
                match method {
                    Method::Read => {
                        let reading = &self.0.endpoint.config.reading;
                        Provenance::new(reading.reader(&whole.backend), whole.model)
                    }
                    _ => whole,
                }
            }

            fn capabilities(&self) -> Capabilities {
                self.0.capabilities()
            }

            async fn sentiment(&self, texts: &[String]) -> Result<Vec<Outcome<TextSentiment>>> {
                generative::sentiment(&self.0.endpoint, texts, &self.provenance()).await
            }

            async fn summarize(
                &self,
                requests: &[SummaryRequest],
            ) -> Result<Vec<Outcome<Summary>>> {
                generative::summarize(&self.0.endpoint, requests).await
            }

            async fn embed(&self, texts: &[String]) -> Result<Vec<Outcome<Embedding>>> {
                self.0.embed(texts).await
            }

            async fn classify(
                &self,
                requests: &[ClassifyRequest],
            ) -> Result<Vec<Outcome<Classification>>> {
                generative::classify(&self.0.endpoint, requests).await
            }

            async fn extract(
                &self,
                requests: &[ExtractRequest],
            ) -> Result<Vec<Outcome<Extraction>>> {
                generative::extract(&self.0.endpoint, requests).await
            }

            async fn complete(
                &self,
                requests: &[CompletionRequest],
            ) -> Result<Vec<Outcome<Completion>>> {
                generative::complete(&self.0.endpoint, requests).await
            }

            async fn read(&self, calls: &[CallToRead]) -> Result<Vec<Outcome<Reading>>> {
                let endpoint = &self.0.endpoint;
                generative::read(endpoint, &endpoint.config.reading, calls).await
            }
        }
    )*};
}

language_backend!(CortexRest, OpenAiCompatible);
