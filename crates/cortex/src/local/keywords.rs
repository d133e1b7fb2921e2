//! Words and phrases that one conversation uses more than others do.
//!
//! Candidates are runs of up to three words without function words, fillers and
//! numbers in between. They are ranked by how often they are said and how rare their
//! words are in general; a word that mostly occurs inside a chosen phrase is left to
//! the phrase.

use std::collections::{HashMap, HashSet};

use super::extraction::Spoken;
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

#[derive(Default)]
struct Candidate<'a> {
    stems: Vec<&'a str>,
    count: usize,
    first_utterance: usize,
    spellings: HashMap<String, usize>,
}

/// The strongest keywords, best first. Parts of names in `names` (lower-case stems)
/// are none.
pub(super) fn keywords(
    spoken: &[Spoken<'_>],
    names: &HashSet<String>,
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
            candidate.count >= fewest.max(usize::from(candidate.stems.len() > 1) * 2)
        })
        .map(|candidate| (strength(candidate), candidate))
        .collect();
    ranked.sort_by(|(left_strength, left), (right_strength, right)| {
        right_strength
            .total_cmp(left_strength)
            .then_with(|| left.stems.cmp(&right.stems))
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

fn candidates<'a>(
    spoken: &'a [Spoken<'_>],
    names: &HashSet<String>,
) -> HashMap<String, Candidate<'a>> {
    let mut candidates: HashMap<String, Candidate<'a>> = HashMap::new();
    for sentence in spoken {
        let usable: Vec<bool> = sentence
            .words
            .iter()
            .zip(&sentence.stems)
            .map(|(word, stem)| is_usable(word) && !names.contains(stem))
            .collect();
        for start in 0..usable.len() {
            for end in start + 1..=usable.len().min(start + LONGEST_PHRASE) {
                if !usable[end - 1] {
                    break;
                }
                let stems: Vec<&str> = sentence.stems[start..end]
                    .iter()
                    .map(String::as_str)
                    .collect();
                let spelling = sentence.words[start..end].join(" ");
                let candidate = candidates.entry(stems.join(" ")).or_default();
                if candidate.count == 0 {
                    candidate.first_utterance = sentence.utterance;
                    candidate.stems = stems;
                }
                candidate.count += 1;
                *candidate.spellings.entry(spelling).or_default() += 1;
            }
        }
    }
    candidates
}

fn is_usable(word: &str) -> bool {
    let lower_case = word.to_lowercase().replace('\u{2019}', "'");
    word.chars().nth(2).is_some()
        && word.chars().all(|symbol| symbol.is_alphabetic())
        && !is_stop_word(&lower_case)
        && !is_filler(&lower_case)
}

fn strength(candidate: &Candidate<'_>) -> f64 {
    #[allow(clippy::cast_precision_loss)] // counts of words
    let (count, length) = (candidate.count as f64, candidate.stems.len() as f64);
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
    is_within && weaker.count <= 2 * stronger.count
}

fn usual_spelling(candidate: &Candidate<'_>) -> String {
    candidate
        .spellings
        .iter()
        .max_by(|(left, left_count), (right, right_count)| {
            left_count.cmp(right_count).then_with(|| right.cmp(left))
        })
        .map(|(spelling, _)| spelling.clone())
        .unwrap_or_default()
}
