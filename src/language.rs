//! Who reads calls, as settings describe it: the one composition that every program here uses.

use std::sync::Arc;

#[cfg(feature = "local")]
use agents::insights::{InsightBuilder, Language};
use cortex::LanguageBackend;
#[cfg(feature = "local")]
use cortex::LocalLanguage;
#[cfg(feature = "rest")]
use cortex::rest::{CortexRest, EndpointConfig, OpenAiCompatible};
#[cfg(feature = "sql")]
use cortex::sql::{CortexSql, CortexSqlConfig};

#[cfg(any(feature = "local", feature = "rest", feature = "sql"))]
use resilience::Traced;

#[cfg(any(feature = "local", feature = "rest", feature = "sql"))]
use crate::settings::Backend;
#[cfg(feature = "local")]
use crate::settings::FallbackReader;
use crate::{Error, Settings};

impl Settings {
    /// The backend that reads calls.
    ///
    /// # Errors
    /// The settings' own, naming the variable; `Unsupported` on the field `backend` when its
    /// feature is off.
    pub fn backend(&self) -> Result<Arc<dyn LanguageBackend>, Error> {
        match self.language.backend {
            #[cfg(feature = "local")]
            Backend::Local => Ok(local()),
            #[cfg(feature = "sql")]
            Backend::CortexSql => Ok(Arc::new(Traced::new("cortex-sql", self.cortex_sql()?))),
            #[cfg(feature = "rest")]
            Backend::CortexRest => {
                let backend = self.endpoint().and_then(CortexRest::new);
                let backend = backend.map_err(|error| self.located(error))?;
                Ok(Arc::new(Traced::new("cortex-rest", backend)))
            }
            #[cfg(feature = "rest")]
            Backend::OpenAi => {
                let backend = self.endpoint().and_then(OpenAiCompatible::new);
                let backend = backend.map_err(|error| self.located(error))?;
                Ok(Arc::new(Traced::new("openai", backend)))
            }
            #[cfg(not(all(feature = "local", feature = "rest", feature = "sql")))]
            _ => {
                let why = "this program was built without the feature of that backend";
                let error = Error::new(resilience::ErrorKind::Unsupported, why);
                Err(error.with_field("backend"))
            }
        }
    }

    /// What agents take. Tone, topics and vectors are always computed in this process: a
    /// model is asked once a call, for the reading, and sees no names if they are to be
    /// [redacted](crate::settings::LanguageSettings::redact).
    ///
    /// # Errors
    /// As [`backend`](Self::backend).
    #[cfg(feature = "local")]
    pub fn language(&self) -> Result<InsightBuilder, Error> {
        let local = local();
        let insights = InsightBuilder::new(Language::new(Arc::clone(&local)));
        if self.language.backend == Backend::Local {
            return Ok(insights);
        }
        let backend = self.backend()?;
        let reader = match self.language.redact {
            true => Language::redacted(backend).map_err(of_agents)?,
            false => Language::new(backend),
        };
        let insights = insights.with_reader(reader);
        let insights = insights.with_time_limit(self.language.reader_timeout);
        Ok(match self.language.fallback {
            FallbackReader::Local => insights
                .with_fallback(Language::new(local))
                .with_reader_share(self.language.reader_share.share()),
            FallbackReader::None => insights,
        })
    }

    #[cfg(feature = "rest")]
    fn endpoint(&self) -> cortex::Result<EndpointConfig> {
        EndpointConfig::from_variables(|name| Ok(self.variable(name)))
    }

    /// Cortex by SQL: the sessions of `[snowflake]`, functions and models of `[cortex]`.
    #[cfg(feature = "sql")]
    fn cortex_sql(&self) -> Result<CortexSql, Error> {
        let pool = self.snowflake_pool(&crate::StoreOptions::new("language"))?;
        let config = CortexSqlConfig::from_variables(|name| Ok(self.variable(name)));
        let shared = config.map(|config| config.with_shared_readings(true));
        let backend = shared.and_then(|config| CortexSql::new(Arc::new(pool), config));
        backend.map_err(|error| self.located(error))
    }
}

#[cfg(feature = "local")]
fn local() -> Arc<dyn LanguageBackend> {
    Arc::new(Traced::new("local", LocalLanguage::new()))
}

/// An error of the agents, in the facade's type.
#[cfg(feature = "local")]
pub(crate) fn of_agents(error: agents::Error) -> Error {
    let of_facade = Error::new(error.kind(), error.message());
    let of_facade = match error.field() {
        Some(field) => of_facade.with_field(field),
        None => of_facade,
    };
    of_facade.with_source(error)
}
