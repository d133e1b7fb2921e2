//! Calls read by a model within Snowflake, for those who switch it on: the files of
//! `sql/snowflake/ai`, which no migration has.

use calls::Provenance;
use calls::reading::Reading;
use serde::Serialize;
use snowflake_sql::{Identifier, Slot, SqlText, Statement};

use super::config::SnowflakeServer;
use super::failure::of_sql;
use super::store::SnowflakeStore;
use super::{json, migrations, statements};
use crate::Result;

/// Whom calls are read by within Snowflake, and what it is told.
///
/// For callers that fill it from the settings of a language backend, such as
/// `cortex::sql::QuestionInDatabase`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReaderInDatabase {
    /// Whose readings the answers become.
    #[serde(flatten)]
    pub reader: Provenance,
    /// What stands before the lines of a call, with `{fence}` for the name of their fence.
    pub before: String,
    /// What stands behind them.
    pub after: String,
    /// JSON: `model_parameters` of `AI_COMPLETE`.
    pub parameters: String,
    /// JSON: `response_format` of `AI_COMPLETE`.
    pub response_format: String,
    /// What a call has while it is being asked about.
    pub pending: Reading,
    /// Longer calls are left to clients.
    pub most_sentences: usize,
}

impl SnowflakeStore {
    /// Makes what reads calls within Snowflake, and this reader the one that is on. May run
    /// again at any time. Nothing is asked until somebody resumes `GONG_AI_READ_TASK`, or
    /// calls `GONG_AI_READ`.
    ///
    /// # Errors
    /// The session's.
    pub async fn set_reader_in_database(
        &self,
        reader: &ReaderInDatabase,
        warehouse: &Identifier,
    ) -> Result<()> {
        let is_stand_in = self.config().server() == SnowflakeServer::Fakesnow;
        for script in migrations::reader_scripts()? {
            if is_stand_in && !script.on_fakesnow {
                continue;
            }
            for text in script.statements {
                self.write(&[Statement::new("set_reader", text)]).await?;
            }
        }
        if !is_stand_in {
            let slot = Slot::Identifier(warehouse);
            let task = SqlText::template(
                include_str!("../../sql/snowflake/ai/03_task.sql"),
                &[("warehouse", slot)],
            );
            let task = task.map_err(of_sql)?;
            self.write(&[Statement::new("set_reader", task)]).await?;
        }
        self.write(&[
            statements::LOCK_LEASES.statement(),
            statements::AI_DISABLE_READERS.statement(),
            statements::AI_SET_READER.statement().bind(json(reader)?),
        ])
        .await
        .map(drop)
    }
}
