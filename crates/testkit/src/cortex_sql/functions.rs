//! What the double's functions answer, and their input limits.

use serde_json::{Value, json};
use snowflake_sql::{Bind, Statement};

use crate::language_server::{ChatRequest, ModelAnswer, honest_answer};

/// Who answers AI_COMPLETE and TRY_COMPLETE.
pub(super) type Model = Box<dyn Fn(&ChatRequest) -> ModelAnswer + Send + Sync>;

/// The last value: a JSON array of texts, or of conversations.
pub(super) fn inputs(statement: &Statement) -> Vec<Value> {
    match statement.binds().last() {
        Some(Bind::Text(json)) => serde_json::from_str(json).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The words of an input: of a conversation, those of its messages.
pub(super) fn text_of(input: &Value) -> String {
    match input {
        Value::String(text) => text.clone(),
        Value::Array(messages) => {
            let content = |message: &Value| message["content"].as_str().map(str::to_owned);
            let contents: Vec<String> = messages.iter().filter_map(content).collect();
            contents.join("\n")
        }
        other => other.to_string(),
    }
}

/// Another value, as JSON.
fn bound(statement: &Statement, place: usize) -> Value {
    match statement.binds().get(place) {
        Some(Bind::Text(json)) => serde_json::from_str(json).unwrap_or_default(),
        _ => Value::Null,
    }
}

fn bound_text(statement: &Statement, place: usize) -> &str {
    match statement.binds().get(place) {
        Some(Bind::Text(text)) => text,
        _ => "",
    }
}

/// Most tokens of one row, as documented; for AI_CLASSIFY nothing is documented, and it
/// is what its models read.
pub(super) fn most_tokens(statement: &Statement) -> usize {
    match statement.name() {
        "ai_sentiment" => 2_048,
        "legacy_sentiment" => 512,
        "ai_embed" | "legacy_embed_768" | "legacy_embed_1024" => match bound_text(statement, 0) {
            "snowflake-arctic-embed-l-v2.0-8k" => 8_192,
            "voyage-multilingual-2" => 32_000,
            _ => 512,
        },
        _ => 128_000,
    }
}

/// Tokens as a model might count them: four letters or digits of a word, or any other
/// sign.
pub(super) fn tokens(text: &str) -> usize {
    text.split_whitespace()
        .map(|word| {
            let ascii = word.chars().filter(char::is_ascii).count();
            ascii.div_ceil(4) + word.chars().filter(|symbol| !symbol.is_ascii()).count()
        })
        .sum()
}

/// What a function answers to an input.
pub(super) fn value(statement: &Statement, input: &Value, model: &Model) -> Value {
    let text = text_of(input);
    match statement.name() {
        "ai_sentiment" => {
            json!({ "categories": [{ "name": "overall", "sentiment": tone(&text).0 }] })
        }
        "legacy_sentiment" => json!(tone(&text).1),
        "ai_classify" => json!({ "labels": [label(&bound(statement, 0), &text)] }),
        "legacy_classify" => json!({ "label": label(&bound(statement, 0), &text) }),
        "ai_complete" | "legacy_complete" | "ai_complete_structured" => {
            complete(statement, input, model)
        }
        "ai_embed" => json!(vector(&text, dim(bound_text(statement, 0)))),
        "legacy_embed_768" => json!(vector(&text, 768)),
        _ => json!(vector(&text, 1024)),
    }
}

fn complete(statement: &Statement, input: &Value, model: &Model) -> Value {
    let schema = match statement.name() {
        "ai_complete_structured" => bound(statement, 2)["schema"].take(),
        "legacy_complete" => bound(statement, 1)["response_format"]["schema"].take(),
        _ => Value::Null,
    };
    let messages = match input {
        Value::Array(messages) => messages.clone(),
        prompt => vec![json!({ "role": "user", "content": prompt })],
    };
    let mut request = json!({ "model": bound_text(statement, 0), "messages": messages });
    if !schema.is_null() {
        request["response_format"] = json!({ "json_schema": { "schema": schema } });
    }
    let answer = model(&ChatRequest::new(request));
    let (prompt, completion) = (text_of(input).len() / 4, answer.content().len().div_ceil(4));
    let usage = json!({
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    });
    let mut reply = json!({ "model": bound_text(statement, 0), "usage": usage });
    match serde_json::from_str::<Value>(answer.content()) {
        Ok(value) if !schema.is_null() => {
            reply["structured_output"] = json!([{ "raw_message": value, "type": "json" }]);
        }
        _ => reply["choices"] = json!([{ "messages": answer.content() }]),
    }
    reply
}

fn dim(model: &str) -> usize {
    match model.contains("embed-m") || model.contains("e5-base") {
        true => 768,
        false => 1024,
    }
}

/// A vector that is alike for alike texts: counts of letters.
fn vector(text: &str, dim: usize) -> Vec<f32> {
    let mut vector = vec![0.0; dim];
    for letter in text.to_lowercase().chars() {
        vector[letter as usize % dim] += 1.0;
    }
    vector
}

fn tone(text: &str) -> (&'static str, f64) {
    let request = json!({
        "model": "honest",
        "messages": [{ "role": "user", "content": format!("<data>\n{}\n</data>", json!({ "line": 0, "text": text })) }],
        "response_format": { "json_schema": { "schema": { "properties": { "readings": {} } } } },
    });
    let reply = honest_json(request);
    let reading = &reply["readings"][0];
    let label = match reading["label"].as_str() {
        Some("positive") => "positive",
        Some("negative") => "negative",
        Some("mixed") => "mixed",
        _ => "neutral",
    };
    (label, reading["score"].as_f64().unwrap_or_default())
}

fn label(labels: &Value, text: &str) -> Value {
    let request = json!({
        "model": "honest",
        "messages": [{ "role": "user", "content": format!("<data>\n{}\n</data>", json!({ "line": 0, "text": text })) }],
        "response_format": { "json_schema": { "schema": { "properties": { "scores": {
            "items": { "properties": { "label": { "enum": labels } } } } } } } },
    });
    let reply = honest_json(request);
    let scores = reply["scores"].as_array().cloned().unwrap_or_default();
    let score = |entry: &Value| entry["score"].as_f64().unwrap_or_default();
    let best = scores
        .iter()
        .rev()
        .max_by(|left, right| score(left).total_cmp(&score(right)));
    best.map(|entry| entry["label"].clone()).unwrap_or_default()
}

fn honest_json(request: Value) -> Value {
    let answer = honest_answer(&ChatRequest::new(request));
    serde_json::from_str(answer.content()).unwrap_or_default()
}
