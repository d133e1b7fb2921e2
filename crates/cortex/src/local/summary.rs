//! Summaries made of the conversation's own sentences.
//!
//! Sentences are chosen one by one: each time the one whose words, as far as they are
//! not yet said, are likeliest in people's summaries ([`super::summary_words`]), for
//! its length to the power of 0.8. On meetings this does better than first sentences,
//! random ones and graph methods (TextRank and LexRank do worse than random there).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::summary_words::{WordValues, values};
use super::text::{Stemming, as_written, sentences, without_annotations, words};
use crate::{Summary, SummaryRequest, Utterance};

/// Shorter sentences say little on their own.
const FEWEST_WORDS: usize = 6;

/// How far a sentence's length counts against it. This and the two factors below were
/// chosen on the tuning part of the meetings (docs/quality.md).
const LENGTH_EXPONENT: f64 = 0.8;

/// What counts as the opening of a conversation, where people say what it will be
/// about, and the factor for its sentences.
const OPENING_SHARE: f64 = 0.05;
const OPENING: f64 = 1.15;

/// The factor for a sentence without a mark that closes it: often one broken off.
const UNCLOSED: f64 = 0.7;

/// Chooses sentences until the limit of words is reached, and puts them in time
/// order.
pub(super) fn summarize(request: &SummaryRequest) -> Summary {
    let texts: Vec<Cow<'_, str>> = request
        .utterances
        .iter()
        .map(|utterance| without_annotations(&utterance.text))
        .collect();
    let candidates = Candidates::read(&request.utterances, &texts);
    let chosen = candidates.choose(request.max_words);
    candidates.write(&chosen, request.max_words)
}

struct Candidates<'a> {
    labels: Vec<String>,
    /// In the order of time.
    sentences: Vec<Sentence<'a>>,
    /// By number of the word.
    values: Vec<WordValues>,
}

struct Sentence<'a> {
    utterance: usize,
    /// As it will be written.
    words: Vec<Cow<'a, str>>,
    /// Numbers of its words and how often it says them, in order.
    mentions: Vec<(usize, usize)>,
    /// Long enough, and no question.
    is_telling: bool,
    /// What its place and form count.
    factor: f64,
}

