//! Mentions of competitors whose names the caller gives.

use super::spoken_sentence::Spoken;
use super::text::words;

/// Names, cut into lower-case words.
pub(super) struct Competitors {
    names: Vec<(String, Vec<String>)>,
}

impl Competitors {
    pub(super) fn named(names: &[String]) -> Self {
        let names = names
            .iter()
            .map(|name| (name.clone(), words(name).map(as_mentioned).collect()))
            .filter(|(_, parts): &(String, Vec<String>)| !parts.is_empty())
            .collect();
        Self { names }
    }

    /// The names that a sentence mentions, in any case, possessive or not.
    pub(super) fn mentioned_in(&self, sentence: &Spoken<'_>) -> Vec<&str> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let spoken: Vec<String> = sentence
            .words
            .iter()
            .map(|word| as_mentioned(word))
            .collect();
        self.names
            .iter()
            .filter(|(_, parts)| spoken.windows(parts.len()).any(|window| window == parts))
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

fn as_mentioned(word: &str) -> String {
    let lower_case = word.to_lowercase().replace('\u{2019}', "'");
    match lower_case.strip_suffix("'s") {
        Some(owner) => owner.to_owned(),
        None => lower_case,
    }
}
