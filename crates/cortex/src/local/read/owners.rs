//! Who does a next step. Twin of `owner_rows` in `training/reading/choices.py`, which
//! learned how much each sign weighs; `data/reading_owners.txt` has the phrases.

use calls::reading::{Owner, ReadParty, Side};

use super::classes::{classes, groups};
use super::context::Context;
use super::item::Kind;
use super::scorers::probability;
use super::sentence::Sentence;

/// Columns of a party's row and of the row for both sides.
pub(super) const PERSON_COLUMNS: usize = 29;
pub(super) const BOTH_COLUMNS: usize = 25;

/// Sentences in which an answer, and a word before, show who is meant.
const NEXT: usize = 3;
const LAST: usize = 12;

/// From this score on both sides do a step.
const BOTH: f64 = -0.4;

/// Words of an answer that only takes something up.
const SHORT: usize = 4;

/// Whether a sentence says a phrase of a group.
pub(super) fn says(one: &Sentence, name: &str) -> bool {
    let group = groups().number(name);
    group.is_some_and(|group| one.groups[group] > 0.0)
}

pub(super) fn owner(context: &Context<'_>, members: &[usize]) -> Option<Owner> {
    if context.choices.both.score(&both_row(context, members)) > BOTH {
        return Some(Owner::Both);
    }
    let people = people(context, members);
    let scored = people.into_iter().map(|party| {
        let row = person_row(context, members, party);
        (party, context.choices.person.score(&row))
    });
    // The first of equals.
    let best = scored.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(party, _)| Owner::Party(context.call.parties[party].id.clone()))
}

/// The party that speaks.
fn speaker(context: &Context<'_>, at: usize) -> Option<usize> {
    let id = &context.call.turns[context.said[at].turn].speaker;
    context
        .call
        .parties
        .iter()
        .position(|party| party.id == *id)
}

/// Who is asked: whoever speaks next on the other side, else who spoke last there.
fn addressee(context: &Context<'_>, at: usize) -> Option<usize> {
    let parties = &context.call.parties;
    let asks = speaker(context, at)?;
    let after = (at + 1)..context.said.len().min(at + 1 + NEXT);
    let before = (at.saturating_sub(LAST)..at).rev();
    after.chain(before).find_map(|other| {
        let who = speaker(context, other)?;
        let is_other_side = parties[who].side != parties[asks].side;
        (who != asks && (is_other_side || other == at + 1)).then_some(who)
    })
}

fn first_name(party: &ReadParty) -> Option<String> {
    let first = party.name.split_whitespace().next()?;
    Some(first.to_lowercase())
}

fn people(context: &Context<'_>, members: &[usize]) -> Vec<usize> {
    let mut people: Vec<usize> = Vec::new();
    for at in members {
        for who in [speaker(context, *at), addressee(context, *at)]
            .into_iter()
            .flatten()
        {
            if !people.contains(&who) {
                people.push(who);
            }
        }
    }
    for (number, party) in context.call.parties.iter().enumerate() {
        let is_named = first_name(party).is_some_and(|name| {
            members
                .iter()
                .any(|at| context.said[*at].tokens.contains(&name))
        });
        if is_named && !people.contains(&number) {
            people.push(number);
        }
    }
    people
}

/// The sentence that belongs to a step most, the first of equals.
pub(super) fn surest(context: &Context<'_>, members: &[usize]) -> usize {
    let score = |at: usize| context.score(at, Kind::NextSteps);
    let surest = members
        .iter()
        .copied()
        .reduce(|best, at| if score(at) > score(best) { at } else { best });
    surest.unwrap_or_default()
}

