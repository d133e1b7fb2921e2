//! AI_COMPLETE, or TRY_COMPLETE, as the writer behind prompts.

use async_trait::async_trait;
use resilience::ErrorKind;
use serde_json::{Value, json};
use snowflake_sql::Bind;

use super::backend::CortexSql;
use super::config::Functions;
use super::rows::OnRaise;
use super::statements;
use crate::generative::{Answer, Prompt, PromptLimits, TextModel};
use crate::usage::{TokenUsage, report};
use crate::{Error, Outcome, Result};

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
        let mut answers: Vec<Option<Outcome<Answer>>> = Vec::new();
        answers.resize_with(prompts.len(), || None);
        let mut open: Vec<usize> = (0..prompts.len()).collect();
        while let Some(first) = open.first().map(|at| &prompts[*at]) {
            let is_alike = |at: &usize| {
                prompts[*at].schema == first.schema && prompts[*at].max_tokens == first.max_tokens
            };
            let (alike, others): (Vec<usize>, Vec<usize>) =
                open.iter().partition(|at| is_alike(at));
            let inputs: Vec<String> = alike.iter().map(|at| prompts[*at].as_one_text()).collect();
            let outcomes = self.write(first, &inputs).await?;
            for (at, outcome) in alike.into_iter().zip(outcomes) {
                answers[at] = Some(outcome.map(|reply| {
                    self.bill(prompts[at].items, &reply);
                    answer_of(
                        reply,
                        prompts[at].max_tokens.unwrap_or(self.config.max_tokens),
                    )
                }));
            }
            open = others;
        }
        let left_out = || Error::new(ErrorKind::Internal, "a prompt was left out");
        Ok(answers
            .into_iter()
            .map(|answer| answer.unwrap_or_else(|| Err(left_out())))
            .collect())
    }
}

impl CortexSql {
    async fn write(&self, like: &Prompt, inputs: &[String]) -> Result<Vec<Outcome<Value>>> {
        let most = like.max_tokens.unwrap_or(self.config.max_tokens);
        let parameters = json!({ "temperature": 0, "max_tokens": most });
        let model = Bind::text(&self.config.model);
        let format = like
            .schema
            .as_ref()
            .map(|schema| json!({ "type": "json", "schema": schema }));
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
        self.asker.ask(&text, &binds, inputs, OnRaise::Fail).await
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

/// `structured_output[0].raw_message` is the value, `choices[0].messages` is text, and
/// TRY_COMPLETE without options gives the text alone.
fn answer_of(mut reply: Value, most_tokens: u32) -> Answer {
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
