//! One line: its id, and its request or what is wrong with it.

use std::borrow::Cow;

use resilience::ErrorKind;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{Error, Outcome};

/// A line that may or may not be JSON.
pub(super) struct Line<'a> {
    /// As it was written; `null` when there is none or it could not be found.
    id: Box<RawValue>,
    text: Outcome<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Identified {
    #[serde(default)]
    id: Option<Box<RawValue>>,
}

impl<'a> Line<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let problem = match std::str::from_utf8(bytes) {
            Ok(_) if !text.trim_start().starts_with('{') => {
                Some("the line is not a JSON object".to_owned())
            }
            Ok(_) => None,
            Err(error) => Some(format!(
                "the line is not UTF-8 from byte {}",
                error.valid_up_to()
            )),
        };
        // The id is worth finding in a bad line too: it tells which one was bad.
        let id = text
            .trim_start()
            .starts_with('{')
            .then(|| serde_json::from_str::<Identified>(&text).ok())
            .flatten()
            .and_then(|identified| identified.id)
            .unwrap_or_else(|| RawValue::NULL.to_owned());
        let text = match problem {
            Some(message) => Err(Error::new(ErrorKind::InvalidInput, message)),
            None => Ok(text),
        };
        Self { id, text }
    }

    /// The request of the line.
    pub(super) fn request<R: DeserializeOwned>(&self) -> Outcome<R> {
        let text = match &self.text {
            Ok(text) => text,
            Err(error) => return Err(copy_of(error)),
        };
        serde_json::from_str(text)
            .map_err(|error| Error::new(ErrorKind::InvalidInput, error.to_string()))
    }

    /// The answer as a line.
    pub(super) fn answered<A: Serialize>(&self, answer: Outcome<A>) -> String {
        let written = match &answer {
            Ok(answer) => serde_json::to_string(&Answered {
                id: &self.id,
                answer,
            }),
            Err(error) => serde_json::to_string(&Answered {
                id: &self.id,
                answer: &Failed::from(error),
            }),
        };
        // Only a non-string map key or a custom serializer could fail; answers have
        // neither. The line is kept all the same, so that lines do not shift.
        written.unwrap_or_else(|_| format!("{{\"id\":{},\"error\":{{}}}}", self.id))
    }
}

/// What an answer needs of an error, for every line that it concerns.
pub(super) fn copy_of(error: &Error) -> Error {
    let copy = Error::new(error.kind(), error.message());
    match error.field() {
        Some(field) => copy.with_field(field),
        None => copy,
    }
}

#[derive(Serialize)]
struct Answered<'a, A> {
    id: &'a RawValue,
    #[serde(flatten)]
    answer: &'a A,
}

#[derive(Serialize)]
struct Failed<'a> {
    error: Failure<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

impl<'a> From<&'a Error> for Failed<'a> {
    fn from(error: &'a Error) -> Self {
        Self {
            error: Failure {
                code: error.kind().as_str(),
                message: error.message(),
                field: error.field(),
            },
        }
    }
}
