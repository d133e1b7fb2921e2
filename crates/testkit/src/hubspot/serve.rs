//! From a request to a reply: token, limits, path, scopes, then the endpoint.

use std::time::Instant;

use serde_json::Value;

use super::endpoint::{Endpoint, NoEndpoint};
use super::limits::Refusal;
use super::portal::Portal;
use super::reply::{Problem, Reply};
use super::state::{Changing, Settings};
use super::token::Verdict;
use crate::http::Request;

/// Longest path and query.
const MOST_URL_BYTES: usize = 16 * 1024;

/// The reply, and whether faults may still hit it.
pub(super) fn answer(
    settings: &Settings,
    changing: &mut Changing,
    request: &Request,
    endpoint: &Result<Endpoint, NoEndpoint>,
    now: Instant,
    correlation_id: &str,
) -> (Reply, bool) {
    let refused = match changing.token.judge(request.authorization.as_deref()) {
        Verdict::Accepted => None,
        Verdict::Impossible => Some(Reply::cloudflare(530, "Origin DNS error")),
        Verdict::Unknown => Some(Problem::unauthenticated().reply(correlation_id)),
        Verdict::Expired => Some(Problem::expired_token().reply(correlation_id)),
    };
    if let Some(reply) = refused {
        return (reply, false);
    }
    let is_search = endpoint.as_ref().is_ok_and(Endpoint::is_search);
    if let Err(refusal) = changing.limits.admit(is_search, now) {
        return (refuse(changing, refusal, is_search, correlation_id), false);
    }
    let mut reply = serve(settings, changing, request, endpoint)
        .unwrap_or_else(|problem| problem.reply(correlation_id));
    if !is_search {
        reply.limit_headers = changing.limits.headers();
    }
    (reply, true)
}

/// Every second refusal says when to come back and has a category.
fn refuse(
    changing: &mut Changing,
    refusal: Refusal,
    is_search: bool,
    correlation_id: &str,
) -> Reply {
    changing.refusals += 1;
    let is_verbose = changing.refusals.is_multiple_of(2);
    let retry_after = is_verbose.then_some(refusal.wait_seconds);
    let reply = Reply::too_many_requests(refusal.policy, retry_after, is_verbose, correlation_id);
    let limit_headers = match is_search {
        true => Vec::new(),
        false => changing.limits.headers(),
    };
    Reply {
        limit_headers,
        ..reply
    }
}

fn serve(
    settings: &Settings,
    changing: &Changing,
    request: &Request,
    endpoint: &Result<Endpoint, NoEndpoint>,
) -> Result<Reply, Problem> {
    let endpoint = match endpoint {
        Ok(endpoint) => endpoint,
        Err(NoEndpoint::UnknownPath) => return Ok(Reply::unknown_path()),
        Err(NoEndpoint::UnknownObjectType(name)) => {
            let message = format!("Unable to infer object type from: {name}");
            return Err(Problem::invalid(message));
        }
    };
    if request.path.len() + request.query.len() > MOST_URL_BYTES {
        return Err(Problem::new(414, "URI Too Long"));
    }
    if request.method != endpoint.method() {
        return Err(Problem::new(405, "Method Not Allowed"));
    }
    let lacks_scope = |scope: &&str| changing.revoked_scopes.contains(*scope);
    if endpoint.scopes().iter().any(lacks_scope) {
        return Err(Problem::missing_scopes(&endpoint.scopes()));
    }
    let body = match endpoint.method() {
        "POST" if !request.is_json => return Err(Problem::new(415, "Unsupported Media Type")),
        "POST" => serde_json::from_str(&request.body)
            .map_err(|_| Problem::invalid("Invalid input JSON"))?,
        _ => Value::Null,
    };
    let exchange = Exchange {
        settings,
        portal: &changing.portal,
        indexed: changing.frozen_index.as_ref().unwrap_or(&changing.portal),
        query: url::form_urlencoded::parse(request.query.as_bytes())
            .into_owned()
            .collect(),
        body,
    };
    match endpoint {
        Endpoint::List(object) => exchange.list(*object),
        Endpoint::Read(object, id) => exchange.read(*object, id),
        Endpoint::BatchRead(object) => exchange.batch_read(*object),
        Endpoint::Search(object) => exchange.search(*object),
        Endpoint::RecordAssociations(from, id, to) => exchange.record_associations(*from, id, *to),
        Endpoint::AssociationBatch(from, to) => exchange.association_batch(*from, *to),
        Endpoint::AssociationLabels(from, to) => exchange.association_labels(*from, *to),
        Endpoint::Pipelines(object) => Ok(exchange.pipelines(*object)),
        Endpoint::Owners => exchange.owners(),
        Endpoint::Owner(id) => exchange.owner(id),
        Endpoint::Properties(object) => Ok(exchange.properties(*object)),
        Endpoint::AccountDetails => Ok(super::account::details()),
        Endpoint::DailyUsage => Ok(super::account::daily_usage(&changing.limits)),
    }
}

/// One request being served.
pub(super) struct Exchange<'a> {
    pub(super) settings: &'a Settings,
    pub(super) portal: &'a Portal,
    /// What search sees.
    pub(super) indexed: &'a Portal,
    query: Vec<(String, String)>,
    pub(super) body: Value,
}

impl Exchange<'_> {
    /// A parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.query.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// A list in the query, with commas or by repetition.
    pub(super) fn list_parameter(&self, name: &str) -> Option<Vec<String>> {
        let found = self.query.iter().filter(|(known, _)| known == name);
        let items: Vec<String> = found
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect();
        (!items.is_empty()).then_some(items)
    }

    /// Whether archived records are asked for instead of live ones.
    pub(super) fn wants_archived(&self) -> Result<bool, Problem> {
        match self.parameter("archived") {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Problem::invalid(format!(
                "archived: {other} is not a boolean"
            ))),
        }
    }

    /// Records a page.
    pub(super) fn limit(&self, default: usize, most: usize) -> Result<usize, Problem> {
        let Some(text) = self.parameter("limit") else {
            return Ok(default);
        };
        match text.parse() {
            Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
            _ => Err(Problem::invalid(format!(
                "limit: {text} is not 1 to {most}"
            ))),
        }
    }

    /// The list of inputs of a batch.
    pub(super) fn inputs(&self, most: usize) -> Result<&[Value], Problem> {
        let inputs = self.body["inputs"].as_array();
        let inputs = inputs.ok_or_else(|| Problem::invalid("inputs: some fields are required"))?;
        match inputs.len() {
            0 => Err(Problem::invalid("inputs: must not be empty")),
            count if count > most => Err(Problem::invalid(format!(
                "inputs: {count} is more than the {most} that are allowed in a batch"
            ))),
            _ => Ok(inputs),
        }
    }
}

/// An id as text or as a number.
pub(super) fn id_of(input: &Value) -> Result<String, Problem> {
    match &input["id"] {
        Value::String(id) => Ok(id.clone()),
        Value::Number(id) => Ok(id.to_string()),
        _ => Err(Problem::invalid("inputs: id is required")),
    }
}

/// A list of texts in a body, `None` when it is absent or empty.
pub(super) fn texts(list: &Value) -> Option<Vec<String>> {
    let texts = list.as_array()?.iter();
    let texts: Vec<String> = texts.filter_map(Value::as_str).map(str::to_owned).collect();
    (!texts.is_empty()).then_some(texts)
}
