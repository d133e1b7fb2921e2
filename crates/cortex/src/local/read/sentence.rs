//! What the reader sees of one sentence. Twin of `training/reading/features.py`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use calls::reading::{CallToRead, Side};
use foldhash::{HashMap, HashMapExt, HashSet};
use regex::Regex;

use super::classes::{classes, groups};
use crate::text::{Stemming, inverse_document_frequency};

#[allow(clippy::unwrap_used)] // A constant that every test compiles.
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[a-z]+(?:'[a-z]+)*|[0-9]+(?:[.,:][0-9]+)*|[?%$€£]").unwrap());

const HESITATION: [&str; 6] = ["um", "uh", "er", "erm", "ah", "oh"];

const NUMBER_WORDS: &str = " one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million first second third fourth fifth sixth seventh eighth ninth tenth twentieth thirtieth dozen half ";

const DATE_WORDS: &str = " monday tuesday wednesday thursday friday saturday sunday today tonight tomorrow january february march april may june july august september october november december morning afternoon first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth ";

/// Every word of a call is looked for, so the lists are sets.
static DATES: LazyLock<HashSet<&str>> = LazyLock::new(|| DATE_WORDS.split_whitespace().collect());

static NUMBERS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| NUMBER_WORDS.split_whitespace().collect());

/// Whether a token is a word of dates.
pub(crate) fn is_date_word(token: &str) -> bool {
    DATES.contains(token)
}

/// Whether a token says how much or how many.
pub(crate) fn is_figure(token: &str) -> bool {
    let is_vague = matches!(token, "one" | "first" | "second");
    token.starts_with(|first: char| first.is_ascii_digit())
        || (!is_vague && NUMBERS.contains(token))
}

/// Numbers are written in another way by every text.
const NUMBER_WEIGHT: f64 = 4.0;

/// One sentence of a call.
pub(super) struct Sentence {
    /// As it was said.
    pub(super) text: String,
    /// Number of the speaker, in the order of their first words.
    pub(super) speaker: usize,
    pub(super) is_rep: bool,
    pub(super) turn: usize,
    pub(super) at_in_turn: usize,
    pub(super) turn_length: usize,
    /// Lower-case words, numbers and a few signs.
    pub(super) tokens: Vec<String>,
    /// How often each class of phrases occurs.
    pub(super) classes: Vec<f32>,
    /// How often each group of phrases occurs that tells who does a step.
    pub(super) groups: Vec<f32>,
    /// Lower-cased words with a capital that do not begin the sentence.
    pub(super) capitals: BTreeSet<String>,
    pub(super) asks: bool,
    /// The classes that occur, a bit each.
    pub(super) present: u64,
    /// Stems of longer words by their numbers within the call, ascending, with how rare
    /// each is.
    pub(super) stems: Vec<(u32, f64)>,
    pub(super) norm: f64,
    /// Words of dates.
    pub(super) dates: BTreeSet<String>,
    /// Hashes of what it says, ascending, each once.
    pub(super) keys: Vec<u32>,
}

impl Sentence {
    pub(super) fn has(&self, class: usize) -> bool {
        self.present & (1 << class) != 0
    }
}

/// Lower case, with straight apostrophes.
pub(crate) fn normal(text: &str) -> String {
    text.to_lowercase().replace(['\u{2018}', '\u{2019}'], "'")
}

/// The words of a text as the reader sees them.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let text = normal(text);
    let found = TOKEN.find_iter(&text).map(|token| token.as_str());
    let found = found.filter(|token| !HESITATION.contains(token));
    found.map(str::to_owned).collect()
}

/// How rare a stem is in general.
fn weight(stem: &str) -> f64 {
    if stem.starts_with('#') {
        NUMBER_WEIGHT
    } else {
        f64::from(inverse_document_frequency(stem))
    }
}

pub(crate) fn listed(words: &str, word: &str) -> bool {
    let mut found = words.match_indices(word);
    let is_whole = |(at, _): (usize, &str)| {
        let before = words[..at].ends_with(' ');
        before && words[at + word.len()..].starts_with(' ')
    };
    !word.is_empty() && found.any(is_whole)
}

/// Every sentence of a call.
pub(super) fn sentences(call: &CallToRead) -> Vec<Sentence> {
    let sides: HashMap<&str, Side> = call
        .parties
        .iter()
        .map(|party| (party.id.as_str(), party.side))
        .collect();
    let mut speakers: HashMap<&str, usize> = HashMap::new();
    let mut stemming = Stemming::new();
    let mut numbers: HashMap<String, (u32, f64)> = HashMap::new();
    let mut said = Vec::new();
    for (number, turn) in call.turns.iter().enumerate() {
        let next = speakers.len();
        let speaker = *speakers.entry(turn.speaker.as_str()).or_insert(next);
        let side = sides
            .get(turn.speaker.as_str())
            .copied()
            .unwrap_or_default();
        for (at, text) in turn.sentences.iter().enumerate() {
            let mut sentence = Sentence {
                speaker,
                is_rep: side == Side::Rep,
                turn: number,
                at_in_turn: at,
                turn_length: turn.sentences.len(),
                ..looked_at(text)
            };
            let general: Vec<&str> = sentence.tokens.iter().map(|token| general(token)).collect();
            let stems: Vec<String> = general
                .iter()
                .map(|word| stem(&mut stemming, word))
                .collect();
            let longer = general.iter().zip(&stems);
            let longer = longer.filter(|(word, _)| word.len() > 2 || word.starts_with('#'));
            let numbered = longer.map(|(_, stem)| match numbers.get(stem) {
                Some(known) => *known,
                None => {
                    #[allow(clippy::cast_possible_truncation)] // Stems of one call.
                    let new = (numbers.len() as u32, weight(stem));
                    numbers.insert(stem.clone(), new);
                    new
                }
            });
            sentence.stems = numbered.collect();
            sentence.stems.sort_unstable_by_key(|(number, _)| *number);
            sentence.stems.dedup_by_key(|(number, _)| *number);
            let squares: f64 = sentence
                .stems
                .iter()
                .map(|(_, weight)| weight.powi(2))
                .sum();
            sentence.norm = if squares > 0.0 { squares.sqrt() } else { 1.0 };
            sentence.keys = keys(&sentence, &general, &stems);
            said.push(sentence);
        }
    }
    said
}

