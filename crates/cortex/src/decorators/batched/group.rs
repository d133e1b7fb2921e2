//! Small batches of several tasks on their way together.

use futures_util::future::join_all;
use resilience::ErrorKind;
use tokio::sync::{Semaphore, oneshot};

use crate::call::{Call, ask, copy_of};
use crate::usage::{self, TokenUsage};
use crate::{Error, LanguageBackend, Outcome, Result};

/// What a task gets back: its outcomes, and its part of what the round trip took.
pub(super) type Share<C> = (Result<Vec<Outcome<<C as Call>::Answer>>>, Vec<TokenUsage>);

/// One task's batch, and where its answer goes.
pub(super) struct Waiting<C: Call> {
    pub(super) items: Vec<C::Item>,
    pub(super) answer: oneshot::Sender<Share<C>>,
}

/// Asks for all at once and gives each what is its own. Nobody is asked for those who
/// have gone, and when all have gone the round trip is abandoned.
pub(super) async fn send<C: Call>(
    backend: &dyn LanguageBackend,
    round_trips: &Semaphore,
    mut group: Vec<Waiting<C>>,
) {
    let _slot = round_trips.acquire().await;
    group.retain(|waiting| !waiting.answer.is_closed());
    let items: Vec<C::Item> = group
        .iter()
        .flat_map(|waiting| waiting.items.iter().cloned())
        .collect();
    let gone = join_all(group.iter_mut().map(|waiting| waiting.answer.closed()));
    let answered = tokio::select! {
        biased;
        answered = usage::collect(ask::<C>(backend, &items)) => answered,
        _ = gone => return,
    };
    match answered {
        (Ok(outcomes), reports) => divide(group, outcomes, &reports),
        (Err(error), _) if group.len() > 1 && may_be_of_one(&error) => {
            for waiting in group
                .into_iter()
                .filter(|waiting| !waiting.answer.is_closed())
            {
                let share = usage::collect(ask::<C>(backend, &waiting.items)).await;
                let _ = waiting.answer.send(share);
            }
        }
        (Err(error), reports) => {
            let whole = items.len();
            let mut before = 0;
            for waiting in group {
                let upto = before + waiting.items.len();
                let part = parts(&reports, before, upto, whole);
                let _ = waiting.answer.send((Err(copy_of(&error)), part));
                before = upto;
            }
        }
    }
}

fn divide<C: Call>(
    group: Vec<Waiting<C>>,
    outcomes: Vec<Outcome<C::Answer>>,
    reports: &[TokenUsage],
) {
    let whole = outcomes.len();
    let mut outcomes = outcomes.into_iter();
    let mut before = 0;
    for waiting in group {
        let upto = before + waiting.items.len();
        let own = outcomes.by_ref().take(waiting.items.len()).collect();
        let part = parts(reports, before, upto, whole);
        // Whoever has gone meanwhile does not want it.
        let _ = waiting.answer.send((Ok(own), part));
        before = upto;
    }
}

/// The part of what a round trip took that falls to items `before..upto` of `whole`.
/// Parts add up to the whole.
fn parts(reports: &[TokenUsage], before: usize, upto: usize, whole: usize) -> Vec<TokenUsage> {
    let part = |amount: u64| {
        let up_to = |items: usize| u128::from(amount) * items as u128 / whole.max(1) as u128;
        u64::try_from(up_to(upto) - up_to(before)).unwrap_or(u64::MAX)
    };
    reports
        .iter()
        .map(|report| TokenUsage {
            model: report.model.clone(),
            items: part(report.items),
            input: part(report.input),
            output: part(report.output),
        })
        .collect()
}

/// Whether one task's items may have failed the round trip for all.
fn may_be_of_one(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::Decode | ErrorKind::Internal
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let report = TokenUsage {
            model: "m".into(),
            items: 7,
            input: 100,
            output: 10,
        };
        let cuts = [0, 1, 1, 4, 7];
        let shares: Vec<TokenUsage> = cuts
            .windows(2)
            .flat_map(|cut| parts(std::slice::from_ref(&report), cut[0], cut[1], 7))
            .collect();
        let sum = |amount: fn(&TokenUsage) -> u64| shares.iter().map(amount).sum::<u64>();
        assert_eq!(
            (sum(|r| r.items), sum(|r| r.input), sum(|r| r.output)),
            (7, 100, 10)
        );
    }
}
