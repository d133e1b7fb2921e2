//! What a word is worth in a summary.
//!
//! People's summaries of meetings tell how likely a word is to be in one, once and
//! more often: function words by themselves, other words by how rare they are in
//! general and how often the conversation says them (`tools/summary_words.py`).

use std::sync::LazyLock;

use foldhash::HashMap;

use super::text::inverse_document_frequency;

/// `:once` and `:twice` with an intercept and the weights of rarity and frequency;
/// then a function word's stem and the shares of summaries that hold it once or more,
/// twice or more, and so on.
const TABLE: &str = include_str!("../../data/summary_words.tsv");

/// What a function word counts beside others. Whole, more of the summary's words would
/// be people's, and fewer of those that say what it was about.
const FUNCTION_WORD_WEIGHT: f64 = 0.25;

/// A word of the conversation counts per so many.
const PER_WORDS: f64 = 10_000.0;

static SUMMARY_WORDS: LazyLock<SummaryWords> = LazyLock::new(|| SummaryWords::parse(TABLE));

#[derive(Debug, Default)]
struct SummaryWords {
    models: Vec<Model>,
    functions: HashMap<&'static str, Vec<f64>>,
}

/// Log-odds that a summary holds a word so many times.
#[derive(Debug)]
struct Model {
    intercept: f64,
    rarity: f64,
    frequency: f64,
}

/// What each further mention of a stem adds to a summary.
#[derive(Debug, Clone)]
pub(super) struct WordValues {
    /// Of the first mention, the second, and so on.
    pub(super) mentions: Vec<f64>,
    /// Whether it says what is talked about.
    pub(super) is_substance: bool,
}

/// The values of a stem that is `count` of the conversation's `total` words.
pub(super) fn values(stem: &str, count: f64, total: f64) -> WordValues {
    SUMMARY_WORDS.values(stem, count, total)
}

impl SummaryWords {
    fn parse(table: &'static str) -> Self {
        let mut read = Self::default();
        for line in table.lines() {
            let mut columns = line.split('\t');
            let name = columns.next().unwrap_or_default();
            let numbers: Vec<f64> = columns.filter_map(|number| number.parse().ok()).collect();
            match (name.starts_with(':'), numbers.as_slice()) {
                (true, &[intercept, rarity, frequency]) => read.models.push(Model {
                    intercept,
                    rarity,
                    frequency,
                }),
                _ => {
                    let weighed = numbers.iter().map(|share| share * FUNCTION_WORD_WEIGHT);
                    read.functions.insert(name, weighed.collect());
                }
            }
        }
        read
    }

    fn values(&self, stem: &str, count: f64, total: f64) -> WordValues {
        if let Some(mentions) = self.functions.get(stem) {
            return WordValues {
                mentions: mentions.clone(),
                is_substance: false,
            };
        }
        let rarity = f64::from(inverse_document_frequency(stem));
        let frequency = (PER_WORDS * count / total).ln();
        let mentions = self.models.iter().map(|model| {
            let odds = model.intercept + model.rarity * rarity + model.frequency * frequency;
            1.0 / (1.0 + (-odds).exp())
        });
        WordValues {
            mentions: mentions.collect(),
            is_substance: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_are_worth_more_and_later_mentions_less() {
        let often = values("renew", 9.0, 2_000.0);
        let once = values("renew", 1.0, 2_000.0);
        assert!(often.is_substance);
        assert!(often.mentions[0] > 2.0 * once.mentions[0]);
        assert!(often.mentions[0] > often.mentions[1]);
    }

    #[test]
    fn function_words_are_worth_the_same_in_every_conversation() {
        let values_of = |count| values("the", count, 1_000.0);
        assert!(!values_of(1.0).is_substance);
        assert_eq!(values_of(1.0).mentions, values_of(90.0).mentions);
        assert!(
            values_of(1.0)
                .mentions
                .is_sorted_by(|first, next| first >= next)
        );
        // Known as a function word, and in hardly any summary.
        let fillers = values("yeah", 50.0, 1_000.0);
        assert!(!fillers.is_substance && fillers.mentions.is_empty());
    }
}
