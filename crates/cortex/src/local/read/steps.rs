//! Next steps: who does it, by when, and how firm it is.

use calls::reading::{NextStep, ReadParty, Side, StepStatus};

use super::context::{Context, sure};
use super::due::{Dates, due, head};
use super::item::Item;
use super::owners::{owner, says};

/// Groups of phrases that make a step.
const PROMISING: [&str; 4] = ["firm", "soft", "ours", "asking"];

/// It hangs on something.
const CONDITIONS: &[&str] = &[
    "if",
    "unless",
    "provided",
    "as long as",
    "assuming",
    "depends on",
    "depending on",
    "in case",
    "subject to",
    "once",
];

/// The speaker only could.
const OFFERS: &[&str] = &[
    "i can",
    "i could",
    "we can",
    "we could",
    "happy to",
    "want me to",
    "would you like",
    "should i",
    "shall i",
    "i'd be happy",
    "let me know if",
    "if you want",
    "if you like",
    "feel free",
    "would it help",
];

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
    let status = status(context, &item);
    let mut step = NextStep::new(context.words(head), item.sentences, sure(item.confidence));
    step.owner = owner;
    step.status = status;
    if let Some((at, said)) = due {
        step.due = Some(said.date);
        step.due_said = Some(context.said[at].tokens[said.at.clone()].join(" "));
    }
    step
}

fn status(context: &Context<'_>, item: &Item) -> StepStatus {
    let said = || item.sentences.iter().map(|at| &context.said[*at]);
    let is_conditional =
        said().any(|one| one.says_any(CONDITIONS) && PROMISING.iter().any(|name| says(one, name)));
    if is_conditional {
        return StepStatus::Conditional;
    }
    let sides: Vec<bool> = said().map(|one| one.is_rep).collect();
    let is_taken_up = sides.iter().any(|is_rep| *is_rep) && sides.iter().any(|is_rep| !*is_rep);
    let next = item
        .sentences
        .last()
        .and_then(|last| context.said.get(last + 1));
    let last_is_rep = sides.last().copied().unwrap_or_default();
    let is_answered = next.is_some_and(|next| {
        next.is_rep != last_is_rep
            && next.tokens.len() <= 6
            && next.says_any(&[
                "okay", "great", "perfect", "good", "works", "thanks", "yes", "sure", "please",
                "lovely", "fine", "deal",
            ])
    });
    if is_taken_up || is_answered {
        StepStatus::Agreed
    } else if said().all(|one| one.asks || one.says_any(OFFERS)) {
        StepStatus::Offered
    } else {
        StepStatus::Promised
    }
}

/// The parties of one side.
pub(super) fn of_side(parties: &[ReadParty], side: Side) -> impl Iterator<Item = &ReadParty> {
    parties.iter().filter(move |party| party.side == side)
}
