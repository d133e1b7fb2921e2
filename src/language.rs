//! Who reads calls, as the environment and a few choices describe it: the one composition
//! that every program here uses.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use agents::insights::{InsightBuilder, Language};
#[cfg(feature = "rest")]
use cortex::rest::{CortexRest, EndpointConfig, OpenAiCompatible};
#[cfg(feature = "sql")]
use cortex::sql::{CortexSql, CortexSqlConfig};
use cortex::{LanguageBackend, LocalLanguage};
use resilience::ErrorKind;
#[cfg(feature = "sql")]
use snowflake_sql::{QueryTag, SnowflakeConfig, SnowflakePool};

/// A language backend by its name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    /// In this process, without a model.
    #[default]
    Local,
    /// Snowflake Cortex by SQL, with the sessions that `SNOWFLAKE_…` describes.
    CortexSql,
    /// Snowflake Cortex by REST, at `CORTEX_BASE_URL`.
    CortexRest,
    /// Any endpoint of OpenAI's shape, at `CORTEX_BASE_URL`.
    OpenAi,
}

impl Backend {
    /// Every backend.
    pub const ALL: [Self; 4] = [Self::Local, Self::CortexSql, Self::CortexRest, Self::OpenAi];

    /// The name on a command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::CortexSql => "cortex-sql",
            Self::CortexRest => "cortex-rest",
            Self::OpenAi => "openai",
        }
    }

    /// The backend, as `CORTEX_…` and `SNOWFLAKE_…` describe it.
    ///
    /// # Errors
    /// The settings' own, naming the variable; `Unsupported` on the field `backend` when its
    /// feature is off.
    pub fn open(self) -> Result<Arc<dyn LanguageBackend>, cortex::Error> {
        Ok(match self {
            Self::Local => Arc::new(LocalLanguage::new()),
            #[cfg(feature = "sql")]
            Self::CortexSql => Arc::new(cortex_sql()?),
            #[cfg(feature = "rest")]
            Self::CortexRest => Arc::new(CortexRest::new(EndpointConfig::from_env()?)?),
            #[cfg(feature = "rest")]
            Self::OpenAi => Arc::new(OpenAiCompatible::new(EndpointConfig::from_env()?)?),
            #[cfg(not(all(feature = "rest", feature = "sql")))]
            _ => {
                let why = "this program was built without the feature of that backend";
                return Err(cortex::Error::new(ErrorKind::Unsupported, why).with_field("backend"));
            }
        })
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Backend {
    type Err = crate::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            let message = format!("must be one of {names}");
            crate::Error::new(ErrorKind::InvalidInput, message).with_field("backend")
        })
    }
}

/// Who reads calls, and what it may see.
///
/// ```
/// use gong_snowflake::{Backend, LanguageOptions};
///
/// // Cortex reads, without names; where it fails, this process does.
/// let options = LanguageOptions::new(Backend::CortexRest).with_local_fallback().with_redaction();
/// # let options = LanguageOptions::new(Backend::Local);
/// let language = options.open()?;
/// // agents::task::Dispatcher::new(store, language)
/// # let _ = language;
/// # Ok::<(), gong_snowflake::agents::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct LanguageOptions {
    backend: Backend,
    falls_back: bool,
    redacts: bool,
}

impl LanguageOptions {
    /// Calls read by a backend.
    pub fn new(backend: Backend) -> Self {
        Self {
            backend,
            ..Self::default()
        }
    }

    /// Has this process read what the backend fails to.
    #[must_use]
    pub fn with_local_fallback(mut self) -> Self {
        self.falls_back = true;
        self
    }

    /// Keeps names, companies, addresses and numbers of those who take part from a backend
    /// that is elsewhere.
    #[must_use]
    pub fn with_redaction(mut self) -> Self {
        self.redacts = true;
        self
    }

    /// What agents take. Tone, topics and vectors are always computed in this process: a
    /// model is asked once a call, for the reading.
    ///
    /// # Errors
    /// As [`Backend::open`].
    pub fn open(&self) -> Result<InsightBuilder, agents::Error> {
        let local: Arc<dyn LanguageBackend> = Arc::new(LocalLanguage::new());
        let insights = InsightBuilder::new(Language::new(Arc::clone(&local)));
        if self.backend == Backend::Local {
            return Ok(insights);
        }
        let backend = self.backend.open()?;
        let reader = match self.redacts {
            true => Language::redacted(backend)?,
            false => Language::new(backend),
        };
        let insights = insights.with_reader(reader);
        Ok(match self.falls_back {
            true => insights.with_fallback(Language::new(local)),
            false => insights,
        })
    }
}

/// Cortex by SQL: the sessions of `SNOWFLAKE_…`, functions and models of `CORTEX_…`.
#[cfg(feature = "sql")]
fn cortex_sql() -> Result<CortexSql, cortex::Error> {
    let sessions = SnowflakeConfig::from_env().map_err(|error| {
        let named = cortex::Error::new(error.kind(), error.message());
        match error.field() {
            Some(field) => named.with_field(field),
            None => named,
        }
    })?;
    let tag = QueryTag::new("gong-snowflake").with_step("language");
    let pool = SnowflakePool::new(sessions.with_query_tag(tag));
    CortexSql::new(Arc::new(pool), CortexSqlConfig::from_env()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backends_go_by_their_names() {
        for backend in Backend::ALL {
            assert_eq!(backend.as_str().parse::<Backend>().unwrap(), backend);
        }
        let error = "Local".parse::<Backend>().unwrap_err();
        assert_eq!(error.field(), Some("backend"));
    }
}
