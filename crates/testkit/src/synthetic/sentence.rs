//! Splits text into sentences.

/// Cuts after `.`, `?` and `!` before a space, and starts each with a capital.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        if matches!(letter, '.' | '?' | '!') && text[at + 1..].starts_with(' ') {
            sentences.push(capitalised(&text[start..=at]));
            start = at + 2;
        }
    }
    sentences.push(capitalised(&text[start..]));
    sentences
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_cut_at_their_ends_and_start_with_a_capital() {
        assert_eq!(
            split("month-end close costs $48,000. Really? yes!"),
            ["Month-end close costs $48,000.", "Really?", "Yes!"]
        );
    }
}
