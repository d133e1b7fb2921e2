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

/// The sum of small decision trees. Each is looked at node by node over all rows, and not row
/// by row: what a node tells of a row is which leaves it cannot reach, and the first that is left
/// is its own (Lucchese et al. 2015, "QuickScorer"). So no step waits for the one before.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Vec<WrittenTree>")]
pub(super) struct Trees {
    trees: Vec<Tree>,
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

    fn column(&self, column: usize) -> &[f32] {
        let from = column * self.count;
        self.columns
            .get(from..from + self.count)
            .unwrap_or_default()
    }
}

/// A set of leaves, a bit each.
type Leaves = u32;

#[derive(Debug, Default)]
struct Tree {
    nodes: Vec<Node>,
    /// Of the leaves, from the left.
    values: Vec<f64>,
}

#[derive(Debug)]
struct Node {
    column: usize,
    threshold: f32,
    /// The leaves that a row above the threshold cannot reach.
    left: Leaves,
}

/// A tree as files have it.
#[derive(Debug, Deserialize)]
struct WrittenTree {
    /// Column, threshold, where to go up to it and above it; a negative number -n is
    /// value n - 1.
    nodes: Vec<(usize, f32, i32, i32)>,
    values: Vec<f64>,
}

impl TryFrom<Vec<WrittenTree>> for Trees {
    type Error = &'static str;

    fn try_from(written: Vec<WrittenTree>) -> Result<Self, Self::Error> {
        let trees = written.iter().map(|written| {
            if written.nodes.len() >= Leaves::BITS as usize {
                return Err("a tree of too many nodes");
            }
            let mut tree = Tree::default();
            let root = if written.nodes.is_empty() { -1 } else { 0 };
            tree.grow(written, root)?;
            Ok(tree)
        });
        let trees = trees.collect::<Result<_, _>>()?;
        Ok(Self { trees })
    }
}

impl Tree {
    /// Adds what is below a place of the written tree.
    fn grow(&mut self, written: &WrittenTree, place: i32) -> Result<(), &'static str> {
        let Ok(at) = usize::try_from(place) else {
            let value = written.values.get((!place).cast_unsigned() as usize);
            self.values.push(*value.ok_or("a tree without a value")?);
            let is_small = self.values.len() < Leaves::BITS as usize;
            return is_small.then_some(()).ok_or("a tree of too many leaves");
        };
        let node = written.nodes.get(at).ok_or("a tree without a node")?;
        let (column, threshold, up_to, above) = *node;
        // Forward only, so that no walk goes in circles.
        if [up_to, above].iter().any(|to| (0..=place).contains(to)) {
            return Err("a tree that goes in circles");
        }
        let from = self.values.len();
        self.grow(written, up_to)?;
        let left = (1 << self.values.len()) - (1 << from);
        self.nodes.push(Node {
            column,
            threshold,
            left,
        });
        self.grow(written, above)
    }
}

impl Trees {
    /// The score of each row.
    pub(super) fn scores(&self, rows: &Rows) -> Vec<f64> {
        let mut scores = vec![0.0; rows.count];
        let mut reached = vec![Leaves::MAX; rows.count];
        for tree in &self.trees {
            reached.fill(Leaves::MAX);
            for node in &tree.nodes {
                let Node {
                    threshold, left, ..
                } = *node;
                // Without a branch, so that the compiler takes several rows at once.
                for (reached, value) in reached.iter_mut().zip(rows.column(node.column)) {
                    let if_above = Leaves::from(*value > threshold).wrapping_neg();
                    *reached &= !(left & if_above);
                }
            }
            for (score, reached) in scores.iter_mut().zip(&reached) {
                let leaf = tree.values.get(reached.trailing_zeros() as usize);
                *score += leaf.copied().unwrap_or_default();
            }
        }
        scores
    }

    /// Whether every node is of a column that exists.
    pub(super) fn is_of(&self, columns: usize) -> bool {
        let mut nodes = self.trees.iter().flat_map(|tree| &tree.nodes);
        nodes.all(|node| node.column < columns)
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
