//! Repeats work where that helps.

use std::sync::Arc;
use std::time::Duration;

use resilience::{Failure, retry};

use super::checkout::Checkout;
use super::slots::Slots;
use super::work::Work;
use crate::observe::Repetition;
use crate::{Error, Remedy, Result, Rows, SqlSession};

/// Does the work, again and again as its errors and the settings allow.
pub(super) async fn recover(slots: &Arc<Slots>, work: Work<'_>) -> Result<Vec<Rows>> {
    let usual = slots.settings().statement_timeout;
    let error = match persist(slots, work, work.limit(usual)).await {
        Err(error) if error.remedy() == Remedy::LongerTimeout && work.may_follow(&error) => error,
        outcome => return outcome,
    };
    observe(slots, work, &error, Duration::ZERO);
    let longer = work.with_longer_limits(usual);
    let work = work.on(&longer);
    persist(slots, work, work.limit(usual)).await
}

/// Does the work with pauses between attempts. What comes out is final.
async fn persist(slots: &Arc<Slots>, work: Work<'_>, limit: Duration) -> Result<Vec<Rows>> {
    retry(
        &slots.settings().retry,
        || async move {
            attempt_twice(slots, work, limit).await.map_err(|error| {
                let passes = error.remedy() != Remedy::LongerTimeout && work.may_follow(&error);
                match passes {
                    true => error,
                    false => given_up(error),
                }
            })
        },
        |error, pause| observe(slots, work, error, pause),
    )
    .await
}

/// A session that is gone says nothing about the next one: that is tried at once.
async fn attempt_twice(slots: &Arc<Slots>, work: Work<'_>, limit: Duration) -> Result<Vec<Rows>> {
    match attempt(slots, work, limit).await {
        Err(error) if error.remedy() == Remedy::Reconnect && work.may_follow(&error) => {
            observe(slots, work, &error, Duration::ZERO);
            attempt(slots, work, limit).await
        }
        outcome => outcome,
    }
}

async fn attempt(slots: &Arc<Slots>, work: Work<'_>, limit: Duration) -> Result<Vec<Rows>> {
    let mut checkout = Checkout::of(slots, limit).await?;
    let outcome = match work {
        Work::One(statement) => checkout.run(statement).await.map(|rows| vec![rows]),
        Work::All(statements) => checkout.transaction(statements).await,
    };
    if outcome.is_err() {
        // What may still run is stopped before it is repeated elsewhere.
        checkout.settle().await;
    }
    outcome
}

fn given_up(mut error: Error) -> Error {
    if error.is_retryable() {
        error.mark_exhausted();
    }
    error
}

fn observe(slots: &Slots, work: Work<'_>, error: &Error, pause: Duration) {
    slots.observer().repeated(&Repetition {
        name: work.name(),
        kind: error.kind(),
        remedy: error.remedy(),
        pause,
    });
    tracing::info!(
        statement = work.name(),
        kind = error.kind().as_str(),
        remedy = ?error.remedy(),
        pause_ms = pause.as_millis() as u64,
        "a statement is repeated"
    );
}
