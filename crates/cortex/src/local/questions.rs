//! How sure a text is a question, with and without punctuation.
//!
//! Where the transcriber set punctuation, the question mark decides. Elsewhere the
//! wording does ([`super::acts`]): it finds two in three questions of unpunctuated
//! speech, and two in three of its finds are questions.

use super::acts::{Evidence, probability};

/// What a question mark says: nearly all of them are questions to human ears.
const QUESTION_MARK: f64 = 0.97;

/// What is left of a score when the transcriber closed the text in another way.
const CLOSED_OTHERWISE: f64 = 0.45;

/// From 0 to 1.
pub(super) fn score(text: &str, evidence: Option<Evidence>) -> f64 {
    if text.contains('?') {
        return QUESTION_MARK;
    }
    let by_words = evidence.map_or(0.0, |evidence| probability(evidence.question));
    if is_closed(text) {
        by_words * CLOSED_OTHERWISE
    } else {
        by_words
    }
}

/// Whether a mark that closes statements ends the text, before any quotes and
/// brackets; some transcribers write `==` where a speaker was cut off.
fn is_closed(text: &str) -> bool {
    text.trim_end_matches(|last: char| {
        last.is_whitespace() || matches!(last, '"' | '\'' | '\u{2019}' | '\u{201d}' | ')' | ']')
    })
    .ends_with(['.', '!', '\u{2026}', ',', ';', ':', '='])
}
