//! Next steps: who does it, by when, and how firm it is.

use calls::PartyId;
use calls::reading::{NextStep, Owner, ReadParty, Side, StepStatus};
use jiff::tz::TimeZone;

use super::dates::{Said, dates};
use super::item::Item;
use super::sentence::Sentence;
use super::{Context, sure};

/// The speaker will do it.
const I_WILL: &[&str] = &[
    "i'll",
    "i will",
    "i'm going to",
    "i'm gonna",
    "i can",
    "i could",
    "let me",
    "i'd like to send",
    "leave it with me",
    "i shall",
    "i'd",
    "i promise",
    "i owe you",
    "you'll have",
    "you'll get",
    "you will have",
    "you will get",
    "i have to",
    "i need to",
    "i must",
    "i'm sending",
    "i send",
    "i'm calling",
    "i ask",
    "i want to",
    "we'll send",
    "we will send",
    "we'll get",
    "we can send",
    "we'll have",
    "we'll put",
    "we'll",
    "we can",
    "from me",
    "from us",
    "we send",
    "i'm happy to",
    "i make",
    "i write",
    "i call",
    "i book",
    "i bring",
    "i come",
    "i get",
    "i check",
    "i give",
    "i put",
    "should i",
    "shall i",
    "want me to",
    "would you like me to",
    "i prepare",
    "i'm bringing",
    "i'm putting",
    "i'm booking",
];

/// The other side will do it.
const YOU_WILL: &[&str] = &[
    "can you",
    "could you",
    "would you",
    "will you",
    "send me",
    "send it to me",
    "send us",
    "give me",
    "get me",
    "let me know",
    "if you",
    "you send",
    "you'd",
    "please send",
    "you can",
    "tell me",
    "you could",
    "forward me",
    "copy me",
    "call me",
    "ring me",
    "give us",
    "i'd need",
    "i need from you",
    "need from you",
    "drop me",
    "shoot me",
    "share with me",
    "you talk",
    "you ask",
    "you check",
    "introduce me",
    "put me in touch",
    "bring me",
    "write me",
    "do that",
    "you do",
    "and you",
];

/// Both sides will be there.
const TOGETHER: &[&str] = &[
    "let's",
    "shall we",
    "should we",
    "we meet",
    "we'll meet",
    "we talk",
    "we speak",
    "we'll talk",
    "we'll speak",
    "talk again",
    "speak again",
    "same time",
    "meet again",
    "get together",
    "we look at",
    "we go through",
    "we sit",
    "see you",
    "we reconvene",
    "we regroup",
    "catch up",
    "our next call",
    "next call",
    "next meeting",
    "follow up call",
    "another call",
];

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
    items.into_iter().map(|item| step(context, item)).collect()
}

