//! What is known about a word, in one lookup.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

/// `word<TAB>mean valence`, from vaderSentiment 3.3.2 (`tools/vader_tables.py`).
const VALENCES: &str = include_str!("../../../data/vader_lexicon.tsv");

/// `emoji<TAB>description`, of single code points, from the same source.
const EMOJI: &str = include_str!("../../../data/vader_emoji.tsv");

/// Longest key in bytes; every key is ASCII. Longer tokens are not in the table.
pub(super) const LONGEST_KEY: usize = 24;

/// How much a word before strengthens or weakens.
pub(super) const BOOST: f64 = 0.293;

const STRENGTHENING: &str = "absolutely amazingly awfully completely considerable considerably \
    decidedly deeply effing enormous enormously entirely especially exceptional exceptionally \
    extreme extremely fabulously flipping flippin frackin fracking fricking frickin frigging \
    friggin fully fuckin fucking fuggin fugging greatly hella highly hugely incredible incredibly \
    intensely major majorly more most particularly purely quite really remarkably so \
    substantially thoroughly total totally tremendous tremendously uber unbelievably unusually \
    utter utterly very";

const WEAKENING: &str = "almost barely hardly kinda kindof kind-of less little marginal \
    marginally occasional occasionally partly scarce scarcely slight slightly somewhat sorta \
    sortof sort-of";

const NEGATING: &str = "aint arent cannot cant couldnt darent didnt doesnt ain't aren't can't \
    couldn't daren't didn't doesn't dont hadnt hasnt havent isnt mightnt mustnt neither don't \
    hadn't hasn't haven't isn't mightn't mustn't neednt needn't never none nope nor not nothing \
    nowhere oughtnt shant shouldnt uhuh wasnt werent oughtn't shan't shouldn't uh-uh wasn't \
    weren't without wont wouldnt won't wouldn't rarely seldom despite";

/// A word that a rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    No,
    Or,
    Nor,
    Never,
    So,
    This,
    Without,
    Doubt,
    At,
    Very,
    Least,
    But,
    Kind,
    Of,
    Sort,
    Just,
    Enough,
    The,
    Shit,
    Bomb,
    Bad,
    Ass,
    Bus,
    Stop,
    Yeah,
    Right,
    Beating,
    Heart,
    Kiss,
    Death,
    To,
    Die,
    For,
}

const NAMED: [(&str, Named); 33] = [
    ("no", Named::No),
    ("or", Named::Or),
    ("nor", Named::Nor),
    ("never", Named::Never),
    ("so", Named::So),
    ("this", Named::This),
    ("without", Named::Without),
    ("doubt", Named::Doubt),
    ("at", Named::At),
    ("very", Named::Very),
    ("least", Named::Least),
    ("but", Named::But),
    ("kind", Named::Kind),
    ("of", Named::Of),
    ("sort", Named::Sort),
    ("just", Named::Just),
    ("enough", Named::Enough),
    ("the", Named::The),
    ("shit", Named::Shit),
    ("bomb", Named::Bomb),
    ("bad", Named::Bad),
    ("ass", Named::Ass),
    ("bus", Named::Bus),
    ("stop", Named::Stop),
    ("yeah", Named::Yeah),
    ("right", Named::Right),
    ("beating", Named::Beating),
    ("heart", Named::Heart),
    ("kiss", Named::Kiss),
    ("death", Named::Death),
    ("to", Named::To),
    ("die", Named::Die),
    ("for", Named::For),
];

/// What the rules ask about a word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WordFacts {
    /// Mean rating, from -4 to 4, for words of the lexicon.
    pub(super) valence: Option<f64>,
    /// [`BOOST`], its negative, or 0.
    pub(super) boost: f64,
    /// Whether it is in the list of negations.
    pub(super) negates: bool,
    /// Which word it is, if a rule names it.
    pub(super) named: Option<Named>,
}

static WORDS: LazyLock<HashMap<&'static str, WordFacts>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, WordFacts> = HashMap::with_capacity(8_192);
    for (word, valence) in VALENCES.lines().filter_map(|line| line.split_once('\t')) {
        words.entry(word).or_default().valence = valence.parse().ok();
    }
    for word in STRENGTHENING.split_whitespace() {
        words.entry(word).or_default().boost = BOOST;
    }
    for word in WEAKENING.split_whitespace() {
        words.entry(word).or_default().boost = -BOOST;
    }
    for word in NEGATING.split_whitespace() {
        words.entry(word).or_default().negates = true;
    }
    for (word, named) in NAMED {
        words.entry(word).or_default().named = Some(named);
    }
    words
});

static DESCRIPTIONS: LazyLock<HashMap<char, &'static str>> = LazyLock::new(|| {
    EMOJI
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(emoji, description)| Some((emoji.chars().next()?, description)))
        .collect()
});

/// The facts about a lower-cased token; a token of no list has none.
pub(super) fn facts(lower_case: &str) -> WordFacts {
    WORDS.get(lower_case).copied().unwrap_or_default()
}

/// The words for an emoji.
pub(super) fn description(emoji: char) -> Option<&'static str> {
    DESCRIPTIONS.get(&emoji).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_complete_and_every_key_can_be_looked_up() {
        assert_eq!(VALENCES.lines().count(), 7_488);
        assert_eq!(DESCRIPTIONS.len(), 1_212);
        assert!(
            WORDS
                .values()
                .filter(|facts| facts.valence.is_some())
                .count()
                == 7_488
        );
        for word in WORDS.keys() {
            assert!(word.is_ascii() && word.len() <= LONGEST_KEY, "{word}");
            assert_eq!(*word, word.to_ascii_lowercase());
        }
    }
}
