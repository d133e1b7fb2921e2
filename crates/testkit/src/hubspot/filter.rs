//! Filters of a search.

use rust_decimal::Decimal;
use serde_json::Value;

use super::ObjectType;
use super::portal::Portal;
use super::properties::ValueType;
use super::record::Record;
use super::reply::Problem;

const MOST_GROUPS: usize = 5;
const MOST_FILTERS_IN_A_GROUP: usize = 10;
const MOST_FILTERS: usize = 25;

/// Groups of filters: a record passes when it passes all filters of one group.
#[derive(Debug)]
pub(super) struct SearchFilter(Vec<Vec<Filter>>);

#[derive(Debug)]
struct Filter {
    property: String,
    kind: ValueType,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Equal(String),
    NotEqual(String),
    Less(String),
    LessOrEqual(String),
    Greater(String),
    GreaterOrEqual(String),
    Between(String, String),
    In(Vec<String>),
    NotIn(Vec<String>),
    HasProperty,
    HasNotProperty,
    ContainsToken(String),
    ContainsNotToken(String),
}

impl SearchFilter {
    pub(super) fn parse(
        groups: &Value,
        object: ObjectType,
        portal: &Portal,
    ) -> Result<Self, Problem> {
        let empty = Vec::new();
        let groups = match groups {
            Value::Null => &empty,
            Value::Array(groups) => groups,
            _ => return Err(Problem::invalid("filterGroups: must be a list")),
        };
        if groups.len() > MOST_GROUPS {
            return Err(Problem::invalid(format!(
                "filterGroups: at most {MOST_GROUPS} groups are allowed"
            )));
        }
        let parsed: Result<Vec<Vec<Filter>>, Problem> = groups
            .iter()
            .map(|group| {
                let filters = group["filters"].as_array().ok_or_else(|| {
                    Problem::invalid("filterGroups: a group without a list of filters")
                })?;
                filters
                    .iter()
                    .map(|filter| Filter::parse(filter, object, portal))
                    .collect()
            })
            .collect();
        let groups = parsed?;
        let count: usize = groups.iter().map(Vec::len).sum();
        if count > MOST_FILTERS
            || groups
                .iter()
                .any(|group| group.len() > MOST_FILTERS_IN_A_GROUP)
        {
            return Err(Problem::invalid(format!(
                "filterGroups: at most {MOST_FILTERS_IN_A_GROUP} filters in a group and \
                 {MOST_FILTERS} in all are allowed"
            )));
        }
        Ok(Self(groups))
    }

    pub(super) fn passes(&self, record: &Record, portal: &Portal) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|group| {
                group.iter().all(|filter| {
                    let value = portal.value(record, &filter.property).flatten();
                    filter.passes(value.as_deref().filter(|value| !value.is_empty()))
                })
            })
    }
}

impl Filter {
    fn parse(filter: &Value, object: ObjectType, portal: &Portal) -> Result<Self, Problem> {
        let property = filter["propertyName"].as_str().unwrap_or_default();
        let kind = portal.value_type(object, property).ok_or_else(|| {
            Problem::invalid(format!("There is no property {property} to filter by"))
        })?;
        let text = |key: &str| -> Result<String, Problem> {
            match &filter[key] {
                Value::String(text) => Ok(text.clone()),
                Value::Number(number) => Ok(number.to_string()),
                _ => Err(Problem::invalid(format!(
                    "filter {property}: {key} is required"
                ))),
            }
        };
        let texts = || {
            let values = super::serve::texts(&filter["values"]);
            values.ok_or_else(|| Problem::invalid(format!("filter {property}: values is required")))
        };
        let operator = filter["operator"].as_str().unwrap_or_default();
        let test = match operator {
            "EQ" => Test::Equal(text("value")?),
            "NEQ" => Test::NotEqual(text("value")?),
            "LT" => Test::Less(text("value")?),
            "LTE" => Test::LessOrEqual(text("value")?),
            "GT" => Test::Greater(text("value")?),
            "GTE" => Test::GreaterOrEqual(text("value")?),
            "BETWEEN" => Test::Between(text("value")?, text("highValue")?),
            "IN" => Test::In(texts()?),
            "NOT_IN" => Test::NotIn(texts()?),
            "HAS_PROPERTY" => Test::HasProperty,
            "NOT_HAS_PROPERTY" => Test::HasNotProperty,
            "CONTAINS_TOKEN" => Test::ContainsToken(text("value")?),
            "NOT_CONTAINS_TOKEN" => Test::ContainsNotToken(text("value")?),
            other => {
                let message = format!("filter {property}: {other} is not an operator");
                return Err(Problem::invalid(message));
            }
        };
        Ok(Self {
            property: property.to_owned(),
            kind,
            test,
        })
    }

