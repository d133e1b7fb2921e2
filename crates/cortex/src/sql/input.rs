//! What goes into a statement: rows as JSON, in parts that Snowflake can carry.

use std::ops::Range;

use serde_json::Value;
use snowflake_sql::Bind;

use crate::generative::pieces;
use crate::{Error, Outcome};

/// Snowflake wants statement and values within 1 MB after compression: what is larger
/// runs, but is cut off in its metadata and cannot be repeated. JSON is at most as large
/// compressed as it is.
const STATEMENT_BYTES: usize = 1_000_000;

/// One row of input, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input(String);

impl Input {
    pub(super) fn text(text: &str) -> Self {
        Self(Value::from(text).to_string())
    }

    pub(super) fn json(value: &Value) -> Self {
        Self(value.to_string())
    }
}

/// Rows as the JSON array that a statement takes them from.
pub(super) fn array(inputs: &[Input]) -> String {
    let rows: Vec<&str> = inputs.iter().map(|input| &*input.0).collect();
    format!("[{}]", rows.join(","))
}

/// Parts of at most so many rows, each within what a statement may hold beside `other`
/// values. A row that is larger stands alone.
pub(super) fn parts(inputs: &[Input], most_rows: usize, other: &[Bind]) -> Vec<Range<usize>> {
    let taken: usize = other
        .iter()
        .map(|bind| match bind {
            Bind::Text(text) => text.len(),
            _ => 16,
        })
        .sum();
    let room = STATEMENT_BYTES.saturating_sub(taken);
    let mut parts = Vec::new();
    let (mut from, mut bytes) = (0, 0);
    for (at, input) in inputs.iter().enumerate() {
        let size = input.0.len() + 1;
        if at > from && (at - from == most_rows || bytes + size > room) {
            parts.push(from..at);
            (from, bytes) = (at, 0);
        }
        bytes += size;
    }
    if from < inputs.len() {
        parts.push(from..inputs.len());
    }
    parts
}

/// Texts cut into pieces that a function can read.
pub(super) struct Cut<'a> {
    pieces: Vec<&'a str>,
    of_text: Vec<Range<usize>>,
}

impl<'a> Cut<'a> {
    /// Pieces of at most so many tokens. A blank text has none.
    pub(super) fn new(texts: impl IntoIterator<Item = &'a str>, tokens: usize) -> Self {
        let mut cut = Self {
            pieces: Vec::new(),
            of_text: Vec::new(),
        };
        for text in texts {
            let from = cut.pieces.len();
            cut.pieces.extend(pieces(text, tokens));
            cut.of_text.push(from..cut.pieces.len());
        }
        cut
    }

    pub(super) fn inputs(&self) -> Vec<Input> {
        self.pieces.iter().map(|piece| Input::text(piece)).collect()
    }

    /// The pieces of each text with what became of them.
    pub(super) fn with_outcomes<T>(
        self,
        outcomes: Vec<Outcome<T>>,
    ) -> impl Iterator<Item = Vec<(&'a str, Outcome<T>)>> {
        let mut outcomes = outcomes.into_iter();
        let Self { pieces, of_text } = self;
        of_text.into_iter().map(move |range| {
            pieces[range]
                .iter()
                .map(|piece| (*piece, outcomes.next().unwrap_or_else(|| Err(left_out()))))
                .collect()
        })
    }
}

fn left_out() -> Error {
    Error::new(resilience::ErrorKind::Internal, "a piece was left out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_to_rows_and_bytes_and_leave_nothing_out() {
        let inputs: Vec<Input> = [10, 400_000, 400_000, 400_000, 2_000_000, 10, 10, 10]
            .iter()
            .map(|length| Input::text(&"a".repeat(*length)))
            .collect();
        assert_eq!(
            parts(&inputs, 2, &[]),
            [0..2, 2..4, 4..5, 5..7, 7..8],
            "by rows, and the large one alone"
        );
        let labels = Bind::Text("l".repeat(300_000));
        assert_eq!(parts(&inputs[1..4], 64, &[labels]), [0..1, 1..2, 2..3]);
        assert!(parts(&[], 2, &[]).is_empty());
    }

    #[test]
    fn rows_become_one_array() {
        let rows = [Input::text("a \"b\""), Input::json(&serde_json::json!([1]))];
        let back: Value = serde_json::from_str(&array(&rows)).expect("JSON");
        assert_eq!(back, serde_json::json!(["a \"b\"", [1]]));
    }
}
