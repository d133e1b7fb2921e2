//! `POST /crm/objects/{version}/{type}/search`.

use serde_json::{Value, json};

use super::ObjectType;
use super::filter::{Comparable, SearchFilter};
use super::record::{Asked, Record};
use super::reply::{Problem, Reply};
use super::serve::{Exchange, texts};

const MOST_A_PAGE: usize = 200;

/// Beyond this many records a search cannot be paged.
const MOST_IN_ALL: usize = 10_000;

/// Longest `query`, in characters.
const MOST_QUERY_CHARACTERS: usize = 3_000;

impl Exchange<'_> {
    pub(super) fn search(&self, object: ObjectType) -> Result<Reply, Problem> {
        let filter = SearchFilter::parse(&self.body["filterGroups"], object, self.indexed)?;
        let limit = number(&self.body["limit"], "limit")?.unwrap_or(10);
        if !(1..=MOST_A_PAGE).contains(&limit) {
            return Err(Problem::invalid(format!(
                "limit: {limit} is not 1 to {MOST_A_PAGE}"
            )));
        }
        let after = number(&self.body["after"], "after")?.unwrap_or(0);
        if after + limit > MOST_IN_ALL {
            return Err(Problem::invalid(format!(
                "after: only the first {MOST_IN_ALL} results of a search can be paged"
            )));
        }
        let query = self.body["query"]
            .as_str()
            .unwrap_or_default()
            .to_lowercase();
        if query.chars().count() > MOST_QUERY_CHARACTERS {
            return Err(Problem::invalid("query: is too long"));
        }
        let mut found: Vec<&Record> = self
            .indexed
            .records(object, false)
            .filter(|record| filter.passes(record, self.indexed) && mentions(record, &query))
            .collect();
        self.sort(object, &mut found)?;
        let asked = Asked {
            properties: texts(&self.body["properties"]),
            with_history: Vec::new(),
        };
        let page = found.iter().skip(after).take(limit);
        let results: Vec<Value> = page
            .map(|record| self.indexed.wire(record, &asked))
            .collect();
        let end = after + results.len();
        let mut body = json!({"total": found.len(), "results": results});
        if end < found.len() {
            body["paging"] = json!({"next": {"after": end.to_string()}});
        }
        Ok(Reply::ok(&body))
    }

    /// By creation unless told otherwise, and by ascending id among equals.
    fn sort(&self, object: ObjectType, records: &mut [&Record]) -> Result<(), Problem> {
        let empty = Vec::new();
        let sorts = self.body["sorts"].as_array().unwrap_or(&empty);
        let (property, descending) = match sorts.as_slice() {
            [] => ("createdate", false),
            [Value::String(text)] => match text.strip_prefix('-') {
                Some(property) => (property, true),
                None => (text.as_str(), false),
            },
            [rule] => (
                rule["propertyName"].as_str().unwrap_or_default(),
                rule["direction"] == "DESCENDING",
            ),
            _ => return Err(Problem::invalid("sorts: only one sort is allowed")),
        };
        let kind = self.indexed.value_type(object, property);
        let kind = kind.ok_or_else(|| {
            Problem::invalid(format!("There is no property {property} to sort by"))
        })?;
        let key = |record: &&Record| {
            let value = self.indexed.value(record, property).flatten();
            value.map(|value| Comparable::new(kind, &value))
        };
        let mut keyed: Vec<(Option<Comparable>, &Record)> = records
            .iter()
            .map(|record| (key(record), *record))
            .collect();
        keyed.sort_by(|(one, _), (other, _)| {
            let order = one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal);
            if descending { order.reverse() } else { order }
        });
        for (place, (_, record)) in records.iter_mut().zip(keyed) {
            *place = record;
        }
        Ok(())
    }
}

/// A whole number, which may be written as text.
fn number(value: &Value, field: &str) -> Result<Option<usize>, Problem> {
    let parsed = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().map(|number| number as usize),
    };
    let number =
        parsed.ok_or_else(|| Problem::invalid(format!("{field}: is not a whole number")))?;
    Ok(Some(number))
}

/// Whether one of the properties that HubSpot searches by default holds the text.
fn mentions(record: &Record, query: &str) -> bool {
    let searched = [
        "dealname",
        "name",
        "domain",
        "email",
        "firstname",
        "lastname",
        "phone",
    ];
    query.is_empty()
        || searched.iter().any(|property| {
            let value = record.value(property).unwrap_or_default();
            value.to_lowercase().contains(query)
        })
}
