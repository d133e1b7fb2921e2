//! Finds quotes in a conversation.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::normal::normal_words;
use crate::Utterance;
use crate::text::is_stop_word;

/// From so many words on, a quote is found wherever it stands. Shorter ones occur by
/// chance, and count only in the utterance that they are said to be from.
const FINDS_ITSELF: usize = 3;

/// Every word of a conversation, ready to be searched for quotes.
#[derive(Debug, Clone)]
pub struct QuoteIndex<'a> {
    utterances: &'a [Utterance],
    /// A number for each different word.
    numbers: HashMap<String, u32>,
    /// Every word of the conversation, in order.
    words: Vec<Place>,
    /// Where each word stands, by its number.
    places: Vec<Vec<usize>>,
    /// The words of each utterance.
    ranges: Vec<Range<usize>>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    number: u32,
    utterance: usize,
    start: usize,
    end: usize,
}

/// A quote that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// Index of the utterance in which it begins.
    pub first: usize,
    /// Index of the utterance in which it ends; a quote may run on into the next
    /// sentences of the same speaker.
    pub last: usize,
    /// The words as they were said, with the punctuation on them.
    pub text: String,
}

impl<'a> QuoteIndex<'a> {
    /// Reads a conversation.
    pub fn new(utterances: &'a [Utterance]) -> Self {
        let mut index = Self {
            utterances,
            numbers: HashMap::new(),
            words: Vec::new(),
            places: Vec::new(),
            ranges: Vec::with_capacity(utterances.len()),
        };
        for (utterance, spoken) in utterances.iter().enumerate() {
            let from = index.words.len();
            for word in normal_words(&spoken.text) {
                let next = u32::try_from(index.places.len()).unwrap_or(u32::MAX);
                let number = *index.numbers.entry(word.normal).or_insert(next);
                if number == next {
                    index.places.push(Vec::new());
                }
                if let Some(places) = index.places.get_mut(number as usize) {
                    places.push(index.words.len());
                }
                index.words.push(Place {
                    number,
                    utterance,
                    start: word.start,
                    end: word.end,
                });
            }
            index.ranges.push(from..index.words.len());
        }
        index
    }

    /// The place of a quote; the nearest to `claimed`, the utterance that it is said
    /// to be from, when there are several.
    ///
    /// A quote lies within what one speaker says without a break. One of fewer than
    /// three words must stand in the claimed utterance, and must either hold a word
    /// that is more than a function word or be all that was said there.
    pub fn find(&self, quote: &str, claimed: Option<usize>) -> Option<Found> {
        self.find_within(quote, claimed, 0..self.utterances.len())
    }

    /// As [`find`](Self::find), in some of the utterances only.
    pub(crate) fn find_within(
        &self,
        quote: &str,
        claimed: Option<usize>,
        within: Range<usize>,
    ) -> Option<Found> {
        let words: Vec<String> = normal_words(quote)
            .into_iter()
            .map(|word| word.normal)
            .collect();
        let numbers = self.numbers_of(&words)?;
        let (first, rest) = numbers.split_first()?;
        let places = self.places.get(*first as usize)?;
        let stands = |at: usize| {
            let words = self.words.get(at..at + numbers.len())?;
            let (from, to) = (words.first()?.utterance, words.last()?.utterance);
            let is_allowed = within.contains(&from)
                && within.contains(&to)
                && self.stands_at(at, rest)
                && self.is_one_voice(from, to);
            is_allowed.then_some(words)
        };
        if let Some(range) = claimed.and_then(|at| self.ranges.get(at)) {
            let from = places.partition_point(|at| *at < range.start);
            let here = places[from..].iter().take_while(|at| **at < range.end);
            if let Some(words) = here.filter_map(|at| stands(*at)).next() {
                return self.is_enough(words, range).then(|| self.found(words));
            }
        }
        if numbers.len() < FINDS_ITSELF {
            return None;
        }
        places
            .iter()
            .filter_map(|at| stands(*at))
            .min_by_key(|words| claimed.map_or(0, |at| at.abs_diff(words[0].utterance)))
            .map(|words| self.found(words))
    }

