//! Where an endpoint is, which models to ask there, and within which limits.
//!
//! For callers that know their endpoint: every default is one that Snowflake and common
//! servers accept.

use std::sync::Arc;
use std::time::Duration;

use outbound::{HttpSettings, Token, TokenSource};
use resilience::RetryPolicy;
use url::Url;

use crate::embedding_models::embedding_model;
use crate::{Error, ReadingSettings, Result};

/// How much longer a limit by the minute is waited for than what passes.
const LIMIT_FACTOR: u32 = 16;

/// How much of a reply is read: 1,280 vectors of 4,096 components are some 100 MB of JSON.
const MOST_REPLY_BYTES: usize = 256 * 1_024 * 1_024;

/// Everything that [`CortexRest`](super::CortexRest) and
/// [`OpenAiCompatible`](super::OpenAiCompatible) need to know.
///
/// ```
/// use cortex::rest::{EndpointConfig, Token, TokenKind};
///
/// let token = Token::new(TokenKind::ProgrammaticAccess, "SECRET")?;
/// let config = EndpointConfig::new("https://acme-prod.snowflakecomputing.com", "claude-haiku-4-5")?
///     .with_token(token)
///     .with_embedding_model("snowflake-arctic-embed-l-v2.0", Some(1024));
/// assert!(!format!("{config:?}").contains("SECRET"));
/// # Ok::<(), cortex::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct EndpointConfig {
    pub(super) base_url: Url,
    pub(super) model: String,
    pub(super) embedding: Option<EmbeddingModel>,
    pub(super) token: Option<Token>,
    pub(super) token_source: Option<Arc<dyn TokenSource>>,
    pub(super) chunk_tokens: Option<usize>,
    pub(super) texts_per_prompt: usize,
    pub(super) embedding_characters: usize,
    pub(super) embedding_texts: Option<usize>,
    pub(super) max_output_tokens: u32,
    pub(super) output_limit_field: OutputLimitField,
    pub(super) temperature: Option<f64>,
    pub(super) streaming: bool,
    pub(super) concurrency: usize,
    pub(super) http: HttpSettings,
    pub(super) retry: RetryPolicy,
    pub(super) languages: Vec<String>,
    pub(super) reading: ReadingSettings,
}

#[derive(Debug, Clone)]
pub(super) struct EmbeddingModel {
    pub(super) name: String,
    pub(super) dim: Option<usize>,
}

/// The field of a request that limits how much is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OutputLimitField {
    /// `max_completion_tokens`: Snowflake, where `max_tokens` is an error, and OpenAI.
    #[default]
    MaxCompletionTokens,
    /// `max_tokens`: older servers that know no other.
    MaxTokens,
}

impl OutputLimitField {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::MaxCompletionTokens => "max_completion_tokens",
            Self::MaxTokens => "max_tokens",
        }
    }
}

impl EndpointConfig {
    /// A configuration for the endpoint at `base_url`, asking `model`.
    ///
    /// For Snowflake the address is the account's
    /// (`https://<organisation>-<account>.snowflakecomputing.com`); for others it is
    /// what `/chat/completions` is added to, such as `http://localhost:11434/v1`.
    /// A model has no default: what an account may use differs, and models retire.
    /// An attempt may take 600 s, with 120 s of silence, and give 256 MiB.
    ///
    /// # Errors
    /// `Config`, naming `base_url` or `model`. Plain `http` is accepted for loopback
    /// addresses only.
    pub fn new(base_url: &str, model: impl Into<String>) -> Result<Self> {
        Ok(Self {
            base_url: parse_base_url(base_url)?,
            model: model_name("model", model.into())?,
            embedding: None,
            token: None,
            token_source: None,
            chunk_tokens: None,
            texts_per_prompt: 20,
            embedding_characters: 4_096,
            embedding_texts: None,
            max_output_tokens: 4_096,
            output_limit_field: OutputLimitField::default(),
            temperature: Some(0.0),
            streaming: true,
            concurrency: 4,
            http: HttpSettings::default()
                .with_read_timeout(Duration::from_secs(120))
                .with_attempt_timeout(Duration::from_secs(600))
                .with_max_response_bytes(MOST_REPLY_BYTES),
            retry: RetryPolicy::default(),
            languages: vec!["en".to_owned()],
            reading: ReadingSettings::default(),
        })
    }

