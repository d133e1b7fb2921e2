//! What was said, indexed for checking claims against it.

use std::collections::HashSet;
use std::ops::Range;

use calls::PartyId;
use calls::reading::{CallToRead, Owner, Side};

use super::amounts::Amounts;
use crate::generative::grounding::{content_stems, says};
use crate::text::Stemming;

/// Sentences before and after the cited ones in which a claim's words may stand: answers
/// and questions name what the sentence between them only points to.
const NEAR: usize = 4;

/// As [`NEAR`], for figures: a price is named once and talked about for a while.
const NEAR_FIGURES: usize = 10;

/// As [`NEAR`], for words that have to stand there exactly, and for whoever takes a step
/// upon themselves.
const BESIDE: usize = 2;

/// Evidence of more sentences than that is none.
const MOST_SENTENCES: usize = 40;

/// The sentences of a call, ready to be looked up.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    said: Vec<Sentence<'a>>,
    /// Stems of the parties' names, which show nothing: everybody is named everywhere.
    names: HashSet<String>,
    /// Figures of the deal and the title.
    facts: Amounts,
    reads_numbers: bool,
}

#[derive(Debug)]
struct Sentence<'a> {
    text: &'a str,
    speaker: &'a PartyId,
    side: Side,
    stems: HashSet<String>,
}

/// What holds of a claim's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Worded {
    /// They are near their evidence.
    Well,
    /// A figure was said elsewhere on the call: the evidence has to speak for itself.
    AsSaid(String),
    /// They are nowhere near it, or hold a figure that nobody said.
    Wrongly,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(call: &'a CallToRead) -> Self {
        let mut stemming = Stemming::new();
        let said = call.sentences().map(|(turn, text)| Sentence {
            text,
            speaker: &turn.speaker,
            side: call
                .party(&turn.speaker)
                .map_or(Side::Unknown, |party| party.side),
            stems: content_stems(&mut stemming, text),
        });
        let said = said.collect();
        let names = call.parties.iter();
        let names = names
            .flat_map(|party| content_stems(&mut stemming, &party.name))
            .collect();
        let deal = call.deal.as_ref();
        let amount = deal
            .and_then(|deal| deal.amount)
            .map(|amount| amount.to_string());
        let deal = deal.and_then(|deal| deal.name.as_deref());
        let facts = [Some(call.title.as_str()), deal, amount.as_deref()];
        Self {
            said,
            names,
            facts: Amounts::of(
                facts
                    .into_iter()
                    .flatten()
                    .chain(call.open_steps.iter().map(String::as_str)),
            ),
            reads_numbers: call
                .language
                .as_deref()
                .is_none_or(|language| language.starts_with("en")),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.said.len()
    }

    /// The numbers that are sentences of the call, ascending, each once; `None` when
    /// there is none, or so many that they show nothing.
    pub(super) fn sentences(
        &self,
        mut cited: Vec<usize>,
        within: &Range<usize>,
    ) -> Option<Vec<usize>> {
        cited.retain(|at| within.contains(at) && *at < self.said.len());
        cited.sort_unstable();
        cited.dedup();
        (!cited.is_empty() && cited.len() <= MOST_SENTENCES).then_some(cited)
    }

    /// Those that no seller said; `None` when there is none.
    pub(super) fn of_customers(&self, mut sentences: Vec<usize>) -> Option<Vec<usize>> {
        sentences.retain(|at| self.said[*at].side != Side::Rep);
        (!sentences.is_empty()).then_some(sentences)
    }

    /// Whether somebody of the owner's side speaks where a step was taken on.
    pub(super) fn has_word_of(
        &self,
        owner: &Owner,
        call: &CallToRead,
        sentences: &[usize],
    ) -> bool {
        let Owner::Party(id) = owner else {
            return true;
        };
        let side = call.party(id).map_or(Side::Unknown, |party| party.side);
        let is_theirs =
            |one: &Sentence<'_>| one.speaker == id || one.side == side || one.side == Side::Unknown;
        side == Side::Unknown || self.near(sentences, BESIDE).any(is_theirs)
    }

    /// Whether the words stand in one of the sentences or right beside them.
    pub(super) fn quotes(&self, words: &str, sentences: &[usize]) -> bool {
        self.near(sentences, BESIDE)
            .any(|one| says(one.text, words))
    }

    /// How a claim is worded; `compares` says whether its language is the call's.
    pub(super) fn worded(&self, claim: &str, sentences: &[usize], compares: bool) -> Worded {
        if compares && !self.shares_a_subject(claim, sentences) {
            return Worded::Wrongly;
        }
        if !self.reads_numbers || self.amounts(sentences, NEAR_FIGURES).cover(claim) {
            return Worded::Well;
        }
        let everywhere = Amounts::of(self.said.iter().map(|one| one.text));
        if everywhere.with(&self.facts).cover(claim) {
            Worded::AsSaid(self.words(sentences))
        } else {
            Worded::Wrongly
        }
    }

    fn shares_a_subject(&self, claim: &str, sentences: &[usize]) -> bool {
        let mut stems = content_stems(&mut Stemming::new(), claim);
        stems.retain(|stem| !self.names.contains(stem));
        let is_near = |one: &Sentence<'_>| stems.iter().any(|stem| one.stems.contains(stem));
        stems.is_empty() || self.near(sentences, NEAR).any(is_near)
    }

    fn amounts(&self, sentences: &[usize], beside: usize) -> Amounts {
        Amounts::of(self.near(sentences, beside).map(|one| one.text))
    }

    /// The sentences themselves, as one line.
    fn words(&self, sentences: &[usize]) -> String {
        let words: Vec<&str> = sentences
            .iter()
            .map(|at| self.said[*at].text.trim())
            .collect();
        words.join(" ")
    }

    fn near(&self, sentences: &[usize], beside: usize) -> impl Iterator<Item = &Sentence<'a>> {
        let last = self.said.len();
        let around = |at: &usize| at.saturating_sub(beside)..(at + beside + 1).min(last);
        let places: std::collections::BTreeSet<usize> = sentences.iter().flat_map(around).collect();
        places.into_iter().map(|at| &self.said[at])
    }
}
