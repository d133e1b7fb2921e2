//! From a request to a reply: auth, scopes, limits, then the endpoint.

use serde_json::{Value, json};

use super::catalogue::CallVisibility;
use super::cursor::{Cursor, Position, fingerprint};
use super::exchange::Exchange;
use super::filter::{BadRequest, CallFilter};
use super::listing::Part;
use super::records::{self, RecordsEndpoint};
use super::reply::{PageTotals, PageWriter, Reply};
use super::selector::ContentSelector;
use super::state::{Changing, Shared};
use crate::http::Request;

const MEDIA_SCOPE: &str = "api:calls:read:media-url";

/// An endpoint, its scope, and what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endpoint<'a> {
    Users,
    Workspaces,
    Calls,
    Call(&'a str),
    Extensive,
    Transcripts,
    Records(&'static RecordsEndpoint),
}

impl<'a> Endpoint<'a> {
    /// Outer `None`: no such path; inner: the method is wrong.
    fn find(method: &str, path: &'a str) -> Option<Option<Self>> {
        let (expected, endpoint) = match path.strip_prefix("/v2/")? {
            "users" => ("GET", Self::Users),
            "workspaces" => ("GET", Self::Workspaces),
            "calls" => ("GET", Self::Calls),
            "calls/extensive" => ("POST", Self::Extensive),
            "calls/transcript" => ("POST", Self::Transcripts),
            other if records::find(other).is_some() => {
                let records = records::find(other)?;
                (records.method, Self::Records(records))
            }
            other => match other.strip_prefix("calls/")? {
                id if !id.is_empty() && !id.contains('/') => ("GET", Self::Call(id)),
                _ => return None,
            },
        };
        Some((method == expected).then_some(endpoint))
    }

    fn scope(self) -> &'static str {
        match self {
            Self::Users => "api:users:read",
            Self::Workspaces => "api:workspaces:read",
            Self::Calls | Self::Call(_) => "api:calls:read:basic",
            Self::Extensive => "api:calls:read:extensive",
            Self::Transcripts => "api:calls:read:transcript",
            Self::Records(records) => records.scope,
        }
    }
}

/// The reply, and whether faults may still hit it.
pub(super) fn answer(
    shared: &Shared,
    changing: &mut Changing,
    request: &Request,
    request_id: &str,
) -> (Reply, bool) {
    let accepted = request
        .authorization
        .as_deref()
        .is_some_and(|header| changing.credentials.accept(header));
    if !accepted {
        let message = "Failed to verify the authorization of this request";
        return (Reply::error(request_id, 401, message), false);
    }
    let today = changing.clock.set_to;
    if let Err(seconds) = changing.limits.admit(std::time::Instant::now(), today) {
        return (Reply::too_many_requests(request_id, seconds), false);
    }
    let endpoint = match Endpoint::find(&request.method, &request.path) {
        Some(Some(endpoint)) => endpoint,
        Some(None) => {
            return (
                Reply::error(request_id, 405, "HTTP 405 Method Not Allowed"),
                true,
            );
        }
        None => return (Reply::error(request_id, 404, "HTTP 404 Not Found"), true),
    };
    let exchange = Exchange {
        shared,
        changing,
        request,
        request_id,
    };
    let reply = exchange
        .serve(endpoint)
        .unwrap_or_else(|BadRequest(message)| Reply::error(request_id, 400, &message));
    (reply, true)
}

