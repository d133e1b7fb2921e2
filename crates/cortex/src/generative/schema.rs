//! JSON schemas that every model accepts.
//!
//! OpenAI's models refuse a schema in which an object leaves a property optional or
//! allows others than it names; Snowflake passes that on. Others accept such a schema
//! as well, so both are always written.

use resilience::ErrorKind;
use serde_json::{Map, Value, json};

use crate::{Error, Result};

/// Deepest nesting of a schema; a deeper one is a mistake or an attack on the stack.
const DEEPEST: usize = 64;

/// An object with exactly these properties, all of them required.
pub(super) fn object<const N: usize>(properties: [(&str, Value); N]) -> Value {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> = properties
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// An array of such items.
pub(super) fn array(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

/// A string.
pub(super) fn string() -> Value {
    json!({"type": "string"})
}

/// One of some strings.
pub(super) fn one_of<S: AsRef<str>>(values: &[S]) -> Value {
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    json!({"type": "string", "enum": values})
}

/// A whole number.
pub(super) fn integer() -> Value {
    json!({"type": "integer"})
}

/// A number. Bounds stand in the task's words, because not every model takes them in
/// a schema.
pub(super) fn number() -> Value {
    json!({"type": "number"})
}

/// The caller's schema with every object closed: all its properties required and no
/// others allowed. Whatever satisfies the result satisfies the original.
///
/// # Errors
/// `InvalidInput` on the field `schema` when it is not a schema of an object, or when
/// an object takes properties under any name: models must be told every name.
pub(super) fn closed(schema: &Value) -> Result<Value> {
    if !is_object_schema(schema) {
        return Err(refused(
            "must describe an object, with \"type\": \"object\"",
        ));
    }
    let mut schema = schema.clone();
    close(&mut schema, 0)?;
    Ok(schema)
}

fn close(schema: &mut Value, depth: usize) -> Result<()> {
    if depth > DEEPEST {
        return Err(refused("is nested too deeply"));
    }
    let is_object = is_object_schema(schema);
    let Value::Object(keywords) = schema else {
        return Ok(()); // `true` and `false` are schemas too
    };
    if is_object {
        let names: Vec<Value> = match keywords.get("properties") {
            Some(Value::Object(properties)) => {
                properties.keys().map(|name| name.clone().into()).collect()
            }
            _ => Vec::new(),
        };
        let takes_any_name = keywords
            .get("additionalProperties")
            .is_some_and(|allowed| *allowed != Value::Bool(false));
        if keywords.contains_key("patternProperties") || (names.is_empty() && takes_any_name) {
            return Err(refused("has an object whose properties are not named"));
        }
        keywords.insert("required".to_owned(), names.into());
        keywords.insert("additionalProperties".to_owned(), false.into());
    }
    for (keyword, inner) in keywords.iter_mut() {
        match (keyword.as_str(), inner) {
            ("properties" | "$defs" | "definitions", Value::Object(schemas)) => {
                for schema in schemas.values_mut() {
                    close(schema, depth + 1)?;
                }
            }
            ("items", schema @ Value::Object(_)) => close(schema, depth + 1)?,
            ("prefixItems" | "anyOf" | "oneOf" | "items", Value::Array(schemas)) => {
                for schema in schemas {
                    close(schema, depth + 1)?;
                }
            }
            // The parts of `allOf` add up: closing one would shut out the others.
            _ => {}
        }
    }
    Ok(())
}

fn is_object_schema(schema: &Value) -> bool {
    let is_object = |kind: &Value| kind == "object";
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_object),
        Some(kind) => is_object(kind),
        None => schema.get("properties").is_some(),
    }
}

fn refused(message: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, message).with_field("schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_closed_wherever_it_stands() {
        let schema = json!({
            "type": "object",
            "properties": {
                "plain": {"type": "string"},
                "inner": {"type": ["object", "null"], "properties": {"a": {"type": "number"}}},
                "list": {"type": "array", "items": {"properties": {"b": {"$ref": "#/$defs/c"}}}},
                "either": {"anyOf": [{"type": "object", "properties": {}}, {"type": "null"}]},
            },
            "required": ["plain"],
            "additionalProperties": true,
            "$defs": {"c": {"type": "object", "properties": {"d": {"type": "boolean"}}}},
        });
        let closed = closed(&schema).expect("closed");
        let required = closed["required"].as_array().expect("required");
        for name in ["plain", "inner", "list", "either"] {
            assert!(required.contains(&json!(name)), "{name}");
        }
        for pointer in [
            "",
            "/properties/inner",
            "/properties/list/items",
            "/properties/either/anyOf/0",
            "/$defs/c",
        ] {
            let object = closed.pointer(pointer).expect(pointer);
            assert_eq!(object["additionalProperties"], false, "{pointer}");
            assert!(object["required"].is_array(), "{pointer}");
        }
        assert_eq!(
            closed["properties"]["list"]["items"]["required"],
            json!(["b"])
        );
    }

    #[test]
    fn what_cannot_be_closed_is_refused() {
        let mut deep = json!({"type": "string"});
        for _ in 0..100 {
            deep = json!({"type": "object", "properties": {"a": deep}});
        }
        for schema in [
            json!({"type": "array", "items": {"type": "string"}}),
            json!(true),
            json!({"type": "object", "additionalProperties": {"type": "number"}}),
            json!({"type": "object", "properties": {"a": {"type": "object", "patternProperties": {".": {}}}}}),
            deep,
        ] {
            let error = closed(&schema).expect_err("refused");
            assert_eq!(
                (error.kind(), error.field()),
                (ErrorKind::InvalidInput, Some("schema"))
            );
        }
    }
}
