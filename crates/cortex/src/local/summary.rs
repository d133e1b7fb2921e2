//! Summaries made of the conversation's own sentences.
//!
//! Sentences are chosen one by one: each time the one that adds most weight of words
//! not yet covered, `(1 + ln tf) * idf` over words said more than once, for its
//! length to the power of 0.7. On meetings this does better than first sentences,
//! random ones and graph methods (TextRank and LexRank do worse than random there).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::text::{
    Stemming, as_written, inverse_document_frequency, is_filler, is_stop_word, sentences,
    without_annotations, words,
};
use crate::{Summary, SummaryRequest, Utterance};

/// Shorter sentences say little on their own.
const FEWEST_WORDS: usize = 6;

/// How far a sentence's length counts against it.
const LENGTH_EXPONENT: f64 = 0.7;

/// Chooses sentences until the limit of words is reached, and puts them in time
/// order.
pub(super) fn summarize(request: &SummaryRequest) -> Summary {
    let texts: Vec<Cow<'_, str>> = request
        .utterances
        .iter()
        .map(|utterance| without_annotations(&utterance.text))
        .collect();
    let conversation = Conversation::read(&request.utterances, &texts);
    let mut chosen = conversation.choose(request.max_words);
    chosen.sort_by_key(|at| conversation.sentences[*at].place);
    conversation.write(&request.utterances, &chosen, request.max_words)
}

struct Conversation<'a> {
    sentences: Vec<Sentence<'a>>,
    /// By number of the word.
    weights: Vec<f64>,
}

struct Sentence<'a> {
    utterance: usize,
    /// Start in milliseconds where every utterance has one, then the position.
    place: (i64, usize),
    /// As it will be written.
    words: Vec<Cow<'a, str>>,
    /// Words of the speaker's name and colon before it.
    label_words: usize,
    /// Numbers of its words of substance, each once.
    substance: Vec<usize>,
    /// Long enough, and no question.
    is_telling: bool,
}

impl Sentence<'_> {
    fn length(&self) -> usize {
        self.words.len() + self.label_words
    }
}

impl<'a> Conversation<'a> {
    fn read(utterances: &[Utterance], texts: &'a [Cow<'a, str>]) -> Self {
        let is_timed = utterances.iter().all(|spoken| spoken.start_ms.is_some());
        let mut stemming = Stemming::new();
        let mut frequencies: Vec<f64> = Vec::new();
        let mut rarities: Vec<f64> = Vec::new();
        let mut found = Vec::new();
        for (utterance, (spoken, text)) in utterances.iter().zip(texts).enumerate() {
            let start_ms = spoken.start_ms.filter(|_| is_timed).unwrap_or(0);
            let label_words = label(spoken).split_whitespace().count();
            for sentence in sentences(text) {
                let mut substance = Vec::new();
                for word in words(sentence) {
                    if is_stop_word(word) || is_filler(word) {
                        continue;
                    }
                    let number = stemming.number(word);
                    if number == frequencies.len() {
                        frequencies.push(0.0);
                        let rarity = inverse_document_frequency(stemming.numbered(number));
                        rarities.push(f64::from(rarity));
                    }
                    frequencies[number] += 1.0;
                    substance.push(number);
                }
                substance.sort_unstable();
                substance.dedup();
                let written = as_written(sentence);
                if written.is_empty() {
                    continue;
                }
                found.push(Sentence {
                    utterance,
                    place: (start_ms, found.len()),
                    is_telling: written.len() >= FEWEST_WORDS && !sentence.contains('?'),
                    words: written,
                    label_words,
                    substance,
                });
            }
        }
        if found.iter().any(|sentence| sentence.is_telling) {
            found.retain(|sentence| sentence.is_telling);
        }
        let weights = frequencies
            .iter()
            .zip(rarities)
            .map(|(frequency, rarity)| {
                // A short conversation may say nothing twice; a little weight keeps
                // such words in an order.
                let repeated = if *frequency > 1.0 {
                    1.0 + frequency.ln()
                } else {
                    1e-3
                };
                repeated * rarity
            })
            .collect();
        Self {
            sentences: found,
            weights,
        }
    }

    /// Positions of the chosen sentences, best first, which together fit the limit;
    /// a single one that does not fit when none does.
    fn choose(&self, max_words: usize) -> Vec<usize> {
        let mut covered = vec![false; self.weights.len()];
        let mut queue: BinaryHeap<Gain> = (0..self.sentences.len())
            .map(|at| self.gain(at, &covered))
            .collect();
        let mut chosen = Vec::new();
        let mut left = max_words;
        // Gains only fall as words are covered, so a gain that is still the highest
        // after it was worked out anew is the highest of all.
        while let Some(best) = queue.pop() {
            let sentence = &self.sentences[best.at];
            if sentence.length() > left {
                if chosen.is_empty() && max_words > 0 && !self.any_fits(max_words) {
                    return vec![best.at];
                }
                continue;
            }
            let now = self.gain(best.at, &covered);
            if now.value <= 0.0 {
                continue;
            }
            if queue.peek().is_some_and(|next| now < *next) {
                queue.push(now);
                continue;
            }
            for number in &sentence.substance {
                covered[*number] = true;
            }
            left -= sentence.length();
            chosen.push(best.at);
        }
        chosen
    }

    fn any_fits(&self, max_words: usize) -> bool {
        self.sentences
            .iter()
            .any(|sentence| sentence.length() <= max_words && !sentence.substance.is_empty())
    }

    fn gain(&self, at: usize, covered: &[bool]) -> Gain {
        let sentence = &self.sentences[at];
        let mass: f64 = sentence
            .substance
            .iter()
            .filter(|number| !covered[**number])
            .map(|number| self.weights[*number])
            .sum();
        #[allow(clippy::cast_precision_loss)] // a count of words
        let length = sentence.words.len() as f64;
        Gain {
            value: mass / length.powf(LENGTH_EXPONENT),
            at,
        }
    }

    /// `Speaker: sentence sentence`, the name only where the speaker changes.
    fn write(&self, utterances: &[Utterance], chosen: &[usize], max_words: usize) -> Summary {
        let mut written: Vec<&str> = Vec::new();
        let mut cited: Vec<usize> = Vec::new();
        let labels: Vec<String> = utterances.iter().map(label).collect();
        let mut label_before = "";
        for sentence in chosen.iter().map(|at| &self.sentences[*at]) {
            let label = labels[sentence.utterance].as_str();
            if label != label_before {
                written.extend(label.split_whitespace());
                label_before = label;
            }
            written.extend(sentence.words.iter().map(AsRef::as_ref));
            if cited.last() != Some(&sentence.utterance) {
                cited.push(sentence.utterance);
            }
        }
        let is_cut = written.len() > max_words;
        written.truncate(max_words);
        let mut text = written.join(" ");
        if is_cut {
            text.push('\u{2026}');
        }
        Summary {
            text,
            sentences: cited,
            dropped: 0,
        }
    }
}

/// `Speaker:`, or nothing for an unknown one.
fn label(spoken: &Utterance) -> String {
    let name = spoken.speaker.as_deref().unwrap_or_default().trim();
    if name.is_empty() {
        String::new()
    } else {
        format!("{name}:")
    }
}

/// What a sentence adds; the earlier of two that add the same comes first.
#[derive(Debug, Clone, Copy)]
struct Gain {
    value: f64,
    at: usize,
}

impl Ord for Gain {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_value = self.value.total_cmp(&other.value);
        by_value.then(other.at.cmp(&self.at))
    }
}

impl PartialOrd for Gain {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Gain {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Gain {}
