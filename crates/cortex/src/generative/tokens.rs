//! A safe upper estimate of how many tokens a text takes.

/// Bytes of one token of ASCII text, at most. English words average 4.7 letters and
/// about 1.3 tokens; numbers, names and typing errors take a token for every two or
/// three letters.
const ASCII_BYTES: usize = 3;

/// Bytes of one token of any other text, at most: a Han character has 3 bytes and
/// takes one token or two, a Cyrillic or accented letter has 2 and takes one or less.
const OTHER_BYTES: usize = 2;

/// An upper estimate of the tokens of a text, for any model: every white-space
/// separated word counts a token for each three ASCII bytes or two other bytes,
/// rounded up. For English this is about one and a half times what models count.
///
/// Tokenizers differ from model to model and are not public for some; a limit that
/// is kept by this estimate is kept by all.
pub(crate) fn estimated_tokens(text: &str) -> usize {
    text.split_whitespace()
        .map(|word| {
            let ascii = word.bytes().filter(u8::is_ascii).count();
            let other = word.len() - ascii;
            ascii.div_ceil(ASCII_BYTES) + other.div_ceil(OTHER_BYTES)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_long_words_and_scripts_without_spaces_all_count() {
        for (text, tokens) in [
            ("", 0),
            (" \n ", 0),
            ("a b c", 3),
            ("internationalisation", 7),
            ("\u{4f60}\u{597d}", 3),
        ] {
            assert_eq!(estimated_tokens(text), tokens, "{text:?}");
        }
    }
}
