//! How firm a next step is. Twin of `state_row` in `training/reading/choices.py`, which
//! learned how much each sign weighs; `data/reading_owners.txt` has the phrases.

use calls::reading::StepStatus;

use super::classes::classes;
use super::context::Context;
use super::due::head;
use super::owners::says;
use super::sentence::Sentence;

/// Columns of a step's row.
pub(super) const COLUMNS: usize = 42;

/// Sentences around the head in which somebody takes the step up.
const NEAR: usize = 3;

/// Words of an answer that only takes something up.
const SHORT: usize = 6;

/// Groups of phrases that make a step.
const PROMISING: [&str; 4] = ["firm", "soft", "ours", "asking"];

/// Whether a step is agreed, promised, offered or conditional.
pub(super) fn state(context: &Context<'_>, members: &[usize]) -> StepStatus {
    context.choices.state(&row(context, members))
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn row(context: &Context<'_>, members: &[usize]) -> Vec<f32> {
    let said = context.said;
    let at = head(context, members);
    let top = &said[at];
    let steps: Vec<&Sentence> = members.iter().map(|at| &said[*at]).collect();
    let of_others = |range: std::ops::Range<usize>| -> Vec<&Sentence> {
        let near = said.get(range).into_iter().flatten();
        near.filter(|one| one.speaker != top.speaker).collect()
    };
    let after = of_others(at + 1..said.len().min(at + 1 + NEAR));
    let before = of_others(at.saturating_sub(NEAR)..at);
    let short: Vec<&Sentence> = after
        .iter()
        .copied()
        .filter(|one| one.tokens.len() <= SHORT)
        .collect();
    let across: Vec<&Sentence> = steps
        .iter()
        .copied()
        .filter(|one| one.is_rep != top.is_rep)
        .collect();
    let promising: Vec<&Sentence> = steps
        .iter()
        .copied()
        .filter(|one| PROMISING.iter().any(|name| says(one, name)))
        .collect();
    let last = members.last().copied().unwrap_or(at);
    let answer = said
        .get(last + 1)
        .filter(|next| next.is_rep != said[last].is_rep);
    let is_timed = |one: &&&Sentence| !one.dates.is_empty() || says(one, "clock");
    let flag = |is: bool| f32::from(u8::from(is));
    let count =
        |of: &[&Sentence], name: &str| of.iter().filter(|one| says(one, name)).count() as f32;
    let has = |name: &str| {
        let class = classes().number(name);
        let with = |one: &&&Sentence| class.is_some_and(|class| one.has(class));
        steps.iter().filter(with).count() as f32
    };
    let sides = |of: &mut dyn Iterator<Item = &&Sentence>| {
        let (mut rep, mut customer) = (false, false);
        for one in of {
            rep |= one.is_rep;
            customer |= !one.is_rep;
        }
        usize::from(rep) + usize::from(customer)
    };
    let mut speakers: Vec<usize> = steps.iter().map(|one| one.speaker).collect();
    speakers.sort_unstable();
    speakers.dedup();
    let mut row = vec![
        members.len() as f32,
        sides(&mut steps.iter()) as f32,
        speakers.len() as f32,
        count(&steps, "condition"),
        flag(says(top, "condition")),
        flag(top.says("if")),
        count(&promising, "condition"),
        count(&steps, "offer"),
        flag(says(top, "offer")),
        flag(top.asks),
        steps.iter().filter(|one| one.asks).count() as f32,
    ];
    row.extend(["firm", "soft", "asking", "together"].map(|name| flag(says(top, name))));
    row.extend(["firm", "soft", "asking", "together"].map(|name| count(&steps, name)));
    row.extend([
        count(&after, "accept"),
        count(&short, "accept"),
        count(&before, "accept"),
        flag(before.iter().any(|one| one.asks)),
        flag(count(&before, "asking") > 0.0),
        flag(answer.is_some_and(|answer| says(answer, "accept"))),
        flag(answer.is_some()),
        steps.iter().filter(|one| !one.dates.is_empty()).count() as f32,
        flag(sides(&mut steps.iter().filter(is_timed)) == 2),
        count(&steps, "vague"),
        flag(says(top, "vague")),
    ]);
    row.extend(["yes", "hedge", "condition", "no", "arrange", "send"].map(has));
    row.extend([
        flag(top.is_rep),
        flag(steps.iter().all(|one| one.asks || says(one, "offer"))),
        count(&across, "accept"),
        across.len() as f32,
        has("hypoth"),
        at as f32 / said.len() as f32,
    ]);
    row
}
