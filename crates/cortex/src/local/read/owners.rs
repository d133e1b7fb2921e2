//! Who does a next step. Twin of `owner_rows` in `training/reading/choices.py`, which
//! learned how much each sign weighs; `data/reading_owners.txt` has the phrases.

use std::sync::LazyLock;

use calls::reading::{Owner, ReadParty};

use super::classes::classes;
use super::context::Context;
use super::sentence::Sentence;

/// Columns of a party's row and of the row for both sides.
pub(super) const PERSON_COLUMNS: usize = 17;
pub(super) const BOTH_COLUMNS: usize = 14;

const TABLE: &str = include_str!("../../../data/reading_owners.txt");

static GROUPS: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let groups = lines.filter_map(|line| line.split_once(": "));
    groups
        .map(|(name, phrases)| (name, phrases.split(" | ").collect()))
        .collect()
});

/// Sentences in which an answer, and a word before, show who is meant.
const NEXT: usize = 3;
const LAST: usize = 12;

pub(super) fn says(one: &Sentence, name: &str) -> bool {
    let group = GROUPS.iter().find(|(known, _)| *known == name);
    group.is_some_and(|(_, phrases)| one.says_any(phrases))
}

pub(super) fn owner(context: &Context<'_>, members: &[usize]) -> Option<Owner> {
    if context.choices.both.score(&both_row(context, members)) > 0.0 {
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

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn person_row(context: &Context<'_>, members: &[usize], who: usize) -> Vec<f32> {
    let said = |at: usize| &context.said[at];
    let is_own = |at: usize| speaker(context, at) == Some(who);
    let own: Vec<usize> = members.iter().copied().filter(|at| is_own(*at)).collect();
    let others: Vec<usize> = members.iter().copied().filter(|at| !is_own(*at)).collect();
    let asked: Vec<usize> = others
        .iter()
        .copied()
        .filter(|at| addressee(context, *at) == Some(who))
        .collect();
    let count =
        |at: &[usize], name: &str| at.iter().filter(|at| says(said(**at), name)).count() as f32;
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
    let name = first_name(&context.call.parties[who]);
    let named = others.iter().filter(|at| {
        name.as_ref()
            .is_some_and(|name| said(**at).tokens.contains(name))
    });
    let answers = own
        .iter()
        .filter(|at| **at > 0 && said(**at - 1).asks && !is_own(**at - 1));
    let flag = |is: bool| f32::from(u8::from(is));
    vec![
        own.len() as f32 / members.len() as f32,
        count(&own, "firm"),
        count(&own, "soft"),
        count(&own, "ours"),
        count(&own, "asking"),
        count(&asked, "asking"),
        count(&own, "together"),
        flag(is_own(members[0])),
        flag(members.last().is_some_and(|last| is_own(*last))),
        flag(is_own(longest)),
        named.count() as f32,
        flag(context.call.parties[who].side == calls::reading::Side::Rep),
        answers.count() as f32,
        word(&own, "i"),
        word(&asked, "you"),
        flag(count(&others, "firm") > 0.0),
        flag(own.is_empty()),
    ]
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
        values.len() as f32
    };
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
        distinct(said().map(|one| usize::from(one.is_rep)).collect()),
        distinct(said().map(|one| one.speaker).collect()),
        members.len() as f32,
        said().filter(|one| one.asks).count() as f32,
    ]
}
