//! Whether the figures and names of a text were said.

use std::collections::HashSet;

use crate::generative::reading::Amounts;
use crate::local::read::{capitals, is_date_word, normal};
use crate::text::{Stemming, inverse_document_frequency, is_stop_word, sentences};

/// Whether the figures of a text stand in what was said, in digits or in spoken words.
/// Dates and times of day are left out: a text may count them from the date of the call.
pub fn figures_were_said<'t>(text: &str, said: impl IntoIterator<Item = &'t str>) -> bool {
    let figures = Amounts::of(said);
    figures.cover(text) && figures.cover_spelled(text)
}

/// Whether the names of a text stand in what was said.
pub fn names_were_said<'t>(text: &str, said: impl IntoIterator<Item = &'t str>) -> bool {
    let known: HashSet<String> = said.into_iter().flat_map(words).collect();
    let mut parts = names(text).into_iter();
    parts.all(|part| {
        let is_common = is_stop_word(&part) || is_date_word(&part);
        is_common || known.contains(&part)
    })
}

/// The names of a text, in lower case: words with a capital inside a sentence, and the
/// first word of one unless people use it in general.
fn names(text: &str) -> Vec<String> {
    let mut stemming = Stemming::new();
    let unknown = inverse_document_frequency("");
    let mut names = Vec::new();
    for sentence in sentences(text) {
        names.extend(capitals(sentence).iter().flat_map(|name| words(name)));
        let first = words(sentence).into_iter().next();
        names.extend(first.filter(|word| {
            let is_figure = word.starts_with(|symbol: char| symbol.is_ascii_digit());
            !is_figure && inverse_document_frequency(stemming.stem(word)) >= unknown
        }));
    }
    names
}

/// Lower-case words without the genitive's s.
fn words(text: &str) -> Vec<String> {
    let text = normal(text);
    let parts = text.split(|symbol: char| !symbol.is_alphanumeric() && symbol != '\'');
    let bare = parts.map(|word| word.strip_suffix("'s").unwrap_or(word).trim_matches('\''));
    bare.filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
