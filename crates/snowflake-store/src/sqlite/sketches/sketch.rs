//! A vector as 1,024 signs, and how far they are from a query.
//!
//! Signs of components tell little about vectors whose weight lies on a few of them, as
//! hashed bags of words are. After a random rotation every component carries a like share,
//! and the angle of two vectors shows in how many signs agree. Walsh and Hadamard's
//! transform between random flips of signs is as good as a random matrix here. Shorter
//! vectors are filled up with zeros, and of longer ones the first signs suffice.
//!
//! A query keeps its signs and, roughly, its sizes: each component is rounded to one of ±1,
//! ±3 (times a step), which two signs of weight 2 and 1 add up to. How far a sketch is from
//! a query is then a weighted count of differing bits, which tells the cosine with a
//! standard error of about 0.03.

use fearless_simd::{Level, dispatch};

/// Words of a sketch.
const WORDS: usize = 16;
/// Signs of a sketch.
const SIGNS: usize = WORDS * 64;
/// Bytes of a sketch as it is stored: little endian.
pub(super) const BYTES: usize = WORDS * 8;

/// Signs never change: the sketches of all databases are made alike.
const SEED: u64 = 0x5eed_0f5e_a7c4_0001;

/// How far a sketch is from a query: 3 for each sign at most.
pub(super) type Distance = u32;

type Words = [u64; WORDS];

/// Makes sketches of vectors of one dimension.
pub(super) struct Sketcher {
    /// Of each round: 1 or -1 for each component. Their number is a power of two.
    rounds: [Vec<f32>; 2],
}

/// A query as sketches are compared with it.
pub(super) struct QuerySketch {
    /// Of weight 1.
    light: Words,
    /// Of weight 2: the signs.
    heavy: Words,
}

impl Sketcher {
    pub(super) fn new(dimension: usize) -> Self {
        let padded = dimension.next_power_of_two().max(SIGNS);
        let mut state = SEED;
        let mut flips = || {
            let flip = |_| {
                if splitmix(&mut state) >> 63 == 0 {
                    1.0
                } else {
                    -1.0
                }
            };
            (0..padded).map(flip).collect()
        };
        Self {
            rounds: [flips(), flips()],
        }
    }

    pub(super) fn sketch(&self, vector: &[f32]) -> impl Iterator<Item = u8> + use<> {
        words(&self.turned(vector), |component| component >= 0.0)
            .into_iter()
            .flat_map(u64::to_le_bytes)
    }

    pub(super) fn query(&self, vector: &[f32]) -> QuerySketch {
        let turned = self.turned(vector);
        let squares: f32 = turned.iter().map(|component| component * component).sum();
        // Two steps of a rounding of normally distributed values to four levels, with the
        // least error (Max 1960).
        let border = 0.9957 * (squares / SIGNS as f32).sqrt();
        // ±1 or ±3 as 2 * heavy + light: 3 = 2 + 1, 1 = 2 - 1, -1 = -2 + 1.
        QuerySketch {
            light: words(&turned, |c| c >= border || (c < 0.0 && c > -border)),
            heavy: words(&turned, |c| c >= 0.0),
        }
    }

    /// The first components of the rotated vector, which has any length.
    fn turned(&self, vector: &[f32]) -> Vec<f32> {
        // Whatever its length, sums of its components stay finite.
        let largest = vector.iter().fold(0.0_f32, |most, c| most.max(c.abs()));
        let scale = largest.max(f32::MIN_POSITIVE);
        let mut turned: Vec<f32> = vector.iter().map(|component| component / scale).collect();
        for flips in &self.rounds {
            turned.resize(flips.len(), 0.0);
            for (component, flip) in turned.iter_mut().zip(flips) {
                *component *= flip;
            }
            transform(&mut turned);
        }
        turned.truncate(SIGNS);
        turned
    }
}

impl QuerySketch {
    /// Hands over the distance of each of the sketches, which lie one behind the other.
    pub(super) fn distances(&self, level: Level, sketches: &[u8], distances: &mut Vec<Distance>) {
        distances.clear();
        dispatch!(level, _simd => self.compare(sketches, distances));
    }

    // Inlined into code that is compiled for the processor's own vector instructions.
    #[inline(always)]
    fn compare(&self, sketches: &[u8], distances: &mut Vec<Distance>) {
        distances.extend(sketches.chunks_exact(BYTES).map(|sketch| {
            let (mut light, mut heavy) = (0, 0);
            for (at, bytes) in sketch.chunks_exact(8).enumerate() {
                let word = bytes.try_into().map_or(0, u64::from_le_bytes);
                light += (word ^ self.light[at]).count_ones();
                heavy += (word ^ self.heavy[at]).count_ones();
            }
            light + 2 * heavy
        }));
    }
}

fn words(turned: &[f32], is_set: impl Fn(f32) -> bool) -> Words {
    let mut words = [0; WORDS];
    for (word, components) in words.iter_mut().zip(turned.chunks(64)) {
        for (at, component) in components.iter().enumerate() {
            *word |= u64::from(is_set(*component)) << at;
        }
    }
    words
}

/// Walsh and Hadamard's transform. The number of components is a power of two.
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

    fn distances(query: &[f32], stored: &[&[f32]]) -> Vec<Distance> {
        let sketcher = Sketcher::new(query.len());
        let sketches: Vec<u8> = stored
            .iter()
            .flat_map(|vector| sketcher.sketch(vector))
            .collect();
        assert_eq!(sketches.len(), stored.len() * BYTES);
        let mut distances = Vec::new();
        let query = sketcher.query(query);
        query.distances(Level::new(), &sketches, &mut distances);
        distances
    }

    #[test]
    fn nearer_vectors_have_nearer_sketches() {
        for dimension in [2, 64, 300, 1_024, 3_072] {
            let vector = |angle: f32| {
                let mut vector = vec![0.0; dimension];
                (vector[0], vector[dimension - 1]) = (angle.cos(), angle.sin());
                vector
            };
            let stored = [0.0, 0.4, 1.0, 1.57, 3.0].map(vector);
            let found = distances(&vector(0.0), &stored.each_ref().map(Vec::as_slice));
            assert!(found.is_sorted(), "{dimension}: {found:?}");
            let opposite = found[4];
            assert!(opposite > 2 * SIGNS as Distance, "{dimension}: {opposite}");
            // A right angle is half of the way.
            let half = (SIGNS * 3 / 2) as f32;
            assert!((found[3] as f32 - half).abs() < 0.1 * half, "{found:?}");
        }
    }

    #[test]
    fn only_the_direction_counts() {
        let near: Vec<f32> = (0..50).map(|at| (at as f32 * 0.7).sin()).collect();
        let far: Vec<f32> = near.iter().map(|component| component * 1e36).collect();
        let nothing = vec![0.0; 50];
        let found = distances(&near, &[&near, &far]);
        assert_eq!(found[0], found[1]);
        assert_eq!(distances(&nothing, &[&near]).len(), 1);
    }
}
