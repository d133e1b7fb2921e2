//! Words in lower case without an allocation for most of them.

use super::words::is_apostrophe;

/// Longest ASCII word in bytes that is lowered on the stack.
const SHORT: usize = 24;

/// Calls `read` with the word in lower case and with straight apostrophes.
pub(crate) fn in_lower_case<R>(word: &str, read: impl FnOnce(&str) -> R) -> R {
    let mut buffer = [0_u8; SHORT];
    if word.is_ascii()
        && let Some(lower_case) = buffer.get_mut(..word.len())
    {
        lower_case.copy_from_slice(word.as_bytes());
        lower_case.make_ascii_lowercase();
        if let Ok(lower_case) = std::str::from_utf8(lower_case) {
            return read(lower_case);
        }
    }
    let lower_case: String = word
        .chars()
        .flat_map(char::to_lowercase)
        .map(|symbol| if is_apostrophe(symbol) { '\'' } else { symbol })
        .collect();
    read(&lower_case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_foreign_words_are_lowered_alike() {
        for (word, lower_case) in [
            ("DON'T", "don't"),
            ("Don\u{2019}t", "don't"),
            ("\u{dc}BER", "\u{fc}ber"),
            (
                "Antidisestablishmentarianism",
                "antidisestablishmentarianism",
            ),
        ] {
            assert_eq!(in_lower_case(word, str::to_owned), lower_case);
        }
    }
}