    /// Whether a quote says something: three words, a word that is more than a function
    /// word, or all that was said.
    fn is_enough(&self, words: &[Place], utterance: &Range<usize>) -> bool {
        words.len() >= FINDS_ITSELF
            || words.len() == utterance.len()
            || words.iter().any(|place| {
                let text = &self.utterances[place.utterance].text;
                !is_stop_word(&text[place.start..place.end])
            })
    }

    /// Whether some words stand in an utterance, one after the other.
    pub(crate) fn says(&self, utterance: usize, phrase: &str) -> bool {
        let words: Vec<String> = normal_words(phrase)
            .into_iter()
            .map(|word| word.normal)
            .collect();
        let Some(range) = self.ranges.get(utterance).cloned() else {
            return false;
        };
        match self.numbers_of(&words) {
            Some(numbers) if !numbers.is_empty() => {
                self.words[range].windows(numbers.len()).any(|window| {
                    let said = window.iter().map(|place| place.number);
                    said.eq(numbers.iter().copied())
                })
            }
            _ => false,
        }
    }

    /// `None` when a word was never said.
    fn numbers_of(&self, words: &[String]) -> Option<Vec<u32>> {
        let number = |word: &String| self.numbers.get(word).copied();
        words.iter().map(number).collect()
    }

    fn stands_at(&self, at: usize, rest: &[u32]) -> bool {
        self.words
            .get(at + 1..at + 1 + rest.len())
            .is_some_and(|words| {
                let said = words.iter().map(|place| place.number);
                said.eq(rest.iter().copied())
            })
    }

    fn is_one_voice(&self, from: usize, to: usize) -> bool {
        let first = &self.utterances[from];
        self.utterances[from..=to].iter().all(|spoken| {
            spoken.speaker == first.speaker && spoken.affiliation == first.affiliation
        })
    }

    fn found(&self, words: &[Place]) -> Found {
        let (first, last) = (words[0], words[words.len() - 1]);
        let spoken = |utterance: usize| self.utterances[utterance].text.as_str();
        let start = with_mark_before(spoken(first.utterance), first.start);
        let end = with_marks_after(spoken(last.utterance), last.end);
        let text = if first.utterance == last.utterance {
            spoken(first.utterance)[start..end].to_owned()
        } else {
            let mut parts = vec![spoken(first.utterance)[start..].trim()];
            parts.extend((first.utterance + 1..last.utterance).map(|at| spoken(at).trim()));
            parts.push(spoken(last.utterance)[..end].trim());
            parts.retain(|part| !part.is_empty());
            parts.join(" ")
        };
        Found {
            first: first.utterance,
            last: last.utterance,
            text,
        }
    }
}

/// A sign of money or a minus belongs to its number.
fn with_mark_before(text: &str, start: usize) -> usize {
    let mut before = text[..start].char_indices().rev();
    match before.next() {
        Some((at, '$' | '\u{20ac}' | '\u{a3}' | '\u{a5}' | '+' | '-' | '#' | '@')) => {
            match before.next() {
                Some((_, symbol)) if symbol.is_alphanumeric() => start,
                _ => at,
            }
        }
        _ => start,
    }
}

/// A percent sign or the end of a sentence belongs to the word before it.
fn with_marks_after(text: &str, end: usize) -> usize {
    let after = &text[end..];
    let marks = after
        .find(|symbol| !matches!(symbol, '%' | '.' | '!' | '?' | '\u{2026}' | '\u{3002}'))
        .unwrap_or(after.len());
    // "3.5" and "acme.com" go on after their full stop.
    if after[marks..].starts_with(char::is_alphanumeric) {
        return end;
    }
    end + marks
}
