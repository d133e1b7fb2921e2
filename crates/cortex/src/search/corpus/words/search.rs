//! The best chunks for some stems, without adding up all scores.
//!
//! Once k chunks are found, one that holds only frequent stems cannot be among the
//! best any more: their bounds together stay below the k-th score. Such stems are then
//! only looked up in chunks that hold a rarer one (MaxScore, Turtle and Flood 1995).
//! Chunks are gone through in ranges that fit the processor's nearest cache.

use super::Term;
use super::score::Posting;
use crate::search::corpus::best::Best;
use crate::search::corpus::slots::{Admitted, as_number};

/// Slots a range.
const RANGE: usize = 8_192;

/// A term, and how far its postings are done.
struct Cursor<'a> {
    term: &'a Term<'a>,
    rest: &'a [Posting],
    /// The most that this and all lesser terms can add together.
    bound_with_lesser: u32,
}

/// Scores of the slots of one range.
struct Range<'a> {
    start: u32,
    lengths: &'a [u16],
    scores: Vec<u32>,
}

/// The `k` admitted slots with the highest scores above 0. Terms come least bound first.
pub(super) fn best(
    terms: &[Term<'_>],
    lengths: &[u16],
    admitted: &Admitted<'_>,
    k: usize,
) -> Vec<(u32, u32)> {
    let mut sum = 0;
    let mut cursors: Vec<Cursor<'_>> = terms
        .iter()
        .map(|term| {
            sum += term.bound;
            Cursor {
                term,
                rest: &term.stem.postings,
                bound_with_lesser: sum,
            }
        })
        .collect();
    let mut best = Best::of(k);
    let mut scores = vec![0; RANGE];
    for (number, lengths) in lengths.chunks(RANGE).enumerate() {
        let mut range = Range {
            start: as_number(number * RANGE),
            lengths,
            scores: std::mem::take(&mut scores),
        };
        search_range(&mut range, &mut cursors, admitted, &mut best);
        scores = range.scores;
    }
    best.into_ranked()
}

fn search_range(
    range: &mut Range<'_>,
    cursors: &mut [Cursor<'_>],
    admitted: &Admitted<'_>,
    best: &mut Best<u32>,
) {
    let threshold = best.threshold().unwrap_or(0);
    let lesser = cursors.partition_point(|cursor| cursor.bound_with_lesser <= threshold);
    let (lesser, decisive) = cursors.split_at_mut(lesser);
    if decisive.is_empty() {
        return;
    }
    for cursor in decisive {
        let here = cursor.up_to(range.end());
        range.add(cursor.term, here);
    }
    for cursor in &mut *lesser {
        cursor.skip_to(range.start);
    }
    for at in 0..range.lengths.len() {
        let score = std::mem::take(&mut range.scores[at]);
        if score == 0 {
            continue;
        }
        let slot = range.start + as_number(at);
        let Some(score) = completed(score, slot, range.lengths[at], lesser, best) else {
            continue;
        };
        if admitted.holds(slot) {
            best.offer(slot, score);
        }
    }
}

/// A score with what the lesser terms add; `None` as soon as it cannot win.
fn completed(
    mut score: u32,
    slot: u32,
    length: u16,
    lesser: &mut [Cursor<'_>],
    best: &Best<u32>,
) -> Option<u32> {
    let threshold = best.threshold();
    let may_win = |most: u32| threshold.is_none_or(|threshold| most > threshold);
    for cursor in lesser.iter_mut().rev() {
        if !may_win(score + cursor.bound_with_lesser) {
            return None;
        }
        cursor.skip_to(slot);
        if let Some(posting) = cursor.rest.first()
            && posting.slot() == slot
        {
            score += cursor.term.weighting.impact(posting.occurrences(), length);
        }
    }
    may_win(score).then_some(score)
}

impl<'a> Cursor<'a> {
    /// The postings below a slot that are not done yet; they are done then.
    fn up_to(&mut self, end: u32) -> &'a [Posting] {
        let rest = self.rest;
        self.skip_to(end);
        &rest[..rest.len() - self.rest.len()]
    }

    /// Leaves out postings below a slot: in steps that double, then by halving.
    fn skip_to(&mut self, slot: u32) {
        let is_before = |posting: &Posting| posting.slot() < slot;
        let mut step = 1;
        while step <= self.rest.len() && is_before(&self.rest[step - 1]) {
            self.rest = &self.rest[step..];
            step *= 2;
        }
        let within = &self.rest[..step.min(self.rest.len())];
        self.rest = &self.rest[within.partition_point(is_before)..];
    }
}

impl Range<'_> {
    /// The first slot after it.
    fn end(&self) -> u32 {
        self.start + as_number(self.lengths.len())
    }

    fn add(&mut self, term: &Term<'_>, postings: &[Posting]) {
        for posting in postings {
            let at = (posting.slot() - self.start) as usize;
            let impact = term
                .weighting
                .impact(posting.occurrences(), self.lengths[at]);
            self.scores[at] += impact;
        }
    }
}
