//! Gong's specification: which operations there are, and what their replies look like. It is
//! not part of this repository; where it is absent, a list of the operations stands in.
#![allow(dead_code, unreachable_pub)] // every test file uses its own part

pub mod calls;

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// An operation as the specification has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    pub method: String,
    pub path: String,
    pub id: String,
}

/// The operations by the list in this folder.
pub fn listed() -> Vec<Listed> {
    let lines = include_str!("../operations.txt").lines();
    let listed = lines.map(|line| {
        let mut words = line.split(' ').map(str::to_owned);
        let mut word = || words.next().expect("method, path, id");
        Listed {
            method: word(),
            path: word(),
            id: word(),
        }
    });
    listed.collect()
}

pub struct Spec(Value);

impl Spec {
    pub fn read() -> Option<Self> {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/gong/openapi.json"
        );
        let Ok(text) = std::fs::read(path) else {
            eprintln!("skipped: {path} is absent");
            return None;
        };
        Some(Self(serde_json::from_slice(&text).expect("JSON")))
    }

    /// Every operation with its description.
    pub fn operations(&self) -> Vec<(Listed, &Value)> {
        let mut all = Vec::new();
        for (path, methods) in self.0["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                let listed = Listed {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    id: operation["operationId"].as_str().expect("id").to_owned(),
                };
                all.push((listed, operation));
            }
        }
        all
    }

    /// What an operation answers; `None` where the specification does not know it.
    pub fn reply_of(&self, id: &str) -> Option<&Value> {
        let operations = self.operations();
        let (_, operation) = operations.iter().find(|(listed, _)| listed.id == id)?;
        let replies = operation["responses"].as_object()?;
        let (_, good) = replies.iter().find(|(status, _)| status.starts_with('2'))?;
        let content = good["content"].as_object()?.values().next()?;
        Some(&content["schema"])
    }

    /// A value of a schema, with all that Gong may do to it below the first level: nulls,
    /// missing and unknown fields, numbers as text, and now and then something else.
    pub fn value(&self, schema: &Value, random: &mut Rng, depth: usize) -> Value {
        let schema = self.resolved(schema);
        if let Some(words) = schema["enum"].as_array().filter(|words| !words.is_empty()) {
            return words[random.usize(0..words.len())].clone();
        }
        match schema["type"].as_str().unwrap_or("object") {
            "string" => match schema["format"].as_str() {
                Some("date-time") => json!("2026-07-03T09:15:00.72-07:00"),
                _ => json!(format!("text {}", random.u32(..))),
            },
            "boolean" => json!(random.bool()),
            "integer" => json!(random.u64(..) >> 12),
            "number" => json!(f64::from(random.u32(..)) / 8.0),
            "array" => {
                let items = 0..random.usize(0..4);
                items
                    .map(|_| self.value(&schema["items"], random, depth + 1))
                    .collect()
            }
            _ => self.object(schema, random, depth),
        }
    }

    fn object(&self, schema: &Value, random: &mut Rng, depth: usize) -> Value {
        let mut object = Map::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            if name == "records" && depth == 0 {
                object.insert(
                    name.clone(),
                    json!({"totalRecords": 3, "currentPageSize": 3}),
                );
                continue;
            }
            let value = self.value(field, random, depth + 1);
            let value = match random.u8(0..20) {
                _ if depth == 0 => value,
                0 => continue,
                1 | 2 => Value::Null,
                3..=5 if value.is_number() || value.is_boolean() => json!(value.to_string()),
                6 => json!({"odd": [1, "2"]}),
                _ => value,
            };
            object.insert(name.clone(), value);
        }
        if depth > 0 && random.u8(0..10) < 3 {
            object.insert("addedWithoutNotice".to_owned(), json!([{"a": null}]));
        }
        Value::Object(object)
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"]
            .as_str()
            .and_then(|name| name.rsplit('/').next())
        {
            Some(name) => &self.0["components"]["schemas"][name],
            None => schema,
        }
    }
}

/// What of `sent` is not in `got`, by its path. Null is nothing, `1` is `"1"`, and an instant
/// is the same with any offset.
pub fn lost(sent: &Value, got: &Value, path: &str) -> Vec<String> {
    match (sent, got) {
        (Value::Null, _) => vec![],
        (Value::Object(sent), Value::Object(got)) => {
            let fields = sent.iter();
            let lost = fields.flat_map(|(name, value)| {
                let got = got.get(name).unwrap_or(&Value::Null);
                lost(value, got, &format!("{path}.{name}"))
            });
            lost.collect()
        }
        (Value::Array(sent), Value::Null) if sent.iter().all(Value::is_null) => vec![],
        (Value::Array(sent), Value::Array(got)) => {
            let sent: Vec<&Value> = sent.iter().filter(|item| !item.is_null()).collect();
            if sent.len() != got.len() {
                return vec![format!("{path}: {} items of {}", got.len(), sent.len())];
            }
            let items = sent.into_iter().zip(got).enumerate();
            items
                .flat_map(|(at, (sent, got))| lost(sent, got, &format!("{path}[{at}]")))
                .collect()
        }
        (sent, got) if same(sent, got) => vec![],
        (Value::Object(sent), Value::Null) if sent.is_empty() => vec![],
        _ => vec![format!("{path}: {sent} became {got}")],
    }
}

fn same(sent: &Value, got: &Value) -> bool {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            // 2 and 2.0 are one number.
            Some(float) if number.is_f64() => float.to_string(),
            _ => number.to_string(),
        },
        other => other.to_string(),
    };
    let (sent, got) = (plain(sent), plain(got));
    // 2.0 and "2" are one number too; ids have no point and are compared digit by digit.
    if sent.contains('.') != got.contains('.') {
        let number = |text: &str| text.parse::<f64>().ok();
        return number(&sent).is_some() && number(&sent) == number(&got);
    }
    let instant = |text: &str| text.parse::<gong_client::Timestamp>().ok();
    sent == got || instant(&sent).is_some_and(|sent| Some(sent) == instant(&got))
}
