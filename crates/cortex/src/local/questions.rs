//! How sure a text is a question, with and without punctuation.
//!
//! Where the transcriber set punctuation, a question mark decides. Elsewhere the
//! opening words do: an auxiliary before a pronoun, or a question word before an
//! auxiliary. On human transcripts without punctuation that finds some four in ten
//! questions, and two in three of its finds are questions.

use super::text::{is_filler, words};

const AUXILIARIES: &str = "am are aren't can can't could couldn't did didn't do does doesn't don't \
    had has hasn't have haven't is isn't may might must shall should shouldn't was wasn't were \
    weren't will won't would wouldn't";

const SUBJECTS: &str = "i you he she it we they there this that these those anybody anyone \
    somebody someone everybody everyone the your y'all";

const QUESTION_WORDS: &str = "what what's who who's whose whom which when when's where where's why \
    why's how how's";

/// Words that may stand before the question begins.
const OPENERS: &str = "so and but or well now then i'm sorry sorry because just also actually oh \
    like wait hey";

/// Endings that ask for agreement.
const TAGS: [&str; 14] = [
    "right",
    "correct",
    "isn't it",
    "aren't you",
    "don't you",
    "doesn't it",
    "don't we",
    "or not",
    "or what",
    "you know what i mean",
    "is it",
    "are you",
    "do you",
    "huh",
];

/// Phrases that ask wherever they stand.
const ASKING: [(&str, f64); 16] = [
    ("do you", 0.55),
    ("are you", 0.5),
    ("did you", 0.6),
    ("can you", 0.5),
    ("could you", 0.5),
    ("would you", 0.5),
    ("have you", 0.45),
    ("is that", 0.45),
    ("is there", 0.45),
    ("are there", 0.45),
    ("what about", 0.6),
    ("how about", 0.6),
    ("how many", 0.5),
    ("how much", 0.45),
    ("i was wondering", 0.5),
    ("why don't", 0.5),
];

/// From 0 to 1.
pub(super) fn score(text: &str) -> f64 {
    if text.contains('?') {
        return 0.97;
    }
    let lower_case = text.to_lowercase().replace('\u{2019}', "'");
    let spoken: Vec<&str> = words(&lower_case).filter(|word| !is_filler(word)).collect();
    let unpunctuated = opening(&spoken).max(tag(&spoken)).max(asking(&spoken));
    // The transcriber heard the end of a statement.
    let is_closed = text.trim_end().ends_with(['.', '!']);
    if is_closed {
        unpunctuated * 0.45
    } else {
        unpunctuated
    }
}

fn opening(spoken: &[&str]) -> f64 {
    let skipped = spoken
        .iter()
        .take_while(|word| is_in(OPENERS, word))
        .count();
    let mut rest = spoken[skipped..].iter().copied();
    let (Some(first), second) = (rest.next(), rest.next().unwrap_or_default()) else {
        return 0.0;
    };
    let third = rest.next().unwrap_or_default();
    if is_in(AUXILIARIES, first) && is_in(SUBJECTS, second) {
        return 0.85;
    }
    if is_in(QUESTION_WORDS, first) {
        let is_contracted = first.ends_with("'s");
        return match () {
            () if is_contracted || is_in(AUXILIARIES, second) => 0.8,
            () if matches!(
                second,
                "about" | "kind" | "many" | "much" | "if" | "else" | "for"
            ) =>
            {
                0.75
            }
            () if is_in(AUXILIARIES, third) => 0.6,
            () if second.is_empty() => 0.75,
            () => 0.4,
        };
    }
    if matches!((first, second), ("you", "mean") | ("you", "think" | "want")) {
        return 0.5;
    }
    if is_in(AUXILIARIES, first) { 0.35 } else { 0.0 }
}

fn tag(spoken: &[&str]) -> f64 {
    let ends_with = |tag: &str| {
        let tag: Vec<&str> = tag.split(' ').collect();
        spoken.len() > tag.len() && spoken.ends_with(&tag)
    };
    if TAGS.iter().any(|tag| ends_with(tag)) {
        0.55
    } else {
        0.0
    }
}

fn asking(spoken: &[&str]) -> f64 {
    let mut best = 0.0_f64;
    for (phrase, score) in ASKING {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        if spoken.windows(phrase.len()).any(|window| window == phrase) {
            best = best.max(score);
        }
    }
    best
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|other| other == word)
}
