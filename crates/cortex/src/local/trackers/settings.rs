//! Trackers as Gong sends them: nulls, ids as numbers, words that may become more.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::{Map, Value};

use super::{
    KeywordTracker, LanguageKeywords, SaidAt, SaidAtUnit, TrackedAffiliation, TrackerSettings,
};

/// Counts in every language.
pub(super) const MULTIPLE_LANGUAGES: &str = "mul";

impl<'de> Deserialize<'de> for TrackerSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::of(deserializer)?;
        let trackers = fields.take("keywordTrackers", |trackers| match trackers {
            Value::Array(trackers) => Some(trackers),
            _ => None,
        });
        if let Some(name) = fields.unread.first() {
            return Err(D::Error::custom(format!("{name} is of another kind")));
        }
        let trackers = trackers.unwrap_or_default().into_iter();
        let trackers = trackers.filter(|tracker| !tracker.is_null());
        Ok(Self {
            request_id: fields.take("requestId", text),
            keyword_trackers: trackers
                .map(serde_json::from_value)
                .collect::<Result<_, _>>()
                .map_err(D::Error::custom)?,
        })
    }
}

impl<'de> Deserialize<'de> for KeywordTracker {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::of(deserializer)?;
        let tracker_id = fields.take("trackerId", text);
        let tracker_name = fields.take("trackerName", text);
        Ok(Self {
            tracker_name: tracker_name
                .or_else(|| tracker_id.clone())
                .unwrap_or_default(),
            tracker_id,
            workspace_id: fields.take("workspaceId", text),
            language_keywords: fields
                .take("languageKeywords", |groups| list(groups, keywords))
                .unwrap_or_default(),
            affiliation: fields.take("affiliation", affiliation).unwrap_or_default(),
            part_of_question: fields.take("partOfQuestion", flag).unwrap_or_default(),
            said_at: fields.take("saidAt", said_at).unwrap_or_default(),
            said_at_interval: fields
                .take("saidAtInterval", |interval| text(interval)?.parse().ok()),
            said_at_unit: fields.take("saidAtUnit", unit),
            said_in_topics: fields.take("saidInTopics", |topics| list(topics, text)),
            filter_query: fields.take("filterQuery", |filter| match filter {
                Value::Object(_) => Some(filter.to_string()),
                filter => text(filter),
            }),
            unread: fields.unread,
        })
    }
}

/// The fields of an object, and the names of those that say something that is not understood.
struct Fields {
    all: Map<String, Value>,
    unread: Vec<&'static str>,
}

impl Fields {
    fn of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            all: Map::deserialize(deserializer)?,
            unread: Vec::new(),
        })
    }

    fn take<T>(&mut self, name: &'static str, read: impl FnOnce(Value) -> Option<T>) -> Option<T> {
        let value = self.all.remove(name).filter(|value| !value.is_null())?;
        let read = read(value);
        if read.is_none() {
            self.unread.push(name);
        }
        read
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

fn flag(value: Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(flag),
        value => text(value)?.parse().ok(),
    }
}

/// All items but nulls, if each can be read.
fn list<T>(value: Value, read: impl Fn(Value) -> Option<T>) -> Option<Vec<T>> {
    let Value::Array(items) = value else {
        return None;
    };
    let items = items.into_iter().filter(|item| !item.is_null());
    items.map(read).collect()
}

fn keywords(group: Value) -> Option<LanguageKeywords> {
    let Value::Object(all) = group else {
        return None;
    };
    let unread = Vec::new();
    let mut fields = Fields { all, unread };
    let language = fields.take("language", text);
    let group = LanguageKeywords {
        language: language.unwrap_or_else(|| MULTIPLE_LANGUAGES.to_owned()),
        keywords: fields
            .take("keywords", |keywords| list(keywords, text))
            .unwrap_or_default(),
        include_related_forms: fields.take("includeRelatedForms", flag).unwrap_or_default(),
    };
    fields.unread.is_empty().then_some(group)
}

fn affiliation(value: Value) -> Option<TrackedAffiliation> {
    match text(value)?.to_ascii_lowercase().as_str() {
        "anyone" => Some(TrackedAffiliation::Anyone),
        "company" => Some(TrackedAffiliation::Company),
        "noncompany" => Some(TrackedAffiliation::NonCompany),
        _ => None,
    }
}

fn said_at(value: Value) -> Option<SaidAt> {
    match text(value)?.to_ascii_lowercase().as_str() {
        "anytime" => Some(SaidAt::Anytime),
        "first" => Some(SaidAt::First),
        "last" => Some(SaidAt::Last),
        _ => None,
    }
}

fn unit(value: Value) -> Option<SaidAtUnit> {
    match text(value)?.to_ascii_lowercase().as_str() {
        "minutes" => Some(SaidAtUnit::Minutes),
        "percent" => Some(SaidAtUnit::Percent),
        _ => None,
    }
}
