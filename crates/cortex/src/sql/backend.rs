//! Cortex by SQL: sessions, settings, and which models are asked.

use std::sync::Arc;

use snowflake_sql::SqlPool;

use super::asker::Asker;
use super::config::CortexSqlConfig;
use super::models::Models;
use crate::Result;

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
