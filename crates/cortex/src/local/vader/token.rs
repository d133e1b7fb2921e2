//! Cuts a text into tokens as Python's `str.split` and `str.strip` would.

use std::borrow::Cow;

use super::lexicon::{LONGEST_KEY, Named, WordFacts, description, facts};

/// One white-space separated token, with all that the rules need of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    facts: WordFacts,
    /// Written in capitals.
    pub(super) shouted: bool,
    /// In the list of negations, or a contraction with "n't".
    pub(super) negates: bool,
}

impl Token {
    /// Mean rating, for words of the lexicon.
    pub(super) fn valence(&self) -> Option<f64> {
        self.facts.valence
    }

    /// How much it strengthens (positive) or weakens (negative); 0 for most words.
    pub(super) fn boost(&self) -> f64 {
        self.facts.boost
    }

    /// Whether it is this word.
    pub(super) fn is(&self, word: Named) -> bool {
        self.facts.named == Some(word)
    }
}

/// Replaces each emoji by its description, with a space before it where there is
/// none.
pub(super) fn with_emoji_described(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|symbol| description(symbol).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut described = String::with_capacity(text.len() + 32);
    let mut after_space = true;
    for symbol in text.chars() {
        match description(symbol) {
            Some(words) => {
                if !after_space {
                    described.push(' ');
                }
                described.push_str(words);
                after_space = false;
            }
            None => {
                described.push(symbol);
                after_space = symbol == ' ';
            }
        }
    }
    Cow::Owned(described)
}

/// Cuts at white space and strips ASCII punctuation from both ends, unless so
/// little is left that the token was probably an emoticon.
pub(super) fn split(text: &str, tokens: &mut Vec<Token>) {
    tokens.clear();
    tokens.extend(
        text.split(is_python_space)
            .filter(|token| !token.is_empty())
            .map(|token| read(strip_punctuation_if_word(token))),
    );
}

/// Python counts the four ASCII separators as white space, Unicode does not.
fn is_python_space(symbol: char) -> bool {
    symbol.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&symbol)
}

fn strip_punctuation_if_word(token: &str) -> &str {
    let stripped = token.trim_matches(|symbol: char| symbol.is_ascii_punctuation());
    if stripped.chars().nth(2).is_none() {
        token
    } else {
        stripped
    }
}

fn read(token: &str) -> Token {
    let facts = facts_of(token);
    Token {
        facts,
        shouted: is_upper(token),
        negates: facts.negates || has_negative_contraction(token),
    }
}

fn facts_of(token: &str) -> WordFacts {
    if !token.is_ascii() {
        return facts(&token.to_lowercase());
    }
    let mut buffer = [0_u8; LONGEST_KEY];
    let Some(lower_case) = buffer.get_mut(..token.len()) else {
        return WordFacts::default();
    };
    lower_case.copy_from_slice(token.as_bytes());
    lower_case.make_ascii_lowercase();
    std::str::from_utf8(lower_case)
        .map(facts)
        .unwrap_or_default()
}

fn has_negative_contraction(token: &str) -> bool {
    token
        .as_bytes()
        .windows(3)
        .any(|window| window[1] == b'\'' && window.eq_ignore_ascii_case(b"n't"))
}

/// Python's `str.isupper`: some letter has case, and every such letter is upper
/// case.
fn is_upper(token: &str) -> bool {
    let mut has_upper = false;
    for symbol in token.chars() {
        if symbol.is_uppercase() {
            has_upper = true;
        } else if symbol.is_lowercase() || is_title_case(symbol) {
            return false;
        }
    }
    has_upper
}

/// Letters such as U+01C5, which are neither upper nor lower case.
fn is_title_case(symbol: char) -> bool {
    !symbol.is_ascii() && !symbol.to_lowercase().eq([symbol]) && !symbol.to_uppercase().eq([symbol])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_that_strip_to_two_characters_keep_their_punctuation() {
        assert_eq!(strip_punctuation_if_word("(good)."), "good");
        assert_eq!(strip_punctuation_if_word(":)"), ":)");
        assert_eq!(strip_punctuation_if_word("ok!"), "ok!");
        assert_eq!(strip_punctuation_if_word("don't,"), "don't");
    }

    #[test]
    fn upper_case_needs_a_letter_and_no_lower_case_one() {
        assert!(is_upper("NO1"));
        assert!(is_upper("ÜBER-"));
        assert!(!is_upper("No"));
        assert!(!is_upper("123"));
        assert!(!is_upper("A\u{1c5}"));
    }

    #[test]
    fn emoji_become_words() {
        assert_eq!(
            with_emoji_described("ok😁ok"),
            "ok beaming face with smiling eyesok"
        );
        assert_eq!(
            with_emoji_described("é 😁"),
            "é beaming face with smiling eyes"
        );
    }
}
