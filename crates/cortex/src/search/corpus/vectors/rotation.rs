//! A random rotation that costs D log D.
//!
//! Signs of components tell little about vectors whose weight lies on a few of them,
//! as hashed bags of stems are. After a random rotation every component carries a
//! like share, and the angle of two vectors shows in how many signs agree. Walsh and
//! Hadamard's transform between random flips of signs is as good as a random matrix
//! here; where the dimension is no power of two, it goes over the front and over the
//! back in turns, so that all components mix.

/// Signs never change: vectors of one index are always turned alike.
const SEED: u64 = 0x5eed_0f5e_a7c4_0001;

pub(super) struct Rotation {
    /// Components after the rotation: those before, filled up with zeros.
    dimension: usize,
    /// Length of the window that a transform goes over: a power of two.
    window: usize,
    /// Of each round: 1 or -1 for each component.
    rounds: Vec<Vec<f32>>,
}

impl Rotation {
    /// A rotation of vectors that are filled up to `dimension` components.
    pub(super) fn new(dimension: usize) -> Self {
        let window = (dimension / 2 + 1).next_power_of_two();
        let mut state = SEED;
        let mut signs = || {
            let sign = |_| {
                if splitmix(&mut state) >> 63 == 0 {
                    1.0
                } else {
                    -1.0
                }
            };
            (0..dimension).map(sign).collect()
        };
        let rounds = if window == dimension { 2 } else { 4 };
        Self {
            dimension,
            window,
            rounds: (0..rounds).map(|_| signs()).collect(),
        }
    }

    /// Turns a vector, leaving its length as it is.
    pub(super) fn turn(&self, vector: &[f32]) -> Vec<f32> {
        let mut turned = vector.to_vec();
        turned.resize(self.dimension, 0.0);
        for (round, signs) in self.rounds.iter().enumerate() {
            for (component, sign) in turned.iter_mut().zip(signs) {
                *component *= sign;
            }
            let start = if round % 2 == 0 {
                0
            } else {
                self.dimension - self.window
            };
            transform(&mut turned[start..start + self.window]);
        }
        turned
    }
}

/// Walsh and Hadamard's transform, scaled to keep the length. The number of components
/// is a power of two.
fn transform(components: &mut [f32]) {
    let mut half = 1;
    while half < components.len() {
        for pair in components.chunks_exact_mut(2 * half) {
            let (left, right) = pair.split_at_mut(half);
            for (left, right) in left.iter_mut().zip(right) {
                (*left, *right) = (*left + *right, *left - *right);
            }
        }
        half *= 2;
    }
    #[allow(clippy::cast_precision_loss)] // at most 8,192
    let scale = 1.0 / (components.len() as f32).sqrt();
    for component in components {
        *component *= scale;
    }
}

/// Steele and others' `SplitMix64`: one seeded bit a component needs no crate.
fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_angles_stay_and_weight_is_spread() {
        for dimension in [64, 192, 768, 1_024] {
            let rotation = Rotation::new(dimension);
            let mut left = vec![0.0; dimension];
            left[3] = 0.6;
            left[17] = 0.8;
            let mut right = vec![0.0; dimension];
            right[17] = 1.0;
            let (left, right) = (rotation.turn(&left), rotation.turn(&right));
            let dot = |a: &[f32], b: &[f32]| crate::embedding::dot(a, b);
            assert!((dot(&left, &left) - 1.0).abs() < 1e-5, "{dimension}");
            assert!((dot(&left, &right) - 0.8).abs() < 1e-5, "{dimension}");
            let largest = right.iter().fold(0.0_f32, |most, c| most.max(c.abs()));
            #[allow(clippy::cast_precision_loss)]
            let even = 1.0 / (dimension as f32).sqrt();
            assert!(largest < 5.0 * even, "{dimension}: {largest}");
        }
    }
}
