//! What makes a passage an answer to a query: words of it, or closeness in meaning from a
//! measured floor on. Greetings and small talk answer nothing.

use std::collections::HashSet;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

/// Cosine from which a passage is close to a query. To one in twenty queries that have nothing
/// to do with the calls some passage comes closer; docs/tasks.md has the distribution.
pub(super) const LEAST_COSINE: f64 = 0.29;

/// Cosine from which a passage is close to a whole call, whose vector is a mean and so lies
/// closer to every passage. Nineteen of twenty calls of another kind have none so close.
pub(super) const LEAST_COSINE_OF_CALLS: f64 = 0.61;

/// Distinct words, besides those of small talk, that a passage needs to say something.
const LEAST_WORDS: usize = 4;

/// Words that stand in any sentence.
const FUNCTION: &str = "\
a about again all also am an and any are as at be because been but by can could did do does for \
from had has have he her him his how i if in into is it its just me my no not of on or our she \
should so some than that the their them then there these they this those to too up us was we \
were what when where which who why will with would you your they it's i'm that's don't we're";

/// Words of greetings, farewells, trouble with the line, and of listening.
const SMALL_TALK: &str = "\
absolutely afternoon audio awesome bit bye camera care cool day doing enjoy evening everybody \
everyone fine folks forward go going good great guys hang happy hear hello hey hi hold holiday \
hope join joining know let like link lovely mean meet meeting minute moment morning much mute \
muted nice now oh okay ok perfect pleasure rain really right say screen second see sorry sound \
sounds speak sun sure talk thank thanks thing time today tomorrow um uh wait weather week \
weekend welcome well yeah yep yes hm mhm soon very";

/// The words of a query that can tell one passage from another.
#[derive(Debug)]
pub(super) struct QueryWords {
    words: Vec<(String, String)>,
}

impl QueryWords {
    pub(super) fn of(query: &str) -> Self {
        let mut seen = HashSet::new();
        let stemmed = words(query).filter(|word| !is_light(word));
        let stemmed = stemmed.map(|word| (stem(&word), word));
        Self {
            words: stemmed
                .filter(|(stem, _)| seen.insert(stem.clone()))
                .collect(),
        }
    }

    /// Whether there are none: whoever greets looks for nothing.
    pub(super) fn are_none(&self) -> bool {
        self.words.is_empty()
    }

    /// Those that a text holds, in the order of the query.
    pub(super) fn found_in(&self, text: &str) -> Vec<String> {
        let held: HashSet<String> = words(text).map(|word| stem(&word)).collect();
        let found = self.words.iter().filter(|(stem, _)| held.contains(stem));
        found.map(|(_, word)| word.clone()).collect()
    }

    /// Whether so many of them make a passage one that holds the query.
    pub(super) fn are_enough(&self, found: &[String]) -> bool {
        !found.is_empty() && found.len() * 2 >= self.words.len()
    }
}

/// Whether a text only greets, parts, or sees to the line.
pub(super) fn is_small_talk(text: &str) -> bool {
    telling(text).len() < LEAST_WORDS
}

/// The words of a text, each once, that say more than greetings and small talk do.
pub(crate) fn telling(text: &str) -> HashSet<String> {
    let telling = words(text).filter(|word| word.len() > 2 && !is_light(word));
    telling.collect()
}

fn is_light(word: &str) -> bool {
    static LIGHT: LazyLock<HashSet<&str>> =
        LazyLock::new(|| FUNCTION.split(' ').chain(SMALL_TALK.split(' ')).collect());
    LIGHT.contains(word)
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .map(|word| word.trim_matches('\'').to_lowercase())
        .filter(|word| !word.is_empty())
}

fn stem(word: &str) -> String {
    let word = word.split('\'').next().unwrap_or(word);
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_telling_words_hold_a_query() {
        let query = QueryWords::of("What about the prices of a renewal?");
        let found = query.found_in("Each price went up.");
        assert_eq!(found, ["prices"]);
        assert!(query.are_enough(&found));
        assert!(!query.are_enough(&[]));
        let nothing = QueryWords::of("what is it about?");
        assert!(nothing.are_none() && QueryWords::of("hello how are you").are_none());
    }

    #[test]
    fn greetings_are_small_talk() {
        assert!(is_small_talk(
            "Hi everyone, good morning, can you hear me okay? Yes, hello!"
        ));
        assert!(is_small_talk(
            "Thank you so much, have a great weekend. Bye bye."
        ));
        assert!(!is_small_talk(
            "The renewal price went up by twelve percent in March."
        ));
    }
}
