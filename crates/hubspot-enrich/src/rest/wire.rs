//! HubSpot's replies, decoded leniently: unneeded fields are ignored and optional ones may be
//! missing. `results` may not: without it a reply would look as if nothing had been found.

use std::collections::HashMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A JSON string, or a number or boolean as it is written; `None` for null.
///
/// The documents promise strings; ids of associations have come as numbers, and a number
/// with all its digits is text to us anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text(pub(super) Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(match raw.get() {
            "null" => None,
            quoted if quoted.starts_with('"') => {
                Some(serde_json::from_str(quoted).map_err(D::Error::custom)?)
            }
            written => Some(written.to_owned()),
        }))
    }
}

/// An id: a string or a whole number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Id(pub(super) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        text.filter(|text| !text.is_empty() && !text.starts_with(['{', '[']))
            .map(Self)
            .ok_or_else(|| D::Error::custom("an id is neither a string nor a number"))
    }
}

/// `SimplePublicObject`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Object {
    pub(super) id: Id,
    #[serde(default)]
    properties: HashMap<String, Text>,
    #[serde(default)]
    archived: Option<bool>,
}

impl Object {
    pub(super) fn value(&self, property: &str) -> Option<&str> {
        self.properties.get(property)?.0.as_deref()
    }

    pub(super) fn is_archived(&self) -> bool {
        self.archived == Some(true)
    }
}

/// The reply to a batch of anything.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchReply<T> {
    pub(super) status: Option<String>,
    pub(super) results: Vec<T>,
    pub(super) num_errors: Option<u64>,
    pub(super) errors: Option<Vec<serde_json::Value>>,
}

/// A page of a listing or of a search.
#[derive(Debug, Deserialize)]
pub(super) struct PageReply<T> {
    pub(super) results: Vec<T>,
    paging: Option<Paging>,
}

impl<T> PageReply<T> {
    pub(super) fn next(&self) -> Option<&str> {
        self.paging.as_ref()?.after()
    }
}

/// `paging`: the cursor of the next page, opaque text; absent on the last page.
#[derive(Debug, Deserialize)]
pub(super) struct Paging {
    next: Option<NextPage>,
}

#[derive(Debug, Deserialize)]
struct NextPage {
    after: Option<Text>,
}

impl Paging {
    pub(super) fn after(&self) -> Option<&str> {
        let after = self.next.as_ref()?.after.as_ref()?;
        after.0.as_deref().filter(|after| !after.is_empty())
    }
}

/// What one record is associated with.
#[derive(Debug, Deserialize)]
pub(super) struct AssociationsOfOne {
    pub(super) from: From,
    pub(super) to: Vec<To>,
    pub(super) paging: Option<Paging>,
}

#[derive(Debug, Deserialize)]
pub(super) struct From {
    pub(super) id: Id,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct To {
    pub(super) to_object_id: Id,
    #[serde(default)]
    pub(super) association_types: Option<Vec<AssociationType>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssociationType {
    pub(super) category: Option<String>,
    pub(super) type_id: Option<u64>,
    pub(super) label: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PipelineReply {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) stages: Option<Vec<StageReply>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StageReply {
    pub(super) id: Id,
    pub(super) label: Option<String>,
    pub(super) display_order: Option<i64>,
    #[serde(default)]
    pub(super) metadata: Option<HashMap<String, Text>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OwnerReply {
    pub(super) id: Id,
    pub(super) email: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
}
