//! AI_COMPLETE, or TRY_COMPLETE, as the text model behind prompts.

use async_trait::async_trait;
use serde_json::{Value, json};
use snowflake_sql::Bind;

use super::asker::Batch;
use super::backend::CortexSql;
use super::config::Functions;
use super::input::Input;
use super::rows::{Reply, object_of, settled};
use super::statements;
use crate::generative::{Answer, Prompt, PromptLimits, TextModel};
use crate::usage::{TokenUsage, report};
use crate::{Outcome, Result};

#[async_trait]
impl TextModel for CortexSql {
    fn name(&self) -> &str {
        &self.config.model
    }

    fn limits(&self) -> PromptLimits {
        PromptLimits {
            data_tokens: self.config.data_tokens,
            // A row is a prompt, and a statement holds many rows.
            texts_per_prompt: 1,
        }
    }

    /// Prompts of one schema and one limit share statements.
    async fn complete_many(&self, prompts: &[Prompt]) -> Result<Vec<Outcome<Answer>>> {
        if prompts.is_empty() {
            return Ok(Vec::new());
        }
        self.models.check_writer().await?;
        let mut replies: Vec<Option<Reply>> = Vec::new();
        replies.resize_with(prompts.len(), || None);
        let mut open: Vec<usize> = (0..prompts.len()).collect();
        let mut batch = self.asker.batch();
        while let Some(first) = open.first().map(|at| &prompts[*at]) {
            let is_alike = |at: &usize| {
                prompts[*at].schema == first.schema && prompts[*at].max_tokens == first.max_tokens
            };
            let (alike, others): (Vec<usize>, Vec<usize>) =
                open.iter().partition(|at| is_alike(at));
            let inputs: Vec<Input> = alike.iter().map(|at| self.input(&prompts[*at])).collect();
            let of_alike = self.write(&mut batch, first, &inputs).await;
            for (at, reply) in alike.into_iter().zip(of_alike) {
                replies[at] = Some(reply);
            }
            open = others;
        }
        let replies = replies
            .into_iter()
            .map(|reply| reply.unwrap_or(Reply::Nothing));
        let outcomes = settled(
            statements::complete_name(self.config.functions),
            replies.collect(),
        )?;
        Ok(outcomes
            .into_iter()
            .zip(prompts)
            .map(|(outcome, prompt)| {
                let reply = object_of(outcome?);
                self.bill(prompt.items, &reply);
                let most = prompt.max_tokens.unwrap_or(self.config.max_tokens);
                Ok(answer_of(reply, most))
            })
            .collect())
    }
}

impl CortexSql {
    /// AI_COMPLETE takes one text. TRY_COMPLETE takes a conversation, so that the rules
    /// stand in a message of the system.
    fn input(&self, prompt: &Prompt) -> Input {
        if self.config.functions == Functions::Ai {
            return Input::text(&prompt.as_one_text());
        }
        let message = |role: &str, text: &str| json!({ "role": role, "content": text });
        let system = prompt.system.iter().map(|text| message("system", text));
        let mut messages: Vec<Value> = system.collect();
        messages.push(message("user", &prompt.user));
        if let Some(correction) = &prompt.correction {
            messages.push(message("assistant", &correction.answer));
            messages.push(message("user", &correction.request));
        }
        Input::json(&Value::from(messages))
    }

    async fn write(&self, batch: &mut Batch<'_>, like: &Prompt, inputs: &[Input]) -> Vec<Reply> {
        let most = like.max_tokens.unwrap_or(self.config.max_tokens);
        let parameters = parameters(most);
        let model = Bind::text(&self.config.model);
        let format = like.schema.as_ref().map(response_format);
        let (text, binds) = match (self.config.functions, format) {
            (Functions::Ai, None) => (
                statements::AI_COMPLETE,
                vec![model, Bind::Text(parameters.to_string())],
            ),
            (Functions::Ai, Some(format)) => (
                statements::AI_COMPLETE_STRUCTURED,
                vec![
                    model,
                    Bind::Text(parameters.to_string()),
                    Bind::Text(format.to_string()),
                ],
            ),
            (Functions::Legacy, format) => {
                let mut options = parameters;
                if let Some(format) = format {
                    options["response_format"] = format;
                }
                (
                    statements::LEGACY_COMPLETE,
                    vec![model, Bind::Text(options.to_string())],
                )
            }
        };
        batch.ask(&text, &binds, inputs).await
    }

    fn bill(&self, items: u64, reply: &Value) {
        let tokens = |name| reply["usage"][name].as_u64().unwrap_or_default();
        let (input, output) = (tokens("prompt_tokens"), tokens("completion_tokens"));
        if input + output > 0 {
            report(TokenUsage {
                model: self.config.model.clone(),
                items,
                input,
                output,
            });
        }
    }
}

/// How a model answers.
pub(super) fn parameters(most_tokens: u32) -> Value {
    json!({ "temperature": 0, "max_tokens": most_tokens })
}

/// An object of a schema.
pub(super) fn response_format(schema: &Value) -> Value {
    json!({ "type": "json", "schema": schema })
}

/// `structured_output[0].raw_message` is the value, `choices[0].messages` is text, and
/// TRY_COMPLETE without options gives the text alone.
pub(super) fn answer_of(mut reply: Value, most_tokens: u32) -> Answer {
    let output = reply["usage"]["completion_tokens"].as_u64();
    let cut_off = output.is_some_and(|output| output >= u64::from(most_tokens));
    let mut part = |place| reply.pointer_mut(place).map(Value::take);
    let value = part("/structured_output/0/raw_message")
        .or_else(|| part("/choices/0/messages"))
        // Neither: the reply is the answer itself.
        .unwrap_or_else(|| reply.take());
    match value {
        Value::String(text) => Answer {
            text,
            value: None,
            cut_off,
        },
        value => Answer {
            text: String::new(),
            value: Some(value),
            cut_off,
        },
    }
}
