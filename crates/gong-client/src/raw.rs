//! Requests that the groups do not have. For callers that are ahead of this crate.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use futures_util::future::BoxFuture;
use outbound::reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use crate::draft::Draft;
use crate::{GongClient, Operation, Result};

/// A request by method and path, sent when it is awaited. The reply is JSON as it is.
///
/// # Errors
/// Those of [`Pending`](crate::Pending).
#[must_use = "nothing is sent before it is awaited"]
pub struct RawCall<'a>(Draft<'a>);

impl<'a> RawCall<'a> {
    pub(crate) fn new(client: &'a GongClient, method: Method, path: String) -> Self {
        // Counted under one name: a path may hold ids.
        let operation = Operation::raw(known(&method), method != Method::GET);
        let mut draft = Draft::new(client, operation);
        if operation.method.is_empty() {
            draft = draft.wrong("method", "is not one of Gong's methods");
        }
        if !path.starts_with('/') || path.contains(['?', '#']) {
            draft = draft.wrong("path", "does not begin with a slash, or holds a query");
        }
        draft.question.raw_path = Some(path);
        Self(draft)
    }

    /// Adds to the query.
    pub fn query(self, name: &str, value: impl fmt::Display) -> Self {
        Self(self.0.query(name, value))
    }

    /// A body of JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self(self.0.json(body))
    }

    /// It only reads, so it may be sent again after a failure. Requests other than `GET` are
    /// otherwise sent once.
    pub fn reads(mut self) -> Self {
        self.0.question.operation.writes = false;
        self
    }

    /// Time for one attempt, in place of the client's own.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.question.timeout = Some(timeout);
        self
    }
}

impl<'a> IntoFuture for RawCall<'a> {
    type Output = Result<Value>;
    type IntoFuture = BoxFuture<'a, Result<Value>>;

    fn into_future(self) -> Self::IntoFuture {
        let decode = |body: &[u8], _: &'static str| crate::decode::any(body);
        self.0.pending("", decode, None).into_future()
    }
}

impl fmt::Debug for RawCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.0.question.operation.method;
        f.debug_struct("RawCall")
            .field("method", &method)
            .finish_non_exhaustive()
    }
}

fn known(method: &Method) -> &'static str {
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let found = known.into_iter().find(|known| *known == method.as_str());
    found.unwrap_or_default()
}
