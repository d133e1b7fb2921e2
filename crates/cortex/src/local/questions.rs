//! How sure a text is a question, with and without punctuation.
//!
//! Where the transcriber set punctuation, the question mark decides. Elsewhere runs of
//! up to three words do ("do you", "what is", "isn't it" at the end), each with the
//! weight that meetings taught (`tools/question_cues.py`). That finds three in five
//! questions of unpunctuated speech, and three in five of its finds are questions.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet, HashSetExt};

use super::text::{in_lower_case, is_sound, words};

/// `run<TAB>weight`; `^` and `$` are the ends of the text, the empty run's weight is
/// that of every text.
const CUES: &str = include_str!("../../data/question_cues.tsv");

/// Most words in a run.
const LONGEST_RUN: usize = 3;

/// What a question mark says: nine in ten are questions to human ears.
const QUESTION_MARK: f64 = 0.97;

/// What is left of a score when the transcriber closed the text in another way, as
/// a statement or unfinished.
const CLOSED_OTHERWISE: f64 = 0.45;

static WEIGHTS: LazyLock<HashMap<&'static str, f64>> = LazyLock::new(|| {
    CUES.lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(run, weight)| Some((run, weight.parse().ok()?)))
        .collect()
});

/// From 0 to 1.
pub(super) fn score(text: &str) -> f64 {
    if text.contains('?') {
        return QUESTION_MARK;
    }
    let mut sentence = String::with_capacity(text.len() + 4);
    sentence.push('^');
    for word in words(text) {
        in_lower_case(word, |word| {
            if word == "huh" || !is_sound(word) {
                sentence.push(' ');
                sentence.push_str(word);
            }
        });
    }
    if sentence.len() == 1 {
        return 0.0;
    }
    sentence.push_str(" $");
    let by_words = 1.0 / (1.0 + (-evidence(&sentence)).exp());
    let is_closed = text
        .trim_end()
        .ends_with(|last: char| !last.is_alphanumeric());
    if is_closed {
        by_words * CLOSED_OTHERWISE
    } else {
        by_words
    }
}

/// The weights of the runs of a sentence of words with single spaces, each run
/// counted once.
fn evidence(sentence: &str) -> f64 {
    let ends: Vec<usize> = sentence
        .match_indices(' ')
        .map(|(at, _)| at)
        .chain([sentence.len()])
        .collect();
    let mut counted: HashSet<&str> = HashSet::new();
    let mut sum = WEIGHTS.get("").copied().unwrap_or_default();
    for (first, _) in ends.iter().enumerate() {
        let start = if first == 0 { 0 } else { ends[first - 1] + 1 };
        for end in ends.iter().skip(first).take(LONGEST_RUN) {
            let run = &sentence[start..*end];
            if let Some(weight) = WEIGHTS.get(run)
                && counted.insert(run)
            {
                sum += weight;
            }
        }
    }
    sum
}
