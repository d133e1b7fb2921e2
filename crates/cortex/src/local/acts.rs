//! What the wording of a sentence says about the speaker's act: asking, promising.
//!
//! A sentence is read as runs of up to three words ("do you", "isn't it" at the end)
//! and of up to four word classes (an auxiliary, then a pronoun), each with the weight
//! that meetings taught (`tools/spoken_runs.py`). Classes carry over to words that
//! those meetings did not use. Hesitation, words broken off and stutters count for
//! nothing. Contractions are known in the spellings of recognizers, "dont" and "don t".

use std::borrow::Cow;
use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

use super::text::{in_lower_case, is_broken_off, is_sound, words};

/// `letter: words`; see the file.
const CLASSES: &str = include_str!("../../data/word_classes.txt");

/// `run<TAB>question<TAB>promise`; the empty run's weights are those of every
/// sentence, and `#` begins a run of classes.
const RUNS: &str = include_str!("../../data/spoken_runs.tsv");

const LONGEST_RUN: usize = 3;
const LONGEST_CLASS_RUN: usize = 4;
const LONGEST_STUTTER: usize = 3;

/// What "we'll", "I'd" and their like are without the apostrophe, which are words too.
const OTHER_WORDS: [&str; 7] = ["hell", "id", "its", "shed", "shell", "wed", "well"];

/// What may follow the apostrophe of a contraction.
const CONTRACTED: [&str; 7] = ["d", "ll", "m", "re", "s", "t", "ve"];

/// Bytes of a short line of the table.
const SHORTEST_LINE: usize = 16;

/// Bits of a word's number within a run's key; three fit below the class mark.
const WORD_BITS: u32 = 20;
/// Bits of a class's number within a run's key.
const CLASS_BITS: u32 = 4;
/// Tells the keys of class runs from those of word runs.
const CLASS_MARK: u64 = 1 << 63;

static WORDING: LazyLock<Wording> = LazyLock::new(|| Wording::parse(CLASSES, RUNS));

/// For and against, as log-odds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Evidence {
    /// That the sentence asks; 0 is where one would bet on it.
    pub(super) question: f64,
    /// That it promises something.
    pub(super) promise: f64,
}

/// The evidence of a sentence's words; none when it has no words.
pub(super) fn evidence(sentence: &str) -> Option<Evidence> {
    let spoken = without_stutters(sentence);
    if spoken.is_empty() {
        return None;
    }
    Some(WORDING.evidence(&spoken))
}

/// Probability of log-odds.
pub(super) fn probability(evidence: f64) -> f64 {
    1.0 / (1.0 + (-evidence).exp())
}

/// A word as runs know it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit {
    /// From 1; 0 for a word of no run.
    word: u64,
    class: u64,
}

const OTHER: u64 = 1;
const START: Unit = Unit { word: 1, class: 2 };
const END: Unit = Unit { word: 2, class: 3 };

struct Wording {
    units: HashMap<Cow<'static, str>, Unit>,
    weights: HashMap<u64, Evidence>,
    of_every_sentence: Evidence,
}

impl Wording {
    fn parse(classes: &'static str, runs: &'static str) -> Self {
        let mut units: HashMap<Cow<'static, str>, Unit> = HashMap::new();
        units.insert("^".into(), START);
        units.insert("$".into(), END);
        let mut letters: HashMap<&str, u64> = HashMap::new();
        letters.extend([("_", OTHER), ("^", START.class), ("$", END.class)]);
        for line in classes.lines().filter(|line| !line.starts_with('#')) {
            let Some((letter, words)) = line.split_once(": ") else {
                continue;
            };
            let class = letters.len() as u64 + 1;
            letters.insert(letter, class);
            for word in words.split(' ') {
                let word_number = units.len() as u64 + 1;
                units.entry(word.into()).or_insert(Unit {
                    word: word_number,
                    class,
                });
            }
        }
        let mut weights = HashMap::with_capacity(runs.len() / SHORTEST_LINE);
        let mut of_every_sentence = Evidence::default();
        for line in runs.lines() {
            let mut columns = line.split('\t');
            let run = columns.next().unwrap_or_default();
            let mut weight = || columns.next()?.parse().ok();
            let (Some(question), Some(promise)) = (weight(), weight()) else {
                continue;
            };
            let evidence = Evidence { question, promise };
            if run.is_empty() {
                of_every_sentence = evidence;
            } else if let Some(run) = run.strip_prefix('#') {
                let numbers = run.split(' ').filter_map(|letter| letters.get(letter));
                weights.insert(class_key(numbers.copied()), evidence);
            } else {
                let numbers = run.split(' ').map(|word| {
                    let next = units.len() as u64 + 1;
                    let unit = units.entry(word.into()).or_insert(Unit {
                        word: next,
                        class: OTHER,
                    });
                    unit.word
                });
                weights.insert(word_key(numbers), evidence);
            }
        }
        let without_apostrophe: Vec<(String, Unit)> = units
            .iter()
            .filter(|(word, _)| word.contains('\''))
            .map(|(word, unit)| (word.replace('\'', ""), *unit))
            .filter(|(word, _)| !OTHER_WORDS.contains(&word.as_str()))
            .collect();
        for (word, unit) in without_apostrophe {
            units.entry(word.into()).or_insert(unit);
        }
        Self {
            units,
            weights,
            of_every_sentence,
        }
    }

