//! The endpoint as a model that writes and one that embeds.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use resilience::ErrorKind;

use super::chat::{self, Tokens};
use super::dialect::Dialect;
use super::endpoint::Endpoint;
use super::vectors;
use crate::embedding_models::{FEWEST_TOKENS, embedding_model};
use crate::generative::{Answer, EmbedLimits, Prompt, PromptLimits, TextModel, VectorModel};
use crate::outcomes::copy_of;
use crate::usage::{TokenUsage, report};
use crate::{Error, Outcome, Result};

/// Most texts of one request to Snowflake.
const MOST_TEXTS: usize = 1_280;

/// Most characters of one text for Snowflake.
const MOST_CHARACTERS: usize = 4_096;

/// Most texts of one request elsewhere: together they have to stay below limits of
/// tokens, such as OpenAI's of 300,000.
const MOST_TEXTS_ELSEWHERE: usize = 128;

/// Requests that may fail for good one after the other before the rest is not sent.
/// One such failure may be due to what was sent.
const FAILURES_IN_A_ROW: u32 = 3;

/// A text that no model has a reason to refuse.
const ANY_WORD: &str = "call";

#[async_trait]
impl TextModel for Endpoint {
    fn name(&self) -> &str {
        &self.config.model
    }

    fn limits(&self) -> PromptLimits {
        PromptLimits {
            data_tokens: self.config.chunk_tokens.unwrap_or(match self.dialect {
                Dialect::Snowflake => 12_000,
                Dialect::OpenAi => 3_000,
            }),
            texts_per_prompt: self.config.texts_per_prompt,
        }
    }

    async fn complete_many(&self, prompts: &[Prompt]) -> Result<Vec<Outcome<Answer>>> {
        let gate = Gate::default();
        let requests: Vec<_> = prompts
            .iter()
            .map(|prompt| gate.pass(self.complete_one(prompt)))
            .collect();
        let outcomes: Vec<Outcome<Answer>> = stream::iter(requests)
            .buffered(self.config.concurrency)
            .collect()
            .await;
        answered(outcomes)
    }
}

impl Endpoint {
    /// Most texts of one embedding request.
    pub(super) fn most_texts(&self) -> usize {
        let wanted = self.config.embedding_texts;
        match self.dialect {
            Dialect::Snowflake => wanted.unwrap_or(MOST_TEXTS).min(MOST_TEXTS),
            Dialect::OpenAi => wanted.unwrap_or(MOST_TEXTS_ELSEWHERE),
        }
    }

    async fn complete_one(&self, prompt: &Prompt) -> Outcome<Answer> {
        let mut sent = vec![prompt.user.as_str()];
        sent.extend(prompt.system.as_deref());
        sent.extend(prompt.correction.as_ref().map(|last| last.answer.as_str()));
        let reply = self.chat(&chat::body(&self.config, prompt), &sent).await?;
        if let Some(tokens) = reply.tokens() {
            bill(&self.config.model, prompt.items, tokens);
        }
        reply.answer(&self.config.model)
    }

    /// The vectors of a batch. One that is refused for what it holds is halved until
    /// the text at fault is alone; unless even a harmless word is refused, because then
    /// it is not for the texts.
    async fn embed_batch(&self, model: &str, texts: &[String]) -> Vec<Outcome<Vec<f32>>> {
        let mut outcomes: Vec<Outcome<Vec<f32>>> = Vec::with_capacity(texts.len());
        // What is still to be asked, the first texts last.
        let mut waiting = vec![texts];
        let mut is_any_answered = false;
        let mut refused_alone = 0;
        while let Some(batch) = waiting.pop() {
            let error = match self.embed_once(model, batch).await {
                Ok(vectors) => {
                    is_any_answered = true;
                    outcomes.extend(vectors);
                    continue;
                }
                Err(error) => error,
            };
            let is_refused = error.kind() == ErrorKind::InvalidInput;
            if is_refused && batch.len() > 1 {
                let (first, second) = batch.split_at(batch.len() / 2);
                waiting.push(second);
                waiting.push(first);
                continue;
            }
            outcomes.extend(batch.iter().map(|_| Err(copy_of(&error))));
            refused_alone += u32::from(is_refused);
            if refused_alone == FAILURES_IN_A_ROW
                && !is_any_answered
                && self.refuses_any_text(model).await
            {
                let rest = waiting.iter().flat_map(|batch| *batch);
                outcomes.extend(rest.map(|_| Err(copy_of(&error))));
                return outcomes;
            }
        }
        outcomes
    }

    async fn refuses_any_text(&self, model: &str) -> bool {
        let answer = self.embed_once(model, &[ANY_WORD.to_owned()]).await;
        answer.is_err_and(|error| error.kind() == ErrorKind::InvalidInput)
    }

