//! Words and phrases by what they speak of: `data/reading_classes.txt`.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

const TABLE: &str = include_str!("../../../data/reading_classes.txt");

static CLASSES: LazyLock<Classes> = LazyLock::new(|| Classes::parse(TABLE));

/// The table.
pub(super) fn classes() -> &'static Classes {
    &CLASSES
}

/// Groups of phrases that tell who does a step: `data/reading_owners.txt`.
pub(super) fn groups() -> &'static Classes {
    const TABLE: &str = include_str!("../../../data/reading_owners.txt");
    static GROUPS: LazyLock<Classes> = LazyLock::new(|| Classes::parse(TABLE));
    &GROUPS
}

/// Phrases that tell how a customer stands to a competitor: `data/reading_stances.txt`.
pub(super) fn stances() -> &'static Classes {
    const TABLE: &str = include_str!("../../../data/reading_stances.txt");
    static STANCES: LazyLock<Classes> = LazyLock::new(|| Classes::parse(TABLE));
    &STANCES
}

/// A phrase after its first word, and the number of its class.
type Rest = (Vec<Pattern>, usize);

/// A word, or with a trailing `*` the beginning of one.
enum Pattern {
    Whole(&'static str),
    Beginning(&'static str),
}

impl Pattern {
    fn of(word: &'static str) -> Self {
        match word.strip_suffix('*') {
            Some(beginning) => Self::Beginning(beginning),
            None => Self::Whole(word),
        }
    }

    fn fits(&self, token: &str) -> bool {
        match self {
            Self::Whole(word) => token == *word,
            Self::Beginning(word) => token.starts_with(word),
        }
    }
}

/// Phrases by their first word.
pub(crate) struct Classes {
    names: Vec<&'static str>,
    whole: HashMap<&'static str, Vec<Rest>>,
    beginnings: HashMap<&'static str, Vec<Rest>>,
}

impl Classes {
    pub(crate) fn parse(table: &'static str) -> Self {
        let mut classes = Self {
            names: Vec::new(),
            whole: HashMap::new(),
            beginnings: HashMap::new(),
        };
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        for (name, phrases) in lines.filter_map(|line| line.split_once(':')) {
            for phrase in phrases.split('|') {
                let mut words = phrase.split_whitespace().map(Pattern::of);
                let (by_first, first) = match words.next() {
                    Some(Pattern::Whole(word)) => (&mut classes.whole, word),
                    Some(Pattern::Beginning(word)) => (&mut classes.beginnings, word),
                    None => continue,
                };
                let rest = (words.collect(), classes.names.len());
                by_first.entry(first).or_default().push(rest);
            }
            classes.names.push(name);
        }
        classes
    }

    /// How many classes there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of a class.
    pub(crate) fn name(&self, number: usize) -> &'static str {
        self.names.get(number).copied().unwrap_or_default()
    }

    /// The number of a class.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| *known == name)
    }

    /// How often each class occurs among lower-case tokens.
    pub(crate) fn counts(&self, tokens: &[&str]) -> Vec<f32> {
        let mut counts = vec![0.0; self.names.len()];
        for (at, token) in tokens.iter().enumerate() {
            let following = &tokens[at + 1..];
            let mut count = |phrases: Option<&Vec<Rest>>| {
                for (rest, class) in phrases.into_iter().flatten() {
                    let fits = rest
                        .iter()
                        .zip(following)
                        .all(|(word, token)| word.fits(token));
                    if rest.len() <= following.len() && fits {
                        counts[*class] += 1.0;
                    }
                }
            };
            count(self.whole.get(token));
            let ends = token
                .char_indices()
                .map(|(start, symbol)| start + symbol.len_utf8());
            for end in ends {
                count(self.beginnings.get(&token[..end]));
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_count_by_class_and_a_star_stands_for_any_ending() {
        let classes = Classes::parse("# note\nask: can you | let's\nprice: cheap* | per seat*\n");
        assert_eq!(classes.counts(&["can", "you", "go", "cheaper"]), [1.0, 1.0]);
        assert_eq!(classes.counts(&["per", "seats", "can"]), [0.0, 1.0]);
        assert_eq!((classes.len(), classes.number("price")), (2, Some(1)));
    }

    #[test]
    fn the_table_is_read_whole() {
        assert!(classes().len() <= 64, "a sentence has a bit for each");
        assert_eq!(
            classes().len(),
            TABLE.lines().filter(|line| !line.starts_with('#')).count()
        );
    }
}
