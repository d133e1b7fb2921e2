//! Speech as people want to read it.

use std::borrow::Cow;

use super::stop_words::is_sound;

/// Words that may open a sentence without saying anything.
const OPENERS: [&str; 9] = [
    "yeah", "yes", "okay", "ok", "right", "so", "well", "and", "oh",
];

/// The words of a sentence without hesitation sounds, empty openers and stuttered
/// repetitions, with a capital first letter; punctuation standing alone is joined to
/// the word before it.
pub(crate) fn as_written(sentence: &str) -> Vec<Cow<'_, str>> {
    let mut kept: Vec<Cow<'_, str>> = Vec::new();
    for token in sentence.split_whitespace() {
        let bare = bare(token);
        if bare.is_empty() {
            if let Some(last) = kept.last_mut()
                && is_closing_punctuation(token)
                && !last.ends_with(token)
            {
                last.to_mut().push_str(token);
            }
            continue;
        }
        let is_one_of = |words: &[&str]| words.iter().any(|word| bare.eq_ignore_ascii_case(word));
        let opens_with_nothing = kept.is_empty() && is_one_of(&OPENERS);
        let stutters = kept
            .last()
            .is_some_and(|last| self::bare(last).eq_ignore_ascii_case(bare))
            && !is_one_of(&["that", "had", "very", "really"]);
        if is_sound(bare) || opens_with_nothing || stutters || is_broken_off(token) {
            continue;
        }
        kept.push(Cow::Borrowed(token));
    }
    if let Some(first) = kept.first_mut()
        && !first.starts_with(char::is_uppercase)
    {
        *first = Cow::Owned(capitalized(first));
    }
    kept
}

/// The token without the punctuation around it.
fn bare(token: &str) -> &str {
    token.trim_matches(|symbol: char| !symbol.is_alphanumeric())
}

fn is_closing_punctuation(token: &str) -> bool {
    matches!(token, "." | "," | "!" | "?" | ";" | ":")
}

/// `w-`, as transcribers write a word that was not finished.
pub(crate) fn is_broken_off(token: &str) -> bool {
    token.trim_end_matches([',', '.']).ends_with('-')
}

fn capitalized(word: &str) -> String {
    let mut symbols = word.chars();
    symbols.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(symbols).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hesitation_goes_and_the_words_stay() {
        let said = "so, um, we we need w- we need the the right price , uh , by Friday .";
        assert_eq!(
            as_written(said).join(" "),
            "We need we need the right price, by Friday."
        );
        assert!(as_written("Uh, yeah.").is_empty());
    }
}
