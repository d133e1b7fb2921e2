//! Reads the configuration from environment variables.

use outbound::{Token, TokenKind, Variables, variable};

use super::config::{EndpointConfig, model_name};
use crate::{Error, ReadingSettings, Result};

const BASE_URL: &str = "CORTEX_BASE_URL";
const MODEL: &str = "CORTEX_MODEL";
const API_KEY: &str = "CORTEX_API_KEY";
const TOKEN_TYPE: &str = "CORTEX_TOKEN_TYPE";
const EMBEDDING_MODEL: &str = "CORTEX_EMBEDDING_MODEL";

impl EndpointConfig {
    /// Reads the environment:
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `CORTEX_BASE_URL` | the account's or the endpoint's address; required |
    /// | `CORTEX_MODEL` | the model that writes; required |
    /// | `CORTEX_API_KEY` | token or key; a local endpoint may need none |
    /// | `CORTEX_TOKEN_TYPE` | `PROGRAMMATIC_ACCESS_TOKEN`, `KEYPAIR_JWT` or `OAUTH`; left out, Snowflake finds out by itself |
    /// | `CORTEX_EMBEDDING_MODEL` | the model that embeds; without it there are no vectors |
    /// | `CORTEX_READING_CRITERIA` | file with criteria in place of those that come with the crate |
    /// | `CORTEX_CONTEXT_TOKENS` | tokens that the model takes when it reads a whole call |
    /// | `CORTEX_READING_LANGUAGE` | ISO 639-1 code of the language of readings; left out, each call's own |
    /// | `GONG_SNOWFLAKE_ROOT_CERTIFICATES` | a file of certificate authorities to trust beside the system's |
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
    /// use cortex::rest::EndpointConfig;
    ///
    /// let error = EndpointConfig::from_variables(|_| Ok(None)).unwrap_err();
    /// assert_eq!(error.field(), Some("CORTEX_BASE_URL"));
    /// ```
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env), and what `variable` returns.
    pub fn from_variables(
        variable: impl Fn(&'static str) -> Result<Option<String>>,
    ) -> Result<Self> {
        let variables = Variables::from(variable);
        let base_url = variables.required(BASE_URL)?;
        let model = variables.required(MODEL)?;
        let mut config = Self::new(&base_url, model).map_err(name_the_variable)?;
        let kind = match variables.trimmed(TOKEN_TYPE)? {
            None => TokenKind::Plain,
            Some(name) => TokenKind::from_snowflake_name(&name).ok_or_else(|| {
                Error::config(
                    TOKEN_TYPE,
                    "is not PROGRAMMATIC_ACCESS_TOKEN, KEYPAIR_JWT or OAUTH",
                )
            })?,
        };
        if let Some(secret) = variables.trimmed(API_KEY)? {
            let token = Token::new(kind, secret).map_err(Error::from);
            config = config.with_token(token.map_err(name_the_variable)?);
        }
        if let Some(name) = variables.trimmed(EMBEDDING_MODEL)? {
            config = config.with_embedding_model(model_name(EMBEDDING_MODEL, name)?, None);
        }
        config.http = config.http.trusting_named(&variables)?;
        Ok(config.with_reading(ReadingSettings::from_variables(&variables)?))
    }
}

/// The reader of this error knows the variable and not the field.
fn name_the_variable(error: Error) -> Error {
    let variable = match error.field() {
        Some("base_url") => BASE_URL,
        Some("model") => MODEL,
        Some("token") => API_KEY,
        _ => return error,
    };
    error.with_field(variable)
}
