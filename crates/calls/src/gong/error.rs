//! Why a document could not be decoded.

use serde::Deserialize;

/// A document that is not what Gong's API sends.
///
/// Names the path of the field; never shows the content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
#[non_exhaustive]
pub struct DecodeError {
    /// Where, such as `metaData.started`; `.` is the document itself.
    pub path: String,
    /// Why, without the value.
    pub reason: String,
}

impl DecodeError {
    pub(crate) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
        }
    }
}

/// Parses, and on failure parses again to find the path: the common case pays nothing for it.
pub(crate) fn from_json<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, DecodeError> {
    serde_json::from_str(json).map_err(|first| {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(error) => DecodeError::new(error.path().to_string(), reason(error.inner())),
            Ok(_) => DecodeError::new(".", reason(&first)),
        }
    })
}

/// What serde says, less the value it quotes: a value may be call text.
fn reason(error: &serde_json::Error) -> String {
    let place = format!("line {} column {}", error.line(), error.column());
    let text = error.to_string();
    // The last one is serde's own: a quoted value may hold these very words.
    let expected = text
        .rsplit_once(", expected ")
        .map(|(_, rest)| rest.split(" at line ").next());
    match (error.classify(), expected.flatten()) {
        (serde_json::error::Category::Data, Some(expected)) => {
            format!("expected {expected} at {place}")
        }
        (serde_json::error::Category::Data, None) if text.starts_with("missing field") => text
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned(),
        (serde_json::error::Category::Data, None) => format!("unexpected value at {place}"),
        (serde_json::error::Category::Eof, _) => format!("JSON ends too early at {place}"),
        _ => format!("invalid JSON at {place}"),
    }
}
