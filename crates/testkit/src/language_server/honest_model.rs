//! A model that does what it is asked in the simplest way: by words, and with quotes.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::chat::ModelAnswer;
use super::request::ChatRequest;

const GLAD: [&str; 8] = [
    "love", "great", "good", "happy", "thanks", "perfect", "glad", "like",
];
const PROMISES: [&str; 4] = ["i'll", "i will", "we'll", "we will"];
const UNHAPPY: [&str; 8] = [
    "hate",
    "bad",
    "terrible",
    "expensive",
    "problem",
    "worried",
    "awful",
    "unhappy",
];

/// Answers what `cortex` asks of generative models, by the shape of the answer that
/// is wanted; anything else with a few words.
pub fn honest_answer(request: &ChatRequest) -> ModelAnswer {
    let data = request.data();
    let answer = if request.wants("next_steps") {
        whole_reading(request, &data)
    } else if request.wants("readings") {
        json!({"readings": each(&data, reading)})
    } else if request.wants("findings") {
        let findings = each(&data, |line| findings(request, line));
        json!({"findings": flat(findings)})
    } else if request.wants("points") {
        json!({"points": each(&data, point)})
    } else if request.wants("sentences") {
        let sentence = |line: &Value| json!({"text": line["text"], "points": [line["line"]]});
        json!({"sentences": each(&data, sentence)})
    } else if request.wants("scores") {
        json!({"scores": scores(request, &data)})
    } else {
        match request.schema() {
            Some(schema) => smallest(schema),
            None => return ModelAnswer::text("An honest answer."),
        }
    };
    ModelAnswer::json(&answer)
}

fn each(data: &[Value], answer: impl Fn(&Value) -> Value) -> Vec<Value> {
    data.iter().map(answer).collect()
}

fn flat(lists: Vec<Value>) -> Vec<Value> {
    let items = |list: Value| match list {
        Value::Array(items) => items,
        other => vec![other],
    };
    lists.into_iter().flat_map(items).collect()
}

fn text_of(line: &Value) -> &str {
    line["text"].as_str().unwrap_or_default()
}

fn words(text: &str) -> Vec<String> {
    text.split(|symbol: char| !symbol.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn reading(line: &Value) -> Value {
    let words = words(text_of(line));
    let holds = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let (label, score) = match (holds(&GLAD), holds(&UNHAPPY)) {
        (true, true) => ("mixed", 0.0),
        (true, false) => ("positive", 0.8),
        (false, true) => ("negative", -0.8),
        (false, false) => ("neutral", 0.0),
    };
    json!({"line": line["line"], "label": label, "score": score})
}

/// Every sentence with a question mark is a question, every one that begins with
/// "I'll" or "we'll" a commitment.
fn findings(request: &ChatRequest, line: &Value) -> Value {
    let kinds = request
        .schema()
        .and_then(|schema| schema.pointer("/properties/findings/items/properties/kind/enum"));
    let wanted = |kind: &str| {
        kinds.is_some_and(|kinds| {
            kinds
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|other| other == kind))
        })
    };
    let text = text_of(line);
    let found = |kind: &str, score: f64| json!({"kind": kind, "line": line["line"], "quote": text, "score": score});
    let mut findings = Vec::new();
    if wanted("question") && text.contains('?') {
        findings.push(found("question", 0.95));
    }
    let lower_case = text.to_lowercase().replace('\u{2019}', "'");
    if wanted("commitment") && PROMISES.iter().any(|promise| lower_case.contains(promise)) {
        findings.push(found("commitment", 0.9));
    }
    Value::Array(findings)
}

/// Every sentence with a promise in it is a step of whoever said it; the first
/// sentence is the summary. Of items that were read of parts, all.
fn whole_reading(request: &ChatRequest, data: &[Value]) -> Value {
    let mut reading = request.schema().map(smallest).unwrap_or_default();
    reading["deal_health"] = Value::Null;
    let mut add = |field: &str, item: Value| {
        if let Some(Value::Array(items)) = reading.get_mut(field) {
            items.push(item);
        }
    };
    for line in data {
        if let (Some(field), item) = (line["field"].as_str(), &line["item"]) {
            add(field, item.clone());
        }
        let lower_case = text_of(line).to_lowercase().replace('\u{2019}', "'");
        if PROMISES.iter().any(|promise| lower_case.contains(promise)) {
            add(
                "next_steps",
                json!({
                    "what": line["text"], "owner": line["by"], "due": tomorrow_in(&lower_case, data),
                    "due_said": null,
                    "status": "promised", "sentences": [line["line"]],
                }),
            );
        }
    }
    let mut sentences = data.iter().filter(|line| line["text"].is_string());
    if let Some(first) = sentences.next() {
        add(
            "summary",
            json!({"what": first["text"], "sentences": [first["line"]]}),
        );
    }
    reading
}

/// The day after the call, when a text says so.
fn tomorrow_in(lower_case: &str, data: &[Value]) -> Value {
    let date = |line: &Value| line["date"].as_str()?.parse::<Date>().ok();
    let next = data
        .iter()
        .find_map(date)
        .and_then(|date| date.tomorrow().ok());
    match next {
        Some(next) if lower_case.contains("tomorrow") => json!(next.to_string()),
        _ => Value::Null,
    }
}

fn point(line: &Value) -> Value {
    json!({
        "text": line["text"],
        "quotes": [{"line": line["line"], "quote": line["text"]}],
    })
}

/// The share of a label's words that the text holds, and a little for every label.
fn scores(request: &ChatRequest, data: &[Value]) -> Vec<Value> {
    let said: Vec<String> = data.iter().flat_map(|line| words(text_of(line))).collect();
    request
        .schema()
        .and_then(|schema| schema.pointer("/properties/scores/items/properties/label/enum"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|label| {
            let of_label = words(label.as_str().unwrap_or_default());
            let held = of_label.iter().filter(|word| said.contains(word)).count();
            let share = held as f64 / of_label.len().max(1) as f64;
            json!({"label": label, "score": 0.1 + 0.9 * share})
        })
        .collect()
}

/// The smallest value that satisfies a plain schema.
fn smallest(schema: &Value) -> Value {
    if let Some(Value::Array(values)) = schema.get("enum") {
        return values.first().cloned().unwrap_or(Value::Null);
    }
    match schema["type"].as_str() {
        Some("object") => {
            let properties = schema["properties"]
                .as_object()
                .cloned()
                .unwrap_or_default();
            properties
                .iter()
                .map(|(name, schema)| (name.clone(), smallest(schema)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        Some("array") => json!([]),
        Some("string") => json!("text"),
        Some("integer") => json!(1),
        Some("number") => json!(0.5),
        Some("boolean") => json!(true),
        _ => Value::Null,
    }
}
