//! The requests: one function per endpoint.
//!
//! A cursor goes into the query of a GET and to the top level of the JSON body of
//! a POST. In the query of a POST Gong ignores it and sends page 1 for ever.

use calls::{CallId, Timestamp, UserId, WorkspaceId};
use resilience::ErrorKind;
use serde::Serialize;
use url::Url;

use crate::{CallFilter, ContentSelector, Cursor, Error, Result, TranscriptFilter};

/// One request, ready to be sent as often as it takes.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) url: Url,
    /// A `POST` with this body; without one a `GET`.
    pub(crate) body: Option<Vec<u8>>,
    /// The endpoint without ids, for messages.
    pub(crate) endpoint: &'static str,
}

/// Makes requests for one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    base_url: Url,
}

impl Endpoints {
    pub(crate) fn new(base_url: Url) -> Self {
        Self { base_url }
    }

    /// Host and, where it is not the scheme's own, port.
    pub(crate) fn authority(&self) -> String {
        let host = self.base_url.host_str().unwrap_or_default();
        match self.base_url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    pub(crate) fn users(&self, cursor: Option<Cursor>) -> Request {
        self.get("/v2/users", vec![], cursor)
    }

    pub(crate) fn workspaces(&self) -> Request {
        self.get("/v2/workspaces", vec![], None)
    }

    pub(crate) fn calls(&self, filter: &CallFilter, cursor: Option<Cursor>) -> Result<Request> {
        // Left out silently they would turn a narrow question into a broad answer.
        for (field, given) in [
            ("call_ids", !filter.call_ids.is_empty()),
            ("primary_user_ids", !filter.primary_user_ids.is_empty()),
        ] {
            if given {
                let message = "cannot narrow the basic listing; use the extensive one";
                return Err(Error::new(ErrorKind::InvalidInput, message).with_field(field));
            }
        }
        let mut query = Vec::new();
        if let Some(from) = filter.from {
            query.push(("fromDateTime", from.to_string()));
        }
        if let Some(to) = filter.to {
            query.push(("toDateTime", to.to_string()));
        }
        if let Some(workspace) = &filter.workspace_id {
            query.push(("workspaceId", workspace.to_string()));
        }
        Ok(self.get("/v2/calls", query, cursor))
    }

    pub(crate) fn call(&self, id: &CallId) -> Result<Request> {
        let id = id.as_str();
        // An address drops such a segment, and the request would ask for all calls.
        if matches!(id, "" | "." | "..") {
            return Err(Error::new(ErrorKind::InvalidInput, "is not a call id").with_field("id"));
        }
        let mut request = self.get("/v2/calls", vec![], None);
        if let Ok(mut segments) = request.url.path_segments_mut() {
            segments.push(id);
        }
        request.endpoint = "/v2/calls/{id}";
        Ok(request)
    }

    pub(crate) fn extensive_calls(
        &self,
        filter: &CallFilter,
        selector: &ContentSelector,
        cursor: Option<Cursor>,
    ) -> Result<Request> {
        let body = Body {
            cursor: cursor.as_ref().map(Cursor::as_str),
            filter: WireFilter {
                from_date_time: filter.from,
                to_date_time: filter.to,
                workspace_id: filter.workspace_id.as_ref(),
                call_ids: distinct(&filter.call_ids),
                primary_user_ids: distinct(&filter.primary_user_ids),
            },
            content_selector: Some(wire_selector(selector)),
        };
        self.post("/v2/calls/extensive", &body)
    }

    pub(crate) fn transcripts(
        &self,
        filter: &TranscriptFilter,
        cursor: Option<Cursor>,
    ) -> Result<Request> {
        let body = Body {
            cursor: cursor.as_ref().map(Cursor::as_str),
            filter: WireFilter::<&UserId> {
                from_date_time: filter.from,
                to_date_time: filter.to,
                workspace_id: filter.workspace_id.as_ref(),
                call_ids: distinct(&filter.call_ids),
                primary_user_ids: Vec::new(),
            },
            content_selector: None,
        };
        self.post("/v2/calls/transcript", &body)
    }

    fn get(
        &self,
        endpoint: &'static str,
        query: Vec<(&'static str, String)>,
        cursor: Option<Cursor>,
    ) -> Request {
        let mut url = self.address(endpoint);
        if !query.is_empty() || cursor.is_some() {
            url.query_pairs_mut()
                .extend_pairs(query)
                .extend_pairs(cursor.as_ref().map(|cursor| ("cursor", cursor.as_str())));
        }
        Request {
            url,
            body: None,
            endpoint,
        }
    }

    fn post(&self, endpoint: &'static str, body: &impl Serialize) -> Result<Request> {
        let body = serde_json::to_vec(body).map_err(|error| {
            Error::new(ErrorKind::Internal, "request cannot be written").with_source(error)
        })?;
        let url = self.address(endpoint);
        Ok(Request {
            url,
            body: Some(body),
            endpoint,
        })
    }

    fn address(&self, endpoint: &str) -> Url {
        outbound::address(&self.base_url, endpoint)
    }
}

/// Gong declares its lists of ids as unique.
fn distinct<T: Ord>(ids: &[T]) -> Vec<&T> {
    let mut seen = std::collections::BTreeSet::new();
    ids.iter().filter(|id| seen.insert(*id)).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a, U> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
    filter: WireFilter<'a, U>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_selector: Option<WireSelector>,
}

/// An absent filter is left out: Gong refuses an empty list of ids.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireFilter<'a, U> {
    #[serde(skip_serializing_if = "Option::is_none")]
    from_date_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_date_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_id: Option<&'a WorkspaceId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    call_ids: Vec<&'a CallId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    primary_user_ids: Vec<U>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireSelector {
    context: &'static str,
    /// Gong accepts it together with `Extended` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    context_timing: Option<[&'static str; 2]>,
    exposed_fields: serde_json::Value,
}

fn wire_selector(selector: &ContentSelector) -> WireSelector {
    let ContentSelector {
        parties,
        crm_context,
        content,
        interaction,
        collaboration,
        media,
    } = *selector;
    WireSelector {
        context: if crm_context { "Extended" } else { "None" },
        context_timing: crm_context.then_some(["Now", "TimeOfCall"]),
        exposed_fields: serde_json::json!({
            "parties": parties,
            "content": {
                "structure": content,
                "topics": content,
                "trackers": content,
                "trackerOccurrences": content,
                "brief": content,
                "outline": content,
                "highlights": content,
                "callOutcome": content,
                "keyPoints": content,
            },
            "interaction": {
                "speakers": interaction,
                "video": interaction,
                "personInteractionStats": interaction,
                "questions": interaction,
            },
            "collaboration": { "publicComments": collaboration },
            "media": media,
        }),
    }
}
