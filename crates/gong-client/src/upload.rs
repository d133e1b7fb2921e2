//! A file that is sent, as a form.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use outbound::bytes::Bytes;
use outbound::reqwest::Body;
use outbound::reqwest::multipart::{Form, Part};
use resilience::ErrorKind;

use crate::{Error, Result};

/// What the parts of its forms are: Gong finds out the rest.
const KIND: &str = "application/octet-stream";

/// A file for a field of a form.
pub(crate) struct Upload {
    field: &'static str,
    name: String,
    content: Content,
}

enum Content {
    Bytes(Bytes),
    /// Read while it is sent, and gone afterwards.
    Stream(Mutex<Option<Body>>),
}

impl Upload {
    pub(crate) fn new(field: &'static str, name: String, body: Body) -> Self {
        let content = match body.as_bytes() {
            Some(bytes) => Content::Bytes(Bytes::copy_from_slice(bytes)),
            None => Content::Stream(Mutex::new(Some(body))),
        };
        Self {
            field,
            name,
            content,
        }
    }

    /// Whether it can be sent once only.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.content, Content::Stream(_))
    }

    /// # Errors
    /// `Auth` for a stream that was sent: only what was refused for its token comes here again.
    pub(crate) fn form(&self) -> Result<Form> {
        let part = match &self.content {
            Content::Bytes(bytes) => Part::stream_with_length(bytes.clone(), bytes.len() as u64),
            Content::Stream(body) => {
                let body = body.lock().unwrap_or_else(PoisonError::into_inner).take();
                Part::stream(body.ok_or_else(sent)?)
            }
        };
        let part = part.file_name(self.name.clone()).mime_str(KIND);
        let part = part.map_err(|error| {
            Error::new(ErrorKind::Internal, "the form cannot be built").with_source(error)
        })?;
        Ok(Form::new().part(self.field, part))
    }
}

fn sent() -> Error {
    let message = "the token was refused and is renewed, but a stream cannot be sent twice: \
                   upload it anew";
    Error::new(ErrorKind::Auth, message).exhausted()
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("field", &self.field)
            .field("is_stream", &self.is_stream())
            .finish_non_exhaustive()
    }
}
