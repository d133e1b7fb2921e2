//! What a search service answers.

use outbound::{Error, Result, Token};
use resilience::ErrorKind;
use serde::Deserialize;
use serde_json::Value;

use super::FoundChunk;
use super::refusal::inside_success;

/// The columns that are asked for; the service is defined over them
/// (`sql/snowflake/optional/cortex_search.sql`).
pub(super) const COLUMNS: [&str; 4] = ["CALL_ID", "FIRST_SENTENCE", "LAST_SENTENCE", "CHUNK_TEXT"];

#[derive(Debug, Deserialize)]
struct Answer {
    results: Vec<Value>,
}

/// Reads a success.
pub(super) fn read(body: &[u8], token: &Token) -> Result<Vec<FoundChunk>> {
    match serde_json::from_slice::<Answer>(body) {
        Ok(answer) => answer.results.iter().map(chunk).collect(),
        Err(error) => Err(inside_success(body, token).unwrap_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                "search service: the reply cannot be read",
            )
            .with_source(error)
        })),
    }
}

fn chunk(row: &Value) -> Result<FoundChunk> {
    let [call, first, last, said] = COLUMNS;
    Ok(FoundChunk {
        call_id: text(row, call)?.into(),
        first_sentence: sentence(row, first)?,
        last_sentence: sentence(row, last)?,
        text: text(row, said)?.to_owned(),
    })
}

fn text<'a>(row: &'a Value, column: &'static str) -> Result<&'a str> {
    row[column].as_str().ok_or_else(|| unreadable(column))
}

/// The documentation does not say whether numbers come as numbers or as text.
fn sentence(row: &Value, column: &'static str) -> Result<u32> {
    let number = match &row[column] {
        Value::String(text) => text.parse().ok(),
        value => value.as_u64().and_then(|number| u32::try_from(number).ok()),
    };
    number.ok_or_else(|| unreadable(column))
}

fn unreadable(column: &'static str) -> Error {
    Error::new(
        ErrorKind::Decode,
        "search service: a result lacks a column or cannot be read",
    )
    .with_field(column)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_come_as_numbers_or_as_text() {
        let row = |first: Value| {
            let row = json!({
                "CALL_ID": "7", "FIRST_SENTENCE": first, "LAST_SENTENCE": 4, "CHUNK_TEXT": "Hello.",
                "@scores": {"cosine_similarity": 0.5},
            });
            let reply = json!({"results": [row], "request_id": "r"}).to_string();
            let token = Token::new(outbound::TokenKind::Plain, "SECRET").unwrap();
            read(reply.as_bytes(), &token)
        };
        for first in [json!(3), json!("3")] {
            assert_eq!(row(first).unwrap()[0].first_sentence, 3);
        }
        for first in [json!(-1), json!("three"), json!(null), json!(2.5)] {
            let error = row(first).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert_eq!(error.field(), Some("FIRST_SENTENCE"));
        }
    }
}
