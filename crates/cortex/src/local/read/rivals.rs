//! Which names are competitors', and what is said of each. Twin of `rivals` and `rows` in
//! `training/reading/names.py`; `Rivals` in `choices.py` learned how much each sign weighs.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::item::Kind;
use super::naming::{Named, Naming, is_in, plain, rarity};
use super::sentence::normal;

/// Columns of a row.
pub(super) const COLUMNS: usize = 30;

/// Sentences around a name that may be about it, if nothing lies between, and from which
/// score on.
const REACH: usize = 4;
const ABOUT: f64 = -1.5;

/// Names of lower scores are never a competitor's.
const LIKELY: f64 = -2.5;

/// A score where there is no sentence.
const NONE: f64 = -6.0;

/// A competitor, with the sentences that speak of it.
pub(super) struct Rival {
    pub(super) named: Named,
    pub(super) sentences: Vec<usize>,
    pub(super) confidence: f64,
}

/// The competitors that are sure enough to be shown, the likeliest first.
pub(super) fn shown(context: &Context<'_>) -> Vec<Rival> {
    let mut rivals = likely(context);
    rivals.retain(|rival| rival.confidence >= Kind::Competitors.floor());
    settle(&mut rivals);
    rivals
}

/// The names that may be competitors', the likeliest first. A name that is only said within
/// what is said of another is none.
fn likely(context: &Context<'_>) -> Vec<Rival> {
    let numbers = &context.choices.rivals;
    let naming = Naming::of(context);
    let named = naming.named(context);
    let rows = rows(context, &naming, &named);
    let scores = rows.iter().map(|row| numbers.names.score(row));
    let mut scored: Vec<(Named, f64)> = named.into_iter().zip(scores).collect();
    scored.retain(|(named, score)| *score >= LIKELY && !named.is_common());
    scored.sort_by(|one, other| other.1.total_cmp(&one.1));
    let mut rivals: Vec<Rival> = Vec::new();
    let mut taken = BTreeSet::new();
    for (named, score) in scored {
        let own = named.sentences();
        let is_within = |of: &Rival| own.iter().all(|at| of.sentences.contains(at));
        if rivals.iter().any(is_within) {
            continue;
        }
        rivals.push(Rival {
            sentences: around(context, &own, &taken),
            confidence: numbers.confidence(score, rivals.is_empty()),
            named,
        });
        taken.extend(own);
    }
    rivals
}

/// Leaves each sentence to whoever of those it may be about was named last.
fn settle(rivals: &mut [Rival]) {
    let mut latest: BTreeMap<usize, Option<usize>> = BTreeMap::new();
    for rival in &*rivals {
        for at in &rival.sentences {
            let known = latest.entry(*at).or_default();
            *known = (*known).max(rival.named.last_before(*at));
        }
    }
    for Rival {
        named, sentences, ..
    } in rivals
    {
        sentences.retain(|at| latest.get(at) == Some(&named.last_before(*at)));
    }
}

fn score(context: &Context<'_>, at: usize) -> f64 {
    context.score(at, Kind::Competitors)
}

/// Sentences, and those beside them that speak of a competitor; `taken` are others'.
pub(super) fn around(context: &Context<'_>, at: &[usize], taken: &BTreeSet<usize>) -> Vec<usize> {
    let is_about = |at: &usize| !taken.contains(at) && score(context, *at) >= ABOUT;
    let mut own = BTreeSet::from_iter(at.iter().copied());
    for at in at {
        let after = (at + 1)..context.said.len().min(at + 1 + REACH);
        let before = (at.saturating_sub(REACH)..*at).rev();
        own.extend(after.take_while(is_about));
        own.extend(before.take_while(is_about));
    }
    own.into_iter().collect()
}