impl<'a> Candidates<'a> {
    fn read(utterances: &[Utterance], texts: &'a [Cow<'a, str>]) -> Self {
        let is_timed = utterances.iter().all(|spoken| spoken.start_ms.is_some());
        let mut order: Vec<usize> = (0..utterances.len()).collect();
        if is_timed {
            order.sort_by_key(|at| utterances[*at].start_ms);
        }
        let mut found: Vec<Sentence<'_>> = Vec::new();
        for utterance in order {
            for sentence in sentences(&texts[utterance]) {
                let written = as_written(sentence);
                if written.is_empty() {
                    continue;
                }
                found.push(Sentence {
                    utterance,
                    is_telling: written.len() >= FEWEST_WORDS && !sentence.contains('?'),
                    factor: if is_closed(&written) { 1.0 } else { UNCLOSED },
                    words: written,
                    mentions: Vec::new(),
                });
            }
        }
        #[allow(clippy::cast_precision_loss)] // a count of sentences
        let opening = OPENING_SHARE * found.len() as f64;
        for (at, sentence) in found.iter_mut().enumerate() {
            #[allow(clippy::cast_precision_loss)]
            if (at as f64) < opening {
                sentence.factor *= OPENING;
            }
        }
        if found.iter().any(|sentence| sentence.is_telling) {
            found.retain(|sentence| sentence.is_telling);
        }
        let values = count_mentions(&mut found);
        Self {
            labels: utterances.iter().map(label).collect(),
            sentences: found,
            values,
        }
    }

    /// Positions of the chosen sentences in the order of time, which together fit the
    /// limit; a single one that does not fit when none does.
    fn choose(&self, max_words: usize) -> Vec<usize> {
        let mut said = vec![0; self.values.len()];
        let mut queue: BinaryHeap<Gain> = (0..self.sentences.len())
            .map(|at| self.gain(at, &said))
            .collect();
        let mut chosen: Vec<usize> = Vec::new();
        let mut best_too_long = None;
        let mut length = 0;
        // Gains only fall as words are said, so a gain that is still the highest after
        // it was worked out anew is the highest of all.
        while let Some(best) = queue.pop() {
            // With its label it can only be longer.
            if !chosen.is_empty() && length + self.sentences[best.at].words.len() > max_words {
                continue;
            }
            let now = self.gain(best.at, &said);
            if now.value <= 0.0 {
                continue;
            }
            let place = chosen.partition_point(|earlier| *earlier < best.at);
            chosen.insert(place, best.at);
            if self.length(&chosen) > max_words {
                chosen.remove(place);
                best_too_long = best_too_long.or(Some(best.at));
                continue;
            }
            if queue.peek().is_some_and(|next| now < *next) {
                chosen.remove(place);
                queue.push(now);
                continue;
            }
            length = self.length(&chosen);
            for (number, count) in &self.sentences[best.at].mentions {
                said[*number] += count;
            }
        }
        if chosen.is_empty() && max_words > 0 {
            chosen.extend(best_too_long);
        }
        chosen
    }

    /// What a sentence adds to what was said. One whose words of substance were all
    /// said before adds nothing.
    fn gain(&self, at: usize, said: &[usize]) -> Gain {
        let sentence = &self.sentences[at];
        let mut sum = 0.0;
        let mut is_new = false;
        for (number, count) in &sentence.mentions {
            let values = &self.values[*number];
            is_new |= values.is_substance && said[*number] == 0;
            let further = values.mentions.iter().skip(said[*number]).take(*count);
            sum += further.sum::<f64>();
        }
        #[allow(clippy::cast_precision_loss)] // a count of words
        let length = sentence.words.len() as f64;
        let value = sentence.factor * sum / length.powf(LENGTH_EXPONENT);
        Gain {
            value: if is_new { value } else { 0.0 },
            at,
        }
    }

    /// Words of the summary that these sentences make.
    fn length(&self, chosen: &[usize]) -> usize {
        let mut label_before = "";
        let sentences = chosen.iter().map(|at| &self.sentences[*at]);
        sentences
            .map(|sentence| {
                let label = self.labels[sentence.utterance].as_str();
                let is_repeated = std::mem::replace(&mut label_before, label) == label;
                let label_words = label.split_whitespace().count();
                sentence.words.len() + if is_repeated { 0 } else { label_words }
            })
            .sum()
    }

    /// `Speaker: sentence sentence`, the name only where the speaker changes.
    fn write(&self, chosen: &[usize], max_words: usize) -> Summary {
        let mut written: Vec<&str> = Vec::new();
        let mut cited: Vec<usize> = Vec::new();
        let mut label_before = "";
        for sentence in chosen.iter().map(|at| &self.sentences[*at]) {
            let label = self.labels[sentence.utterance].as_str();
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

/// Numbers the words of the sentences, and says what each is worth.
fn count_mentions(sentences: &mut [Sentence<'_>]) -> Vec<WordValues> {
    let mut stemming = Stemming::new();
    let mut counts: Vec<f64> = Vec::new();
    for sentence in sentences {
        let mut numbers: Vec<usize> = Vec::new();
        for word in sentence.words.iter().flat_map(|token| words(token)) {
            let number = stemming.number(word);
            if number == counts.len() {
                counts.push(0.0);
            }
            counts[number] += 1.0;
            numbers.push(number);
        }
        numbers.sort_unstable();
        let same = numbers.chunk_by(|left, right| left == right);
        sentence.mentions = same.map(|run| (run[0], run.len())).collect();
    }
    let total = counts.iter().sum::<f64>();
    let stems = counts.iter().enumerate();
    stems
        .map(|(number, count)| values(stemming.numbered(number), *count, total))
        .collect()
}

/// Whether a mark that closes sentences ends the words, before any quotes and brackets.
fn is_closed(words: &[Cow<'_, str>]) -> bool {
    words.last().is_some_and(|last| {
        last.trim_end_matches(['"', '\'', ')', ']', '\u{2019}', '\u{201d}'])
            .ends_with(['.', '!', '\u{2026}'])
    })
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
