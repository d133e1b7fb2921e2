//! One deal, contact or company, and its wire format.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::ObjectType;
use super::wire::{PORTAL_ID, with_milliseconds};

/// An id, ordered as a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct RecordId(pub(super) String);

impl Ord for RecordId {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_length = self.0.len().cmp(&other.0.len());
        by_length.then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for RecordId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<&str> for RecordId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

/// A value that a property had from some time on.
#[derive(Debug, Clone)]
struct PastValue {
    value: Option<String>,
    since: Timestamp,
}

/// A record as the portal holds it.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) object: ObjectType,
    pub(super) id: RecordId,
    properties: BTreeMap<String, Option<String>>,
    history: BTreeMap<String, Vec<PastValue>>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) archived_at: Option<Timestamp>,
}

/// What a request asks of each record.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// `None`: the defaults.
    pub(super) properties: Option<Vec<String>>,
    pub(super) with_history: Vec<String>,
}

impl Record {
    pub(super) fn new(object: ObjectType, id: &str, created: Timestamp) -> Self {
        let mut record = Self {
            object,
            id: RecordId::from(id),
            properties: BTreeMap::new(),
            history: BTreeMap::new(),
            created,
            updated: created,
            archived_at: None,
        };
        record.set("hs_object_id", Some(id.to_owned()), created);
        record.set("createdate", Some(with_milliseconds(created)), created);
        record.touch(created);
        record
    }

    pub(super) fn properties(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let properties = self.properties.iter();
        properties.map(|(name, value)| (name.as_str(), value.as_deref()))
    }

    pub(super) fn value(&self, property: &str) -> Option<&str> {
        self.properties.get(property)?.as_deref()
    }

    /// Sets a property without touching the record.
    pub(super) fn set(&mut self, property: &str, value: Option<String>, since: Timestamp) {
        let past = self.history.entry(property.to_owned()).or_default();
        past.push(PastValue {
            value: value.clone(),
            since,
        });
        self.properties.insert(property.to_owned(), value);
    }

    /// Notes that it was edited.
    pub(super) fn touch(&mut self, now: Timestamp) {
        self.updated = now;
        let value = Some(with_milliseconds(now));
        self.properties
            .insert(self.object.modified_property().to_owned(), value);
    }

    /// `SimplePublicObject`. HubSpot adds the id and the dates of creation and change to
    /// whatever is asked for. `read` gives a property's value, `None` for a property that
    /// the portal does not have.
    pub(super) fn wire(&self, asked: &Asked, read: impl Fn(&str) -> Option<Value>) -> Value {
        let always = [
            "hs_object_id",
            "createdate",
            self.object.modified_property(),
        ];
        let names: BTreeSet<&str> = match &asked.properties {
            Some(names) => names.iter().map(String::as_str).chain(always).collect(),
            None => self.object.default_properties().iter().copied().collect(),
        };
        let properties: Map<String, Value> = names
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), read(name)?)))
            .collect();
        let mut wire = json!({
            "id": self.id.0,
            "properties": properties,
            "createdAt": with_milliseconds(self.created),
            "updatedAt": with_milliseconds(self.updated),
            "archived": self.archived_at.is_some(),
            "url": format!(
                "https://app.hubspot.com/contacts/{PORTAL_ID}/record/{}/{}",
                self.object.type_id(),
                self.id.0
            ),
        });
        if let Some(archived_at) = self.archived_at {
            wire["archivedAt"] = with_milliseconds(archived_at).into();
        }
        if !asked.with_history.is_empty() {
            let histories: Map<String, Value> = asked
                .with_history
                .iter()
                .filter(|name| read(name).is_some())
                .map(|name| (name.clone(), self.past_values(name)))
                .collect();
            wire["propertiesWithHistory"] = histories.into();
        }
        wire
    }

    /// Newest first.
    fn past_values(&self, property: &str) -> Value {
        let past = self.history.get(property).into_iter().flatten().rev();
        past.map(|past| {
            json!({
                "value": past.value.as_deref().unwrap_or_default(),
                "timestamp": with_milliseconds(past.since),
                "sourceType": "CRM_UI",
            })
        })
        .collect()
    }
}