    /// One token for all requests.
    #[must_use]
    pub fn with_token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self.token_source = None;
        self
    }

    /// Tokens that expire, from where they are made.
    #[must_use]
    pub fn with_token_source(mut self, source: Arc<dyn TokenSource>) -> Self {
        self.token = None;
        self.token_source = Some(source);
        self
    }

    /// The model for [`embed`](crate::LanguageBackend::embed) and the components of its
    /// vectors, when known; without one, `embed` is unsupported. The lengths of
    /// Snowflake's models are known.
    #[must_use]
    pub fn with_embedding_model(mut self, name: impl Into<String>, dim: Option<usize>) -> Self {
        let name = name.into();
        let dim = dim.or_else(|| embedding_model(&name).map(|model| model.dim));
        self.embedding = Some(EmbeddingModel { name, dim });
        self
    }

    /// Languages that the model is made for, as ISO 639-1 codes. Default `en`.
    #[must_use]
    pub fn with_languages<L: Into<String>>(
        mut self,
        languages: impl IntoIterator<Item = L>,
    ) -> Self {
        self.languages = languages.into_iter().map(Into::into).collect();
        self
    }

    /// The wait after one more limit, when so many came before it in a request.
    pub(super) fn limit_wait(&self, before: u32) -> Duration {
        let policy = &self.retry;
        let doubled = 2_u32.saturating_pow(before.min(16));
        let most = policy.cap.min(policy.longest_retry_after);
        let wait = policy.base.saturating_mul(LIMIT_FACTOR * doubled).min(most);
        let random = if policy.jitter { random_share() } else { 0.0 };
        let longer = Duration::try_from_secs_f64(wait.as_secs_f64() * (1.0 + random));
        longer.unwrap_or(wait).min(most)
    }

    outbound::http_settings!(http);
}

resilience::setters! {
    EndpointConfig {
        /// Most tokens of call text in one prompt, by an estimate on the safe side; longer
        /// conversations are read in chunks. Default 12,000 for Snowflake. Default 3,000
        /// for other endpoints, because Ollama silently forgets the beginning of what
        /// exceeds a context of 4,096 tokens unless it is configured otherwise.
        with_chunk_tokens(chunk_tokens: usize) = Some(chunk_tokens.max(64));
        /// Most texts of a sentiment batch that share one prompt. Default 20. With 1, no
        /// text can influence how another one is read, at some ten times the tokens.
        with_texts_per_prompt(texts_per_prompt: usize) = texts_per_prompt.max(1);
        /// Most characters of one text to embed; longer ones are embedded in pieces.
        /// Default 4,096, Snowflake's limit; more has no effect there. What its models read
        /// is a limit as well: mostly 512 tokens, by an estimate on the safe side.
        with_embedding_characters(embedding_characters: usize) = embedding_characters.max(1);
        /// Most texts of one embedding request. Default 1,280 for Snowflake, which takes no
        /// more, and 128 for other endpoints, whose limits are in tokens.
        with_embedding_texts(embedding_texts: usize) = Some(embedding_texts.max(1));
        /// Most tokens of one answer, unless a request sets its own. Default 4,096; readings
        /// of whole calls have [a limit of their own](ReadingSettings::with_answer_tokens).
        with_max_output_tokens(max_output_tokens: u32) = max_output_tokens.max(1);
        /// The field that carries the limit of tokens.
        with_output_limit_field(output_limit_field: OutputLimitField);
        /// How freely the model chooses its words. Default 0. `None` leaves it to the
        /// model, for those that refuse to be told.
        with_temperature(temperature: Option<f64>);
        /// Whether answers are asked for as they are written. Default true: nothing between
        /// here and the model takes a long answer for a dead connection. A server that
        /// answers in one piece all the same is understood.
        with_streaming(streaming: bool);
        /// Most requests under way at once. Default 4.
        with_concurrency(concurrency: usize) = concurrency.max(1);
        /// When to retry. Snowflake limits requests and tokens by the minute and sends no
        /// `Retry-After`: there, waits after a limit are sixteen times as long as others, at
        /// least 8, 16, 30, 30 and 30 s with the default policy.
        with_retry(retry: RetryPolicy);
        /// How whole calls are read.
        with_reading(reading: ReadingSettings);
    }
}

/// From 0 to 1.
fn random_share() -> f64 {
    let [byte, ..] = uuid::Uuid::new_v4().into_bytes();
    f64::from(byte) / f64::from(u8::MAX)
}

pub(super) fn model_name(field: &str, name: String) -> Result<String> {
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Error::config(field, "is not the name of a model"));
    }
    Ok(name)
}

fn parse_base_url(text: &str) -> Result<Url> {
    let example = "https://acme-prod.snowflakecomputing.com";
    let mut url = outbound::parse_base_url(text, example)
        .map_err(|why| Error::config("base_url", why.to_string()))?;
    // The address is often copied out of an example request.
    let path = url.path().trim_end_matches('/');
    let path = path
        .strip_suffix("/chat/completions")
        .unwrap_or(path)
        .to_owned();
    url.set_path(&path);
    Ok(url)
}
