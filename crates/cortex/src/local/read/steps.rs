//! Next steps: who does it, by when, and how firm it is.

use calls::reading::{NextStep, ReadParty, Side};

use super::context::{Context, sure};
use super::due::{Dates, due, head};
use super::item::Item;
use super::owners::owner;
use super::states::state;

pub(super) fn steps(context: &Context<'_>, items: Vec<Item>) -> Vec<NextStep> {
    let dates = Dates::of(context);
    let all: Vec<Vec<usize>> = items.iter().map(|item| item.sentences.clone()).collect();
    let steps = items
        .into_iter()
        .map(|item| step(context, item, &dates, &all));
    steps.collect()
}

fn step(context: &Context<'_>, item: Item, dates: &Dates, all: &[Vec<usize>]) -> NextStep {
    let head = head(context, &item.sentences);
    let due = due(context, dates, &item.sentences, all);
    let owner = owner(context, &item.sentences);
    let status = state(context, &item.sentences);
    let what = context.told(head, &item.sentences);
    let mut step = NextStep::new(what, item.sentences, sure(item.confidence));
    step.owner = owner;
    step.status = status;
    if let Some((at, said)) = due {
        step.due = Some(said.date);
        step.due_said = Some(context.said[at].tokens[said.at.clone()].join(" "));
    }
    step
}

/// The parties of one side.
pub(super) fn of_side(parties: &[ReadParty], side: Side) -> impl Iterator<Item = &ReadParty> {
    parties.iter().filter(move |party| party.side == side)
}
