//! The words of a claim that carry its subject.

use std::collections::HashSet;

use super::normal::normal_words;
use crate::text::{Stemming, is_filler, is_stop_word};

/// What readers write and callers do not say, and the many words for talking again: they
/// tell nothing about the evidence.
const WORDS_OF_READERS: &str = "customer customers rep reps seller buyer vendor prospect client \
    agree agrees agreed asks wants sends call calls meet meets meeting meetings follow followup \
    schedule schedules session speak speaks discuss discusses";

/// Letters of a stem that are compared: "decide" and "decision" are near enough.
const LETTERS: usize = 5;

/// Beginnings of the stems of a text's words, without function words, figures and
/// what only readers say. In scripts without spaces, the characters.
pub(crate) fn content_stems(stemming: &mut Stemming, text: &str) -> HashSet<String> {
    let words = normal_words(text).into_iter().map(|word| word.normal);
    let is_content = |word: &String| {
        let is_short = word.is_ascii() && word.len() < 3;
        let has_digit = word.contains(|symbol: char| symbol.is_ascii_digit());
        let is_common = is_stop_word(word) || is_filler(word);
        !(is_short
            || has_digit
            || is_common
            || WORDS_OF_READERS
                .split_whitespace()
                .any(|other| other == word))
    };
    words
        .filter(is_content)
        .map(|word| stemming.stem(&word).chars().take(LETTERS).collect())
        .collect()
}

/// Whether a text holds some words one after the other, whatever their case and
/// punctuation.
pub(crate) fn says(text: &str, words: &str) -> bool {
    let normal = |text: &str| -> Vec<String> {
        let words = normal_words(text).into_iter();
        words.map(|word| word.normal).collect()
    };
    let (text, words) = (normal(text), normal(words));
    !words.is_empty() && text.windows(words.len()).any(|window| window == words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_compared_by_the_beginnings_of_their_stems() {
        let mut stemming = Stemming::new();
        let mut of = |text: &str| content_stems(&mut stemming, text);
        assert!(of("They would like it for 48,000").is_empty());
        assert!(of("Follow-up call with the customer").is_empty());
        assert!(!of("The integration is slow").is_disjoint(&of("we never integrated it")));
        assert!(of("Budget is frozen").is_disjoint(&of("see you on Tuesday")));
        assert!(!of("\u{4f60}\u{597d}").is_disjoint(&of("\u{597d}")));
    }

    #[test]
    fn phrases_are_found_as_whole_words() {
        assert!(says("By the end of May, I'd say.", "end of may"));
        assert!(!says("By the ending of May.", "end of may"));
        assert!(!says("By May.", "?"));
    }
}
