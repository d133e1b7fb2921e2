//! Which fields a request may hold, by the specification.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Spec, name_of};

impl Spec {
    /// The fields of an operation's query and body, by their paths.
    pub fn fields_of_request(&self, id: &str) -> BTreeSet<String> {
        let operations = self.operations();
        let (_, operation) = operations
            .iter()
            .find(|(listed, _)| listed.id == id)
            .expect("an operation");
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let query = parameters.filter(|parameter| parameter["in"] == "query");
        let mut fields: BTreeSet<String> = query
            .filter_map(|parameter| parameter["name"].as_str())
            .map(|name| format!("?{name}"))
            .collect();
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        self.fields_of(body, "", &mut Vec::new(), &mut fields);
        fields
    }

    fn fields_of<'a>(
        &'a self,
        schema: &'a Value,
        path: &str,
        inside: &mut Vec<&'a str>,
        fields: &mut BTreeSet<String>,
    ) {
        let name = name_of(schema);
        if name.is_some_and(|name| inside.contains(&name)) {
            return;
        }
        inside.extend(name);
        let schema = name.map_or(schema, |name| self.schema(name));
        match schema["type"].as_str() {
            Some("array") => self.fields_of(&schema["items"], path, inside, fields),
            _ => {
                for (name, field) in schema["properties"].as_object().into_iter().flatten() {
                    let path = format!("{path}.{name}");
                    self.fields_of(field, &path, inside, fields);
                    fields.insert(path);
                }
            }
        }
        if name.is_some() {
            inside.pop();
        }
    }
}

/// The fields that a request holds, by their paths.
pub fn fields_sent(target: &str, body: &str) -> BTreeSet<String> {
    let (_, query) = target.split_once('?').unwrap_or_default();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let mut fields: BTreeSet<String> = pairs.map(|(name, _)| format!("?{name}")).collect();
    // A form with a file is no JSON.
    if let Ok(body) = serde_json::from_str(body) {
        fields_in(&body, "", &mut fields);
    }
    fields
}

fn fields_in(value: &Value, path: &str, fields: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| fields_in(item, path, fields)),
        Value::Object(members) => {
            for (name, value) in members {
                let path = format!("{path}.{name}");
                fields_in(value, &path, fields);
                fields.insert(path);
            }
        }
        _ => {}
    }
}
