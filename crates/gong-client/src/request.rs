//! A request of any operation, before and after it has an address.
//!
//! A cursor goes into the query of a GET and to the top level of the JSON body of
//! a POST. In the query of a POST Gong ignores it and sends page 1 for ever.

use std::time::Duration;

use outbound::reqwest::{Method, RequestBuilder, header::CONTENT_TYPE};
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::upload::Upload;
use crate::{Cursor, Error, Operation, Result};

/// What is asked, without the tenant's address and without a cursor.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) operation: Operation,
    /// In place of the operation's own.
    pub(crate) raw_path: Option<String>,
    pub(crate) path: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) file: Option<Upload>,
    pub(crate) timeout: Option<Duration>,
    /// A field of the input that cannot be sent, and why.
    pub(crate) wrong: Option<(&'static str, &'static str)>,
}

impl Question {
    pub(crate) fn new(operation: Operation) -> Self {
        Self {
            operation,
            raw_path: None,
            path: Vec::new(),
            query: Vec::new(),
            body: None,
            file: None,
            timeout: None,
            wrong: None,
        }
    }

    /// The request to a tenant, from a page on.
    ///
    /// # Errors
    /// `InvalidInput` on the field that cannot be sent.
    pub(crate) fn request(&mut self, base_url: &Url, cursor: Option<&Cursor>) -> Result<Request> {
        if let Some((field, why)) = self.wrong {
            return Err(Error::new(ErrorKind::InvalidInput, why).with_field(field));
        }
        let mut url = self.address(base_url)?;
        let mut body = self.body.clone();
        let mut query = self.query.clone();
        if let Some(cursor) = cursor {
            let cursor = cursor.as_str().to_owned();
            match body.as_mut().and_then(Value::as_object_mut) {
                Some(body) => drop(body.insert("cursor".to_owned(), cursor.into())),
                None => query.push(("cursor".to_owned(), cursor)),
            }
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let method = self.operation.method.as_bytes();
        let method = Method::from_bytes(method).map_err(|_| {
            Error::new(ErrorKind::InvalidInput, "is no method").with_field("method")
        })?;
        let payload = match (self.file.take(), body) {
            (Some(file), _) => Payload::File(file),
            (None, Some(body)) => Payload::Json(body.to_string()),
            (None, None) => Payload::None,
        };
        Ok(Request {
            method,
            url,
            payload,
            operation: self.operation,
            timeout: self.timeout,
        })
    }

    fn address(&self, base_url: &Url) -> Result<Url> {
        if let Some(path) = &self.raw_path {
            return Ok(outbound::address(base_url, path));
        }
        let mut url = base_url.clone();
        let segments = self.operation.path.split('/').skip(1).map(|segment| {
            let named = self.path.iter();
            let named = named.filter(|(name, _)| {
                segment.get(1..).is_some_and(|rest| {
                    rest.strip_suffix('}') == Some(name) && segment.starts_with('{')
                })
            });
            named
                .map(|(_, value)| value.as_str())
                .next()
                .unwrap_or(segment)
        });
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        Ok(url)
    }
}

/// One request, ready to be sent as often as it takes.
pub(crate) struct Request {
    method: Method,
    url: Url,
    payload: Payload,
    pub(crate) operation: Operation,
    timeout: Option<Duration>,
}

/// What a request carries.
enum Payload {
    None,
    Json(String),
    File(Upload),
}

impl Request {
    /// The path without ids, for messages.
    pub(crate) fn endpoint(&self) -> &'static str {
        self.operation.path
    }

    /// Whether a failed attempt may be followed by another: what changes something at Gong
    /// is repeated only when it was refused, and a stream not even then.
    pub(crate) fn may_repeat_after(&self, error: &Error) -> bool {
        match &self.payload {
            Payload::File(file) if file.is_stream() => false,
            _ => !self.operation.writes || error.kind() == ErrorKind::RateLimited,
        }
    }

    /// One attempt, without its authorization.
    pub(crate) fn attempt(
        &self,
        begin: impl Fn(Method, Url) -> RequestBuilder,
    ) -> Result<RequestBuilder> {
        let mut builder = begin(self.method.clone(), self.url.clone());
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        match &self.payload {
            Payload::None => Ok(builder),
            Payload::Json(text) => Ok(builder
                .header(CONTENT_TYPE, "application/json")
                .body(text.clone())),
            Payload::File(file) => Ok(builder.multipart(file.form()?)),
        }
    }
}

/// A body of JSON; `None` when it cannot be written.
pub(crate) fn json(body: &impl Serialize) -> Option<Value> {
    serde_json::to_value(body).ok()
}