    /// A property without a value passes only tests for its absence.
    fn passes(&self, value: Option<&str>) -> bool {
        let Some(value) = value else {
            return matches!(
                self.test,
                Test::HasNotProperty
                    | Test::NotEqual(_)
                    | Test::NotIn(_)
                    | Test::ContainsNotToken(_)
            );
        };
        let value = Comparable::new(self.kind, value);
        let with = |text: &String| Comparable::new(self.kind, text);
        match &self.test {
            Test::Equal(text) => value == with(text),
            Test::NotEqual(text) => value != with(text),
            Test::Less(text) => value < with(text),
            Test::LessOrEqual(text) => value <= with(text),
            Test::Greater(text) => value > with(text),
            Test::GreaterOrEqual(text) => value >= with(text),
            Test::Between(low, high) => value >= with(low) && value <= with(high),
            Test::In(texts) => self.is_listed(&value, texts),
            Test::NotIn(texts) => !self.is_listed(&value, texts),
            Test::HasProperty => true,
            Test::HasNotProperty => false,
            Test::ContainsToken(text) => value.contains_token(text),
            Test::ContainsNotToken(text) => !value.contains_token(text),
        }
    }

    /// Free text is compared with the list as it was written: lists hold lower case.
    fn is_listed(&self, value: &Comparable, texts: &[String]) -> bool {
        texts.iter().any(|text| match value {
            Comparable::Text(value) if self.kind == ValueType::Text => value == text,
            _ => *value == Comparable::new(self.kind, text),
        })
    }
}

/// A value as search compares it: numbers and instants by size, text in lower case.
#[derive(Debug, PartialEq, PartialOrd)]
pub(super) enum Comparable {
    Number(Decimal),
    Text(String),
}

impl Comparable {
    pub(super) fn new(kind: ValueType, text: &str) -> Self {
        let number = match kind {
            ValueType::Number => text.parse().ok(),
            ValueType::DateTime => text.parse().ok().or_else(|| {
                let instant: jiff::Timestamp = text.parse().ok()?;
                Some(Decimal::from(instant.as_millisecond()))
            }),
            ValueType::Text | ValueType::Bool | ValueType::Enumeration => None,
        };
        match number {
            Some(number) => Self::Number(number),
            None => Self::Text(text.to_lowercase()),
        }
    }

    /// Whether every word of `text` is one of the value's; a star stands for any letters
    /// at the start or the end of a word.
    fn contains_token(&self, text: &str) -> bool {
        let Self::Text(value) = self else {
            return false;
        };
        let own: Vec<&str> = words(value, "").collect();
        let text = text.to_lowercase();
        let mut asked = words(&text, "*").peekable();
        asked.peek().is_some() && asked.all(|word| own.iter().any(|own| is_like(own, word)))
    }
}

fn words<'a>(text: &'a str, also: &'static str) -> impl Iterator<Item = &'a str> {
    text.split(move |letter: char| !letter.is_alphanumeric() && !also.contains(letter))
        .filter(|word| !word.is_empty())
}

fn is_like(word: &str, pattern: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => word.contains(pattern.trim_matches('*')),
        (Some(end), None) => word.ends_with(end),
        (None, Some(start)) => word.starts_with(start),
        (None, None) => word == pattern,
    }
}
