//! Completions, whole or as a stream of events.

use std::fmt::Write;

use serde_json::{Value, json};

use super::request::ChatRequest;

/// What the model says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelAnswer {
    text: String,
    finish_reason: &'static str,
    refusal: Option<String>,
}

impl ModelAnswer {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            finish_reason: "stop",
            refusal: None,
        }
    }

    /// A value as text.
    pub fn json(value: &Value) -> Self {
        Self::text(value.to_string())
    }

    /// A text that the limit of tokens has cut off.
    pub fn cut_off(text: impl Into<String>) -> Self {
        Self {
            finish_reason: "length",
            ..Self::text(text)
        }
    }

    /// No text, and a reason to give none.
    pub fn declined(reason: impl Into<String>) -> Self {
        Self {
            refusal: Some(reason.into()),
            ..Self::text("")
        }
    }

    /// The text as it appears in the answer.
    pub fn content(&self) -> &str {
        &self.text
    }

    /// The finish reason, unless the model is one that gives none.
    fn finish_reason(&self, model: &str) -> Value {
        match model.contains("claude") {
            true => Value::Null,
            false => self.finish_reason.into(),
        }
    }

    pub(super) fn whole(&self, request: &ChatRequest) -> Value {
        let model = request.model();
        let mut choice = json!({
            "index": 0,
            "message": {"role": "assistant", "content": self.text, "refusal": self.refusal},
        });
        if let reason @ Value::String(_) = self.finish_reason(model) {
            choice["finish_reason"] = reason;
        }
        json!({
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": model,
            "choices": [choice],
            "usage": self.usage(request),
        })
    }

    /// The events of the text alone, a few characters each.
    pub(super) fn text_events(&self, request: &ChatRequest) -> Vec<Value> {
        let symbols: Vec<char> = self.text.chars().collect();
        let mut deltas: Vec<Value> = vec![json!({"role": "assistant", "content": ""})];
        deltas.extend(
            symbols
                .chunks(7)
                .map(|part| json!({"content": part.iter().collect::<String>()})),
        );
        if let Some(refusal) = &self.refusal {
            deltas.push(json!({"refusal": refusal}));
        }
        deltas
            .into_iter()
            .map(|delta| chunk(request, json!([{"index": 0, "delta": delta}])))
            .collect()
    }

    /// The events that end a stream.
    pub(super) fn closing_events(&self, request: &ChatRequest) -> Vec<Value> {
        let mut events = Vec::new();
        if let reason @ Value::String(_) = self.finish_reason(request.model()) {
            let choices = json!([{"index": 0, "delta": {}, "finish_reason": reason}]);
            events.push(chunk(request, choices));
        }
        if request.body().pointer("/stream_options/include_usage") == Some(&Value::Bool(true)) {
            let mut last = chunk(request, json!([]));
            last["usage"] = self.usage(request);
            events.push(last);
        }
        events
    }

    /// A word is a token here.
    fn usage(&self, request: &ChatRequest) -> Value {
        let words = |text: &str| text.split_whitespace().count();
        let prompt: usize = ["system", "user", "assistant"]
            .iter()
            .flat_map(|role| request.messages_of(role))
            .map(words)
            .sum();
        let completion = words(&self.text);
        json!({
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        })
    }
}

fn chunk(request: &ChatRequest, choices: Value) -> Value {
    json!({
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": request.model(),
        "choices": choices,
        "usage": null,
    })
}

/// Events on the wire, between a comment and an event that no client knows.
pub(super) fn stream(events: &[Value]) -> String {
    let mut stream = String::from(": keep-alive\n\nevent: ping\ndata: {\"type\": \"ping\"}\n\n");
    for event in events {
        // Writing to a string cannot fail.
        let _ = write!(stream, "data: {event}\n\n");
    }
    stream
}

/// What ends a stream that has come to its end.
pub(super) const DONE: &str = "data: [DONE]\n\n";

/// What the endpoint finds wrong with a request, before any model sees it.
pub(super) fn complaint(is_snowflake: bool, request: &ChatRequest) -> Option<String> {
    let body = request.body();
    if request.model().is_empty() {
        return Some("model is required".to_owned());
    }
    if request.messages_of("user").is_empty() {
        return Some("messages must hold a message of the user".to_owned());
    }
    if is_snowflake && body.get("max_tokens").is_some() {
        return Some("max_tokens is not supported, use max_completion_tokens".to_owned());
    }
    let schema = request.schema()?;
    if request.model().contains("gpt") {
        return open_object(schema, "").map(|place| {
            format!(
                "Invalid schema for response_format: additionalProperties and required at '{place}'"
            )
        });
    }
    None
}

/// The first object in a schema that leaves a property optional or allows others.
fn open_object(schema: &Value, place: &str) -> Option<String> {
    match schema {
        Value::Object(keywords) => {
            if let Some(Value::Object(properties)) = keywords.get("properties") {
                let required = keywords.get("required").and_then(Value::as_array);
                let all_required = required.is_some_and(|required| {
                    properties
                        .keys()
                        .all(|name| required.iter().any(|other| other == name))
                });
                if !all_required || keywords.get("additionalProperties") != Some(&false.into()) {
                    return Some(place.to_owned());
                }
            }
            keywords
                .iter()
                .find_map(|(name, inner)| open_object(inner, &format!("{place}/{name}")))
        }
        Value::Array(schemas) => schemas
            .iter()
            .enumerate()
            .find_map(|(at, inner)| open_object(inner, &format!("{place}/{at}"))),
        _ => None,
    }
}
