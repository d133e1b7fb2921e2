//! Cuts a text into words.

/// Runs of letters and digits, with apostrophes inside ("don't"), in order.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|symbol: char| !is_part_of_word(symbol))
        .map(|run| run.trim_matches(is_apostrophe))
        .filter(|word| !word.is_empty())
}

fn is_part_of_word(symbol: char) -> bool {
    symbol.is_alphanumeric() || is_apostrophe(symbol)
}

pub(super) fn is_apostrophe(symbol: char) -> bool {
    symbol == '\'' || symbol == '\u{2019}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apostrophes_count_inside_words_only() {
        let found: Vec<&str> = words("'Don\u{2019}t' say 3.5%, e-mail me!").collect();
        assert_eq!(found, ["Don\u{2019}t", "say", "3", "5", "e", "mail", "me"]);
    }
}
