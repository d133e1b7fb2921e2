//! Gong's specification: which operations there are, and what their replies look like. It is
//! not part of this repository; where it is absent, a list of the operations stands in.
#![allow(dead_code, unreachable_pub)] // every test file uses its own part

pub mod calls;
pub mod fields;
pub mod full;
mod reports;

use std::cell::RefCell;
use std::collections::BTreeSet;

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

pub struct Spec {
    whole: Value,
    /// Schemas of which a value was made.
    made: RefCell<BTreeSet<String>>,
}

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
        Some(Self {
            whole: serde_json::from_slice(&text).expect("JSON"),
            made: RefCell::default(),
        })
    }

    /// Every operation with its description.
    pub fn operations(&self) -> Vec<(Listed, &Value)> {
        let mut all = Vec::new();
        for (path, methods) in self.whole["paths"].as_object().expect("paths") {
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

    /// Every schema that a reply is made of.
    pub fn reachable(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let operations = self.operations();
        let ids = operations.iter().map(|(listed, _)| listed.id.as_str());
        let mut next: Vec<&Value> = ids.filter_map(|id| self.reply_of(id)).collect();
        while let Some(part) = next.pop() {
            match name_of(part) {
                Some(name) if found.insert(name.to_owned()) => next.push(self.schema(name)),
                Some(_) => {}
                None => next.extend(
                    ["properties", "items", "additionalProperties"]
                        .iter()
                        .flat_map(|inner| match (*inner, &part[*inner]) {
                            ("properties", all) => all
                                .as_object()
                                .map_or_else(Vec::new, |all| all.values().collect()),
                            (_, inner) if inner.is_object() => vec![inner],
                            _ => vec![],
                        }),
                ),
            }
        }
        found
    }

    /// Those of which values were made.
    pub fn made(&self) -> BTreeSet<String> {
        self.made.borrow().clone()
    }

    /// A value of a schema exactly as documented, with every field.
    pub fn documented(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolved(schema);
        // Schemas that hold themselves have to end.
        let items = usize::from(depth < 12);
        let word = schema["enum"].as_array().and_then(|words| words.first());
        if let Some(word) = word {
            return word.clone();
        }
        let example = &schema["example"];
        match schema["type"].as_str().unwrap_or("object") {
            "string" if schema["format"] == "date-time" => json!("2026-07-03T09:15:00.72-07:00"),
            "string" => match example {
                // Two examples have three digits for the hour.
                Value::String(text) => json!(text.replace("T000:", "T00:")),
                Value::Number(_) => example.clone(),
                _ => json!("2026-07-03T09:15:00.72-07:00"),
            },
            "boolean" => json!(true),
            "integer" => json!(7),
            "number" => json!(0.5),
            "array" => (0..items)
                .map(|_| self.documented(&schema["items"], depth + 1))
                .collect(),
            _ => {
                let fields = schema["properties"].as_object().into_iter().flatten();
                let fields = fields.filter(|(name, _)| depth > 0 || *name != "records");
                let fields = fields.take(if depth < 12 { usize::MAX } else { 0 });
                let fields =
                    fields.map(|(name, field)| (name.clone(), self.documented(field, depth + 1)));
                let named = self.named_freely(schema).take(items);
                let named = named.map(|of| ("any".to_owned(), self.documented(of, depth + 1)));
                Value::Object(fields.chain(named).collect())
            }
        }
    }

    /// A value of a schema, with all that Gong may do to it below the first level: nulls,
    /// missing and unknown fields, numbers as text, new words, and now and then something else.
    pub fn value(&self, schema: &Value, random: &mut Rng, depth: usize) -> Value {
        let schema = self.resolved(schema);
        if let Some(words) = schema["enum"].as_array().filter(|words| !words.is_empty()) {
            return match random.u8(0..10) {
                0 => json!("ADDED_WITHOUT_NOTICE"),
                _ => words[random.usize(0..words.len())].clone(),
            };
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
                    .map(|_| match random.u8(0..12) {
                        // A record that is null is set aside, as any that cannot be read.
                        0 if depth > 1 => Value::Null,
                        _ => self.value(&schema["items"], random, depth + 1),
                    })
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
                0 if depth > 0 => continue,
                1 | 2 if depth > 0 || !(value.is_object() || value.is_array()) => Value::Null,
                _ if depth == 0 => value,
                3..=5 if value.is_number() || value.is_boolean() => json!(value.to_string()),
                6 => json!({"odd": [1, "2"]}),
                _ => value,
            };
            object.insert(name.clone(), value);
        }
        for of in self.named_freely(schema) {
            let value = self.value(of, random, depth + 1);
            object.insert(format!("name {}", random.u8(..)), value);
        }
        if depth > 0 && random.u8(0..10) < 3 && self.named_freely(schema).next().is_none() {
            object.insert("addedWithoutNotice".to_owned(), json!([{"a": null}]));
        }
        Value::Object(object)
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match name_of(schema) {
            Some(name) => {
                self.made.borrow_mut().insert(name.to_owned());
                self.schema(name)
            }
            None => schema,
        }
    }

    fn schema(&self, name: &str) -> &Value {
        &self.whole["components"]["schemas"][name]
    }

    /// What an object holds under names of no list.
    fn named_freely<'a>(&self, schema: &'a Value) -> impl Iterator<Item = &'a Value> {
        Some(&schema["additionalProperties"])
            .filter(|of| of.is_object())
            .into_iter()
    }
}

fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
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
            let there = |items: &[Value]| -> Vec<Value> {
                let items = items.iter().filter(|item| !item.is_null());
                items.cloned().collect()
            };
            let (sent, got) = (there(sent), there(got));
            if sent.len() != got.len() {
                return vec![format!("{path}: {} items of {}", got.len(), sent.len())];
            }
            let items = sent.iter().zip(&got).enumerate();
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
