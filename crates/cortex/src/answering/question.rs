//! What a question asks for.

use std::sync::LazyLock;

use calls::reading::CallToRead;

use super::talk::stem;
use crate::local::read::{Classes, capitals, listed, normal, tokens};
use crate::text::{Stemming, is_filler, is_stop_word};

const QUESTIONS: &str = include_str!("../../data/asking_questions.txt");

/// Function words that say something in a question.
const TELLING: &str = " sign need needed want wanted work use used give gave ";

const ASKING: &str = " what who when why how which where whose whom did does do is are was were will would could can may has have until long much many ";

/// Words of roles that tell nobody apart.
const COMMON_IN_ROLES: &str = " of and the head ";

/// The subjects that questions are about.
pub(super) fn questions() -> &'static Classes {
    static CLASSES: LazyLock<Classes> = LazyLock::new(|| Classes::parse(QUESTIONS));
    &CLASSES
}

/// What a question begins like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    Who,
    When,
    HowMuch,
    HowMany,
    Why,
    What,
    Which,
    How,
    Whether,
    Other,
}

impl Asks {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::When => "when",
            Self::HowMuch => "how_much",
            Self::HowMany => "how_many",
            Self::Why => "why",
            Self::What => "what",
            Self::Which => "which",
            Self::How => "how",
            Self::Whether => "whether",
            Self::Other => "other",
        }
    }

    fn of(tokens: &[&str]) -> Self {
        const SUMS: &str =
            " price cost costs charge pay discount quote spend fee paid figure rate number ";
        let rest = match tokens {
            [
                "on" | "at" | "by" | "from" | "until" | "to" | "for",
                rest @ ..,
            ] => rest,
            all => all,
        };
        let sums = tokens.iter().any(|token| listed(SUMS, token));
        match rest {
            ["who" | "whom" | "whose", ..] => Self::Who,
            ["when", ..] | ["which" | "what", "date" | "day" | "month", ..] => Self::When,
            ["how", "much", ..] => Self::HowMuch,
            [
                "how",
                "many" | "long" | "large" | "big" | "far" | "bad" | "often",
                ..,
            ] => Self::HowMany,
            ["what" | "which", ..] if sums => Self::HowMuch,
            ["why", ..] => Self::Why,
            ["what", ..] => Self::What,
            ["which", ..] => Self::Which,
            ["how", ..] => Self::How,
            [
                "is" | "are" | "can" | "could" | "did" | "does" | "do" | "was" | "were" | "will"
                | "would" | "has" | "have" | "may" | "should",
                ..,
            ] => Self::Whether,
            _ => Self::Other,
        }
    }
}

/// A question about one call.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) asks: Asks,
    pub(super) tokens: Vec<String>,
    /// Words of substance.
    pub(super) words: Vec<String>,
    /// Their stems, each once.
    pub(super) stems: Vec<String>,
    /// Names, in lower case.
    pub(super) names: Vec<String>,
    /// How often it speaks of each subject, at most twice.
    pub(super) subjects: Vec<f64>,
    pub(super) is_of_us: bool,
    pub(super) is_of_them: bool,
    /// By party: whether the question names them, and whether it names their role.
    pub(super) people: Vec<(bool, bool)>,
}

impl Question {
    pub(super) fn new(text: &str, call: &CallToRead) -> Self {
        let mut tokens = tokens(text);
        tokens.retain(|token| token != "?");
        let all: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let says_something = |word: &&&str| {
            let is_common = is_stop_word(word) || is_filler(word) || listed(ASKING, word);
            !is_common || listed(TELLING, word)
        };
        let words: Vec<&str> = all.iter().filter(says_something).copied().collect();
        let mut stemming = Stemming::new();
        let mut stems: Vec<String> = Vec::new();
        for word in &words {
            let stem = stem(&mut stemming, word);
            if !stems.contains(&stem) {
                stems.push(stem);
            }
        }
        let subjects = questions().counts(&all).into_iter();
        let names = capitals(text).into_iter().map(|name| name.to_lowercase());
        let bare: Vec<&str> = all.iter().map(|word| without_s(word)).collect();
        let named = |text: &str| {
            let text = normal(text);
            let mut parts = text.split(|symbol: char| !symbol.is_alphanumeric());
            parts.any(|part| {
                part.len() > 2 && bare.contains(&part) && !listed(COMMON_IN_ROLES, part)
            })
        };
        let people = call.parties.iter().map(|party| {
            let role = party.role.as_deref();
            (named(&party.name), role.is_some_and(named))
        });
        let has = |list: &str| all.iter().any(|word| listed(list, word));
        Self {
            asks: Asks::of(&all),
            people: people.collect(),
            stems,
            names: names.map(|name| without_s(&name).to_owned()).collect(),
            subjects: subjects.map(|count| f64::from(count.min(2.0))).collect(),
            is_of_us: has(" we our us "),
            is_of_them: has(" they them their customer customer's "),
            words: words.into_iter().map(str::to_owned).collect(),
            tokens,
        }
    }
}

fn without_s(word: &str) -> &str {
    let bare = word.strip_suffix("'s");
    bare.or_else(|| word.strip_suffix("\u{2019}s"))
        .unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_told_apart_by_how_they_begin() {
        for (text, asks) in [
            ("Who has to sign?", Asks::Who),
            ("By when must they decide?", Asks::When),
            ("Which date matters?", Asks::When),
            ("What does it cost?", Asks::HowMuch),
            ("How many seats?", Asks::HowMany),
            ("How did the trial go?", Asks::How),
            ("Did he call?", Asks::Whether),
            ("Tell me about the rollout", Asks::Other),
        ] {
            let words = tokens(text);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert_eq!(Asks::of(&words), asks, "{text}");
        }
    }

    #[test]
    fn both_tables_speak_of_the_same_subjects() {
        let answers = super::super::talk::answers();
        assert_eq!(questions().len(), answers.len());
        for number in 0..answers.len() {
            assert_eq!(questions().name(number), answers.name(number));
        }
    }
}
