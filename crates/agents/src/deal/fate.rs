//! What became of a next step, by what later calls say.
//!
//! A later call speaks of a step where it shares rare words with it, and tells what became of it
//! by a [cue](super::cues) close by. Two kinds need no words: a meeting is kept when it takes
//! place, and bringing somebody when they come.

use std::collections::{HashMap, HashSet};

use calls::reading::{NextStep, Owner};
use jiff::civil::Date;

use super::history::{DealCall, Rarity, Said, first_name, first_names, person};
use crate::wording::{stems, words};

/// What shared words must weigh to make a sentence speak of a step.
const SAME_MATTER: f64 = 4.2;

/// A word that weighs so much by itself says what is spoken of: hardly anybody else says it.
const BY_ITSELF: f64 = 4.6;

/// What words beside those of the step itself count.
const BESIDE: f64 = 0.6;

/// A name stands for one thing, where another word may stand for many.
const NAME: f64 = 2.0;

/// Of cues that are nearly as close to the matter as the closest, the first one counts.
const AS_GOOD: f64 = 0.75;

/// Sentences before a cue in which its matter may stand.
const BEFORE: usize = 3;

/// Words of its own that make a sentence say what it speaks of.
const TELLING: usize = 3;

/// What each sentence between a cue and its matter takes away.
const FADING: f64 = 0.15;

/// A denial that is so much farther from the matter than a confirmation is of something else.
const CLEARER: f64 = 0.7;

/// A meeting may be moved by so many days and still be the one.
const MOVED_BY: i32 = 3;

/// What somebody says who brings another to the next call, by itself and before their name.
const BRINGS: &[&str] = &[
    "bring", "brings", "bringing", "along", "join", "joins", "invite", "invites", "attend",
];
const GETS: &str = "get|gets|have|include|introduce|add";

/// How a step stands by what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Kept,
    Late,
    Broken,
    /// Promised again when it was due.
    Repeated,
}

/// What a later call says of a step.
#[derive(Debug)]
pub(super) struct Fate {
    pub(super) verdict: Verdict,
    /// Position of the call that says so.
    pub(super) call: usize,
    pub(super) sentences: Vec<usize>,
}

/// What became of a step of a call; `None` when no later call says.
pub(super) fn fate(
    calls: &[DealCall],
    made_in: usize,
    step: &NextStep,
    rarity: &Rarity,
) -> Option<Fate> {
    let made = calls.get(made_in)?;
    let matter = Matter::of(made, step, rarity);
    let mut later = calls.iter().enumerate().skip(made_in + 1);
    later.find_map(|(at, call)| {
        took_place(made, call, step)
            .or_else(|| brought(calls, made, call, step))
            .or_else(|| said(call, step.due, &matter))
            .or_else(|| repeated(made, call, step, &matter, rarity))
            .map(|(verdict, sentences)| Fate {
                verdict,
                call: at,
                sentences,
            })
    })
}

/// What a step is about.
struct Matter {
    /// Rare stems, with what each counts.
    weights: HashMap<String, f64>,
    /// Those of them that tell without another: names, and rare words of the step itself.
    telling: HashSet<String>,
    /// Those of the step itself.
    own: HashSet<String>,
}

