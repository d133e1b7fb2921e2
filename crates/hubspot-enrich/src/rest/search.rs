//! Search, past the 10,000 records at which HubSpot stops.

use resilience::ErrorKind;
use serde_json::{Value, json};

use super::HubSpotApi;
use super::http::{Request, from_json};
use super::object_kind::ObjectKind;
use super::wire::{Object, PageReply};
use crate::{Error, Result};

/// Records on a page.
const PAGE: usize = 200;
/// Records that one query reaches.
const WINDOW: usize = 10_000;

/// A condition; those of one group hold together, and any group is enough.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    /// The property is one of these (in lower case).
    In(&'static str, Vec<String>),
    /// The property has this among its words.
    HasWord(&'static str, String),
}

impl Filter {
    fn wire(&self) -> Value {
        match self {
            Self::In(property, values) => {
                json!({"propertyName": property, "operator": "IN", "values": values})
            }
            Self::HasWord(property, value) => {
                json!({"propertyName": property, "operator": "CONTAINS_TOKEN", "value": value})
            }
        }
    }
}

impl HubSpotApi {
    /// Every live object that a group of filters describes, by ascending id.
    ///
    /// HubSpot reaches 10,000 records for one query; the next query begins after the last
    /// id of the one before.
    pub(super) async fn search(
        &self,
        kind: ObjectKind,
        groups: &[Vec<Filter>],
    ) -> Result<Vec<Object>> {
        let mut objects: Vec<Object> = Vec::new();
        let mut first_id: Option<u64> = None;
        'windows: loop {
            let mut after = "0".to_owned();
            let mut in_window = 0;
            loop {
                let request = self.search_request(kind, groups, first_id, &after)?;
                let page: PageReply<Object> = self.http.fetch(&request, from_json).await?;
                let next = page.next().map(str::to_owned);
                in_window += page.results.len();
                let was_empty = page.results.is_empty();
                objects.extend(page.results);
                match next {
                    None => return Ok(objects),
                    Some(next) if was_empty || next == after => return Err(stuck(kind)),
                    Some(_) if in_window + PAGE > WINDOW => break,
                    Some(next) => after = next,
                }
            }
            let last_id: Option<u64> = objects.last().and_then(|last| last.id.0.parse().ok());
            let next_id = last_id.and_then(|last| last.checked_add(1));
            if next_id.is_none() || next_id <= first_id {
                return Err(stuck(kind));
            }
            first_id = next_id;
            continue 'windows;
        }
    }

    fn search_request(
        &self,
        kind: ObjectKind,
        groups: &[Vec<Filter>],
        first_id: Option<u64>,
        after: &str,
    ) -> Result<Request> {
        let version = self.http.config.api_version;
        let plural = kind.plural();
        let from = first_id.map(|id| {
            json!({"propertyName": "hs_object_id", "operator": "GTE", "value": id.to_string()})
        });
        let groups: Vec<Value> = groups
            .iter()
            .map(|filters| {
                let filters = filters.iter().map(Filter::wire).chain(from.clone());
                json!({"filters": filters.collect::<Vec<_>>()})
            })
            .collect();
        let body = json!({
            "filterGroups": groups,
            "properties": kind.properties(),
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "limit": PAGE,
            "after": after,
        });
        Ok(Request {
            endpoint: format!("search of {plural}"),
            url: self
                .http
                .url(&format!("/crm/objects/{version}/{plural}/search")),
            body: Some(body.to_string().into_bytes()),
            scopes: vec![kind.scope()],
            is_search: true,
        })
    }
}

/// Pages that lead nowhere would be followed for ever.
fn stuck(kind: ObjectKind) -> Error {
    let message = format!(
        "search of {}: the next page does not advance",
        kind.plural()
    );
    Error::new(ErrorKind::Decode, message)
}
