//! What a task within Snowflake asks a model, so that it asks what this crate would.

use calls::Provenance;
use calls::reading::Reading;

use super::config::{CortexSqlConfig, Functions};
use super::shared_readings::pending;
use super::writer::{parameters, response_format};
use crate::generative;
use crate::{Outcome, Result};

/// The question about a call, without the call.
///
/// For callers that write it into a schema of `snowflake-store`, where tasks put lines of
/// calls between its halves.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct QuestionInDatabase {
    /// Whose readings the answers become: the version of the criteria is part of it.
    pub reader: Provenance,
    /// What stands before the lines of a call. `{fence}` stands for the name of the fence
    /// around them.
    pub before: String,
    /// What stands behind them.
    pub after: String,
    /// JSON: `model_parameters` of `AI_COMPLETE`, with room for the answer.
    pub parameters: String,
    /// JSON: `response_format` of `AI_COMPLETE`.
    pub response_format: String,
    /// What a call has while it is being asked about.
    pub pending: Reading,
    /// Calls of more sentences do not fit into one request.
    pub most_sentences: usize,
}

impl CortexSqlConfig {
    /// The question that [`read`](crate::LanguageBackend::read) asks by these settings.
    ///
    /// # Errors
    /// `Config`, naming the setting: also for the older functions, which take no schema.
    pub fn question_in_database(&self) -> Result<QuestionInDatabase> {
        self.validate()?;
        if self.functions == Functions::Legacy {
            return Err(crate::Error::config(
                "functions",
                "the older functions are not asked within the database",
            ));
        }
        let frame: Outcome<_> = generative::frame(&self.reading, &self.model);
        let frame = frame?;
        Ok(QuestionInDatabase {
            reader: Provenance::new(self.reading.reader("cortex-sql"), &self.model),
            before: frame.before,
            after: frame.after,
            parameters: parameters(frame.answer_tokens).to_string(),
            response_format: response_format(&frame.schema).to_string(),
            pending: pending(),
            most_sentences: frame.most_sentences,
        })
    }
}
