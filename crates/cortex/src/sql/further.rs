//! Functions that have no place in the trait.

use resilience::ErrorKind;
use serde_json::Value;

use super::backend::CortexSql;
use super::config::Functions;
use super::input::{Cut, Input, parts};
use super::rows::settled;
use super::statements;
use crate::generative::pieces;
use crate::{Error, Outcome, Result};

/// AI_REDACT takes 4,096 tokens in and out together, and 1,024 out.
const REDACT_TOKENS: usize = 1_000;

/// AI_SUMMARIZE_AGG takes 128,000 tokens a row, in any number of rows.
const SUMMARIZE_TOKENS: usize = 128_000;

/// Rounds of summarising summaries: each makes a megabyte into at most 8,192 tokens.
const MOST_ROUNDS: usize = 4;

impl CortexSql {
    /// Each text without names, addresses and numbers of people, by AI_REDACT, which
    /// knows those of the United States best. Long texts are redacted in pieces, cut
    /// between words; white space between the pieces stays.
    ///
    /// For redaction before text leaves this process, see
    /// [`redaction`](crate::redaction).
    ///
    /// # Errors
    /// `Unsupported` with the older functions, and the session's when nothing was
    /// answered.
    pub async fn redact(&self, texts: &[String]) -> Result<Vec<Outcome<String>>> {
        self.current_only("AI_REDACT")?;
        let text = statements::AI_REDACT;
        let cut = Cut::new(texts.iter().map(String::as_str), REDACT_TOKENS);
        let replies = self.asker.batch().ask(&text, &[], &cut.inputs()).await;
        let outcomes = settled(text.name(), replies)?;
        Ok(texts
            .iter()
            .zip(cut.with_outcomes(outcomes))
            .map(|(text, pieces)| put_back(text, pieces))
            .collect())
    }

    /// One summary of all texts together, of any size, by AI_SUMMARIZE_AGG: for a view
    /// over many calls. `None` when there is nothing to summarise. More than a megabyte
    /// is summarised in parts, and then the parts' summaries.
    ///
    /// **The summary is ungrounded**: the function gives no quotes, so nothing in it is
    /// held against the texts, and it may say what none of them says. Use
    /// [`summarize`](crate::LanguageBackend::summarize) for claims that somebody acts on.
    ///
    /// # Errors
    /// `Unsupported` with the older functions, and the session's: it answers as a whole.
    /// `InvalidInput` when the texts are too many even for summaries of summaries.
    pub async fn summarize_together(&self, texts: &[String]) -> Result<Option<String>> {
        self.current_only("AI_SUMMARIZE_AGG")?;
        let mut said = rows_of(texts);
        if said.is_empty() {
            return Ok(None);
        }
        let text = statements::AI_SUMMARIZE_AGG;
        for _ in 0..MOST_ROUNDS {
            let parts = parts(&said, usize::MAX, &[]);
            let mut summaries = Vec::with_capacity(parts.len());
            for part in parts {
                summaries.push(text_of(self.asker.ask_as_one(&text, &said[part]).await?)?);
            }
            if summaries.len() == 1 {
                return Ok(summaries.pop());
            }
            said = rows_of(&summaries);
        }
        Err(Error::new(ErrorKind::InvalidInput, "are too much for one summary").with_field("texts"))
    }

    pub(super) fn current_only(&self, function: &str) -> Result<()> {
        match self.config.functions {
            Functions::Ai => Ok(()),
            Functions::Legacy => Err(Error::new(
                ErrorKind::Unsupported,
                format!("there is no older name for {function}"),
            )),
        }
    }
}

fn rows_of(texts: &[String]) -> Vec<Input> {
    let pieces = texts.iter().flat_map(|text| pieces(text, SUMMARIZE_TOKENS));
    pieces.map(Input::text).collect()
}

/// The text with its pieces replaced, and everything between them as it was.
fn put_back(text: &str, pieces: Vec<(&str, Outcome<Value>)>) -> Outcome<String> {
    let mut whole = String::with_capacity(text.len());
    let mut behind = 0;
    for (piece, value) in pieces {
        let start = piece.as_ptr().addr() - text.as_ptr().addr();
        whole.push_str(&text[behind..start]);
        whole.push_str(&text_of(value?)?);
        behind = start + piece.len();
    }
    whole.push_str(&text[behind..]);
    Ok(whole)
}

fn text_of(value: Value) -> Outcome<String> {
    match value {
        Value::String(text) => Ok(text),
        // A text of digits, or one that looks like JSON, was read as such.
        Value::Null => Err(Error::new(ErrorKind::Decode, "the reply is no text")),
        other => Ok(other.to_string()),
    }
}