    async fn embed_once(&self, model: &str, texts: &[String]) -> Result<Vec<Outcome<Vec<f32>>>> {
        let sent: Vec<&str> = texts.iter().map(String::as_str).collect();
        let body = vectors::body(self.dialect, model, texts);
        let reply = self.embed(&body, &sent).await?;
        if let Some(tokens) = reply.tokens {
            bill(model, texts.len() as u64, tokens);
        }
        if reply.vectors.iter().all(Option::is_none) {
            let message = format!(
                "the model {model} gave no vector for any of {} texts; check its name and the \
                 role's access to it",
                texts.len()
            );
            return Err(Error::new(ErrorKind::Config, message).with_field("embedding_model"));
        }
        let missing = || Error::new(ErrorKind::Decode, "the reply holds no vector for a text");
        Ok(reply
            .vectors
            .into_iter()
            .map(|vector| vector.ok_or_else(missing))
            .collect())
    }
}

/// The endpoint with an embedding model.
#[derive(Debug)]
pub(super) struct Embedder<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) model: &'a str,
    pub(super) dim: Option<usize>,
}

#[async_trait]
impl VectorModel for Embedder<'_> {
    fn name(&self) -> &str {
        self.model
    }

    fn limits(&self) -> EmbedLimits {
        let characters = self.endpoint.config.embedding_characters;
        EmbedLimits {
            characters: match self.endpoint.dialect {
                Dialect::Snowflake => characters.min(MOST_CHARACTERS),
                Dialect::OpenAi => characters,
            },
            dim: self.dim,
        }
    }

    fn most_tokens(&self) -> Option<usize> {
        let known = embedding_model(self.model).map(|model| model.tokens);
        match self.endpoint.dialect {
            Dialect::Snowflake => Some(known.unwrap_or(FEWEST_TOKENS)),
            Dialect::OpenAi => known,
        }
    }

    async fn embed_many(&self, texts: &[String]) -> Result<Vec<Outcome<Vec<f32>>>> {
        let requests: Vec<_> = texts
            .chunks(self.endpoint.most_texts())
            .map(|batch| self.endpoint.embed_batch(self.model, batch))
            .collect();
        let batches: Vec<Vec<Outcome<Vec<f32>>>> = stream::iter(requests)
            .buffered(self.endpoint.config.concurrency)
            .collect()
            .await;
        answered(batches.into_iter().flatten().collect())
    }
}

/// Keeps the rest of a batch from being sent once it is clear that nothing will be
/// answered.
#[derive(Default)]
struct Gate {
    closed_by: Mutex<Option<Error>>,
    failures: AtomicU32,
}

impl Gate {
    async fn pass<T>(&self, request: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        if let Some(error) = self.closed() {
            return Err(error);
        }
        let outcome = request.await;
        match &outcome {
            Ok(_) => self.failures.store(0, Ordering::Relaxed),
            Err(error) if concerns_one_item(error.kind()) => {}
            Err(error) => {
                let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
                if !error.kind().is_retryable() || failures >= FAILURES_IN_A_ROW {
                    self.close(error);
                }
            }
        }
        outcome
    }

    fn closed(&self) -> Option<Error> {
        let closed_by = self.closed_by.lock();
        let closed_by = closed_by.unwrap_or_else(std::sync::PoisonError::into_inner);
        closed_by.as_ref().map(copy_of)
    }

    fn close(&self, error: &Error) {
        let closed_by = self.closed_by.lock();
        let mut closed_by = closed_by.unwrap_or_else(std::sync::PoisonError::into_inner);
        closed_by.get_or_insert_with(|| copy_of(error));
    }
}

/// Whether an error may be due to what one item holds. The others are due to the
/// service, the credentials or the settings.
fn concerns_one_item(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::Decode
    )
}

/// The outcomes, or one error when all failed for a reason that is not theirs.
fn answered<T>(outcomes: Vec<Outcome<T>>) -> Result<Vec<Outcome<T>>> {
    let failed_for_all = |outcome: &Outcome<T>| {
        let error = outcome.as_ref().err();
        error.is_some_and(|error| !concerns_one_item(error.kind()))
    };
    if outcomes.is_empty() || !outcomes.iter().all(failed_for_all) {
        return Ok(outcomes);
    }
    match outcomes.into_iter().next() {
        Some(Err(error)) => Err(error),
        _ => Ok(Vec::new()),
    }
}

fn bill(model: &str, items: u64, tokens: Tokens) {
    report(TokenUsage {
        model: model.to_owned(),
        items,
        input: tokens.input,
        output: tokens.output,
    });
}
