//! Next steps: who does it, by when, and how firm it is.

use calls::reading::{NextStep, ReadParty, Side, StepStatus};
use jiff::tz::TimeZone;

use super::context::{Context, sure};
use super::dates::{Said, dates};
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

/// A sentence of so many words says what is to be done; longer ones say no more.
const LONG: usize = 14;

pub(super) fn steps(context: &Context<'_>, items: Vec<Item>) -> Vec<NextStep> {
    items.into_iter().map(|item| step(context, item)).collect()
}

fn step(context: &Context<'_>, item: Item) -> NextStep {
    let head = head(context, &item);
    let due = due(context, &item, head);
    let owner = owner(context, &item.sentences);
    let status = status(context, &item);
    let mut step = NextStep::new(context.words(head), item.sentences, sure(item.confidence));
    step.owner = owner;
    step.status = status;
    if let Some((at, said)) = due {
        step.due = Some(said.date);
        step.due_said = Some(context.said[at].tokens[said.at].join(" "));
    }
    step
}

/// The sentence that says what is to be done: the longest that promises it, else the
/// longest that asks for it or proposes it, else the best one.
fn head(context: &Context<'_>, item: &Item) -> usize {
    let longest = |names: &[&str]| {
        let speaks = |at: &&usize| names.iter().any(|name| says(&context.said[**at], name));
        let speaking = item.sentences.iter().filter(speaks);
        let longest = speaking.max_by_key(|at| context.said[**at].tokens.len().min(LONG));
        longest.copied()
    };
    longest(&["firm"])
        .or_else(|| longest(&["asking", "together", "soft", "ours"]))
        .unwrap_or(item.best)
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

/// The date nearest to the head, an exact one before one in passing; of the sentences
/// beside the item only short ones count, which answer "when?".
fn due(context: &Context<'_>, item: &Item, head: usize) -> Option<(usize, Said)> {
    let today = TimeZone::UTC.to_datetime(context.call.started).date();
    let first = item.sentences.first().copied().unwrap_or(head);
    let last = item.sentences.last().copied().unwrap_or(head);
    let near = first.saturating_sub(2)..(last + 3).min(context.said.len());
    let candidates = near.flat_map(|at| {
        let is_inside = item.sentences.contains(&at);
        let is_between = at > first && at < last;
        let is_short = context.said[at].tokens.len() <= 9;
        let found = dates(&context.said[at].tokens, today).into_iter();
        let one = &context.said[at];
        // What follows answers what was proposed; what goes before is about something else.
        let distance = if at < head {
            2 * (head - at)
        } else {
            at - head
        };
        let doubt = if is_inside { 0 } else { 3 } + usize::from(one.asks);
        let trust = if says(one, "firm") { 2 } else { 0 };
        found
            .filter(move |said| is_inside || ((is_between || is_short) && said.exactness >= 2))
            .map(move |said| {
                let is_exact = usize::from(said.exactness >= 2);
                (3 + distance + doubt - trust - is_exact, at, said)
            })
    });
    let best =
        candidates.min_by_key(|(cost, at, said)| (*cost, std::cmp::Reverse((*at, said.at.start))));
    best.map(|(_, at, said)| (at, said))
}

/// The parties of one side.
pub(super) fn of_side(parties: &[ReadParty], side: Side) -> impl Iterator<Item = &ReadParty> {
    parties.iter().filter(move |party| party.side == side)
}
