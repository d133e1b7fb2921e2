//! Configuration of the double.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::answer::Answer;
use super::edition::Edition;
use super::record::StatementRecord;

pub(super) type Answering = dyn Fn(&StatementRecord) -> Option<Answer> + Send + Sync;

/// Configures a [`SnowflakeDouble`](super::SnowflakeDouble).
#[derive(Clone, Default)]
pub struct SnowflakeDoubleBuilder {
    pub(super) port: u16,
    pub(super) latency: Duration,
    pub(super) answering: Option<Arc<Answering>>,
    pub(super) edition: Option<Edition>,
}

impl fmt::Debug for SnowflakeDoubleBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnowflakeDoubleBuilder")
            .field("port", &self.port)
            .field("latency", &self.latency)
            .finish_non_exhaustive()
    }
}

impl SnowflakeDoubleBuilder {
    /// The port on 127.0.0.1. Default: a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// How long each statement takes. Default: no time.
    #[must_use]
    pub fn latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// Refuses what accounts of the edition do, and settings that Snowflake does not
    /// document. Default: refuses neither.
    #[must_use]
    pub fn edition(self, edition: Edition) -> Self {
        Self {
            edition: Some(edition),
            ..self
        }
    }

    /// Who answers statements that no [text](super::SnowflakeState::answer) matches;
    /// `None` is the usual answer: one row for DML, else nothing. It is not asked for
    /// `BEGIN`, `COMMIT` and `ROLLBACK`.
    #[must_use]
    pub fn answering(
        self,
        answering: impl Fn(&StatementRecord) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        Self {
            answering: Some(Arc::new(answering)),
            ..self
        }
    }
}
