//! Asks a model for JSON, and validates what comes back.

use resilience::ErrorKind;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::text_model::{Answer, Correction, Prompt, TextModel};
use crate::outcomes::copy_of;
use crate::{Error, Outcome, Result};

/// What is wrong with an answer.
pub(super) struct Problem {
    /// With words out of the answer: for the model's eyes only.
    for_model: String,
    /// Without.
    for_caller: String,
}

impl Problem {
    /// A problem whose description holds no words of the answer.
    pub(super) fn new(description: impl Into<String>) -> Self {
        let for_caller = description.into();
        Self {
            for_model: for_caller.clone(),
            for_caller,
        }
    }

    /// With a longer description, which may quote the answer.
    pub(super) fn told_to_model(mut self, description: impl Into<String>) -> Self {
        self.for_model = description.into();
        self
    }
}

/// A value as the shape it should have.
pub(super) fn shaped<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        Problem::new(format!("the answer violates the schema at {path}"))
            .told_to_model(format!("at {path}: {}", error.inner()))
    })
}

/// Asks every prompt and reads every answer with `read`. What cannot be read is asked
/// for once more, with what was wrong.
///
/// # Errors
/// As [`TextModel::complete_many`]; and `Config` when every answer is empty: a model
/// that has nothing to say about anything is the wrong one, or is not to be reached.
/// For an item: `Decode` when the second answer cannot be used either, `Config` on the
/// field `max_tokens` when the limit of tokens ended it.
pub(super) async fn ask<T>(
    model: &dyn TextModel,
    prompts: Vec<Prompt>,
    read: impl Fn(usize, Value) -> Result<T, Problem>,
) -> Result<Vec<Outcome<T>>> {
    let answers = complete(model, &prompts).await?;
    let mut outcomes: Vec<Option<Outcome<T>>> = Vec::with_capacity(prompts.len());
    let mut again = Vec::new();
    for ((at, mut prompt), answer) in prompts.into_iter().enumerate().zip(answers) {
        let read_answer = match answer {
            Err(error) => {
                outcomes.push(Some(Err(error)));
                continue;
            }
            Ok(answer) => answer,
        };
        match understood(model, &read_answer, |value| read(at, value)) {
            Understood::Yes(value) => outcomes.push(Some(Ok(value))),
            Understood::Never(error) => outcomes.push(Some(Err(error))),
            Understood::No(problem) => {
                prompt.correction = Some(Correction {
                    answer: read_answer.text,
                    request: format!(
                        "That answer cannot be used: {}. Answer the task again, with one JSON \
                         object that satisfies the schema and nothing else.",
                        problem.for_model
                    ),
                });
                again.push((at, prompt));
                outcomes.push(None);
            }
        }
    }
    if !again.is_empty() {
        let (places, prompts): (Vec<usize>, Vec<Prompt>) = again.into_iter().unzip();
        tracing::debug!(answers = places.len(), "answers are asked for once more");
        let answers = second_answers(model, &prompts).await;
        for (at, answer) in places.into_iter().zip(answers) {
            let outcome = answer.and_then(|answer| {
                match understood(model, &answer, |value| read(at, value)) {
                    Understood::Yes(value) => Ok(value),
                    Understood::Never(error) => Err(error),
                    Understood::No(problem) => Err(unusable(model, &problem)),
                }
            });
            if let Some(place) = outcomes.get_mut(at) {
                *place = Some(outcome);
            }
        }
    }
    Ok(outcomes
        .into_iter()
        .map(|outcome| outcome.unwrap_or_else(|| Err(left_out())))
        .collect())
}

/// Asks every prompt; makes sure that there is one answer each, and not only empty
/// ones.
pub(super) async fn complete(
    model: &dyn TextModel,
    prompts: &[Prompt],
) -> Result<Vec<Outcome<Answer>>> {
    if prompts.is_empty() {
        return Ok(Vec::new());
    }
    let answers = model.complete_many(prompts).await?;
    if answers.len() != prompts.len() {
        let message = format!("{} answers to {} prompts", answers.len(), prompts.len());
        return Err(Error::new(ErrorKind::Internal, message));
    }
    let is_blank = |answer: &Outcome<Answer>| answer.as_ref().is_ok_and(Answer::is_blank);
    if answers.iter().all(is_blank) {
        let message = format!(
            "the model {} answered none of {} prompts; check its name, the role's access \
             to it and the token limit",
            model.name(),
            prompts.len()
        );
        return Err(Error::new(ErrorKind::Config, message).with_field("model"));
    }
    Ok(answers)
}

