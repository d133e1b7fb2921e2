//! One bit a component: its sign after the rotation.
//!
//! A query keeps its signs and, roughly, its sizes: each component is rounded to one
//! of ±1, ±3 (times a step), which two signs of weight 2 and 1 add up to. How far a
//! sketch is from a query is then a weighted count of differing bits. On unit vectors
//! of D components it tells the cosine with a standard error of about 0.9 / √D
//! (0.028 at 1,024), enough to choose some candidates among many.

use fearless_simd::{Level, dispatch};

/// Signs a component of the query; weights are 1, 2, 4…
const PLANES: usize = 2;
/// Words a vector instruction takes; sketches are a multiple of this long.
const LANES: usize = 4;
/// Components a sketch is a multiple of.
pub(super) const GRANULARITY: usize = LANES * 64;

/// A sketch's distance from a query.
pub(super) type Distance = u16;

/// The largest distance there can be between sketches of so many components.
pub(super) fn largest_distance(dimension: usize) -> usize {
    ((1 << PLANES) - 1) * dimension
}

/// The signs of a vector, 64 a word.
pub(super) fn signs(vector: &[f32]) -> impl Iterator<Item = u64> {
    bits(vector, |component| component >= 0.0)
}

fn bits(vector: &[f32], is_set: impl Fn(f32) -> bool) -> impl Iterator<Item = u64> {
    vector.chunks(64).map(move |components| {
        let mut word = 0;
        for (at, component) in components.iter().enumerate() {
            word |= u64::from(is_set(*component)) << at;
        }
        word
    })
}

/// A query as sketches are compared with it.
pub(super) struct QuerySketch {
    /// Lightest first.
    planes: [Vec<u64>; PLANES],
}

impl QuerySketch {
    /// Of a rotated vector of unit length.
    pub(super) fn new(vector: &[f32]) -> Self {
        #[allow(clippy::cast_precision_loss)] // at most 8,192
        let deviation = 1.0 / (vector.len().max(1) as f32).sqrt();
        // Two steps of a rounding of normally distributed values to four levels, with
        // the least error (Max 1960).
        let border = 0.9957 * deviation;
        Self {
            planes: [
                // ±1 or ±3 as 2 * heavy + light: 3 = 2 + 1, 1 = 2 - 1, -1 = -2 + 1.
                bits(vector, |c| c >= border || (c < 0.0 && c > -border)).collect(),
                bits(vector, |c| c >= 0.0).collect(),
            ],
        }
    }

    /// The distance of each sketch; `sketches` lie one behind the other.
    pub(super) fn distances(&self, level: Level, sketches: &[u64], distances: &mut [Distance]) {
        // The length that is known beforehand is that of 1,024 components.
        dispatch!(level, _simd => match self.planes[0].len() {
            16 => compare::<16>(sketches, &self.planes, distances),
            _ => compare::<0>(sketches, &self.planes, distances),
        });
    }
}

/// `WORDS` is the length of a sketch, or 0 when it is known at run time only.
// Inlined into code that is compiled for the processor's own vector instructions.
#[inline(always)]
fn compare<const WORDS: usize>(
    sketches: &[u64],
    planes: &[Vec<u64>; PLANES],
    distances: &mut [Distance],
) {
    let words = if WORDS == 0 { planes[0].len() } else { WORDS };
    for (sketch, distance) in sketches.chunks_exact(words).zip(distances) {
        let (sketch, _) = sketch.as_chunks::<LANES>();
        let mut total = 0;
        for (weight, plane) in planes.iter().enumerate() {
            let (plane, _) = plane[..words].as_chunks::<LANES>();
            let mut counts = [0_u64; LANES];
            for (sketch, plane) in sketch.iter().zip(plane) {
                for lane in 0..LANES {
                    counts[lane] += u64::from((sketch[lane] ^ plane[lane]).count_ones());
                }
            }
            total += counts.iter().sum::<u64>() << weight;
        }
        // At most 3 * 8,192.
        #[allow(clippy::cast_possible_truncation)]
        let total = total as Distance;
        *distance = total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_the_weighted_count_of_differing_signs() {
        for dimension in [GRANULARITY, 1_024] {
            #[allow(clippy::cast_precision_loss)]
            let component = |at: usize| ((at * 37 % 101) as f32 - 50.0) / 1_000.0;
            let query: Vec<f32> = (0..dimension).map(component).collect();
            let stored: Vec<f32> = (0..dimension).map(|at| component(at * 7 + 1)).collect();
            #[allow(clippy::cast_precision_loss)]
            let border = 0.9957 / (dimension as f32).sqrt();
            // (3 - level * sign) / 2 of levels ±1 and ±3 is the weight of what differs.
            let expected: f32 = query
                .iter()
                .zip(&stored)
                .map(|(q, s)| {
                    let level = if q.abs() >= border { 3.0_f32 } else { 1.0 };
                    let level = if *q >= 0.0 { level } else { -level };
                    let sign = if *s >= 0.0 { 1.0 } else { -1.0 };
                    (3.0 - level * sign) / 2.0
                })
                .sum();
            let sketch: Vec<u64> = signs(&stored).chain(signs(&query)).collect();
            let mut distances = [0; 2];
            QuerySketch::new(&query).distances(Level::new(), &sketch, &mut distances);
            assert!((f32::from(distances[0]) - expected).abs() < 0.5);
            assert!(distances[1] < distances[0], "itself is nearer");
            assert!(usize::from(distances[0]) <= largest_distance(dimension));
        }
    }
}