fn rows(context: &Context<'_>, naming: &Naming, found: &[Named]) -> Vec<Vec<f32>> {
    let best = |one: &Named| {
        let scores = one.places.iter().map(|at| score(context, at.sentence));
        scores.fold(f64::NEG_INFINITY, f64::max)
    };
    let bests: Vec<f64> = found.iter().map(best).collect();
    let all = found.iter().enumerate();
    all.map(|(at, one)| row(context, naming, one, bests[at], &bests))
        .collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Columns are 32 bits.
fn row(context: &Context<'_>, naming: &Naming, one: &Named, best: f64, bests: &[f64]) -> Vec<f32> {
    let said = context.said;
    let at = one.sentences();
    let flag = |is: bool| f64::from(u8::from(is));
    let count = |count: usize| count as f64;
    let near = |reach: usize| {
        let around = at
            .iter()
            .flat_map(|at| at.saturating_sub(reach)..said.len().min(at + reach + 1));
        let others = around.filter(|near| !at.contains(near));
        let scores: Vec<f64> = others.map(|near| score(context, near)).collect();
        if scores.is_empty() {
            vec![NONE]
        } else {
            scores
        }
    };
    let most = |scores: Vec<f64>| scores.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let texts: Vec<Vec<&str>> = one
        .places
        .iter()
        .map(|place| said[place.sentence].text.split_whitespace().collect())
        .collect();
    let places = || one.places.iter().zip(&texts);
    let times = count(one.places.len());
    let share = |is: &dyn Fn(usize, usize, &[&str]) -> bool| {
        let having = places().filter(|(place, text)| is(place.start, place.end, text));
        count(having.count()) / times
    };
    let among = |list: &'static str, word: Option<&&str>| {
        word.is_some_and(|word| is_in(list, &normal(plain(word))))
    };
    let after = |list: &'static str| share(&|_, end, text| among(list, text.get(end)));
    let ends_in = |word: &str, ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    let name = one.name().to_lowercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    let last = words.last().copied().unwrap_or_default();
    let head = one.name().split_whitespace().last().unwrap_or_default();
    let letters = || head.chars().filter(|symbol| symbol.is_alphabetic());
    let is_shouted = letters().all(char::is_uppercase);
    let rest = head.chars().skip(1);
    let near_two = near(2);
    let speakers: BTreeSet<usize> = at.iter().map(|at| said[*at].speaker).collect();
    let of_them = |at: &usize| said[*at].tokens.iter().filter(|word| is_in("they", word));
    let row = [
        best,
        most(near(1)),
        near_two.iter().sum::<f64>() / count(near_two.len()),
        most(near(4)),
        count(
            (0..said.len())
                .filter(|at| score(context, *at) > best)
                .count(),
        ),
        best - bests.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        count(bests.iter().filter(|other| **other > best).count()),
        count(1 + at.len()).ln(),
        count(speakers.len()),
        words
            .iter()
            .map(|word| f64::from(rarity(word)))
            .fold(0.0, f64::max),
        count(words.len()),
        flag(rest.clone().any(char::is_uppercase) && !is_shouted),
        flag(is_shouted),
        count(head.chars().count()),
        count(one.forms.len()),
        share(&|start, _, text| among("within", start.checked_sub(1).and_then(|at| text.get(at)))),
        after("who"),
        after("what"),
        after("does"),
        share(&|_, end, text| end == text.len()),
        flag(places().any(|(place, text)| place.end - place.start == text.len())),
        share(&|start, _, text| start > 0 && text[start - 1].ends_with(',')),
        share(&|_, end, text| text[end - 1].ends_with(',')),
        flag(one.forms.iter().any(|form| naming.is_person(&form.text))),
        flag(words.iter().any(|word| is_in("people", word))),
        flag(words.iter().any(|word| is_in("places", word))),
        flag(ends_in(last, &["ish", "ian", "ans", "ese", "ean"])),
        flag(last.ends_with('s')),
        count(at.iter().flat_map(of_them).count()) / times,
        count(at.iter().filter(|at| score(context, **at) > -1.0).count()),
    ];
    row.iter().map(|value| *value as f32).collect()
}