    /// The unit of a word, or of its first half when the next is the other: "don t".
    fn unit(&self, word: &str, next: Option<&&str>) -> (Unit, bool) {
        let contracted = next.and_then(|next| {
            let end = CONTRACTED
                .iter()
                .find(|end| next.eq_ignore_ascii_case(end))?;
            in_lower_case(word, |word| {
                self.units.get(format!("{word}'{end}").as_str()).copied()
            })
        });
        if let Some(unit) = contracted {
            return (unit, true);
        }
        let unit = in_lower_case(word, |word| self.units.get(word).copied());
        let unit = unit.unwrap_or(Unit {
            word: 0,
            class: OTHER,
        });
        (unit, false)
    }

    fn evidence(&self, spoken: &[&str]) -> Evidence {
        let mut units = Vec::with_capacity(spoken.len() + 2);
        units.push(START);
        let mut rest = spoken.iter().peekable();
        while let Some(word) = rest.next() {
            let (unit, takes_next) = self.unit(word, rest.peek().copied());
            units.push(unit);
            if takes_next {
                rest.next();
            }
        }
        units.push(END);
        let mut found: Vec<(u64, Evidence)> = Vec::new();
        let mut find = |key: u64| found.extend(self.weights.get(&key).map(|weight| (key, *weight)));
        for start in 0..units.len() {
            let rest = &units[start..];
            for length in 1..=LONGEST_RUN.min(rest.len()) {
                if rest[length - 1].word == 0 {
                    break;
                }
                find(word_key(rest[..length].iter().map(|unit| unit.word)));
            }
            for length in 2..=LONGEST_CLASS_RUN.min(rest.len()) {
                find(class_key(rest[..length].iter().map(|unit| unit.class)));
            }
        }
        // A run that is said twice says nothing more.
        found.sort_unstable_by_key(|(key, _)| *key);
        found.dedup_by_key(|(key, _)| *key);
        let mut sum = self.of_every_sentence;
        for (_, weight) in found {
            sum.question += weight.question;
            sum.promise += weight.promise;
        }
        sum
    }
}

fn word_key(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, |key, number| (key << WORD_BITS) | number)
}

fn class_key(numbers: impl Iterator<Item = u64>) -> u64 {
    CLASS_MARK | numbers.fold(0, |key, number| (key << CLASS_BITS) | number)
}

/// The words of a sentence without sounds of hesitation ("huh" asks, so it stays),
/// words broken off, and up to three words said twice on end.
fn without_stutters(sentence: &str) -> Vec<&str> {
    let mut spoken: Vec<&str> = Vec::new();
    let tokens = sentence.split_whitespace();
    for word in tokens.filter(|token| !is_broken_off(token)).flat_map(words) {
        if is_sound(word) && !word.eq_ignore_ascii_case("huh") {
            continue;
        }
        spoken.push(word);
        for length in (1..=LONGEST_STUTTER).rev() {
            let Some(again) = spoken.len().checked_sub(length) else {
                continue;
            };
            let Some(first) = again.checked_sub(length) else {
                continue;
            };
            let mut pairs = spoken[first..again].iter().zip(&spoken[again..]);
            if pairs.all(|(left, right)| left.eq_ignore_ascii_case(right)) {
                spoken.truncate(again);
            }
        }
    }
    spoken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hesitation_and_stutters_go_and_huh_stays() {
        assert_eq!(
            without_stutters("um, so I w- I - I will so i will be, be there huh"),
            ["so", "I", "will", "be", "there", "huh"]
        );
        assert!(evidence("um - uh").is_none());
    }

    #[test]
    fn weights_of_words_and_classes_are_summed_once_each() {
        let classes = "A: is do\nP: you it\n";
        let runs = "\t-1\t-4\nis it\t2\t0\n#A P\t0.5\t0\n^ i'll\t0\t3\nit $\t0.25\t-1\n";
        let wording = Wording::parse(classes, runs);
        let odds = wording.evidence(&["Is", "it", "is", "it"]);
        assert_eq!((odds.question, odds.promise), (1.75, -5.0));
        let odds = wording.evidence(&["do", "you", "know"]);
        assert_eq!((odds.question, odds.promise), (-0.5, -4.0));
        let odds = wording.evidence(&["I\u{2019}ll", "see"]);
        assert_eq!((odds.question, odds.promise), (-1.0, -1.0));
    }

    #[test]
    fn inversion_speaks_for_a_question_and_an_offer_for_a_promise() {
        let odds = |text: &str| evidence(text).unwrap_or_default();
        assert!(odds("do you have a number for that").question > 0.0);
        assert!(odds("we have a number for that").question < 0.0);
        for spelled in ["whats the number for that", "what s the number for that"] {
            assert_eq!(odds(spelled), odds("what's the number for that"));
        }
        assert_eq!(odds("why dont we"), odds("why don't we"));
        assert_eq!(odds("why don t we"), odds("why don't we"));
        assert_ne!(odds("we are well"), odds("we are we'll"));
        assert!(odds("i'll send you an email").promise > odds("he sent an email").promise + 2.0);
    }
}
