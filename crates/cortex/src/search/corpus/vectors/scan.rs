//! One search: distances of all sketches, the nearest rows, their cosines.
//!
//! The rows are cut among threads; what is found does not depend on their number.

use fearless_simd::Level;

use super::segment::{ROWS, Rows, Segment};
use super::sketch::{Distance, QuerySketch};
use super::{Effort, VectorQuery};
use crate::search::corpus::best::Best;
use crate::search::corpus::slots::{Admitted, as_number};

/// Rows below which a thread costs more than it saves.
const ROWS_A_THREAD: usize = 8 * ROWS;
/// Candidates below which a thread costs more than it saves.
const CANDIDATES_A_THREAD: usize = 1_024;

/// The distance of a row that must not be found.
const NEVER: Distance = Distance::MAX;

pub(super) struct Scan<'a> {
    pub(super) rows: &'a Rows,
    pub(super) owners: &'a [u32],
    pub(super) admitted: &'a Admitted<'a>,
    /// The largest distance that can occur.
    pub(super) largest: usize,
    pub(super) effort: Effort,
}

impl Scan<'_> {
    pub(super) fn best(&self, query: &VectorQuery, k: usize) -> Vec<(u32, f32)> {
        let candidates = self.nearest(&query.sketch, self.effort.candidates.max(k));
        let mut best = Best::of(k);
        for (row, cosine) in candidates.iter().zip(self.cosines(query, &candidates)) {
            if cosine > 0.0 {
                // The bits of positive floats are in the order of the floats.
                best.offer(self.owners[*row as usize], cosine.to_bits());
            }
        }
        let ranked = best.into_ranked().into_iter();
        ranked
            .map(|(slot, bits)| (slot, f32::from_bits(bits)))
            .collect()
    }

    /// The `wanted` rows with the least distance, ascending by row; of equals those of
    /// lower rows.
    fn nearest(&self, query: &QuerySketch, wanted: usize) -> Vec<u32> {
        let mut distances = vec![NEVER; self.rows.len()];
        let occurrences = self.distances(query, &mut distances);
        let mut nearer = 0;
        let beyond = occurrences.iter().position(|count| {
            let is_too_many = nearer + count > wanted;
            nearer += if is_too_many { 0 } else { *count };
            is_too_many
        });
        let threshold = beyond.unwrap_or(occurrences.len());
        let mut equals_left = wanted - nearer;
        let mut chosen = Vec::with_capacity(wanted.min(self.rows.len()));
        for (row, distance) in distances.iter().enumerate() {
            let distance = usize::from(*distance);
            if distance < threshold {
                chosen.push(as_number(row));
            } else if distance == threshold && equals_left > 0 {
                equals_left -= 1;
                chosen.push(as_number(row));
            }
        }
        chosen
    }

    /// Fills in the distance of every row that may be found, and counts how often each
    /// distance occurs.
    fn distances(&self, query: &QuerySketch, distances: &mut [Distance]) -> Vec<usize> {
        let threads = self.threads(self.rows.len() / ROWS_A_THREAD);
        let segments = self.rows.segments.len().div_ceil(threads).max(1);
        let parts = (self.rows.segments.chunks(segments))
            .zip(distances.chunks_mut(segments * ROWS))
            .zip(self.owners.chunks(segments * ROWS));
        let mut occurrences = vec![0; self.largest + 1];
        let counted = in_parallel(parts.map(|((segments, distances), owners)| {
            move || self.distances_of(query, segments, distances, owners)
        }));
        for part in counted {
            for (sum, count) in occurrences.iter_mut().zip(part) {
                *sum += count as usize;
            }
        }
        occurrences
    }

    fn distances_of(
        &self,
        query: &QuerySketch,
        segments: &[Segment],
        distances: &mut [Distance],
        owners: &[u32],
    ) -> Vec<u32> {
        let level = Level::new();
        let mut occurrences = vec![0_u32; self.largest + 1];
        let parts = distances.chunks_mut(ROWS).zip(owners.chunks(ROWS));
        for (segment, (distances, owners)) in segments.iter().zip(parts) {
            query.distances(level, &segment.sketches, distances);
            if !self.admitted.is_all() {
                for (distance, owner) in distances.iter_mut().zip(owners) {
                    if !self.admitted.holds(*owner) {
                        *distance = NEVER;
                    }
                }
            }
            for distance in distances {
                if let Some(count) = occurrences.get_mut(usize::from(*distance)) {
                    *count += 1;
                }
            }
        }
        occurrences
    }

    fn cosines(&self, query: &VectorQuery, candidates: &[u32]) -> Vec<f32> {
        let threads = self.threads(candidates.len() / CANDIDATES_A_THREAD);
        let parts = candidates.chunks(candidates.len().div_ceil(threads).max(1));
        let cosines = in_parallel(parts.map(|candidates| {
            move || {
                let level = Level::new();
                let cosine = |row: &u32| {
                    let (codes, scale) = self.rows.code(*row as usize);
                    query.code.cosine(level, codes, scale)
                };
                candidates.iter().map(cosine).collect::<Vec<f32>>()
            }
        }));
        cosines.concat()
    }

    fn threads(&self, worthwhile: usize) -> usize {
        self.effort.threads.min(worthwhile).max(1)
    }
}

/// The results of all pieces of work in their order; the first is done on this thread.
fn in_parallel<T: Send>(mut work: impl Iterator<Item = impl FnOnce() -> T + Send>) -> Vec<T> {
    let Some(first) = work.next() else {
        return Vec::new();
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = work.map(|piece| scope.spawn(piece)).collect();
        let mut results = vec![first()];
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}
