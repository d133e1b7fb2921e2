//! BM25 in whole numbers.
//!
//! What stems add to a score is rounded to multiples of 2^-18, so sums do not depend
//! on the order of adding: a chunk has the same score whichever way it was found, and
//! skipping what cannot win changes nothing.

/// How quickly a stem's repetition stops to count.
const K1: f32 = 1.2;
/// How far a chunk's length counts against it.
const B: f32 = 0.75;
/// Steps of a score of 1.
const STEPS: f32 = 262_144.0;
/// How often a stem of the query counts at most. With 32 stems, each rarer than any
/// can be, a score stays below 2^32 steps.
const MAX_REPETITIONS: usize = 4;

/// Bits that count occurrences.
const OCCURRENCE_BITS: u32 = 5;
/// Beyond 31 occurrences a further one adds nothing: 31 reach 96 % of the most there is.
const MAX_OCCURRENCES: u32 = (1 << OCCURRENCE_BITS) - 1;
/// Slots that a posting can name.
pub(in super::super) const MAX_SLOTS: usize = 1 << (u32::BITS - OCCURRENCE_BITS);

/// A slot, and how often the stem occurs there, in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Posting(u32);

impl Posting {
    /// The slot is below [`MAX_SLOTS`].
    pub(super) fn new(slot: u32, occurrences: usize) -> Self {
        let occurrences = u32::try_from(occurrences).unwrap_or(u32::MAX);
        Self(slot << OCCURRENCE_BITS | occurrences.min(MAX_OCCURRENCES))
    }

    #[inline]
    pub(super) fn slot(self) -> u32 {
        self.0 >> OCCURRENCE_BITS
    }

    #[inline]
    pub(super) fn occurrences(self) -> u32 {
        self.0 & MAX_OCCURRENCES
    }

    pub(super) fn moved_to(self, slot: u32) -> Self {
        Self(slot << OCCURRENCE_BITS | self.occurrences())
    }
}

/// What an occurrence of one stem is worth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighting {
    /// Steps, at infinitely many occurrences.
    most: f32,
    /// `K1 * (1 - B)`.
    base: f32,
    /// `K1 * B / mean length`.
    per_word: f32,
}

impl Weighting {
    /// Of a stem in `holding` of `all` chunks, `repetitions` times in the query.
    #[allow(clippy::cast_precision_loss)] // counts of chunks
    pub(super) fn new(holding: usize, all: usize, repetitions: usize, mean_length: f32) -> Self {
        let (holding, all) = (holding as f32, all as f32);
        let rarity = (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln();
        let repetitions = repetitions.min(MAX_REPETITIONS) as f32;
        Self {
            most: STEPS * repetitions * rarity * (K1 + 1.0),
            base: K1 * (1.0 - B),
            per_word: K1 * B / mean_length,
        }
    }

    /// What a stem with so many occurrences in a chunk of so many words adds, in steps.
    #[inline]
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )] // small counts; a positive product below 2^31
    pub(super) fn impact(self, occurrences: u32, length: u16) -> u32 {
        let occurrences = occurrences as f32;
        let slowness = self.base + self.per_word * f32::from(length);
        (self.most * occurrences / (occurrences + slowness)) as u32
    }
}

/// A score in its usual unit.
pub(in super::super) fn in_units(steps: u32) -> f64 {
    f64::from(steps) / f64::from(STEPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_never_overflow() {
        let rarest = Weighting::new(1, MAX_SLOTS, usize::MAX, 1e-3_f32.max(1.0));
        let most = u64::from(rarest.impact(MAX_OCCURRENCES, 0));
        assert!(most * 32 < u64::from(u32::MAX), "{most}");
    }

    #[test]
    fn a_posting_keeps_slot_and_occurrences() {
        #[allow(clippy::cast_possible_truncation)]
        let last = (MAX_SLOTS - 1) as u32;
        let posting = Posting::new(last, 1_000);
        assert_eq!((posting.slot(), posting.occurrences()), (last, 31));
        assert_eq!(posting.moved_to(7), Posting::new(7, 31));
    }

    #[test]
    fn more_occurrences_and_fewer_words_are_worth_more() {
        let weighting = Weighting::new(10, 1_000, 1, 50.0);
        assert!(weighting.impact(2, 50) > weighting.impact(1, 50));
        assert!(weighting.impact(1, 20) > weighting.impact(1, 50));
        let rarer = Weighting::new(1, 1_000, 1, 50.0);
        assert!(rarer.impact(1, 50) > weighting.impact(1, 50));
    }
}
