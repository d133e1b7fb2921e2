//! Stems of chunks: which chunk holds which, and how often.

mod score;
mod search;

pub(super) use score::{MAX_SLOTS, in_units};

use self::score::{Posting, Weighting};
use super::slots::{Admitted, as_number};
use crate::local::text::{Stemming, without_annotations, words};
use crate::search::words::query_stems;

/// Stems of a query that count: its rarest. Questions have fewer; a pasted page has
/// more, and would take as long as it is.
const MAX_QUERY_STEMS: usize = 32;

/// An inverted index of stems.
pub(super) struct Words {
    stemming: Stemming,
    /// By number of the stem.
    stems: Vec<StemPostings>,
    /// By slot: words, of removed chunks as well.
    lengths: Vec<u16>,
    /// Words of all chunks that were not removed.
    total_length: u64,
    /// Chunks that were not removed.
    live: usize,
}

/// Where a stem occurs.
#[derive(Default)]
struct StemPostings {
    /// Ascending by slot.
    postings: Vec<Posting>,
    /// Of the posting where the stem occurs most.
    most_occurrences: u32,
    /// Of the shortest chunk with the stem.
    least_length: u16,
}

/// A stem of a query.
struct Term<'a> {
    stem: &'a StemPostings,
    weighting: Weighting,
    /// The most it can add to a score.
    bound: u32,
}

/// The stems of a query that occur anywhere.
pub(super) struct WordQuery<'a> {
    /// Those that can add the least first.
    terms: Vec<Term<'a>>,
}

impl Words {
    pub(super) fn new() -> Self {
        Self {
            stemming: Stemming::new(),
            stems: Vec::new(),
            lengths: Vec::new(),
            total_length: 0,
            live: 0,
        }
    }

    /// Adds the text of the next slot.
    pub(super) fn push(&mut self, text: &str) {
        let slot = as_number(self.lengths.len());
        let text = without_annotations(text);
        let stemming = &mut self.stemming;
        let mut numbers: Vec<usize> = words(&text).map(|word| stemming.number(word)).collect();
        let length = u16::try_from(numbers.len()).unwrap_or(u16::MAX);
        numbers.sort_unstable();
        for equal in numbers.chunk_by(|left, right| left == right) {
            let Some(number) = equal.first() else {
                continue;
            };
            if *number >= self.stems.len() {
                self.stems.resize_with(number + 1, StemPostings::default);
            }
            self.stems[*number].push(Posting::new(slot, equal.len()), length);
        }
        self.lengths.push(length);
        self.total_length += u64::from(length);
        self.live += 1;
    }

    /// Counts a chunk no more. Its postings stay until the index is compacted.
    pub(super) fn remove(&mut self, slot: u32) {
        if let Some(length) = self.lengths.get(slot as usize) {
            self.total_length -= u64::from(*length);
            self.live -= 1;
        }
    }

    /// Takes over new slots, which keep the order: by old slot, the new one.
    pub(super) fn renumber(&mut self, renumbered: &[Option<u32>]) {
        let old_lengths = std::mem::take(&mut self.lengths);
        let kept = renumbered.iter().zip(&old_lengths);
        self.lengths = kept
            .filter_map(|(new, length)| new.map(|_| *length))
            .collect();
        for stem in &mut self.stems {
            let old = std::mem::take(stem);
            for posting in old.postings {
                if let Some(slot) = renumbered.get(posting.slot() as usize).copied().flatten() {
                    let length = self.lengths[slot as usize];
                    stem.push(posting.moved_to(slot), length);
                }
            }
            stem.postings.shrink_to_fit();
        }
    }

    /// The query's stems of substance, as the search in one call chooses them. A stem
    /// that is said twice counts twice.
    pub(super) fn query(&self, text: &str) -> WordQuery<'_> {
        let mut numbers: Vec<usize> = query_stems(text)
            .iter()
            .filter_map(|stem| self.stemming.number_of_stem(stem))
            .filter(|number| self.stems.get(*number).is_some_and(StemPostings::occurs))
            .collect();
        numbers.sort_unstable();
        let mut terms: Vec<Term<'_>> = numbers
            .chunk_by(|left, right| left == right)
            .filter_map(|equal| {
                let stem = self.stems.get(*equal.first()?)?;
                let weighting = Weighting::new(
                    stem.postings.len(),
                    self.lengths.len(),
                    equal.len(),
                    self.mean_length(),
                );
                let bound = weighting.impact(stem.most_occurrences, stem.least_length);
                Some(Term {
                    stem,
                    weighting,
                    bound,
                })
            })
            .collect();
        terms.sort_by_key(|term| term.bound);
        let surplus = terms.len().saturating_sub(MAX_QUERY_STEMS);
        terms.drain(..surplus);
        WordQuery { terms }
    }

    #[allow(clippy::cast_precision_loss)] // a mean
    fn mean_length(&self) -> f32 {
        (self.total_length as f32 / self.live.max(1) as f32).max(1.0)
    }

    /// The `k` admitted slots with the highest scores above 0, best first; of equals
    /// the lower slot.
    pub(super) fn search(
        &self,
        query: &WordQuery<'_>,
        admitted: &Admitted<'_>,
        k: usize,
    ) -> Vec<(u32, u32)> {
        search::best(&query.terms, &self.lengths, admitted, k)
    }

    /// The score of a slot, in the unit of [`search`](Self::search).
    pub(super) fn score(&self, query: &WordQuery<'_>, slot: u32) -> u32 {
        let length = self.lengths.get(slot as usize).copied().unwrap_or(0);
        let impacts = query.terms.iter().filter_map(|term| {
            let postings = &term.stem.postings;
            let at = postings.partition_point(|posting| posting.slot() < slot);
            let posting = postings.get(at).filter(|found| found.slot() == slot)?;
            Some(term.weighting.impact(posting.occurrences(), length))
        });
        impacts.sum()
    }

    pub(super) fn stems(&self) -> usize {
        self.stems.iter().filter(|stem| stem.occurs()).count()
    }

    pub(super) fn bytes(&self) -> usize {
        let postings = self.stems.iter().map(|stem| {
            size_of::<StemPostings>() + size_of::<Posting>() * stem.postings.capacity()
        });
        postings.sum::<usize>() + 2 * self.lengths.capacity()
    }
}

impl StemPostings {
    fn occurs(&self) -> bool {
        !self.postings.is_empty()
    }

    fn push(&mut self, posting: Posting, length: u16) {
        self.least_length = if self.occurs() {
            self.least_length.min(length)
        } else {
            length
        };
        self.most_occurrences = self.most_occurrences.max(posting.occurrences());
        self.postings.push(posting);
    }
}
