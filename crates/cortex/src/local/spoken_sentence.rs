//! A sentence as all finders read it.

use std::ops::Range;

use super::acts::Evidence;
use super::commitments::Promise;
use super::text::Stemmed;

/// One sentence, cut once for all kinds of findings.
pub(super) struct Spoken<'a> {
    /// Index of the utterance it is part of.
    pub(super) utterance: usize,
    pub(super) text: &'a str,
    pub(super) words: &'a [&'a str],
    /// One for each word, equal for words of one stem.
    pub(super) numbers: &'a [usize],
    /// One for each word.
    pub(super) stems: Vec<&'a str>,
    /// Of its wording, when questions or promises are wanted.
    pub(super) evidence: Option<Evidence>,
    pub(super) promise: Option<Promise>,
}

impl Spoken<'_> {
    /// As phrase tables read it.
    pub(super) fn stemmed(&self) -> Stemmed<'_> {
        Stemmed {
            words: self.words,
            stems: &self.stems,
        }
    }

    /// Some of its words.
    pub(super) fn quote(&self, words: Range<usize>) -> String {
        self.words.get(words).unwrap_or_default().join(" ")
    }
}
