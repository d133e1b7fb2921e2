//! Reads functions and models from environment variables.

use outbound::{Variables, variable};

use super::config::{CortexSqlConfig, Functions};
use crate::embedding_models::embedding_model;
use crate::{Error, ReadingSettings, Result};

const MODEL: &str = "CORTEX_MODEL";
const EMBEDDING_MODEL: &str = "CORTEX_EMBEDDING_MODEL";
const EMBEDDING_DIM: &str = "CORTEX_EMBEDDING_DIM";
const FUNCTIONS: &str = "CORTEX_FUNCTIONS";

impl CortexSqlConfig {
    /// Reads the environment; what is not set keeps its default:
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `CORTEX_FUNCTIONS` | `ai`, or `legacy` for `SNOWFLAKE.CORTEX.*` |
    /// | `CORTEX_MODEL` | the model that writes |
    /// | `CORTEX_EMBEDDING_MODEL` | the model that embeds |
    /// | `CORTEX_EMBEDDING_DIM` | length of its vectors; needed for models that this crate does not know |
    /// | `CORTEX_READING_CRITERIA` | file with criteria in place of those that come with the crate |
    /// | `CORTEX_CONTEXT_TOKENS` | tokens that the model takes when it reads a whole call |
    /// | `CORTEX_READING_LANGUAGE` | ISO 639-1 code of the language of readings; left out, each call's own |
    ///
    /// An empty variable counts as absent.
    ///
    /// # Errors
    /// `Config`, with the variable as [`field`](crate::Error::field).
    pub fn from_env() -> Result<Self> {
        Self::from_variables(variable)
    }

    /// As [`from_env`](Self::from_env), from any source of variables, such as a
    /// settings file.
    ///
    /// ```
    /// use cortex::sql::CortexSqlConfig;
    ///
    /// let odd = |name| Ok((name == "CORTEX_FUNCTIONS").then(|| "new".to_owned()));
    /// let error = CortexSqlConfig::from_variables(odd).unwrap_err();
    /// assert_eq!(error.field(), Some("CORTEX_FUNCTIONS"));
    /// ```
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env), and what `variable` returns.
    pub fn from_variables(
        variable: impl Fn(&'static str) -> Result<Option<String>>,
    ) -> Result<Self> {
        let variables = Variables::from(variable);
        let read = |name| variables.trimmed(name);
        let mut config = Self::default().with_reading(ReadingSettings::from_variables(&variables)?);
        if let Some(functions) = read(FUNCTIONS)? {
            config = config.with_functions(match functions.to_ascii_lowercase().as_str() {
                "ai" => Functions::Ai,
                "legacy" => Functions::Legacy,
                _ => return Err(Error::config(FUNCTIONS, "is not ai or legacy")),
            });
        }
        if let Some(model) = read(MODEL)? {
            config = config.with_model(model);
        }
        let dim = variables.parsed::<usize>(EMBEDDING_DIM, "is not a number of components")?;
        let model = match read(EMBEDDING_MODEL)? {
            None if dim.is_none() => return Ok(config),
            None => config.embedding_model.clone(),
            Some(model) => model,
        };
        let known = embedding_model(&model).map(|known| known.dim);
        let dim = dim.or(known).ok_or_else(|| {
            Error::config(
                EMBEDDING_DIM,
                "is not set, and the embedding model is not one that is known",
            )
        })?;
        Ok(config.with_embedding_model(model, dim))
    }
}
