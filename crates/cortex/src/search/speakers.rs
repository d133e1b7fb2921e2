//! Who speaks in which passage, for questions that name a speaker.
//!
//! "What did Dana say about the price?" is answered where Dana speaks, whatever words
//! she uses. A line of a passage tells its speaker when it begins with a name and a
//! colon; a name is taken as named when half of its words are in the question.

use foldhash::{HashMap, HashMapExt};

use crate::text::{Stemming, words};

/// More words before a colon are no name.
const LONGEST_NAME: usize = 8;
/// More bytes before a colon are no name.
const LONGEST_NAME_BYTES: usize = 80;

/// The names in the passages, and the passages of each.
#[derive(Default)]
pub(super) struct Speakers {
    /// Stems of a name, and the passages where its bearer speaks, in order.
    passages: Vec<(Vec<String>, Vec<usize>)>,
}

impl Speakers {
    pub(super) fn of<T: AsRef<str>>(passages: &[T]) -> Self {
        let mut stemming = Stemming::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut found = Self::default();
        for (passage, text) in passages.iter().enumerate() {
            for name in text.as_ref().lines().filter_map(speaker) {
                let place = *places.entry(name).or_insert_with(|| {
                    found.passages.push((stemming.stems(name), Vec::new()));
                    found.passages.len() - 1
                });
                let spoken = &mut found.passages[place].1;
                if spoken.last() != Some(&passage) {
                    spoken.push(passage);
                }
            }
        }
        found
    }

    /// The passages where a speaker that the question names speaks, each once.
    pub(super) fn named(&self, query_stems: &[String]) -> Vec<usize> {
        let is_named = |name: &[String]| {
            let said = name.iter().filter(|stem| query_stems.contains(stem));
            2 * said.count() >= name.len()
        };
        let named = self.passages.iter().filter(|(name, _)| is_named(name));
        let mut passages: Vec<usize> = named.flat_map(|(_, passages)| passages.clone()).collect();
        passages.sort_unstable();
        passages.dedup();
        passages
    }
}

/// The name that a line begins with, if it does.
fn speaker(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(": ")?;
    let has_words = name.chars().any(char::is_alphanumeric);
    let is_short = name.len() <= LONGEST_NAME_BYTES && words(name).count() <= LONGEST_NAME;
    (has_words && is_short).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_of_a_named_speaker_are_found_and_of_no_other() {
        let passages = [
            "Dana Reyes: The price is high.\nMarcus: Why?",
            "Marcus: We saw: it fails.\nThe price",
            "Marcus: Well.\nDana Reyes: So.\nDana Reyes: Right.",
        ];
        let speakers = Speakers::of(&passages);
        let stems = |query: &str| Stemming::new().stems(query);
        assert_eq!(speakers.named(&stems("what did Dana say")), [0, 2]);
        assert_eq!(speakers.named(&stems("what did marcus say")), [0, 1, 2]);
        assert!(speakers.named(&stems("what about the price")).is_empty());
    }

    #[test]
    fn long_beginnings_are_no_names() {
        let line = "what I wanted to say about the new price list is this: it is high";
        assert!(speaker(line).is_none());
        assert!(speaker("... : yes").is_none());
        assert_eq!(speaker("Grad B: yes"), Some("Grad B"));
    }
}
