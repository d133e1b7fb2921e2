//! Cuts a turn into sentences.

use std::ops::Range;

/// Words that end with a full stop inside a sentence, in lower case.
const ABBREVIATIONS: [&str; 34] = [
    "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "vs", "etc", "e.g", "i.e", "eg", "ie",
    "inc", "ltd", "corp", "co", "dept", "approx", "est", "no", "fig", "vol", "u.s", "u.k", "a.m",
    "p.m", "jan", "feb", "aug", "sept", "oct", "dec",
];

/// Abbreviations after which a sentence may well end; a capital letter decides.
const MAY_END: [&str; 11] = [
    "etc", "inc", "ltd", "corp", "co", "no", "u.s", "u.k", "a.m", "p.m", "est",
];

/// Longest word that is tried as an abbreviation, in bytes.
const LONGEST_ABBREVIATION: usize = 6;

/// The sentences of a text, trimmed, in order; none is empty.
///
/// A sentence ends with `.`, `!`, `?` or `…`, closing quotes and brackets included,
/// when white space follows; after a full stop, only when no lower-case letter comes
/// next and the word before is no abbreviation or initial.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let ranges = sentence_ranges(text).into_iter();
    ranges.map(|range| &text[range]).collect()
}

/// As [`sentences`], in bytes of the text.
pub(crate) fn sentence_ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut symbols = text.char_indices().peekable();
    while let Some((at, symbol)) = symbols.next() {
        if symbol == '\n' {
            push_trimmed(&mut found, text, start..at);
            start = at;
            continue;
        }
        if !is_terminator(symbol) {
            continue;
        }
        let mut end = at + symbol.len_utf8();
        let mut is_sure = matches!(symbol, '!' | '?' | '\u{2026}');
        while let Some((next, closing)) =
            symbols.next_if(|(_, next)| is_terminator(*next) || is_closing(*next))
        {
            is_sure |= matches!(closing, '!' | '?');
            end = next + closing.len_utf8();
        }
        let rest = &text[end..];
        if !rest.starts_with(char::is_whitespace) {
            continue;
        }
        let next = rest.chars().find(|symbol| !symbol.is_whitespace());
        if is_sure || may_end_at_full_stop(&text[start..at], next) {
            push_trimmed(&mut found, text, start..end);
            start = end;
        }
    }
    push_trimmed(&mut found, text, start..text.len());
    found
}

fn may_end_at_full_stop(before: &str, next: Option<char>) -> bool {
    let Some(next) = next else { return true };
    if next.is_lowercase() {
        return false;
    }
    let word = before
        .rsplit(|symbol: char| symbol.is_whitespace() || matches!(symbol, '(' | '"'))
        .next()
        .unwrap_or_default();
    if word.is_empty() || word.len() > LONGEST_ABBREVIATION {
        return true;
    }
    let lower_case = word.to_lowercase();
    let is_initial = lower_case != "i" && word.chars().count() == 1 && word != "A";
    let is_initial = is_initial && word.chars().all(char::is_uppercase);
    if is_initial {
        return false;
    }
    !ABBREVIATIONS.contains(&lower_case.as_str())
        || (MAY_END.contains(&lower_case.as_str()) && next.is_uppercase())
}

fn is_terminator(symbol: char) -> bool {
    matches!(symbol, '.' | '!' | '?' | '\u{2026}')
}

fn is_closing(symbol: char) -> bool {
    matches!(symbol, '"' | '\'' | ')' | ']' | '\u{201d}' | '\u{2019}')
}

fn push_trimmed(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let piece = text[range.clone()].trim_start();
    let start = range.end - piece.len();
    let length = piece.trim_end().len();
    if length > 0 {
        found.push(start..start + length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_initials_and_numbers_do_not_end_a_sentence() {
        let text = "Mr. Smith and Dr. J. Lee paid 3.5 percent. Inc. yesterday, i.e. Monday. Fine!";
        assert_eq!(
            sentences(text),
            [
                "Mr. Smith and Dr. J. Lee paid 3.5 percent.",
                "Inc. yesterday, i.e. Monday.",
                "Fine!"
            ]
        );
    }

    #[test]
    fn closing_quotes_belong_to_the_sentence() {
        assert_eq!(
            sentences("He said \"no.\" We left (early.) What?! okay ... so. 3 came."),
            [
                "He said \"no.\"",
                "We left (early.)",
                "What?!",
                "okay ... so.",
                "3 came."
            ]
        );
    }

    #[test]
    fn separate_marks_and_line_ends_cut_too() {
        assert_eq!(
            sentences("Hello . Why ?  Yes\nno"),
            ["Hello .", "Why ?", "Yes", "no"]
        );
        assert!(sentences(" \n ").is_empty());
        assert_eq!(sentences("..."), ["..."]);
    }
}
