//! Moments of calls: those that a reader found, and those that follow from its other
//! findings where it looked for none.

use calls::reading::{
    CallType, Handling, Moment, Part, Pushback, PushbackKind, Reading, StepStatus,
};

use super::better_lines::{TO_A_PAIN, TO_CLOSE, to_pushback};
use crate::conversation::{Conversation, Side};

/// Turns of the rep within which a problem is followed up.
const FOLLOWED_UP_WITHIN: usize = 2;

/// A moment with the pushback that it is about.
#[derive(Debug, Clone)]
pub(crate) struct Happened {
    pub(crate) moment: Moment,
    pub(crate) pushback: Option<PushbackKind>,
}

/// The moments of a reading. Some have no sentences yet: a call that ends without a next
/// step is shown by its end.
pub(crate) fn moments_of(reading: &Reading) -> Vec<Happened> {
    let mut moments = reading.moments.clone();
    if moments.is_empty() {
        moments = derived(reading);
    } else {
        // Some readers look for a few kinds only, and pushback is what matters most.
        let of_pushback = sure_pushback(reading).filter_map(of_pushback);
        let others = of_pushback.filter(|one| !is_covered(&reading.moments, one));
        moments.extend(others);
    }
    let with_pushback = moments.into_iter().map(|moment| Happened {
        pushback: pushback_at(reading, &moment),
        moment,
    });
    with_pushback.collect()
}

/// Problems that a customer named and the rep did not ask about, for readings without
/// moments: it takes the words to see them.
pub(crate) fn missed_pains(reading: &Reading, conversation: &Conversation<'_>) -> Vec<Happened> {
    if !reading.moments.is_empty() {
        return Vec::new();
    }
    let asked = conversation.questions(Side::Rep);
    let sure = reading.pains.iter();
    let sure = sure.filter(|pain| pain.confidence.is_likely());
    let missed = sure.filter_map(|pain| {
        let last = u32::try_from(*pain.sentences.last()?).ok()?;
        let turn = |turn: &&calls::Turn| turn.sentences.contains(&last);
        let at = conversation.turns.iter().position(|one| turn(&one))?;
        let mut answers = conversation.turns.iter().skip(at + 1);
        let mut answers = answers
            .by_ref()
            .filter(|turn| conversation.turn_side(turn) == Side::Rep)
            .take(FOLLOWED_UP_WITHIN)
            .peekable();
        let first = answers.peek()?.sentences.first().copied()?;
        let is_followed_up = answers
            .flat_map(|turn| &turn.sentences)
            .any(|index| asked.contains(index));
        let mut sentences = pain.sentences.clone();
        sentences.push(usize::try_from(first).ok()?);
        let better = Some(TO_A_PAIN.to_owned());
        let what = "A problem was named and not asked about.";
        (!is_followed_up).then(|| Happened {
            moment: Moment::new("missed_pain", what, better, sentences),
            pushback: None,
        })
    });
    missed.collect()
}

fn sure_pushback(reading: &Reading) -> impl Iterator<Item = &Pushback> {
    let pushback = reading.pushback.iter();
    pushback.filter(|one| one.confidence.is_likely())
}

/// Whether a moment shares sentences with one of these.
fn is_covered(moments: &[Moment], one: &Moment) -> bool {
    let mut known = moments.iter().flat_map(|moment| &moment.sentences);
    known.any(|sentence| one.sentences.contains(sentence))
}

fn derived(reading: &Reading) -> Vec<Moment> {
    let mut moments: Vec<Moment> = sure_pushback(reading).filter_map(of_pushback).collect();
    let is_sale = reading.call_type.is_none_or(CallType::is_sales);
    if is_sale && reading.was_read(Part::NextSteps) && reading.next_steps.is_empty() {
        moments.push(Moment::new(
            "no_next_step",
            "The call ends without a next step.",
            Some(TO_CLOSE.to_owned()),
            Vec::new(),
        ));
    }
    let firm = reading.next_steps.iter().find(|step| {
        let is_sure = step.confidence.is_likely();
        is_sure && step.status == StepStatus::Agreed && step.owner.is_some() && step.due.is_some()
    });
    moments.extend(firm.map(|step| {
        let what = "A next step was agreed, with an owner and a day.";
        Moment::new("good_next_step", what, None, step.sentences.clone())
    }));
    moments
}

fn of_pushback(one: &Pushback) -> Option<Moment> {
    let mut sentences = one.sentences.clone();
    sentences.extend(&one.handling_sentences);
    sentences.sort_unstable();
    sentences.dedup();
    let kind = one.kind.as_str().replace('_', " ");
    let better = Some(to_pushback(one.kind).to_owned());
    Some(match one.handling {
        Handling::Ignored | Handling::Dodged => Moment::new(
            "missed_pushback",
            format!("Pushback ({kind}) was not met by an answer."),
            better,
            sentences,
        ),
        Handling::MadeWorse => Moment::new(
            "made_worse",
            format!("The answer made the pushback ({kind}) worse."),
            better,
            sentences,
        ),
        Handling::Resolved => Moment::new(
            "good_handling",
            format!("Pushback ({kind}) was answered, and the customer accepted it."),
            None,
            sentences,
        ),
        _ => return None,
    })
}

/// The pushback that a moment is about: the one whose sentences it shares.
fn pushback_at(reading: &Reading, moment: &Moment) -> Option<PushbackKind> {
    let shares = |one: &&Pushback| {
        let mut of_it = one.sentences.iter().chain(&one.handling_sentences);
        of_it.any(|sentence| moment.sentences.contains(sentence))
    };
    reading.pushback.iter().find(shares).map(|one| one.kind)
}
