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
        self.score_even(&self.even(row))
    }

    /// A row on the scale of the weights. Sums with the [same scale](Self::is_like) share it.
    pub(super) fn even(&self, row: &[f32]) -> Vec<f64> {
        let columns = row.iter().zip(&self.mean).zip(&self.scale);
        let even = columns
            .map(|((value, mean), scale)| ((f64::from(*value) - mean) / scale).clamp(-4.0, 4.0));
        even.collect()
    }

    /// The score of a row that is on the scale of the weights.
    pub(super) fn score_even(&self, row: &[f64]) -> f64 {
        let weighed = row.iter().zip(&self.weights);
        self.bias + weighed.map(|(value, weight)| value * weight).sum::<f64>()
    }

    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.mean == other.mean && self.scale == other.scale
    }

    pub(super) fn is_of(&self, columns: usize) -> bool {
        [&self.mean, &self.scale, &self.weights]
            .iter()
            .all(|part| part.len() == columns)
    }
}

/// The sum of small decision trees, on end in one piece: a call walks through millions of
/// them.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<Tree>")]
pub(super) struct Trees {
    roots: Vec<i32>,
    nodes: Vec<Node>,
    values: Vec<f64>,
}

/// Rows of numbers, column by column: a tree looks at a few columns of many rows.
pub(super) struct Rows {
    count: usize,
    columns: Vec<f32>,
}

impl Rows {
    /// Rows of `width` numbers, given on end.
    pub(super) fn of(width: usize, rows: &[f32]) -> Self {
        let count = rows.len() / width.max(1);
        let columns = (0..width).flat_map(|column| {
            let rows = rows.chunks_exact(width);
            rows.map(move |row| row[column])
        });
        Self {
            count,
            columns: columns.collect(),
        }
    }
}

#[derive(Debug)]
struct Node {
    column: usize,
    threshold: f32,
    /// Where to go up to the threshold and above it, as in a [`Tree`].
    to: [i32; 2],
}

/// A tree as files have it.
#[derive(Debug, Deserialize)]
struct Tree {
    /// Column, threshold, where to go up to it and above it; a negative number -n is
    /// value n - 1.
    nodes: Vec<(usize, f32, i32, i32)>,
    values: Vec<f64>,
}

#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // Some thousand nodes.
impl From<Vec<Tree>> for Trees {
    fn from(trees: Vec<Tree>) -> Self {
        let mut all = Self {
            roots: Vec::with_capacity(trees.len()),
            nodes: Vec::new(),
            values: Vec::new(),
        };
        for tree in trees {
            let (node, value) = (all.nodes.len() as i32, all.values.len() as i32);
            let moved = |to: i32| {
                if to < 0 {
                    to.saturating_sub(value)
                } else {
                    to.saturating_add(node)
                }
            };
            all.roots
                .push(moved(if tree.nodes.is_empty() { -1 } else { 0 }));
            let nodes = tree.nodes.into_iter();
            all.nodes
                .extend(nodes.map(|(column, threshold, up_to, above)| Node {
                    column,
                    threshold,
                    to: [moved(up_to), moved(above)],
                }));
            all.values.extend(tree.values);
        }
        all
    }
}

impl Trees {
    /// The score of each row. Tree by tree, so that what one looks at stays close by.
    pub(super) fn scores(&self, rows: &Rows) -> Vec<f64> {
        let mut scores = vec![0.0; rows.count];
        for root in &self.roots {
            for (row, score) in scores.iter_mut().enumerate() {
                *score += self.value(*root, rows, row);
            }
        }
        scores
    }

    fn value(&self, root: i32, rows: &Rows, row: usize) -> f64 {
        let mut at = root;
        while let Some(node) = usize::try_from(at).ok().and_then(|at| self.nodes.get(at)) {
            let value = rows.columns.get(node.column * rows.count + row);
            let is_above = value.is_some_and(|value| *value > node.threshold);
            at = node.to[usize::from(is_above)];
        }
        let leaf = (!at).cast_unsigned() as usize;
        self.values.get(leaf).copied().unwrap_or(0.0)
    }

    /// Whether every step leads on, to a column that exists.
    pub(super) fn is_of(&self, columns: usize) -> bool {
        let leads_on = |from: usize, to: i32| match usize::try_from(to) {
            // Forward only, so that no walk goes in circles.
            Ok(to) => to > from && to < self.nodes.len(),
            Err(_) => ((!to).cast_unsigned() as usize) < self.values.len(),
        };
        let mut nodes = self.nodes.iter().enumerate();
        nodes.all(|(at, node)| node.column < columns && node.to.iter().all(|to| leads_on(at, *to)))
            && (self.roots.iter()).all(|root| *root >= 0 || leads_on(0, *root))
    }
}

/// One choice among several and none: how likely each is beside the others goes by the
/// exponentials of their scores.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Choice {
    pub(super) linear: Linear,
    /// Weights of what speaks for none.
    none: Vec<f64>,
}

impl Choice {
    /// The score of none.
    pub(super) fn none(&self, row: &[f64]) -> f64 {
        let weighed = row.iter().zip(&self.none);
        weighed.map(|(value, weight)| value * weight).sum()
    }

    pub(super) fn is_of(&self, columns: usize, of_none: usize) -> bool {
        self.linear.is_of(columns) && self.none.len() == of_none
    }
}

/// The probability of a score.
pub(super) fn probability(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}
