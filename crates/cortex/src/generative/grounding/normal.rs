//! Words, normalised for comparison.

use std::collections::HashSet;

use crate::text::is_sound;

/// A word in its normal form, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Lower case, without apostrophes.
    pub(super) normal: String,
    /// First byte in the text.
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
}

/// The words of a text. Letters and digits make a word; an apostrophe inside one is
/// skipped; everything else parts words. In scripts without spaces every character is
/// a word. Sounds of hesitation are not words.
pub(super) fn normal_words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open: Option<Word> = None;
    let mut symbols = text.char_indices().peekable();
    while let Some((start, symbol)) = symbols.next() {
        let end = start + symbol.len_utf8();
        if is_unspaced(symbol) {
            words.extend(open.take());
            words.push(Word {
                normal: symbol.to_string(),
                start,
                end,
            });
        } else if symbol.is_alphanumeric() {
            let word = open.get_or_insert_with(|| Word {
                normal: String::new(),
                start,
                end,
            });
            word.normal.extend(symbol.to_lowercase());
            word.end = end;
        } else if is_apostrophe(symbol)
            && open.is_some()
            && symbols
                .peek()
                .is_some_and(|(_, next)| next.is_alphanumeric())
        {
            // "don't" in any spelling is one word.
        } else {
            words.extend(open.take());
        }
    }
    words.extend(open);
    words.retain(|word| !is_sound(&word.normal));
    words
}

/// Whether a text repeats so many words in a row of one of some others.
pub(crate) fn shares_words(text: &str, others: &[&str], run: usize) -> bool {
    let normal = |text: &str| -> Vec<String> {
        let words = normal_words(text).into_iter();
        words.map(|word| word.normal).collect()
    };
    let words = normal(text);
    let runs: HashSet<&[String]> = words.windows(run.max(1)).collect();
    !runs.is_empty()
        && others.iter().any(|other| {
            let other = normal(other);
            other
                .windows(run.max(1))
                .any(|window| runs.contains(window))
        })
}

fn is_apostrophe(symbol: char) -> bool {
    matches!(symbol, '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}' | '`')
}

/// Kana, Han and Thai are written without spaces between words.
fn is_unspaced(symbol: char) -> bool {
    matches!(symbol,
        '\u{0e00}'..='\u{0e7f}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> Vec<String> {
        normal_words(text)
            .into_iter()
            .map(|word| word.normal)
            .collect()
    }

    #[test]
    fn case_apostrophes_punctuation_and_hesitation_make_no_difference() {
        let plain = normal("dont we need e mail at 3 5 percent");
        assert_eq!(
            normal(
                "\u{201c}Don\u{2019}t we \u{2014} um \u{2014} NEED\ne-mail, at 3.5 percent?!\u{201d}"
            ),
            plain
        );
    }

    #[test]
    fn runs_of_words_are_recognised_whatever_stands_between_them() {
        let sent = ["{\"text\":\"We'd pay $900 for it\"}", "Is that all?"];
        assert!(shares_words("invalid: 'wed pay 900 FOR'", &sent, 4));
        assert!(!shares_words("invalid: 'pay 900 for'", &sent, 4));
        assert!(!shares_words("for it is that", &sent, 4));
    }

    #[test]
    fn scripts_without_spaces_are_cut_by_character() {
        assert_eq!(normal("\u{4f60}\u{597d}ok"), ["\u{4f60}", "\u{597d}", "ok"]);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "\u{dc}ber 'em!";
        let words = normal_words(text);
        let spelled: Vec<&str> = words
            .iter()
            .map(|word| &text[word.start..word.end])
            .collect();
        assert_eq!(spelled, ["\u{dc}ber", "em"]);
    }
}
