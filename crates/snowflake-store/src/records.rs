//! Records of Gong beside calls, made ready for storing.

use std::collections::BTreeMap;

use calls::RawDocument;
use resilience::ErrorKind;
use serde_json::Value;

use crate::document::PreparedDocument;
use crate::erasure::{Erased, Kind, Scrubber, user};
use crate::payload_hash::PayloadHasher;
use crate::{Error, GongRecord, RecordPage, RecordStream, Result};

/// The records of a page by key, each hashed and cleaned as a call's document is. What is
/// about somebody who was erased is left out, and what only names them stays without them.
pub(crate) fn prepare(
    page: &RecordPage,
    erased: &Erased,
    max_bytes: usize,
) -> Result<BTreeMap<String, (Option<String>, PreparedDocument)>> {
    let mut hasher = PayloadHasher::default();
    let mut prepared = BTreeMap::new();
    for GongRecord { key, day, json } in &page.records {
        let mut json = json.clone();
        if is_of_erased_call(erased, page.stream, &json) {
            continue;
        }
        if names_somebody(erased, &json) {
            if is_theirs(erased, page.stream, &json) {
                continue;
            }
            json = without_somebody(erased, &json);
        }
        let document = RawDocument::new(key.as_str().into(), json).map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "is not JSON")
                .with_field("json")
                .with_source(error)
        })?;
        let document = PreparedDocument::new(document, max_bytes, &mut hasher)?;
        prepared.insert(key.clone(), (day.map(|day| day.to_string()), document));
    }
    Ok(prepared)
}

/// A review goes with its call.
fn is_of_erased_call(erased: &Erased, stream: RecordStream, json: &str) -> bool {
    if erased.is_empty() || stream != RecordStream::AnsweredScorecards {
        return false;
    }
    let review: Value = serde_json::from_str(json).unwrap_or_default();
    match &review["callId"] {
        Value::String(id) => erased.holds(Kind::Call, id),
        Value::Number(id) => erased.holds(Kind::Call, &id.to_string()),
        _ => false,
    }
}

/// Whether a record that names somebody is about them. A scorecard is the company's, whoever
/// made it, and a user is not their manager.
fn is_theirs(erased: &Erased, stream: RecordStream, json: &str) -> bool {
    use RecordStream::{LibraryFolders, Scorecards, Trackers, Users, Workspaces};
    match stream {
        Users => !user(erased, json).is_empty(),
        Workspaces | Scorecards | Trackers | LibraryFolders => false,
        _ => true,
    }
}

fn without_somebody(erased: &Erased, json: &str) -> String {
    fn left(erased: &Erased, value: &mut Value) {
        match value {
            Value::String(text) if erased.holds(Kind::User, text) => *value = Value::Null,
            Value::String(text) => {
                if let Some(left) = Scrubber::new(erased).scrub(text) {
                    *text = left;
                }
            }
            Value::Number(number) if erased.holds(Kind::User, &number.to_string()) => {
                *value = Value::Null;
            }
            Value::Array(items) => items.iter_mut().for_each(|item| left(erased, item)),
            Value::Object(members) => members.values_mut().for_each(|item| left(erased, item)),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(json).unwrap_or_default();
    left(erased, &mut value);
    value.to_string()
}

/// Whether a record speaks of somebody who was erased.
pub(crate) fn names_somebody(erased: &Erased, json: &str) -> bool {
    fn is_somebody(erased: &Erased, value: &Value) -> bool {
        match value {
            Value::String(text) => {
                erased.holds(Kind::User, text) || Scrubber::new(erased).scrub(text).is_some()
            }
            Value::Number(number) => erased.holds(Kind::User, &number.to_string()),
            Value::Array(items) => items.iter().any(|item| is_somebody(erased, item)),
            Value::Object(members) => members.values().any(|member| is_somebody(erased, member)),
            _ => false,
        }
    }
    if erased.is_empty() {
        return false;
    }
    serde_json::from_str(json).is_ok_and(|value| is_somebody(erased, &value))
}

/// Keys that are gone, but for those of records on the page.
pub(crate) fn gone<'a, T>(page: &'a RecordPage, landed: &BTreeMap<String, T>) -> Vec<&'a str> {
    let gone = page.gone.iter().map(String::as_str);
    gone.filter(|key| !landed.contains_key(*key)).collect()
}