impl Matter {
    fn of(call: &DealCall, step: &NextStep, rarity: &Rarity) -> Self {
        let own_places = step
            .sentences
            .iter()
            .filter_map(|at| call.sentences.get(*at));
        let own: Vec<&Said> = own_places.collect();
        let beside = around(step).filter_map(|at| call.sentences.get(at));
        let beside: Vec<&Said> = beside.collect();
        let owner = call.owner(step).and_then(first_name);
        let owner = stems(&Vec::from_iter(owner));
        // Who is there is spoken to, which says nothing of the matter. That somebody else
        // names the owner does.
        let mut present = stems(&Vec::from_iter(first_names(call)));
        present.retain(|stem| !owner.contains(stem));
        let mut names = Said::of(&step.what).names;
        names.extend(
            own.iter()
                .chain(&beside)
                .flat_map(|said| said.names.clone()),
        );
        names.extend(owner.iter().cloned());
        let mut weights: HashMap<String, f64> = HashMap::new();
        let mut add = |stem: &String, share: f64| {
            let name = if names.contains(stem) { NAME } else { 1.0 };
            let weight = rarity.weight(stem) * share * name;
            if weight > 0.0 && !present.contains(stem) {
                let held = weights.entry(stem.clone()).or_default();
                *held = held.max(weight);
            }
        };
        let mut own_stems = stems(&words(&step.what));
        own_stems.extend(own.iter().flat_map(|said| said.stems.clone()));
        own_stems.iter().for_each(|stem| add(stem, 1.0));
        let beside = beside.iter().flat_map(|said| &said.stems);
        beside.chain(&owner).for_each(|stem| add(stem, BESIDE));
        let rare = own_stems
            .iter()
            .filter(|stem| rarity.weight(stem) >= BY_ITSELF);
        let telling = rare.chain(&names).cloned().collect();
        Self {
            weights,
            telling,
            own: own_stems,
        }
    }
}

/// The places right before and after those of a step.
fn around(step: &NextStep) -> impl Iterator<Item = usize> {
    let first = step.sentences.iter().min().copied();
    let last = step.sentences.iter().max().copied();
    let before = first.into_iter().flat_map(|at| at.saturating_sub(2)..at);
    before.chain(last.map(|at| at + 1))
}

/// What is said of the matter in a call, and where.
fn said(call: &DealCall, due: Option<Date>, matter: &Matter) -> Option<(Verdict, Vec<usize>)> {
    let present = stems(&Vec::from_iter(first_names(call)));
    let is_due = due.is_none_or(|due| due <= call.day);
    let is_past = due.is_some_and(|due| due < call.day);
    let (mut done, mut late, mut undone) = (Best::default(), Best::default(), Best::default());
    for (at, said) in call.sentences.iter().enumerate() {
        let cues = said.cues;
        if !(cues.done || cues.undone || cues.only_now) {
            continue;
        }
        let (weight, nearest) = near(call, at, matter, &present);
        if weight < SAME_MATTER {
            continue;
        }
        let places = [nearest, at];
        if cues.undone {
            undone.take(weight, places);
        } else if cues.only_now && is_past {
            late.take(weight, places);
        } else if cues.done {
            done.take(weight, places);
        }
    }
    let confirmed = done.weight.max(late.weight);
    if is_due && undone.weight > 0.0 && undone.weight >= CLEARER * confirmed {
        return Some((Verdict::Broken, undone.places()));
    }
    if late.weight > 0.0 && late.weight >= CLEARER * done.weight {
        return Some((Verdict::Late, late.places()));
    }
    (done.weight > 0.0).then(|| (Verdict::Kept, done.places()))
}

/// The clearest of several: the first of those that are nearly as close as the closest.
#[derive(Default)]
struct Best {
    weight: f64,
    all: Vec<(f64, [usize; 2])>,
}

impl Best {
    fn take(&mut self, weight: f64, places: [usize; 2]) {
        self.weight = self.weight.max(weight);
        self.all.push((weight, places));
    }

