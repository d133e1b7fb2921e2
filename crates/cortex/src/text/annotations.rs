//! Marks that transcribers leave in a text.

use std::borrow::Cow;

/// Longest mark in letters. Without a limit, a text of opening braces would take a
/// search to its end for each of them.
const LONGEST_MARK: usize = 40;

/// The text without marks of one word in braces or brackets (`{disfmarker}`,
/// `[laughter]`), which were not spoken.
pub(crate) fn without_annotations(text: &str) -> Cow<'_, str> {
    blanked(text, false)
}

fn blanked(text: &str, keeps_length: bool) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{', '[']) {
        let (before, mark) = rest.split_at(start);
        let close = if mark.starts_with('{') { '}' } else { ']' };
        let length = mark[1..]
            .char_indices()
            .take(LONGEST_MARK)
            .find(|(_, symbol)| !symbol.is_alphabetic() && *symbol != '_')
            .filter(|(length, symbol)| *length > 0 && *symbol == close)
            .map(|(length, _)| length + 1);
        kept.push_str(before);
        match length {
            Some(end) => {
                let blanks = if keeps_length { end + 1 } else { 1 };
                kept.extend(std::iter::repeat_n(' ', blanks));
                rest = &mark[end + 1..];
            }
            None => {
                kept.push_str(&mark[..1]);
                rest = &mark[1..];
            }
        }
    }
    if kept.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// As [`without_annotations`], with blanks for each byte of a mark: what is left stands
/// where it stood.
pub(crate) fn with_blank_annotations(text: &str) -> Cow<'_, str> {
    blanked(text, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_keep_everything_in_its_place() {
        let text = "so {disfmarker} \u{e9} [stra\u{df}e] {x";
        let blank = with_blank_annotations(text);
        assert_eq!(blank.len(), text.len());
        assert_eq!(blank.find('\u{e9}'), text.find('\u{e9}'));
        assert_eq!(
            blank.split_whitespace().collect::<Vec<_>>(),
            ["so", "\u{e9}", "{x"]
        );
    }

    #[test]
    fn marks_go_and_other_brackets_stay() {
        let text = "so {disfmarker} the [laughter] price [per seat, monthly] is {x";
        assert_eq!(
            without_annotations(text),
            "so   the   price [per seat, monthly] is {x"
        );
        assert!(matches!(
            without_annotations("plain"),
            Cow::Borrowed("plain")
        ));
    }
}