fn looked_at(text: &str) -> Sentence {
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let counts = classes().counts(&words);
    let dates = words.iter().filter(|word| is_date_word(word));
    Sentence {
        text: text.to_owned(),
        speaker: 0,
        is_rep: false,
        turn: 0,
        at_in_turn: 0,
        turn_length: 0,
        dates: dates.map(|word| (*word).to_owned()).collect(),
        present: (0..counts.len())
            .filter(|class| counts[*class] > 0.0)
            .fold(0, |bits, class| bits | 1 << class),
        classes: counts,
        groups: groups().counts(&words),
        capitals: capitals(text)
            .into_iter()
            .map(|word| word.to_lowercase())
            .collect(),
        asks: text.trim_end().ends_with('?'),
        stems: Vec::new(),
        norm: 1.0,
        keys: Vec::new(),
        tokens,
    }
}

/// A token; all numbers in digits are one, and so are all in words.
pub(crate) fn general(token: &str) -> &str {
    if token.starts_with(|first: char| first.is_ascii_digit()) {
        "#"
    } else if NUMBERS.contains(token) {
        "#w"
    } else {
        token
    }
}

/// Stems as Snowball makes them of a word with its signs.
fn stem(stemming: &mut Stemming, word: &str) -> String {
    if word.starts_with(|first: char| first.is_ascii_alphabetic()) {
        stemming.stem(word).to_owned()
    } else {
        word.to_owned()
    }
}

/// Words with a capital after the first word, but for "I".
pub(crate) fn capitals(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for symbol in text.chars().chain([' ']) {
        let is_inside = symbol.is_alphanumeric() || "_'\u{2019}-".contains(symbol);
        if (!word.is_empty() && is_inside) || (word.is_empty() && symbol.is_alphabetic()) {
            word.push(symbol);
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    words.drain(..words.len().min(1));
    words.retain(|word| {
        let is_i = word == "I" || word.starts_with("I'") || word.starts_with("I\u{2019}");
        word.starts_with(char::is_uppercase) && !is_i
    });
    words
}

fn keys(sentence: &Sentence, general: &[&str], stems: &[String]) -> Vec<u32> {
    let side = if sentence.is_rep { "R" } else { "C" };
    let mut keys = Vec::with_capacity(general.len() * 6 + 64);
    let mut add = |parts: &[&str]| keys.push(hash(parts));
    for (word, stem) in general.iter().zip(stems) {
        for side in ["", side] {
            add(&[side, "u:", word]);
            add(&[side, "s:", stem]);
        }
    }
    let present = (0..sentence.classes.len()).filter(|class| sentence.has(*class));
    let present: Vec<String> = present.map(|class| class.to_string()).collect();
    for (at, class) in present.iter().enumerate() {
        add(&["c:", class]);
        add(&[side, "c:", class]);
        for other in &present[at + 1..] {
            add(&["cc:", class, ",", other]);
        }
        if !sentence.capitals.is_empty() {
            add(&["capc:", class]);
        }
    }
    let edged: Vec<&str> = ["<"].iter().chain(general).chain(&[">"]).copied().collect();
    for pair in edged.windows(2) {
        add(&["b:", pair[0], " ", pair[1]]);
    }
    for three in edged.windows(3) {
        add(&["t:", three[0], " ", three[1], " ", three[2]]);
    }
    let length = (sentence.tokens.len() + 1).ilog2().min(6).to_string();
    add(&[side]);
    add(&["q", if sentence.asks { "1" } else { "0" }, side]);
    add(&["len", &length]);
    add(&["len", &length, side]);
    add(&["k", &sentence.at_in_turn.min(4).to_string()]);
    add(&["n", &sentence.turn_length.min(5).to_string()]);
    if !sentence.capitals.is_empty() {
        add(&["caps"]);
        add(&["caps", side]);
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// FNV-1a of the parts on end.
fn hash(parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    bytes.fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

impl Sentence {
    /// Whether a phrase occurs, its words in a row.
    pub(super) fn says(&self, phrase: &str) -> bool {
        self.places(phrase).next().is_some()
    }

    /// The tokens at which a phrase begins, its words in a row.
    pub(super) fn places<'a>(&'a self, phrase: &'a str) -> impl Iterator<Item = usize> + 'a {
        let (first, rest) = phrase.split_once(' ').unwrap_or((phrase, ""));
        let tokens = self.tokens.iter().enumerate();
        let begins = tokens.filter(move |(at, token)| {
            let mut next = self.tokens[at + 1..].iter();
            let mut rest = rest.split_terminator(' ');
            *token == first && rest.all(|word| next.next().is_some_and(|token| token == word))
        });
        begins.map(|(at, _)| at)
    }

    /// Whether one of some phrases occurs.
    pub(super) fn says_any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.says(phrase))
    }
}
