//! How an item is put: the call's own words as a person would write them down, without
//! sounds of hesitation, stutters and the words that only carry a talk on.

const HESITATION: [&str; 5] = ["um", "uh", "er", "erm", "ah"];

/// Words that begin a sentence and say nothing.
const CARRYING_ON: [&str; 4] = ["and", "so", "okay", "ok"];

/// Those that say nothing when a comma follows: "well, Tuesday", but "well done".
const BEFORE_A_COMMA: [&str; 4] = ["well", "yeah", "yep", "right"];

/// A sentence is not shortened to fewer words.
const LEAST: usize = 4;

/// The sentence as it would be written.
pub(super) fn written(said: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in said.split_whitespace() {
        let has_comma = words.last().is_some_and(|last| last.ends_with(','));
        if HESITATION.contains(&bare(word).as_str()) {
            // "I'd, um, say": both commas go. A full stop stays.
            if let Some(last) = words.last_mut() {
                let end = word.trim_start_matches(char::is_alphabetic);
                if has_comma && !end.is_empty() {
                    last.pop();
                }
                last.push_str(end.trim_matches(','));
            }
            continue;
        }
        if has_comma && words.last().is_some_and(|last| bare(last) == bare(word)) {
            words.pop();
        }
        words.push(word.to_owned());
    }
    let carrying_on = |word: &str| {
        CARRYING_ON.contains(&bare(word).as_str())
            || word.ends_with(',') && BEFORE_A_COMMA.contains(&bare(word).as_str())
    };
    let openers = words.iter().take_while(|word| carrying_on(word)).count();
    let begins = openers.min(words.len().saturating_sub(LEAST));
    let mut text: String = words.split_off(begins).join(" ");
    if !text.ends_with(['.', '?', '!', '…', '"', '”']) && !text.is_empty() {
        // Somebody else spoke in between.
        text.truncate(text.trim_end_matches([',', '-', '–', '—', ' ']).len());
        text.push('…');
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn bare(word: &str) -> String {
    word.trim_matches(|letter: char| !letter.is_alphanumeric())
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn what_only_carries_a_talk_on_is_left_out() {
        for (said, wanted) in [
            (
                "Okay so, um, I'll send the, the quote by Friday.",
                "I'll send the quote by Friday.",
            ),
            ("I'd, uh, say Thursday at ten.", "I'd say Thursday at ten."),
            ("Yeah, no rush on the others.", "No rush on the others."),
            (
                "Well done with the board paper.",
                "Well done with the board paper.",
            ),
            ("and if it", "And if it…"),
            ("Half two.", "Half two."),
            ("So that's it.", "So that's it."),
            ("I could call you, um.", "I could call you."),
            ("", ""),
        ] {
            assert_eq!(written(said), wanted);
        }
    }
}
