//! Functions that have no place in the trait.

use resilience::ErrorKind;
use serde_json::{Map, Value};
use snowflake_sql::Bind;

use super::backend::CortexSql;
use super::config::Functions;
use super::rows::OnRaise;
use super::statements;
use crate::generative::pieces;
use crate::{Error, Outcome, Result};

/// AI_REDACT takes 4,096 tokens in and out together, and 1,024 out.
const REDACT_TOKENS: usize = 1_000;

impl CortexSql {
    /// Answers to questions about each text, by AI_EXTRACT: an object from the names of
    /// the questions to their answers, at most 100 questions of 512 tokens an answer.
    ///
    /// The answers are Snowflake's and are not held against the text; see
    /// [`grounding`](crate::grounding) for that.
    ///
    /// # Errors
    /// `InvalidInput` naming `questions` when there are none or more than 100;
    /// `Unsupported` with the older functions.
    pub async fn answers(
        &self,
        texts: &[String],
        questions: &[(&str, &str)],
    ) -> Result<Vec<Outcome<Value>>> {
        self.current_only("AI_EXTRACT")?;
        if questions.is_empty() || questions.len() > 100 {
            return Err(Error::new(ErrorKind::InvalidInput, "must be from 1 to 100")
                .with_field("questions"));
        }
        let questions: Map<String, Value> = questions
            .iter()
            .map(|(name, question)| ((*name).to_owned(), Value::from(*question)))
            .collect();
        let binds = [Bind::Text(Value::from(questions).to_string())];
        self.asker
            .ask(&statements::AI_EXTRACT, &binds, texts, OnRaise::Fail)
            .await
    }

    /// Each text without names, addresses and numbers of people, by AI_REDACT, which
    /// knows those of the United States best. Long texts are redacted in pieces, cut
    /// between words.
    ///
    /// For redaction before text leaves this process, see
    /// [`redaction`](crate::redaction).
    ///
    /// # Errors
    /// `Unsupported` with the older functions, and the session's.
    pub async fn redact(&self, texts: &[String]) -> Result<Vec<Outcome<String>>> {
        self.current_only("AI_REDACT")?;
        let mut asked: Vec<String> = Vec::new();
        let mut of_item = Vec::with_capacity(texts.len());
        for text in texts {
            let from = asked.len();
            asked.extend(pieces(text, REDACT_TOKENS).into_iter().map(str::to_owned));
            of_item.push(from..asked.len());
        }
        let mut values: Vec<Option<Outcome<Value>>> = self
            .asker
            .ask(&statements::AI_REDACT, &[], &asked, OnRaise::Halve)
            .await?
            .into_iter()
            .map(Some)
            .collect();
        Ok(of_item
            .into_iter()
            .map(|range| {
                let pieces = values[range].iter_mut().filter_map(Option::take);
                let texts: Outcome<Vec<String>> = pieces.map(|value| text_of(value?)).collect();
                Ok(texts?.join(" "))
            })
            .collect())
    }

    /// One summary of all texts together, of any size, by AI_SUMMARIZE_AGG: for a view
    /// over many calls. `None` when there is nothing to summarise.
    ///
    /// # Errors
    /// `Unsupported` with the older functions, and the session's: it answers as a whole.
    pub async fn summarize_together(&self, texts: &[String]) -> Result<Option<String>> {
        self.current_only("AI_SUMMARIZE_AGG")?;
        let said: Vec<String> = texts
            .iter()
            .filter(|text| !text.trim().is_empty())
            .cloned()
            .collect();
        if said.is_empty() {
            return Ok(None);
        }
        let text = statements::AI_SUMMARIZE_AGG;
        text_of(self.asker.ask_as_one(&text, &said).await??).map(Some)
    }

    fn current_only(&self, function: &str) -> Result<()> {
        match self.config.functions {
            Functions::Ai => Ok(()),
            Functions::Legacy => Err(Error::new(
                ErrorKind::Unsupported,
                format!("there is no older name for {function}"),
            )),
        }
    }
}

fn text_of(value: Value) -> Outcome<String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(Error::new(ErrorKind::Decode, "the reply is no text")),
    }
}