fn step(context: &Context<'_>, item: Item) -> NextStep {
    let head = head(context, &item);
    let due = due(context, &item);
    let owner = owner(context, &item);
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

/// The sentence that says what is to be done: of those that promise or ask the longest
/// of the first two, else the best one.
fn head(context: &Context<'_>, item: &Item) -> usize {
    let speaks = |at: &&usize| {
        let one = &context.said[**at];
        one.says_any(I_WILL) || one.says_any(YOU_WILL) || one.says_any(TOGETHER)
    };
    let longest = item.sentences.iter().filter(speaks).take(2);
    let longest = longest.max_by_key(|at| context.said[**at].tokens.len());
    longest.copied().unwrap_or(item.best)
}

/// Votes of the item's sentences: for the speaker, for the other side, for both.
fn owner(context: &Context<'_>, item: &Item) -> Option<Owner> {
    let parties = &context.call.parties;
    let mut votes: Vec<f64> = vec![0.0; parties.len()];
    let mut both = 0.0;
    for at in &item.sentences {
        let one = &context.said[*at];
        let Some(speaker) = party_of(context, *at) else {
            continue;
        };
        let weight = 1.0 + (one.tokens.len().min(12) as f64) / 12.0;
        if let Some(named) = named(context, one, speaker) {
            votes[named] += weight;
        }
        let asks_other = one.says_any(YOU_WILL);
        if asks_other && let Some(other) = addressee(context, *at, speaker) {
            votes[other] += 1.2 * weight;
        }
        if one.says_any(I_WILL) {
            votes[speaker] += if asks_other {
                0.8 * weight
            } else {
                1.5 * weight
            };
        }
        if one.says_any(TOGETHER) {
            both += weight;
        }
    }
    let best = (0..votes.len()).max_by(|a, b| votes[*a].total_cmp(&votes[*b]));
    let best = best.filter(|best| votes[*best] > 0.0);
    match best {
        Some(best) if votes[best] >= both => Some(Owner::Party(parties[best].id.clone())),
        _ if both > 0.0 => Some(Owner::Both),
        _ => party_of(context, item.best).map(|speaker| Owner::Party(parties[speaker].id.clone())),
    }
}

fn speaker_id<'a>(context: &'a Context<'_>, at: usize) -> &'a PartyId {
    &context.call.turns[context.said[at].turn].speaker
}

fn party_of(context: &Context<'_>, at: usize) -> Option<usize> {
    let id = speaker_id(context, at);
    context
        .call
        .parties
        .iter()
        .position(|party| party.id == *id)
}

/// A party of the other side by name at the edge of a sentence, or anybody who "will".
fn named(context: &Context<'_>, one: &Sentence, speaker: usize) -> Option<usize> {
    let parties = &context.call.parties;
    (0..parties.len())
        .filter(|party| *party != speaker)
        .find(|party| {
            let Some(first) = first_name(&parties[*party]) else {
                return false;
            };
            let at = one.tokens.iter().position(|token| *token == first);
            at.is_some_and(|at| {
                let next = one.tokens.get(at + 1).map_or("", String::as_str);
                matches!(
                    next,
                    "will" | "can" | "could" | "you" | "sends" | "gets" | "you'll"
                )
            }) || one
                .tokens
                .iter()
                .any(|token| *token == format!("{first}'ll"))
        })
}

fn first_name(party: &ReadParty) -> Option<String> {
    let first = party.name.split_whitespace().next()?;
    super::sentence::tokens(first).into_iter().next()
}

/// Whoever of the other side spoke last before the sentence, else next after it.
fn addressee(context: &Context<'_>, at: usize, speaker: usize) -> Option<usize> {
    let parties = &context.call.parties;
    let side = parties[speaker].side;
    let is_other = |party: &usize| parties[*party].side != side;
    let before = (0..at)
        .rev()
        .take(12)
        .filter_map(|at| party_of(context, at))
        .find(is_other);
    let after = (at + 1..context.said.len())
        .take(3)
        .filter_map(|at| party_of(context, at))
        .find(is_other);
    let only = || {
        let mut others = (0..parties.len()).filter(is_other);
        others.next()
    };
    after.or(before).or_else(only)
}

fn status(context: &Context<'_>, item: &Item) -> StepStatus {
    let said = || item.sentences.iter().map(|at| &context.said[*at]);
    let is_conditional = said()
        .any(|one| one.says_any(CONDITIONS) && (one.says_any(I_WILL) || one.says_any(YOU_WILL)));
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

/// The most exact date of the item, the last of equals; else one right beside it.
fn due(context: &Context<'_>, item: &Item) -> Option<(usize, Said)> {
    let today = TimeZone::UTC.to_datetime(context.call.started).date();
    let of = |at: usize| {
        let found = dates(&context.said[at].tokens, today).into_iter();
        found.map(move |said| (at, said))
    };
    let best = |found: Vec<(usize, Said)>| {
        found
            .into_iter()
            .max_by_key(|(at, said)| (said.exactness, *at))
    };
    let inside = best(item.sentences.iter().flat_map(|at| of(*at)).collect());
    inside.or_else(|| {
        let last = item.sentences.last().copied().unwrap_or(item.best);
        let first = item.sentences.first().copied().unwrap_or(item.best);
        let beside = [last + 1, last + 2, first.wrapping_sub(1)];
        let beside = beside.into_iter().filter(|at| *at < context.said.len());
        let beside = beside.filter(|at| context.said[*at].tokens.len() <= 8);
        best(
            beside
                .flat_map(of)
                .filter(|(_, said)| said.exactness >= 2)
                .collect(),
        )
    })
}

/// The parties of one side.
pub(super) fn of_side(parties: &[ReadParty], side: Side) -> impl Iterator<Item = &ReadParty> {
    parties.iter().filter(move |party| party.side == side)
}