/// The first round's answers stand, whatever becomes of the second.
async fn second_answers(model: &dyn TextModel, prompts: &[Prompt]) -> Vec<Outcome<Answer>> {
    match model.complete_many(prompts).await {
        Ok(mut answers) => {
            answers.resize_with(prompts.len(), || Err(left_out()));
            answers
        }
        Err(error) => prompts.iter().map(|_| Err(copy_of(&error))).collect(),
    }
}

enum Understood<T> {
    Yes(T),
    /// Another try may do better.
    No(Problem),
    /// Another try would end the same.
    Never(Error),
}

fn understood<T>(
    model: &dyn TextModel,
    answer: &Answer,
    read: impl FnOnce(Value) -> Result<T, Problem>,
) -> Understood<T> {
    let value = match &answer.value {
        Some(value) if !value.is_null() => Ok(value.clone()),
        _ => json_in(&answer.text),
    };
    match value.and_then(read) {
        Ok(value) => Understood::Yes(value),
        Err(_) if answer.cut_off => {
            let message = format!(
                "the answer of {} was cut off at the token limit",
                model.name()
            );
            Understood::Never(Error::new(ErrorKind::Config, message).with_field("max_tokens"))
        }
        Err(problem) => Understood::No(problem),
    }
}

/// The JSON object in a text. Models that are not held to a schema like to put it
/// into a code fence, or to say a word before or after.
pub(super) fn json_in(text: &str) -> Result<Value, Problem> {
    let text = after_thoughts(text).trim();
    if text.is_empty() {
        return Err(Problem::new("it is empty"));
    }
    let whole = serde_json::from_str::<Value>(text);
    if let Ok(value @ Value::Object(_)) = whole {
        return Ok(value);
    }
    let mut complaint = whole.err();
    for (at, _) in text.match_indices('{').take(MOST_STARTS) {
        let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        match values.next() {
            Some(Ok(value @ Value::Object(_))) => return Ok(value),
            Some(Err(error)) if complaint.is_none() => complaint = Some(error),
            _ => {}
        }
    }
    let problem = Problem::new("it is not a JSON object");
    Err(match complaint {
        Some(error) => problem.told_to_model(format!("it is not a JSON object: {error}")),
        None => problem,
    })
}

/// What comes after the thoughts that some open models write down first.
fn after_thoughts(text: &str) -> &str {
    let thinks = text.trim_start().starts_with("<think>");
    match text.rsplit_once("</think>") {
        Some((_, after)) if thinks => after,
        _ => text,
    }
}

/// Brackets at which an object may begin; prose before an answer holds few.
const MOST_STARTS: usize = 8;

fn unusable(model: &dyn TextModel, problem: &Problem) -> Error {
    let message = format!(
        "the answer of {} was invalid twice: {}",
        model.name(),
        problem.for_caller
    );
    Error::new(ErrorKind::Decode, message)
}

fn left_out() -> Error {
    Error::new(ErrorKind::Internal, "the model left a prompt out")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_is_found_in_what_models_put_around_it() {
        for text in [
            r#"{"a": [1]}"#,
            "```json\n{\"a\": [1]}\n```",
            "Sure! Here it is:\n\n{\"a\": [1]}\n\nLet me know {if} you need more.",
            "I use {braces} first. {\"a\": [1]}",
            "<think>Perhaps {\"a\": [2]}?</think>{\"a\": [1]}",
        ] {
            let value = json_in(text).map_err(|problem| problem.for_caller);
            assert_eq!(value, Ok(json!({"a": [1]})), "{text}");
        }
    }

    #[test]
    fn what_is_no_object_is_a_problem_without_its_words() {
        for text in ["", "  ", "secret words", "[1]", "\"a\"", "{\"a\": secret"] {
            let problem = json_in(text).expect_err("no object");
            assert!(!problem.for_caller.contains("secret"), "{text}");
        }
    }

    #[test]
    fn a_wrong_shape_names_the_place_to_all_and_the_words_to_the_model() {
        #[derive(Debug, serde::Deserialize)]
        struct Shape {
            #[serde(rename = "items")]
            _items: Vec<u32>,
        }
        let problem = shaped::<Shape>(json!({"items": [1, "secret"]})).expect_err("wrong");
        assert!(problem.for_caller.contains("items[1]"));
        assert!(!problem.for_caller.contains("secret"));
        assert!(problem.for_model.contains("secret"));
    }
}
