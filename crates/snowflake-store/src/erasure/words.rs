//! The words of a text, as people are compared.

use std::ops::Range;

/// A word and where it stands.
pub(super) struct Word {
    pub(super) at: Range<usize>,
    /// In lower case.
    pub(super) folded: String,
}

pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (letter.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(Word {
                    at: from..at,
                    folded: text.get(from..at).unwrap_or_default().to_lowercase(),
                });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The words of a text in lower case.
pub(crate) fn folded(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.folded).collect()
}
