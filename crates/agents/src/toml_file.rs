//! Files that a team writes for the agents, as TOML. What is wrong in one is told with file,
//! line and field.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::{Error, ErrorCode, Result};

/// Reads a text. An error names the field at fault; its message begins with the line.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    let syntax = |error: toml::de::Error| {
        let start = error.span().map(|span| span.start);
        let message = at_line(text, start, error.message());
        Error::new(ErrorCode::InvalidValue, message)
    };
    let document = toml::Deserializer::parse(text).map_err(syntax)?;
    serde_path_to_error::deserialize(document).map_err(|error| {
        let path = error.path().to_string();
        let field = path.replace(".$__serde_spanned_private_value", "");
        syntax(error.into_inner()).with_field(field)
    })
}

/// A message with the line that an offset is in.
pub(crate) fn at_line(text: &str, start: Option<usize>, message: &str) -> String {
    let before = text.get(..start.unwrap_or(0)).unwrap_or(text);
    format!("line {}: {message}", before.matches('\n').count() + 1)
}

/// Reads a file with `read`. The message of an error begins with the file.
pub(crate) fn read<T>(path: &Path, read: impl FnOnce(&str) -> Result<T>) -> Result<T> {
    let text = std::fs::read_to_string(path).map_err(|error| at(path, &error.to_string()))?;
    read(&text).map_err(|error| {
        let named = at(path, error.message());
        match error.field() {
            Some(field) => named.with_field(field),
            None => named,
        }
    })
}

/// What is wrong with a file.
pub(crate) fn at(path: &Path, message: &str) -> Error {
    let message = format!("{}: {message}", path.display());
    Error::new(ErrorCode::InvalidValue, message)
}
