//! Finds people in text, and takes them out.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use super::erased::{Erased, Kind, Known, digits};
use super::words::{folded, words};

/// What stands where somebody was.
pub(crate) const TOKEN: &str = "[erased]";

/// What may stand between the words of a name, at most so many characters.
const GAP: usize = 3;

/// Takes out all who were erased, and those of one call by all that they are called there.
pub(crate) struct Scrubber<'a> {
    erased: &'a Erased,
    /// Full names, folded, of the erased people of the call, and how many words they have.
    names: HashSet<String>,
    lengths: BTreeSet<usize>,
    /// Whether there are such people: words of their names go then, too.
    is_theirs: bool,
    parts: HashSet<String>,
    /// Words of the names of those who stay, folded.
    parts_that_stay: HashSet<String>,
    /// Their addresses and numbers, in the form in which they are compared.
    others: HashSet<String>,
    /// Names of those who stay, folded.
    stay: HashSet<String>,
}

impl<'a> Scrubber<'a> {
    /// For text that belongs to no call, or to one on which nobody was erased.
    pub(crate) fn new(erased: &'a Erased) -> Self {
        Self::of_call(erased, None, &[])
    }

    /// For the text of a call: of the people who are erased, if there are any, what they are
    /// known by, and of the others their names.
    pub(super) fn of_call(erased: &'a Erased, people: Option<&[Known]>, others: &[String]) -> Self {
        let stay: Vec<Vec<String>> = others.iter().map(|name| folded(name)).collect();
        let mut scrubber = Self {
            erased,
            names: HashSet::new(),
            lengths: erased.name_lengths().clone(),
            is_theirs: people.is_some(),
            parts: HashSet::new(),
            parts_that_stay: stay.iter().flatten().cloned().collect(),
            others: HashSet::new(),
            stay: stay.iter().map(|name| name.join(" ")).collect(),
        };
        for (kind, value) in people.into_iter().flatten() {
            match kind {
                Kind::Name => {
                    let words = folded(value);
                    scrubber.parts.extend(words.iter().cloned());
                    if words.len() > 1 {
                        scrubber.lengths.insert(words.len());
                        scrubber.names.insert(words.join(" "));
                    }
                }
                Kind::Email => {
                    scrubber.others.insert(value.trim().to_lowercase());
                }
                Kind::Phone => scrubber.others.extend(digits(value)),
                Kind::User | Kind::Call | Kind::Contact | Kind::Part => {}
            }
        }
        scrubber
    }

    /// The text without them; `None` when nobody is in it.
    pub(crate) fn scrub(&self, text: &str) -> Option<String> {
        let mut found = self.names(text);
        found.extend(self.runs(text, is_of_address, |run| {
            run.contains('@')
                && (self.others.contains(&run.to_lowercase())
                    || self.erased.holds(Kind::Email, run))
        }));
        found.extend(self.runs(text, is_of_number, |run| {
            digits(run).is_some_and(|digits| {
                self.others.contains(&digits) || self.erased.holds(Kind::Phone, &digits)
            })
        }));
        if found.is_empty() {
            return None;
        }
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut scrubbed = String::with_capacity(text.len());
        let mut done = 0;
        for range in found {
            if range.start >= done {
                scrubbed.push_str(text.get(done..range.start).unwrap_or_default());
                scrubbed.push_str(TOKEN);
            }
            done = done.max(range.end);
        }
        scrubbed.push_str(text.get(done..).unwrap_or_default());
        Some(scrubbed)
    }

    fn names(&self, text: &str) -> Vec<Range<usize>> {
        if self.lengths.is_empty() && !self.is_theirs {
            return Vec::new();
        }
        let words = words(text);
        let mut found = Vec::new();
        for length in &self.lengths {
            for window in words.windows(*length) {
                let together = window
                    .windows(2)
                    .all(|pair| matches!(pair, [a, b] if b.at.start - a.at.end <= GAP));
                let ends = window.first().zip(window.last());
                let Some((first, last)) = ends.filter(|_| together) else {
                    continue;
                };
                let folded: Vec<&str> = window.iter().map(|word| word.folded.as_str()).collect();
                let name = folded.join(" ");
                let is_erased = self.names.contains(&name) || self.erased.holds_words(&name);
                if is_erased && !self.stay.contains(&name) {
                    found.push(first.at.start..last.at.end);
                }
            }
        }
        // A name begins with a capital; the word that is spelled like it rarely does.
        let parts = words.into_iter().filter(|word| {
            let first = text
                .get(word.at.clone())
                .and_then(|text| text.chars().next());
            self.is_theirs
                && first.is_some_and(|first| !first.is_lowercase())
                && !self.parts_that_stay.contains(&word.folded)
                && word.folded.chars().count() > 1
                && (self.parts.contains(&word.folded)
                    || self.erased.holds(Kind::Part, &word.folded))
        });
        found.extend(parts.map(|word| word.at));
        found
    }

    /// Runs of letters of a kind that are somebody.
    fn runs(
        &self,
        text: &str,
        is_of_run: impl Fn(char) -> bool,
        is_erased: impl Fn(&str) -> bool,
    ) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = None;
        for (at, letter) in text.char_indices().chain([(text.len(), '\n')]) {
            match (is_of_run(letter), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    let run = text.get(from..at).unwrap_or_default();
                    let trimmed = run.trim_matches(|letter: char| !letter.is_alphanumeric());
                    let from = from + run.find(trimmed).unwrap_or(0);
                    if is_erased(trimmed) {
                        found.push(from..from + trimmed.len());
                    }
                    start = None;
                }
                _ => {}
            }
        }
        found
    }
}

fn is_of_address(letter: char) -> bool {
    letter.is_alphanumeric() || "@.!#$%&'*+/=?^_`{|}~-".contains(letter)
}

fn is_of_number(letter: char) -> bool {
    letter.is_ascii_digit() || " +()-./".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased() -> Erased {
        let mut erased = Erased::new(&"k".repeat(64));
        for (kind, value) in [
            (Kind::Name, "Bo Lind"),
            (Kind::Email, "bo@buyer.test"),
            (Kind::Phone, "+14155550134"),
        ] {
            let selector = erased.selector(&(kind, value.to_owned())).unwrap();
            erased.add(&selector);
        }
        erased
    }

    #[test]
    fn people_go_and_the_words_around_them_stay() {
        let erased = erased();
        let scrub = |text: &str| Scrubber::new(&erased).scrub(text);
        for (text, expected) in [
            ("Ask bo lind, please.", "Ask [erased], please."),
            ("See /bo-lind!", "See /[erased]!"),
            ("Mail <Bo@Buyer.test>.", "Mail <[erased]>."),
            ("On +1 (415) 555-0134?", "On +[erased]?"),
        ] {
            assert_eq!(scrub(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "Bo",
            "Bob Lind",
            "Bo and Lind",
            "abo@buyer.test",
            "[erased]",
            "",
        ] {
            assert_eq!(scrub(text), None, "{text}");
        }
    }

    #[test]
    fn on_their_own_call_parts_of_their_names_go_too() {
        let erased = Erased::new(&"k".repeat(64));
        let people = [(Kind::Name, "Grace Lind".to_owned())];
        let others = ["Ana Lind".to_owned()];
        let scrubber = Scrubber::of_call(&erased, Some(&people), &others);
        assert_eq!(
            scrubber
                .scrub("Grace, say grace to Ana Lind and Grace Lind")
                .as_deref(),
            Some("[erased], say grace to Ana Lind and [erased]")
        );
        assert_eq!(scrubber.scrub("The Linds of Lind"), None);
    }
}