/// How much of a step a sentence is, from 0 to 1.
fn share(context: &Context<'_>, at: usize) -> f32 {
    #[allow(clippy::cast_possible_truncation)] // Columns are 32 bits.
    let share = probability(context.score(at, Kind::NextSteps)) as f32;
    share
}

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn person_row(context: &Context<'_>, members: &[usize], who: usize) -> Vec<f32> {
    let said = |at: usize| &context.said[at];
    let is_own = |at: usize| speaker(context, at) == Some(who);
    let (own, others): (Vec<usize>, Vec<usize>) = members.iter().partition(|at| is_own(**at));
    let is_told = |at: usize| addressee(context, at) == Some(who);
    let told: Vec<usize> = others.iter().copied().filter(|at| is_told(*at)).collect();
    let firm: Vec<usize> = with(context, members, "firm");
    let count = |at: &[usize], name: &str| with(context, at, name).len() as f32;
    let weighed = |at: &[usize], name: &str| -> f32 {
        let with = with(context, at, name).into_iter();
        with.map(|at| share(context, at)).sum()
    };
    let word = |at: &[usize], word: &str| {
        let tokens = at.iter().flat_map(|at| &said(*at).tokens);
        let with = format!("{word}'");
        tokens
            .filter(|token| *token == word || token.starts_with(&with))
            .count() as f32
    };
    let mut longest = members[0];
    for at in members {
        if said(*at).tokens.len() > said(longest).tokens.len() {
            longest = *at;
        }
    }
    let best = surest(context, members);
    let name = first_name(&context.call.parties[who]);
    let named = others.iter().filter(|at| {
        name.as_ref()
            .is_some_and(|name| said(**at).tokens.contains(name))
    });
    let answers = own
        .iter()
        .filter(|at| **at > 0 && said(**at - 1).asks && !is_own(**at - 1));
    let own_firm = || firm.iter().filter(|at| is_own(**at));
    let shares = |at: &[usize]| at.iter().map(|at| share(context, *at)).sum::<f32>();
    vec![
        own.len() as f32 / members.len() as f32,
        count(&own, "firm"),
        count(&own, "soft"),
        count(&own, "ours"),
        count(&own, "asking"),
        count(&told, "asking"),
        count(&own, "together"),
        flag(is_own(members[0])),
        flag(members.last().is_some_and(|last| is_own(*last))),
        flag(is_own(longest)),
        named.count() as f32,
        flag(context.call.parties[who].side == Side::Rep),
        answers.count() as f32,
        word(&own, "i"),
        word(&told, "you"),
        flag(count(&others, "firm") > 0.0),
        flag(own.is_empty()),
        shares(&own) / shares(members),
        flag(is_own(best)),
        weighed(&own, "firm"),
        own_firm().map(|at| share(context, *at)).fold(0.0, f32::max),
        own_firm().filter(|at| !said(**at).dates.is_empty()).count() as f32,
        flag(firm.first().is_some_and(|at| is_own(*at))),
        flag(firm.last().is_some_and(|at| is_own(*at))),
        weighed(&told, "asking"),
        flag(is_told(best) && says(said(best), "asking")),
        flag(!firm.is_empty() && is_own(surest(context, &firm))),
        weighed(&own, "soft"),
        weighed(&own, "ours"),
    ]
}

/// The sentences that say a phrase of a group.
fn with(context: &Context<'_>, at: &[usize], name: &str) -> Vec<usize> {
    let says = |at: &usize| says(&context.said[*at], name);
    at.iter().copied().filter(says).collect()
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn both_row(context: &Context<'_>, members: &[usize]) -> Vec<f32> {
    let said = || members.iter().map(|at| &context.said[*at]);
    let count = |name: &str| said().filter(|one| says(one, name)).count() as f32;
    let has = |names: &[&str]| {
        let numbers: Vec<usize> = names
            .iter()
            .filter_map(|name| classes().number(name))
            .collect();
        said()
            .filter(|one| numbers.iter().any(|class| one.has(*class)))
            .count() as f32
    };
    let distinct = |mut values: Vec<usize>| {
        values.sort_unstable();
        values.dedup();
        values.len()
    };
    let is_timed = |one: &Sentence| !one.dates.is_empty() || says(one, "clock");
    let is_answered = |pair: &&[usize]| {
        let (one, other) = (&context.said[pair[0]], &context.said[pair[1]]);
        one.speaker != other.speaker
            && is_timed(one)
            && (is_timed(other) || says(other, "together") || other.tokens.len() <= SHORT)
    };
    let timed_sides = said().filter(|one| is_timed(one));
    let timed_sides = distinct(timed_sides.map(|one| usize::from(one.is_rep)).collect());
    let best = &context.said[surest(context, members)];
    let shares = |at: &[usize]| at.iter().map(|at| share(context, *at)).sum::<f32>();
    let weighed = |name: &str| shares(&with(context, members, name)) / shares(members);
    let speakers: Vec<usize> = said().map(|one| one.speaker).collect();
    let short = said().filter(|one| one.tokens.len() <= SHORT + 1).count();
    vec![
        count("together"),
        count("meeting"),
        has(&["weekday", "day", "month"]),
        has(&["arrange"]),
        has(&["send"]),
        has(&["doc"]),
        has(&["check"]),
        count("firm"),
        count("soft"),
        count("asking"),
        distinct(said().map(|one| usize::from(one.is_rep)).collect()) as f32,
        distinct(speakers.clone()) as f32,
        members.len() as f32,
        said().filter(|one| one.asks).count() as f32,
        flag(timed_sides == 2),
        count("clock"),
        members.windows(2).filter(is_answered).count() as f32,
        flag(says(best, "together")),
        flag(says(best, "meeting")),
        flag(says(best, "firm")),
        weighed("together"),
        weighed("firm"),
        flag(best.asks && is_timed(best)),
        flag(speakers.first() != speakers.last()),
        short as f32 / members.len() as f32,
    ]
}
