//! The calls of a deal in the order in which they took place, each read and cut into words.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use calls::reading::{NextStep, Owner, Reading};
use calls::{Affiliation, Party};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use snowflake_store::CallDetail;

use super::cues::{self, Cues};
use crate::insights::party_id;
use crate::search::telling;
use crate::wording::{stems, words};
use crate::{Citations, Evidence};

/// A stem in more than this share of all sentences tells no matter from another.
const COMMON: f64 = 0.03;

/// Sentences among which the one is that shows who was there.
const OPENING: usize = 10;

/// Words that such a sentence has at least, names of those present apart.
const TELLING: usize = 3;

/// Sentences of a long conversation.
const LONG: f64 = 400.0;

/// What is written with a capital letter, in lower case.
#[derive(Debug, Default)]
struct Capitals {
    /// Within a sentence.
    within: Vec<String>,
    /// As the first word of one, where every word has a capital.
    first: Vec<String>,
}

impl Capitals {
    fn of(text: &str) -> Self {
        let mut capitals = Self::default();
        let mut after_stop = true;
        for word in text.split_whitespace() {
            let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
            if letters.starts_with(char::is_uppercase) {
                let place = match after_stop {
                    true => &mut capitals.first,
                    false => &mut capitals.within,
                };
                // Of "Ines's" or "I'll" the first part.
                place.extend(words(letters).into_iter().next());
            }
            after_stop = word.ends_with(['.', '?', '!', ':']);
        }
        capitals
    }
}

/// A sentence as words.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) words: Vec<String>,
    pub(super) stems: HashSet<String>,
    /// Those of them that are written as names.
    pub(super) names: HashSet<String>,
    pub(super) cues: Cues,
    capitals: Capitals,
}

impl Said {
    pub(super) fn of(text: &str) -> Self {
        let (words, capitals) = (words(text), Capitals::of(text));
        Self {
            stems: stems(&words),
            names: stems(&capitals.within),
            cues: cues::cues(&words, text),
            words,
            capitals,
        }
    }

    /// Whether it names somebody by this first name, which is in lower case. Some are words as
    /// well (Will, Mark, Grant): at the start of a sentence, where every word has a capital, one
    /// that the calls write small elsewhere is no name.
    pub(super) fn names_somebody(&self, first_name: &str, calls: &[DealCall]) -> bool {
        let is_in = |written: &[String]| written.iter().any(|word| word == first_name);
        let is_small = |said: &Said| {
            let mut capitals = said.capitals.within.iter().chain(&said.capitals.first);
            said.words.iter().any(|word| word == first_name)
                && !capitals.any(|word| word == first_name)
        };
        let is_word = || calls.iter().flat_map(|call| &call.sentences).any(is_small);
        is_in(&self.capitals.within) || (is_in(&self.capitals.first) && !is_word())
    }
}

/// One call of a deal.
#[derive(Debug)]
pub(super) struct DealCall {
    pub(super) detail: CallDetail,
    /// What of its reading is likely; empty where the call could not be read.
    pub(super) reading: Reading,
    /// Whether a generative model read it.
    pub(super) is_by_model: bool,
    pub(super) sentences: Vec<Said>,
    pub(super) day: Date,
}

impl DealCall {
    pub(super) fn new(detail: CallDetail, reading: Reading, is_by_model: bool) -> Self {
        let sentences = detail.transcript.iter().flat_map(|one| &one.sentences);
        Self {
            sentences: sentences.map(|sentence| Said::of(&sentence.text)).collect(),
            day: TimeZone::UTC.to_datetime(detail.call.started).date(),
            detail,
            reading,
            is_by_model,
        }
    }

    /// The sentences at these places, each once, at most so many.
    pub(super) fn cite(&self, sentences: &[usize], most: usize) -> Vec<Evidence> {
        let Some(transcript) = &self.detail.transcript else {
            return Vec::new();
        };
        let indices = sentences.iter().take(most);
        Citations::new(&self.detail.call, transcript)
            .cite_all(indices.filter_map(|at| u32::try_from(*at).ok()))
    }

