//! Words and phrases that one conversation uses more than others do.
//!
//! Candidates are runs of up to three words without function words, fillers and
//! numbers in between. They are ranked by how often they are said and how rare their
//! words are in general; a word that mostly occurs inside a chosen phrase is left to
//! the phrase.

use std::collections::HashSet;

use foldhash::{HashMap, HashMapExt};

use super::spoken_sentence::Spoken;
use super::text::{inverse_document_frequency, is_filler, is_stop_word};

/// Most words in a phrase.
const LONGEST_PHRASE: usize = 3;

/// In a conversation of so many sentences, what is said once is no keyword.
const LONG_CONVERSATION: usize = 20;

/// A word or phrase, and how strongly it marks the conversation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Keyword {
    /// As it is most often written.
    pub(super) phrase: String,
    /// The utterance in which it first occurs.
    pub(super) utterance: usize,
    /// From above 0 to 1, where 1 is the strongest of the conversation.
    pub(super) score: f64,
    /// Number of words.
    pub(super) length: usize,
}

struct Candidate<'a> {
    stems: &'a [&'a str],
    /// The words of each occurrence, in order.
    spellings: Vec<&'a [&'a str]>,
    first_utterance: usize,
}

impl Candidate<'_> {
    fn count(&self) -> usize {
        self.spellings.len()
    }
}

/// The numbers of a phrase's stems; unused places hold [`NO_STEM`].
type Key = [usize; LONGEST_PHRASE];
const NO_STEM: usize = usize::MAX;

/// The strongest keywords, best first. Words whose stems' numbers are in
/// `names` are none.
pub(super) fn keywords(
    spoken: &[Spoken<'_>],
    names: &HashSet<usize>,
    limit: usize,
) -> Vec<Keyword> {
    let candidates = candidates(spoken, names);
    let fewest = if spoken.len() >= LONG_CONVERSATION {
        2
    } else {
        1
    };
    let mut ranked: Vec<(f64, &Candidate<'_>)> = candidates
        .values()
        .filter(|candidate| {
            candidate.count() >= fewest.max(usize::from(candidate.stems.len() > 1) * 2)
        })
        .map(|candidate| (strength(candidate), candidate))
        .collect();
    ranked.sort_by(|(left_strength, left), (right_strength, right)| {
        right_strength
            .total_cmp(left_strength)
            .then_with(|| left.stems.cmp(right.stems))
    });
    let mut chosen: Vec<(f64, &Candidate<'_>)> = Vec::new();
    for (strength, candidate) in ranked {
        if chosen.len() == limit {
            break;
        }
        if !chosen.iter().any(|(_, other)| overlap(other, candidate)) {
            chosen.push((strength, candidate));
        }
    }
    let strongest = chosen.first().map_or(1.0, |(strength, _)| *strength);
    chosen
        .into_iter()
        .map(|(strength, candidate)| Keyword {
            phrase: usual_spelling(candidate),
            utterance: candidate.first_utterance,
            score: strength / strongest,
            length: candidate.stems.len(),
        })
        .collect()
}

fn candidates<'a>(spoken: &'a [Spoken<'_>], names: &HashSet<usize>) -> HashMap<Key, Candidate<'a>> {
    let mut candidates: HashMap<Key, Candidate<'a>> = HashMap::new();
    for sentence in spoken {
        let usable: Vec<bool> = sentence
            .words
            .iter()
            .zip(sentence.numbers)
            .map(|(word, number)| is_usable(word) && !names.contains(number))
            .collect();
        for start in 0..usable.len() {
            let mut key = [NO_STEM; LONGEST_PHRASE];
            for length in 1..=LONGEST_PHRASE.min(usable.len() - start) {
                let end = start + length;
                if !usable[end - 1] {
                    break;
                }
                key[length - 1] = sentence.numbers[end - 1];
                let candidate = candidates.entry(key).or_insert_with(|| Candidate {
                    stems: &sentence.stems[start..end],
                    spellings: Vec::new(),
                    first_utterance: sentence.utterance,
                });
                candidate.spellings.push(&sentence.words[start..end]);
            }
        }
    }
    candidates
}

fn is_usable(word: &str) -> bool {
    word.chars().nth(2).is_some()
        && word.chars().all(|symbol| symbol.is_alphabetic())
        && !is_stop_word(word)
        && !is_filler(word)
}

fn strength(candidate: &Candidate<'_>) -> f64 {
    #[allow(clippy::cast_precision_loss)] // counts of words
    let (count, length) = (candidate.count() as f64, candidate.stems.len() as f64);
    let rarity: f64 = candidate
        .stems
        .iter()
        .map(|stem| f64::from(inverse_document_frequency(stem)))
        .sum::<f64>()
        / length;
    count.powf(0.7) * rarity * (1.0 + 0.5 * (length - 1.0))
}

/// Whether the weaker one says no more than the stronger: one holds the other's
/// words, and the weaker is not said much more often.
fn overlap(stronger: &Candidate<'_>, weaker: &Candidate<'_>) -> bool {
    let (long, short) = if stronger.stems.len() >= weaker.stems.len() {
        (stronger, weaker)
    } else {
        (weaker, stronger)
    };
    let is_within = long
        .stems
        .windows(short.stems.len())
        .any(|window| window == short.stems);
    is_within && weaker.count() <= 2 * stronger.count()
}

/// The spelling that occurs most; of equals the first in alphabetical order.
fn usual_spelling(candidate: &Candidate<'_>) -> String {
    let mut spellings = candidate.spellings.clone();
    spellings.sort_unstable();
    spellings
        .chunk_by(|left, right| left == right)
        .rev()
        .max_by_key(|equal| equal.len())
        .and_then(|equal| equal.first())
        .map(|words| words.join(" "))
        .unwrap_or_default()
}
