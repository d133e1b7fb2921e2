//! Chat completions: what is sent, and what comes back whole or piece by piece.

use resilience::ErrorKind;
use serde::Serialize;
use serde_json::{Value, json};

use super::config::EndpointConfig;
use super::events::Event;
use super::refusal::Refusal;
use crate::generative::{Answer, Prompt};
use crate::{Error, Result};

/// The body of a request.
pub(super) fn body(config: &EndpointConfig, prompt: &Prompt) -> Value {
    #[derive(Serialize)]
    struct Message<'a> {
        role: &'static str,
        content: &'a str,
    }
    let message = |role, content| Message { role, content };
    let mut messages = Vec::with_capacity(4);
    messages.extend(
        prompt
            .system
            .as_deref()
            .map(|system| message("system", system)),
    );
    messages.push(message("user", &prompt.user));
    if let Some(correction) = &prompt.correction {
        // An empty message is refused by some; the request alone is understood too.
        if !correction.answer.trim().is_empty() {
            messages.push(message("assistant", &correction.answer));
        }
        messages.push(message("user", &correction.request));
    }
    let mut body = json!({
        "model": config.model,
        "messages": messages,
        "stream": config.streaming,
    });
    body[config.output_limit_field.as_str()] =
        prompt.max_tokens.unwrap_or(config.max_output_tokens).into();
    if let Some(temperature) = config.temperature {
        body["temperature"] = temperature.into();
    }
    if config.streaming {
        body["stream_options"] = json!({"include_usage": true});
    }
    if let Some(schema) = &prompt.schema {
        body["response_format"] = json!({
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": true, "schema": schema},
        });
    }
    body
}

/// Tokens that were charged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tokens {
    pub(super) input: u64,
    pub(super) output: u64,
}

/// A reply as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Reply {
    text: String,
    refusal: String,
    finish_reason: Option<String>,
    tokens: Option<Tokens>,
    /// Whether the end was announced.
    done: bool,
}

/// What came instead of a reply, or in the middle of one.
#[derive(Debug)]
pub(super) enum Failed {
    /// The endpoint says what is wrong.
    Refused(Box<Refusal>),
    /// What it says cannot be understood.
    Unreadable(&'static str),
}

impl Reply {
    /// A reply that came in one piece.
    pub(super) fn whole(body: &[u8]) -> Result<Self, Failed> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|_| Failed::Unreadable("the reply is not JSON"))?;
        if let Some(refusal) = Refusal::inside_success(&body) {
            return Err(Failed::Refused(Box::new(refusal)));
        }
        let Some(choice) = body.get("choices").and_then(|choices| choices.get(0)) else {
            return Err(Failed::Unreadable("the reply holds no choices"));
        };
        let mut reply = Self {
            done: true,
            ..Self::default()
        };
        reply.take_choice(choice, "message");
        reply.take_usage(&body);
        Ok(reply)
    }

    /// One more event of a stream. Events of unknown names are passed over, and so is
    /// what is unknown in known ones.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), Failed> {
        if event.data.trim() == "[DONE]" {
            self.done = true;
            return Ok(());
        }
        let is_known = matches!(event.name.as_str(), "" | "message" | "error");
        let data: Value = match serde_json::from_str(&event.data) {
            Ok(data) => data,
            Err(_) if !is_known || event.data.trim().is_empty() => return Ok(()),
            Err(_) => return Err(Failed::Unreadable("an event of the stream is damaged")),
        };
        if let Some(refusal) = Refusal::inside_success(&data) {
            return Err(Failed::Refused(Box::new(refusal)));
        }
        if event.name == "error" {
            return Err(Failed::Unreadable("the stream reports an error"));
        }
        let choice = data.get("choices").and_then(|choices| choices.get(0));
        if let Some(choice) = choice {
            self.take_choice(choice, "delta");
        }
        let has_usage = self.take_usage(&data);
        self.done |= has_usage && choice.is_none();
        Ok(())
    }

    /// Whether the end of the stream was announced: by its last event, by a reason to
    /// finish (which Claude's streams lack), or by usage that comes without a choice.
    /// Usage beside a choice announces nothing: some servers count as they go.
    pub(super) fn is_complete(&self) -> bool {
        self.done || self.finish_reason.is_some()
    }

    pub(super) fn tokens(&self) -> Option<Tokens> {
        self.tokens
    }

    /// The answer, unless the model declined to give one.
    pub(super) fn answer(self, model: &str) -> Result<Answer> {
        let declined = || {
            let message = format!("{model} declined to answer");
            Err(Error::new(ErrorKind::Unsupported, message))
        };
        let finish_reason = self.finish_reason.as_deref();
        if finish_reason == Some("content_filter")
            || (self.text.trim().is_empty() && !self.refusal.trim().is_empty())
        {
            return declined();
        }
        Ok(Answer {
            cut_off: finish_reason == Some("length"),
            text: self.text,
            value: None,
        })
    }

    fn take_choice(&mut self, choice: &Value, message: &str) {
        if let Some(message) = choice.get(message) {
            self.text.push_str(&content(message.get("content")));
            self.refusal.push_str(&content(message.get("refusal")));
        }
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish_reason = Some(reason.to_owned());
        }
    }

    /// The last usage counts: it may be sent with every event, and be empty in all but
    /// one. Answers whether there was one.
    fn take_usage(&mut self, data: &Value) -> bool {
        let Some(usage) = data.get("usage") else {
            return false;
        };
        let count = |name: &str| usage.get(name).and_then(Value::as_u64);
        let (input, output) = (count("prompt_tokens"), count("completion_tokens"));
        let has_usage = input.is_some() || output.is_some();
        if has_usage {
            self.tokens = Some(Tokens {
                input: input.unwrap_or(0),
                output: output.unwrap_or(0),
            });
        }
        has_usage
    }
}

/// Text, or a list of parts with text.
fn content(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part.get("text").and_then(Value::as_str))
            .collect(),
        _ => String::new(),
    }
}