    /// As [`cite`](Self::cite), the sentence that is quoted first, then the longer ones first:
    /// they tell more than "Right." does.
    pub(super) fn cite_telling(
        &self,
        what: &str,
        sentences: &[usize],
        most: usize,
    ) -> Vec<Evidence> {
        let mut telling: Vec<(bool, usize, usize)> = sentences
            .iter()
            .filter_map(|at| {
                let transcript = self.detail.transcript.as_ref()?;
                let text = &transcript.sentences.get(*at)?.text;
                Some((text.trim() != what.trim(), usize::MAX - text.len(), *at))
            })
            .collect();
        telling.sort_unstable();
        let places: Vec<usize> = telling.into_iter().map(|(.., at)| at).collect();
        self.cite(&places, most)
    }

    /// Who took part and is not of the selling company.
    pub(super) fn customers(&self) -> impl Iterator<Item = &Party> {
        let parties = self.detail.call.parties.iter();
        parties.filter(|party| party.affiliation != Affiliation::Internal)
    }

    /// Who does a step, by the party list.
    pub(super) fn owner(&self, step: &NextStep) -> Option<&Party> {
        let Some(Owner::Party(id)) = &step.owner else {
            return None;
        };
        let mut parties = self.detail.call.parties.iter();
        parties.find(|party| party_id(party).as_ref() == Some(id))
    }

    /// Where somebody speaks.
    pub(super) fn spoken_by<'a>(&'a self, party: &'a Party) -> impl Iterator<Item = usize> + 'a {
        let sentences = self.detail.transcript.iter().flat_map(|one| &one.sentences);
        sentences.enumerate().filter_map(move |(at, sentence)| {
            let is_theirs = party.speaker_id.is_some() && sentence.speaker_id == party.speaker_id;
            is_theirs.then_some(at)
        })
    }

    /// Of the first of these sentences the one that says most, to show who was there: a
    /// greeting shows nothing.
    pub(super) fn telling(&self, places: impl Iterator<Item = usize>) -> Option<usize> {
        let transcript = self.detail.transcript.as_ref()?;
        let present = first_names(self);
        let told = places.take(OPENING).filter_map(|at| {
            let words = telling(&transcript.sentences.get(at)?.text);
            Some((words.difference(&present).count(), at))
        });
        let told = told.filter(|(words, _)| *words >= TELLING);
        let most = told.min_by_key(|(words, at)| (Reverse(*words), *at));
        most.map(|(_, at)| at)
    }
}

/// How somebody is told from others across calls: by address, else by name.
pub(super) fn person(party: &Party) -> Option<String> {
    let name = party.email.as_deref().or(party.name.as_deref())?;
    Some(name.trim().to_lowercase())
}

/// First names, in lower case, of those who took part.
pub(super) fn first_names(call: &DealCall) -> HashSet<String> {
    let parties = call.detail.call.parties.iter();
    parties.filter_map(first_name).collect()
}

pub(super) fn first_name(party: &Party) -> Option<String> {
    let first = party.name.as_deref()?.split_whitespace().next()?;
    (first.chars().count() > 2).then(|| first.to_lowercase())
}

/// How much each stem tells in the calls of a deal: the logarithm of how rare it is.
#[derive(Debug)]
pub(super) struct Rarity {
    sentences: f64,
    with: HashMap<String, f64>,
}

impl Rarity {
    pub(super) fn of(calls: &[DealCall]) -> Self {
        let mut with: HashMap<String, f64> = HashMap::new();
        let mut sentences = 0.0;
        for said in calls.iter().flat_map(|call| &call.sentences) {
            sentences += 1.0;
            for stem in &said.stems {
                *with.entry(stem.clone()).or_default() += 1.0;
            }
        }
        Self { sentences, with }
    }

    /// 0 for what is said all the time. In a short conversation every word is rare among few,
    /// which makes it no commoner: it counts as part of a long one.
    pub(super) fn weight(&self, stem: &str) -> f64 {
        let with = self.with.get(stem).copied().unwrap_or(1.0);
        // In a short conversation three sentences are no sign of a common word.
        if with > (COMMON * self.sentences).max(4.0) {
            return 0.0;
        }
        ((self.sentences.max(LONG) + 1.0) / with).ln().max(0.0)
    }
}
