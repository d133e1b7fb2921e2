//! A call is paid for once, whoever asks: this client, another one, or a task within
//! Snowflake.
//!
//! Whoever reads a call claims its row in `CALL_READINGS` first, by transcript, model and
//! criteria. What a task was answered stands there unchecked; here it is decoded and held
//! against the call as if the model had just given it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use calls::reading::{CallToRead, Reading};
use calls::{CallId, Provenance};
use resilience::ErrorKind;
use serde_json::{Value, json};
use uuid::Uuid;

use super::backend::CortexSql;
use super::failure::of_sql;
use super::rows::object_of;
use super::statements;
use super::writer::answer_of;
use crate::generative::{self, Answer, Prompt, PromptLimits, TextModel};
use crate::{Error, LanguageBackend, Method, Outcome, Result};

/// When a call that somebody else reads is worth another look.
const READ_BY_THEN: Duration = Duration::from_secs(60);

/// A reading of each call, asked for only where there is neither an answer nor a claim.
pub(super) async fn read(
    cortex: &CortexSql,
    calls: &[CallToRead],
) -> Result<Vec<Outcome<Reading>>> {
    let claim = Uuid::new_v4().to_string();
    let existing = match existing(cortex, calls, &claim).await {
        Ok(existing) => existing,
        // Sessions of another schema, or a role that may not: everybody for themselves.
        Err(error) if is_elsewhere(error.kind()) => {
            tracing::warn!(%error, "readings are not shared");
            HashMap::new()
        }
        Err(error) => return Err(error),
    };
    let mut outcomes: Vec<Option<Outcome<Reading>>> = calls.iter().map(|_| None).collect();
    let (mut places, mut unread) = (Vec::new(), Vec::new());
    for ((at, call), outcome) in calls.iter().enumerate().zip(&mut outcomes) {
        match existing.get(&call.id) {
            None => {
                places.push(at);
                unread.push(call.clone());
            }
            Some(Existing::BySomebody) => *outcome = Some(Err(being_read())),
            Some(Existing::Answer(value)) => *outcome = checked(cortex, call, value).await?.pop(),
        }
    }
    let asked = generative::read(cortex, &cortex.config.reading, &unread).await;
    let is_failed = |asked: &Vec<Outcome<Reading>>| asked.iter().any(Result::is_err);
    if !unread.is_empty() && asked.as_ref().is_ok_and(is_failed) | asked.is_err() {
        release(cortex, &claim).await;
    }
    for (at, read) in places.into_iter().zip(asked?) {
        if let Some(outcome) = outcomes.get_mut(at) {
            *outcome = Some(read);
        }
    }
    let missing = || Error::new(ErrorKind::Internal, "a call without a reading");
    let outcomes = outcomes.into_iter();
    Ok(outcomes
        .map(|outcome| outcome.unwrap_or_else(|| Err(missing())))
        .collect())
}

/// Whether there is no table to share readings in. Anything else, such as a lock that was
/// not had in time, says nothing of who asks: then nobody is paid.
fn is_elsewhere(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound | ErrorKind::Permission | ErrorKind::Config | ErrorKind::Unsupported
    )
}

/// A reading that is still to be made, as a row that is claimed holds it.
pub(super) fn pending() -> Reading {
    Reading::failed_whole("a model is being asked", true)
}

/// What there is of a call that this client is not to ask about.
enum Existing {
    /// What a model answered, unchecked.
    Answer(Value),
    /// Somebody else asks.
    BySomebody,
}

async fn existing(
    cortex: &CortexSql,
    calls: &[CallToRead],
    claim: &str,
) -> Result<HashMap<CallId, Existing>> {
    let Provenance { backend, model } = cortex.provenance_of(Method::Read);
    let ids: Vec<&CallId> = calls.iter().map(|call| &call.id).collect();
    let asked = json!({
        "calls": ids, "backend": backend, "model": model, "claim": claim, "pending": pending(),
    })
    .to_string();
    let statements = [
        statements::LOCK_LEASES.unpaid(),
        statements::CLAIM_READINGS.unpaid().bind(asked.as_str()),
        statements::EXISTING_READINGS.unpaid().bind(asked.as_str()),
    ];
    let of_sql = |error| of_sql("claim_readings", error);
    let replies = cortex.asker.pool.transaction(&statements).await;
    let replies = replies.map_err(of_sql)?;
    let mut existing = HashMap::new();
    for row in replies.last().iter().flat_map(|rows| rows.iter()) {
        let id = CallId::new(row.required_text("CALL_ID").map_err(of_sql)?);
        let answer: Option<Value> = row.json("ANSWER").map_err(of_sql)?;
        let is_mine = row.boolean("IS_MINE").map_err(of_sql)?.unwrap_or(false);
        match answer {
            Some(answer) => drop(existing.insert(id, Existing::Answer(answer))),
            None if is_mine => {}
            None => drop(existing.insert(id, Existing::BySomebody)),
        }
    }
    Ok(existing)
}

/// Whoever asks next need not wait until the claim is old.
async fn release(cortex: &CortexSql, claim: &str) {
    let released = statements::RELEASE_READINGS.unpaid().bind(claim);
    if let Err(error) = cortex.asker.pool.query(&released).await {
        tracing::warn!(%error, "a claim on readings could not be given back");
    }
}

fn being_read() -> Error {
    Error::new(
        ErrorKind::Transient,
        "another process is already reading this call",
    )
    .with_retry_after(Some(READ_BY_THEN))
}

/// The reading in an answer that somebody else has paid for. Where it cannot be used, the
/// model is asked once more.
async fn checked(
    cortex: &CortexSql,
    call: &CallToRead,
    value: &Value,
) -> Result<Vec<Outcome<Reading>>> {
    let most = cortex.config.reading.answer_tokens();
    let model = Answered {
        cortex,
        answer: Mutex::new(Some(answer_of(object_of(value.clone()), most))),
    };
    generative::read(&model, &cortex.config.reading, std::slice::from_ref(call)).await
}

/// A model that has answered the first prompt already.
#[derive(Debug)]
struct Answered<'a> {
    cortex: &'a CortexSql,
    answer: Mutex<Option<Answer>>,
}

#[async_trait]
impl TextModel for Answered<'_> {
    fn name(&self) -> &str {
        self.cortex.name()
    }

    fn limits(&self) -> PromptLimits {
        self.cortex.limits()
    }

    async fn complete_many(&self, prompts: &[Prompt]) -> Result<Vec<Outcome<Answer>>> {
        let answer = self
            .answer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match answer {
            // An answer is about a whole call, and so is the only prompt.
            Some(answer) if prompts.len() == 1 => Ok(vec![Ok(answer)]),
            _ => self.cortex.complete_many(prompts).await,
        }
    }
}
