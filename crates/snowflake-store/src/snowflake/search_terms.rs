//! Words, normalised for search.
//!
//! Snowflake's own text search returns no scores, so the client writes each chunk's words
//! beside its text and a statement counts them (BM25). Chunks and queries both go through
//! here: lower case, letters and digits of any script, English endings removed, as SQLite's
//! index does with its Porter stemmer.

use std::collections::HashSet;

use rust_stemmers::{Algorithm, Stemmer};

/// Words of a query that are looked for; a question has a dozen.
const MAX_WORDS: usize = 64;

/// The words of a text in its order, each between bars, and how many there are.
pub(super) fn of_text(text: &str) -> (String, usize) {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut terms = String::with_capacity(text.len() + text.len() / 2);
    let mut count = 0;
    for word in words(text) {
        terms.push('|');
        terms.push_str(&stemmer.stem(&word));
        terms.push('|');
        count += 1;
    }
    (terms, count)
}

/// The words of a query, each once.
pub(super) fn of_query(query: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut seen = HashSet::new();
    words(query)
        .map(|word| stemmer.stem(&word).into_owned())
        .filter(|word| seen.insert(word.clone()))
        .take(MAX_WORDS)
        .collect()
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_words_between_bars() {
        assert_eq!(
            of_text("Bo: the 2 prices, THE prices!"),
            ("|bo||the||2||price||the||price|".to_owned(), 6)
        );
        assert_eq!(of_text(" |*| "), (String::new(), 0));
    }

    #[test]
    fn a_query_is_words_each_once() {
        assert_eq!(of_query("prices OR \"Price\"; --"), ["price", "or"]);
        assert_eq!(of_query("\u{0}%_'"), Vec::<String>::new());
        assert_eq!(of_query(&"a1 b2 ".repeat(1_000)).len(), 2);
    }
}
