//! One bit a component: its sign after the rotation.
//!
//! A query keeps its signs and, roughly, its sizes: each component is rounded to one
//! of ±1, ±3 (times a step), which two signs of weight 2 and 1 add up to. How far a
//! sketch is from a query is then a weighted count of differing bits. On unit vectors
//! of D components it tells the cosine with a standard error of about 0.9 / √D
//! (0.028 at 1,024), enough to choose some candidates among many.
//!
//! A sketch comes in a front and a back, because the front, half as exact, already
//! rules most vectors out: only for the rest is the back read.

use fearless_simd::{Level, dispatch};

/// Signs a component of the query; weights are 1, 2, 4…
const PLANES: usize = 2;
/// Words a vector instruction takes; sketches and their fronts are a multiple of this
/// long.
const LANES: usize = 4;
/// Components a sketch is a multiple of.
pub(super) const GRANULARITY: usize = LANES * 64;

/// A sketch's distance from a query, at most 3 * 8,192.
pub(super) type Distance = u16;

/// A row of a segment and its distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Distant {
    /// Row of the segment, from 0.
    pub(super) at: u16,
    pub(super) distance: Distance,
}

/// The largest distance there can be between sketches of so many components.
pub(super) fn largest_distance(dimension: usize) -> usize {
    ((1 << PLANES) - 1) * dimension
}

/// Words of a sketch that are its front: half of it, or all where it cannot be halved.
pub(super) fn front_words(words: usize) -> usize {
    words.div_ceil(2).next_multiple_of(LANES).min(words)
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
    pub(super) front: QueryPart,
    pub(super) back: QueryPart,
}

/// A query as fronts, or backs, are compared with it.
pub(super) struct QueryPart {
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
        // ±1 or ±3 as 2 * heavy + light: 3 = 2 + 1, 1 = 2 - 1, -1 = -2 + 1.
        let is_light = |c: f32| c >= border || (c < 0.0 && c > -border);
        let mut front = [bits(vector, is_light).collect(), signs(vector).collect()];
        let words = front_words(vector.len().div_ceil(64));
        let back = front
            .each_mut()
            .map(|plane: &mut Vec<u64>| plane.split_off(words));
        Self {
            front: QueryPart { planes: front },
            back: QueryPart { planes: back },
        }
    }
}

impl QueryPart {
    /// Words of a part.
    pub(super) fn words(&self) -> usize {
        self.planes[0].len()
    }

    /// The distance of each part of a sketch; `parts` lie one behind the other.
    pub(super) fn distances(&self, level: Level, parts: &[u64], distances: &mut [Distance]) {
        // The length that is known beforehand is that of 1,024 components.
        dispatch!(level, _simd => match self.planes[0].len() {
            8 => compare::<8>(parts, &self.planes, distances),
            _ => compare::<0>(parts, &self.planes, distances),
        });
    }

    /// Adds the distances of some rows' parts; `parts` lie one behind the other.
    pub(super) fn add_to(&self, level: Level, parts: &[u64], rows: &mut [Distant]) {
        dispatch!(level, _simd => match self.planes[0].len() {
            0 => (),
            8 => complete::<8>(parts, &self.planes, rows),
            _ => complete::<0>(parts, &self.planes, rows),
        });
    }
}

/// `WORDS` is the length of a part, or 0 when it is known at run time only.
// This and the next are inlined into code that is compiled for the processor's own
// vector instructions.
#[inline(always)]
fn compare<const WORDS: usize>(
    parts: &[u64],
    planes: &[Vec<u64>; PLANES],
    distances: &mut [Distance],
) {
    let words = if WORDS == 0 { planes[0].len() } else { WORDS };
    let planes = planes.each_ref().map(|plane| &plane[..words]);
    for (part, distance) in parts.chunks_exact(words).zip(distances) {
        *distance = distance_of(part, planes);
    }
}

#[inline(always)]
fn complete<const WORDS: usize>(parts: &[u64], planes: &[Vec<u64>; PLANES], rows: &mut [Distant]) {
    let words = if WORDS == 0 { planes[0].len() } else { WORDS };
    let planes = planes.each_ref().map(|plane| &plane[..words]);
    for row in rows {
        let start = usize::from(row.at) * words;
        row.distance += distance_of(&parts[start..start + words], planes);
    }
}

#[inline(always)]
fn distance_of(part: &[u64], planes: [&[u64]; PLANES]) -> Distance {
    let (part, _) = part.as_chunks::<LANES>();
    let mut total = 0;
    for (weight, plane) in planes.into_iter().enumerate() {
        let (plane, _) = plane.as_chunks::<LANES>();
        let mut counts = [0_u64; LANES];
        for (part, plane) in part.iter().zip(plane) {
            for lane in 0..LANES {
                counts[lane] += u64::from((part[lane] ^ plane[lane]).count_ones());
            }
        }
        total += counts.iter().sum::<u64>() << weight;
    }
    #[allow(clippy::cast_possible_truncation)]
    let total = total as Distance;
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_the_weighted_count_of_differing_signs() {
        for dimension in [GRANULARITY, 3 * GRANULARITY, 1_024] {
            #[allow(clippy::cast_precision_loss)]
            let component = |at: usize| ((at * 37 % 101) as f32 - 50.0) / 1_000.0;
            let query: Vec<f32> = (0..dimension).map(component).collect();
            let stored: Vec<f32> = (0..dimension).map(|at| component(at * 7 + 1)).collect();
            #[allow(clippy::cast_precision_loss)]
            let border = 0.9957 / (dimension as f32).sqrt();
            // (3 - level * sign) / 2 of levels ±1 and ±3 is the weight of what differs.
            let weights = query.iter().zip(&stored).map(|(q, s)| {
                let level = if q.abs() >= border { 3.0_f32 } else { 1.0 };
                let level = if *q >= 0.0 { level } else { -level };
                let sign = if *s >= 0.0 { 1.0 } else { -1.0 };
                (3.0 - level * sign) / 2.0
            });
            let weights: Vec<f32> = weights.collect();
            let words = front_words(dimension / 64);
            let (mut fronts, mut backs) = (Vec::new(), Vec::new());
            for vector in [&stored, &query] {
                fronts.extend(signs(vector).take(words));
                backs.extend(signs(vector).skip(words));
            }

            let sketch = QuerySketch::new(&query);
            let mut distances = [0; 2];
            sketch
                .front
                .distances(Level::new(), &fronts, &mut distances);
            let expected: f32 = weights.iter().take(words * 64).sum();
            assert!((f32::from(distances[0]) - expected).abs() < 0.5);

            let mut rows = [0, 1].map(|at| Distant {
                at,
                distance: distances[usize::from(at)],
            });
            sketch.back.add_to(Level::new(), &backs, &mut rows);
            let expected: f32 = weights.iter().sum();
            assert!((f32::from(rows[0].distance) - expected).abs() < 0.5);
            assert!(rows[1].distance < rows[0].distance, "itself is nearer");
            assert!(usize::from(rows[0].distance) <= largest_distance(dimension));
        }
    }

    #[test]
    fn a_front_is_half_of_a_sketch_in_whole_instructions() {
        let fronts = [4, 8, 12, 16, 128].map(front_words);
        assert_eq!(fronts, [4, 4, 8, 8, 64]);
    }
}
