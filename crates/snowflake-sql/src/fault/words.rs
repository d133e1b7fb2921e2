//! Snowflake's words, without the values they may repeat.

/// Longest part of Snowflake's words that a message repeats, in characters.
const LONGEST: usize = 400;

/// Text that cannot break a log line or flood it.
pub(super) fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(LONGEST * 4));
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    for word in words.filter(|word| !word.is_empty()) {
        if !clean.is_empty() {
            clean.push(' ');
        }
        clean.push_str(word);
    }
    match clean.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean,
    }
}

/// The words up to where a value could begin: the first quote, bracket, colon or
/// digit. What follows a value is left out too, since only Snowflake knows where the
/// value ends.
pub(super) fn without_values(text: &str) -> String {
    // "SQL compilation error:" and the like stand before the words that matter.
    let (heading, rest) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().ends_with(':') => (first.trim(), rest),
        _ => ("", text),
    };
    let begins_value =
        |c: char| matches!(c, '\'' | '"' | '`' | '[' | '{' | '(' | '<' | ':') || c.is_ascii_digit();
    let end = rest.find(begins_value).unwrap_or(rest.len());
    let heading = match heading.contains(begins_value_in_heading) {
        true => "",
        false => heading,
    };
    let mut kept = printable(&format!("{heading} {}", &rest[..end]));
    if end < rest.len() {
        kept.push_str(" …");
    }
    kept.trim_start().to_owned()
}

fn begins_value_in_heading(c: char) -> bool {
    matches!(c, '\'' | '"' | '`' | '[' | '{' | '(' | '<') || c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_before_a_value_stay() {
        for (said, kept) in [
            ("Numeric value 'abc' is not recognized", "Numeric value …"),
            (
                "Failed to cast variant value {\"a\":1} to FIXED",
                "Failed to cast variant value …",
            ),
            (
                "Failed to cast variant value 4711 to DATE",
                "Failed to cast variant value …",
            ),
            (
                "Error parsing JSON: unknown keyword \"we\", pos 3",
                "Error parsing JSON …",
            ),
            (
                "Duplicate row detected during DML action\nRow Values: [7, \"Ada\"]",
                "Duplicate row detected during DML action Row Values …",
            ),
            ("Division by zero", "Division by zero"),
            (
                "SQL compilation error:\ninvalid type [CAST('x' AS DATE)]",
                "SQL compilation error: invalid type …",
            ),
        ] {
            assert_eq!(without_values(said), kept);
        }
    }

    proptest! {
        #[test]
        fn what_stands_in_quotes_never_comes_out(
            before in "[a-z ]{0,30}",
            value in "secret-[a-z0-9' ]{1,40}",
            quote in prop::sample::select(vec!['\'', '"', '`']),
        ) {
            let said = format!("{before}{quote}{value}{quote} is not recognized");
            prop_assert!(!without_values(&said).contains("secret-"));
        }

        #[test]
        fn what_comes_out_is_one_short_line(said in "\\PC{0,900}") {
            for text in [printable(&said), without_values(&said)] {
                prop_assert!(text.chars().count() <= LONGEST + 3);
                prop_assert!(!text.chars().any(char::is_control));
            }
        }
    }
}
