//! Who reads calls, and what becomes of a reading that fails.

use std::sync::Arc;
use std::time::Duration;

use calls::reading::{CallToRead, Reading};
use calls::{CallId, Provenance, Timestamp};
use cortex::{Hybrid, LanguageBackend, LanguageBackendExt, Method, usage};
use resilience::{Answered, CircuitBreaker, CircuitBreakerConfig, ErrorKind, Route};
use snowflake_store::{CallDetail, CallReading};

use super::Language;
use super::to_read::call_to_read;
use crate::Result;

/// What the fallback steps in for: all that is neither the call's fault nor of the settings.
pub(crate) const FALL_BACK_ON: [ErrorKind; 6] = [
    ErrorKind::Transient,
    ErrorKind::RateLimited,
    ErrorKind::QuotaExhausted,
    ErrorKind::Unsupported,
    ErrorKind::Decode,
    ErrorKind::Internal,
];

/// How long a backend may take for a reading, its own retries included, before it counts as
/// failed: the longest calls take a model a minute or two.
const LONGEST: Duration = Duration::from_secs(240);

/// Reads calls with a backend, and with another one when that fails.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    primary: Language,
    fallback: Option<Language>,
    route: Route,
}

/// A reading as it was just made.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) reading: CallReading,
    /// Why it is not what was asked for.
    pub(crate) degraded: Option<String>,
}

impl Read {
    /// A reading of before. What it lacks, it lacks for good.
    pub(crate) fn stored(reading: CallReading) -> Self {
        Self {
            degraded: reading.reading.failed.first().map(|part| part.why.clone()),
            reading,
        }
    }
}

impl Reader {
    pub(crate) fn new(primary: Language) -> Self {
        Self {
            primary,
            fallback: None,
            route: Route::default()
                .with_fallback_on(FALL_BACK_ON)
                .with_primary_timeout(LONGEST)
                .with_breaker(Arc::new(CircuitBreaker::new(
                    CircuitBreakerConfig::default(),
                )))
                .with_component("language"),
        }
    }

    pub(crate) fn with_fallback(mut self, fallback: Language) -> Self {
        self.fallback = Some(fallback);
        self
    }

    pub(crate) fn with_primary_share(mut self, share: f64) -> Self {
        self.route = self.route.with_primary_share(share);
        self
    }

    pub(crate) fn with_time_limit(mut self, limit: Duration) -> Self {
        self.route = self.route.with_primary_timeout(limit);
        self
    }

    /// How readings are divided, and who made them so far.
    pub(crate) fn route(&self) -> &Route {
        &self.route
    }

    /// Who is asked first.
    pub(crate) fn primary(&self) -> &Language {
        &self.primary
    }

    /// Whose readings are asked for, but for calls of the fallback's share.
    pub(crate) fn provenance(&self) -> Provenance {
        self.primary.provenance_of(Method::Read)
    }

    /// Whose reading of a call is asked for.
    pub(crate) fn provenance_for(&self, call: &CallId) -> Provenance {
        match &self.fallback {
            Some(fallback) if !self.route.prefers_primary(call.as_str()) => {
                fallback.provenance_of(Method::Read)
            }
            _ => self.provenance(),
        }
    }

    /// All whose readings are asked for, of one call or another.
    pub(crate) fn provenances(&self) -> Vec<Provenance> {
        let by_share = self.fallback.as_ref();
        let by_share = by_share.filter(|_| self.route.primary_share() < 1.0);
        let by_share = by_share.map(|one| one.provenance_of(Method::Read));
        [self.provenance()].into_iter().chain(by_share).collect()
    }

    /// Whether a reading of this provenance is a generative model's.
    pub(crate) fn is_by_model(&self, provenance: &Provenance) -> bool {
        [Some(&self.primary), self.fallback.as_ref()]
            .into_iter()
            .flatten()
            .any(|one| one.provenance_of(Method::Read) == *provenance && one.is_model())
    }

    /// Reads a call. What failed is a fact of the reading, unless trying again without a
    /// change of the settings is in vain: then it is an error.
    pub(crate) async fn read(&self, detail: &CallDetail) -> Result<Read> {
        let call = call_to_read(detail)?;
        let primary = self.primary.for_call(detail)?;
        let fallback = self.fallback.as_ref();
        let fallback = fallback.map(|one| one.for_call(detail)).transpose()?;
        let (answer, reports) = usage::collect(self.asked(primary, fallback, call)).await;
        let (reading, provenance, degraded) = match answer {
            Ok((reading, by, answered)) => (reading, by, why(answered)),
            Err(error) if is_of_settings(error.kind()) => return Err(error.into()),
            Err(error) => {
                let why = format!("the call could not be read: {}", error.kind().as_str());
                let failed = Reading::failed_whole(why.clone(), error.is_retryable());
                (failed, self.provenance_for(&detail.call.id), Some(why))
            }
        };
        let reading = CallReading {
            call_id: detail.call.id.clone(),
            transcript_sha: detail.transcript_sha.clone().unwrap_or_default(),
            provenance,
            read_at: Timestamp::now(),
            requests: u32::try_from(reports.len()).unwrap_or(u32::MAX),
            reading,
        };
        Ok(Read { reading, degraded })
    }

    async fn asked(
        &self,
        primary: Arc<dyn LanguageBackend>,
        fallback: Option<Arc<dyn LanguageBackend>>,
        call: CallToRead,
    ) -> cortex::Result<(Reading, Provenance, Answered)> {
        let Some(fallback) = fallback else {
            let asked = self.route.primary_alone(|| primary.reading_of(call)).await;
            let reading = asked.unwrap_or_else(|why| {
                let why = why.why().unwrap_or_default();
                let message = format!("the backend {why}");
                Err(cortex::Error::new(ErrorKind::Transient, message))
            });
            return Ok((reading?, self.provenance(), Answered::Primary));
        };
        let hybrid = Hybrid::new(primary, fallback).with_route(self.route.clone());
        let mut readings = hybrid.attributed().read(&[call]).await?;
        let missing = || cortex::Error::new(ErrorKind::Internal, "a call without a reading");
        let read = readings.pop().ok_or_else(missing)??;
        Ok((read.value, read.by, read.answered))
    }
}

/// What only a change of the settings mends.
fn is_of_settings(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Config | ErrorKind::Auth | ErrorKind::Permission
    )
}

fn why(answered: Answered) -> Option<String> {
    let why = answered.why()?;
    Some(format!("the fallback read the call, as the backend {why}"))
}
