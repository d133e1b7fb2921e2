//! Linear models and small trees: what a learned number is made of.

use serde::Deserialize;

/// Kinds of items, in the order in which the numbers know them.
pub(super) const KINDS: usize = 8;

/// A weighted sum of normalised columns.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Linear {
    mean: Vec<f64>,
    scale: Vec<f64>,
    weights: Vec<f64>,
    bias: f64,
}

impl Linear {
    pub(super) fn score(&self, row: &[f32]) -> f64 {
        let columns = row
            .iter()
            .zip(&self.mean)
            .zip(&self.scale)
            .zip(&self.weights);
        let sum: f64 = columns
            .map(|(((value, mean), scale), weight)| {
                weight * ((f64::from(*value) - mean) / scale).clamp(-4.0, 4.0)
            })
            .sum();
        self.bias + sum
    }

    pub(super) fn is_of(&self, columns: usize) -> bool {
        [&self.mean, &self.scale, &self.weights]
            .iter()
            .all(|part| part.len() == columns)
    }
}

/// The sum of small decision trees.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Trees(Vec<Tree>);

#[derive(Debug, Deserialize)]
struct Tree {
    /// Column, threshold, where to go up to it and above it; a negative number -n is
    /// value n - 1.
    nodes: Vec<(usize, f32, i32, i32)>,
    values: Vec<f64>,
}

impl Trees {
    pub(super) fn score(&self, row: &[f32]) -> f64 {
        self.0.iter().map(|tree| tree.value(row)).sum()
    }

    /// Whether every step leads on, to a column that exists.
    pub(super) fn is_of(&self, columns: usize) -> bool {
        self.0.iter().all(|tree| tree.is_of(columns))
    }
}

impl Tree {
    fn value(&self, row: &[f32]) -> f64 {
        let mut at = if self.nodes.is_empty() { -1 } else { 0 };
        while let Some((column, threshold, up_to, above)) =
            usize::try_from(at).ok().and_then(|at| self.nodes.get(at))
        {
            let value = row.get(*column).copied().unwrap_or(0.0);
            at = if value <= *threshold { *up_to } else { *above };
        }
        let leaf = usize::try_from(-i64::from(at) - 1).unwrap_or(usize::MAX);
        self.values.get(leaf).copied().unwrap_or(0.0)
    }

    fn is_of(&self, columns: usize) -> bool {
        let leads_on = |from: usize, to: i32| match usize::try_from(to) {
            // Forward only, so that no walk goes in circles.
            Ok(to) => to > from && to < self.nodes.len(),
            Err(_) => to.unsigned_abs() as usize <= self.values.len(),
        };
        let mut nodes = self.nodes.iter().enumerate();
        !self.values.is_empty()
            && nodes.all(|(at, (column, _, up_to, above))| {
                *column < columns && leads_on(at, *up_to) && leads_on(at, *above)
            })
    }
}

/// The probability of a score.
pub(super) fn probability(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}
