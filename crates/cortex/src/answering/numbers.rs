//! The learned numbers: weights by name, `sentence<TAB>name<TAB>weight` and `told<TAB>…`.

use foldhash::{HashMap, HashMapExt};
use resilience::ErrorKind;

use crate::{Error, Result};

/// What is added whatever the question.
const BIAS: &str = "bias";

/// Weights of what is seen of a sentence, and of what tells that the answer is there.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    pub(super) sentence: Weights,
    pub(super) told: Weights,
}

/// Weights by name; what has no name counts nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Weights(HashMap<Box<str>, f64>);

impl Weights {
    pub(super) fn of(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or(0.0)
    }

    /// The weighted sum of named values.
    pub(super) fn sum<'n>(&self, values: impl IntoIterator<Item = (&'n str, f64)>) -> f64 {
        let sum: f64 = values
            .into_iter()
            .map(|(name, value)| self.of(name) * value)
            .sum();
        sum + self.of(BIAS)
    }
}

impl Numbers {
    /// # Errors
    /// `InvalidInput` on `table` for a line of another form.
    pub(super) fn parse(table: &str) -> Result<Self> {
        let mut numbers = Self {
            sentence: Weights(HashMap::new()),
            told: Weights(HashMap::new()),
        };
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let refused = || {
                let message = "a line is not `sentence` or `told`, a name and a weight";
                Error::new(ErrorKind::InvalidInput, message).with_field("table")
            };
            let mut cells = line.split('\t');
            let (Some(of), Some(name), Some(weight), None) =
                (cells.next(), cells.next(), cells.next(), cells.next())
            else {
                return Err(refused());
            };
            let weight = weight.parse::<f64>().map_err(|_| refused())?;
            let weights = match of {
                "sentence" => &mut numbers.sentence,
                "told" => &mut numbers.told,
                _ => return Err(refused()),
            };
            weights.0.insert(name.into(), weight);
        }
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_weighted_by_name_and_strange_lines_are_refused() {
        let numbers = Numbers::parse("# made\nsentence\twords\t2\nsentence\tbias\t-1\n").unwrap();
        assert!((numbers.sentence.sum([("words", 3.0), ("new", 9.0)]) - 5.0).abs() < 1e-12);
        assert!(numbers.told.sum([("words", 3.0)]).abs() < 1e-12);
        for line in ["words\t2", "sentence\twords\tmuch", "other\twords\t2"] {
            assert_eq!(Numbers::parse(line).unwrap_err().field(), Some("table"));
        }
    }
}
