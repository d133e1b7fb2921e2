//! The filter of a request: which calls.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

/// Why a request is answered with 400; the text goes into `errors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadRequest(pub(super) String);

/// The filter of `GET /v2/calls` (query) and of the two POST endpoints (body).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct CallFilter {
    /// Inclusive.
    pub(super) from: Option<Timestamp>,
    /// Exclusive.
    pub(super) to: Option<Timestamp>,
    pub(super) workspace_id: Option<String>,
    pub(super) call_ids: Option<BTreeSet<String>>,
    pub(super) primary_user_ids: Option<BTreeSet<String>>,
}

impl CallFilter {
    /// Reads the query parameters of a GET; parameters that do not exist in the
    /// API, such as `limit`, are ignored as Gong ignores them.
    pub(super) fn from_query(query: &[(String, String)]) -> Result<Self, BadRequest> {
        let mut filter = Self::default();
        for (name, value) in query {
            match name.as_str() {
                "fromDateTime" => filter.from = Some(instant(name, value)?),
                "toDateTime" => filter.to = Some(instant(name, value)?),
                "workspaceId" => filter.workspace_id = Some(value.clone()),
                _ => {}
            }
        }
        Ok(filter)
    }

    /// Reads `filter` of a POST body. `takes_owners` is false for transcripts,
    /// whose filter has no `primaryUserIds`.
    pub(super) fn from_body(body: &Value, takes_owners: bool) -> Result<Self, BadRequest> {
        let filter = match &body["filter"] {
            Value::Object(filter) => filter,
            Value::Null => return Err(BadRequest("filter: must not be null".to_owned())),
            _ => return Err(BadRequest("filter: must be an object".to_owned())),
        };
        let text = |name: &str| match filter.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(BadRequest(format!("filter.{name}: must be a string"))),
        };
        let date = |name: &str| {
            text(name)?
                .map(|value| instant(&format!("filter.{name}"), &value))
                .transpose()
        };
        Ok(Self {
            from: date("fromDateTime")?,
            to: date("toDateTime")?,
            workspace_id: text("workspaceId")?,
            call_ids: ids("callIds", filter.get("callIds"))?,
            primary_user_ids: match takes_owners {
                true => ids("primaryUserIds", filter.get("primaryUserIds"))?,
                false => None,
            },
        })
    }

    /// Whether the request carries any filter; only then is an empty result a 404.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the dates exclude everything.
    pub(super) fn is_impossible(&self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if from >= to)
    }

    pub(super) fn admits_time(&self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| time >= from) && self.to.is_none_or(|to| time < to)
    }

    pub(super) fn admits_workspace(&self, workspace_id: Option<&str>) -> bool {
        self.workspace_id.is_none() || self.workspace_id.as_deref() == workspace_id
    }

    pub(super) fn admits_primary_user(&self, user_id: Option<&str>) -> bool {
        match (&self.primary_user_ids, user_id) {
            (None, _) => true,
            (Some(wanted), Some(user_id)) => wanted.contains(user_id),
            (Some(_), None) => false,
        }
    }
}

fn instant(name: &str, text: &str) -> Result<Timestamp, BadRequest> {
    text.parse().map_err(|_| {
        BadRequest(format!(
            "{name}: '{text}' is not an ISO-8601 date and time with an offset"
        ))
    })
}

/// Null means no filter; an empty list is refused with Gong's own words.
fn ids(name: &str, value: Option<&Value>) -> Result<Option<BTreeSet<String>>, BadRequest> {
    let values = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(values)) => values,
        Some(_) => return Err(BadRequest(format!("filter.{name}: must be a list"))),
    };
    if values.is_empty() {
        return Err(BadRequest(format!(
            "filter.{name}: must not be empty but can be null or can be omitted"
        )));
    }
    let mut ids = BTreeSet::new();
    for value in values {
        match value {
            Value::String(id) => ids.insert(id.clone()),
            Value::Number(id) => ids.insert(id.to_string()),
            _ => return Err(BadRequest(format!("filter.{name}: must hold strings"))),
        };
    }
    Ok(Some(ids))
}