impl Exchange<'_> {
    fn serve(&self, endpoint: Endpoint<'_>) -> Result<Reply, BadRequest> {
        if let Some(refusal) = self.refuse_without_scope(endpoint.scope()) {
            return Ok(refusal);
        }
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(self.request.query.as_bytes())
                .into_owned()
                .collect();
        let query_cursor = || {
            query
                .iter()
                .find(|(name, _)| name == "cursor")
                .map(|(_, c)| c.as_str())
        };
        match endpoint {
            Endpoint::Workspaces => {
                Ok(self.object("workspaces", self.shared.workspaces.clone().into()))
            }
            Endpoint::Users => self.users(query_cursor()),
            Endpoint::Records(records) => self.records(records, &query),
            Endpoint::Call(id) => Ok(self.one_call(id)),
            Endpoint::Calls => {
                let filter = CallFilter::from_query(&query)?;
                self.call_page(&filter, &Part::Metadata, query_cursor())
            }
            Endpoint::Extensive | Endpoint::Transcripts => {
                if !self.request.is_json {
                    return Ok(Reply::error(
                        self.request_id,
                        415,
                        "HTTP 415 Unsupported Media Type",
                    ));
                }
                let body: Value = serde_json::from_str(&self.request.body)
                    .map_err(|_| BadRequest("the body is not valid JSON".to_owned()))?;
                // A cursor in the query of a POST is ignored, as Gong ignores it.
                let cursor = body["cursor"].as_str();
                if endpoint == Endpoint::Transcripts {
                    let filter = CallFilter::from_body(&body, false)?;
                    return self.call_page(&filter, &Part::Transcript, cursor);
                }
                let filter = CallFilter::from_body(&body, true)?;
                let selector = ContentSelector::from_body(&body)?;
                if selector.wants_media()
                    && let Some(refusal) = self.refuse_without_scope(MEDIA_SCOPE)
                {
                    return Ok(refusal);
                }
                self.call_page(&filter, &Part::Selected(selector), cursor)
            }
        }
    }

    fn refuse_without_scope(&self, scope: &str) -> Option<Reply> {
        let message = format!("You don't have permission to use '{scope}' in your app.");
        let refused = self.changing.revoked_scopes.contains(scope);
        refused.then(|| Reply::error(self.request_id, 401, &message))
    }

    fn object(&self, key: &str, value: Value) -> Reply {
        let body = json!({"requestId": self.request_id, key: value}).to_string();
        Reply::json(self.request_id, body.into_bytes())
    }

    fn one_call(&self, id: &str) -> Reply {
        let stored = self.changing.catalogue.get(id);
        let visible = stored.filter(|call| call.visibility == CallVisibility::Visible);
        let metadata = visible.map(|call| call.extensive["metaData"].clone());
        let from_bulk = || {
            let bulk = self.shared.bulk.as_ref()?;
            Some(bulk.metadata(bulk.index_of(id)?))
        };
        let found = metadata
            .or_else(from_bulk)
            .filter(|_| self.changing.sight.sees(id));
        match found {
            Some(metadata) => self.object("call", metadata),
            None => Reply::error(self.request_id, 404, &format!("Call ID {id} was not found")),
        }
    }

    fn users(&self, cursor: Option<&str>) -> Result<Reply, BadRequest> {
        let request = fingerprint(&"users");
        let (page, start) = match self.resume(cursor, request)? {
            Some(Cursor {
                page,
                position: Position::AtIndex(index),
                ..
            }) => (page, index),
            Some(_) => return Err(BadRequest("cursor: is not valid".to_owned())),
            None => (0, 0),
        };
        let users = &self.shared.users;
        let end = users.len().min(start + self.shared.page_size);
        let shown = users.get(start..end).unwrap_or_default();
        let next =
            (end < users.len()).then(|| self.cursor(Position::AtIndex(end), page + 1, request));
        let totals = PageTotals {
            total: users.len(),
            size: shown.len(),
            page,
            cursor: next.as_deref(),
        };
        let mut writer = PageWriter::open(self.request_id, "users", totals);
        for user in shown {
            let id = user["id"].as_str().unwrap_or_default().to_owned();
            writer.record(id, |body| {
                body.extend_from_slice(user.to_string().as_bytes())
            });
        }
        Ok(writer.close(self.request_id))
    }

    pub(super) fn cursor(&self, position: Position, page: usize, request: u64) -> String {
        let issued_ms = self.shared.started.elapsed().as_millis() as u64;
        Cursor {
            position,
            page,
            request,
            issued_ms,
            epoch: self.changing.cursor_epoch,
        }
        .encode()
    }

    pub(super) fn resume(
        &self,
        cursor: Option<&str>,
        request: u64,
    ) -> Result<Option<Cursor>, BadRequest> {
        let Some(text) = cursor else {
            return Ok(None);
        };
        let cursor = Cursor::decode(text)?;
        if cursor.request != request {
            return Err(BadRequest("cursor: belongs to another request".to_owned()));
        }
        let age_ms = self.shared.started.elapsed().as_millis() as u64 - cursor.issued_ms;
        let too_old = self
            .shared
            .cursor_lifetime
            .is_some_and(|most| u128::from(age_ms) > most.as_millis());
        if too_old || cursor.epoch != self.changing.cursor_epoch {
            return Err(BadRequest("cursor: has expired".to_owned()));
        }
        Ok(Some(cursor))
    }
}
