//! Filters of calls in the language of Gong's search page.

use serde_json::Value;

/// Whether every call passes: there is no filter, or one that names nothing.
pub(super) fn excludes_nothing(filter: &str) -> bool {
    filter.trim().is_empty() || serde_json::from_str(filter).is_ok_and(|filter| is_open(&filter))
}

fn is_open(filter: &Value) -> bool {
    match filter {
        Value::Null => true,
        Value::Object(fields) if fields.is_empty() => true,
        Value::Object(fields) if fields.get("type").and_then(Value::as_str) == Some("And") => {
            match fields.get("filters") {
                Some(Value::Array(filters)) => filters.iter().all(is_open),
                other => other.is_none_or(Value::is_null),
            }
        }
        _ => false,
    }
}