    fn places(self) -> Vec<usize> {
        let mut close = self.all.into_iter();
        let first = close.find(|(weight, _)| *weight >= AS_GOOD * self.weight);
        let mut places: Vec<usize> = first.into_iter().flat_map(|(_, places)| places).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// How much of a matter a cue is about, and where that is said: in its own sentence, or before
/// it up to the first sentence that says what it speaks of.
fn near(call: &DealCall, at: usize, matter: &Matter, present: &HashSet<String>) -> (f64, usize) {
    let mut best: HashMap<&str, f64> = HashMap::new();
    let (mut most, mut nearest) = (0.0, at);
    for place in (at.saturating_sub(BEFORE)..=at).rev() {
        let Some(said) = call.sentences.get(place) else {
            continue;
        };
        let nearness = 1.0 - FADING * place.abs_diff(at) as f64;
        let mut here = 0.0;
        for (stem, weight) in &matter.weights {
            if said.stems.contains(stem) && !present.contains(stem) {
                let counted = best.entry(stem).or_default();
                *counted = counted.max(weight * nearness);
                here += weight * nearness;
            }
        }
        if here > most {
            (most, nearest) = (here, place);
        }
        if said.stems.len() >= TELLING {
            break;
        }
    }
    let tells = best.keys().any(|stem| matter.telling.contains(*stem));
    let is_several = best.len() > 1 && best.keys().any(|stem| matter.own.contains(*stem));
    let weight = best.values().sum();
    (if tells || is_several { weight } else { 0.0 }, nearest)
}

/// A meeting of both sides that took place.
fn took_place(made: &DealCall, call: &DealCall, step: &NextStep) -> Option<(Verdict, Vec<usize>)> {
    let due = step.due?;
    let days = due.until(call.day).ok()?.get_days();
    let is_it = step.owner == Some(Owner::Both) && call.day > made.day && days.abs() <= MOVED_BY;
    let shown = call.telling(0..call.sentences.len());
    shown
        .filter(|_| is_it)
        .map(|shown| (Verdict::Kept, vec![shown]))
}

/// Somebody who was to be brought, was not there before and is now.
fn brought(
    calls: &[DealCall],
    made: &DealCall,
    call: &DealCall,
    step: &NextStep,
) -> Option<(Verdict, Vec<usize>)> {
    let what = Said::of(&step.what);
    let places = step.sentences.iter();
    let own = places.filter_map(|at| made.sentences.get(*at));
    let own: Vec<&Said> = own.chain([&what]).collect();
    let beside: Vec<&Said> = around(step)
        .filter_map(|at| made.sentences.get(at))
        .collect();
    let is_named = |name: &str| {
        let mut said = own.iter().chain(&beside);
        said.any(|said| said.names_somebody(name, calls))
    };
    let own = own.iter().flat_map(|said| said.words.iter().cloned());
    let own: Vec<String> = own.collect();
    let brings = own.iter().any(|word| BRINGS.contains(&word.as_str()));
    let known = first_names(made);
    let parties = call.detail.call.parties.iter();
    let mut newcomers = parties.filter(|party| {
        first_name(party).is_some_and(|name| {
            let gets = format!("{GETS} him|her|them|{name}");
            is_named(&name) && !known.contains(&name) && (brings || super::cues::has(&own, &gets))
        })
    });
    let shown = newcomers.find_map(|party| call.telling(call.spoken_by(party)))?;
    Some((Verdict::Kept, vec![shown]))
}

/// The same promise by the same side, made anew once it was due.
fn repeated(
    made: &DealCall,
    call: &DealCall,
    step: &NextStep,
    matter: &Matter,
    rarity: &Rarity,
) -> Option<(Verdict, Vec<usize>)> {
    if step.due.is_none_or(|due| due > call.day) || step.owner == Some(Owner::Both) {
        return None;
    }
    let shared = |again: &&NextStep| -> bool {
        let theirs = Matter::of(call, again, rarity).weights;
        let shared = matter.weights.iter();
        let shared = shared.filter_map(|(stem, weight)| Some(weight.min(*theirs.get(stem)?)));
        let weight: f64 = shared.sum();
        let (owner, same) = (made.owner(step), call.owner(again));
        owner.and_then(person) == same.and_then(person) && weight >= 2.0 * SAME_MATTER
    };
    let again = call.reading.next_steps.iter().find(shared)?;
    Some((Verdict::Repeated, again.sentences.clone()))
}
