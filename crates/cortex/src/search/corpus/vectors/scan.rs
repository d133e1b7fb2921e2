//! One search: the fronts of all sketches, the backs of those that are near, the
//! cosines of the nearest.
//!
//! Fronts and backs are gone through segment by segment, by whichever thread is free;
//! what is found does not depend on how many there are. How near a front has to be is
//! estimated beforehand from a sample, so that one pass suffices.

use std::sync::atomic::{AtomicUsize, Ordering};

use fearless_simd::Level;

use super::segment::{ROWS, Rows};
use super::sketch::{Distance, Distant, QuerySketch};
use super::{Effort, VectorQuery};
use crate::search::corpus::best::Best;
use crate::search::corpus::slots::Admitted;

/// Rows below which a thread costs more than it saves.
const ROWS_A_THREAD: usize = 8 * ROWS;
/// Rows that are kept after their fronts for each candidate.
const KEPT_A_CANDIDATE: usize = 8;
/// One block of rows in so many is in the sample…
const BLOCKS_A_SAMPLE: usize = 16;
/// …each of so many rows: a call has more, so most calls are in the sample.
const BLOCK: usize = 16;

/// The distance of a row that must not be found.
const NEVER: Distance = Distance::MAX;
/// The largest distance of one that may be.
const ANY: Distance = NEVER - 1;

pub(super) struct Scan<'a> {
    pub(super) rows: &'a Rows,
    pub(super) owners: &'a [u32],
    pub(super) admitted: &'a Admitted<'a>,
    /// The largest distance that can occur.
    pub(super) largest: usize,
    pub(super) effort: Effort,
}

/// Rows of one segment, ascending.
struct Found {
    segment: usize,
    rows: Vec<Distant>,
}

impl Scan<'_> {
    pub(super) fn best(&self, query: &VectorQuery, k: usize) -> Vec<(u32, f32)> {
        let wanted = self.effort.candidates.max(k);
        let border = self.border(&query.sketch, wanted.saturating_mul(KEPT_A_CANDIDATE));
        let mut found = self.within(&query.sketch, border);
        if border < ANY && count(&found) < wanted {
            found = self.within(&query.sketch, ANY);
        }
        self.keep_nearest(&mut found, wanted);

        let level = Level::new();
        let mut best = Best::of(k);
        for Found { segment, rows } in &found {
            for row in rows {
                let row = segment * ROWS + usize::from(row.at);
                let (codes, scale) = self.rows.code(row);
                let cosine = query.code.cosine(level, codes, scale);
                if cosine > 0.0 {
                    // The bits of positive floats are in the order of the floats.
                    best.offer(self.owners[row], cosine.to_bits());
                }
            }
        }
        let ranked = best.into_ranked().into_iter();
        ranked
            .map(|(slot, bits)| (slot, f32::from_bits(bits)))
            .collect()
    }

    /// The distance within which about `wanted` fronts are, as the sample has it.
    fn border(&self, query: &QuerySketch, wanted: usize) -> Distance {
        if wanted >= self.rows.len() {
            return ANY;
        }
        let mut occurrences = self.no_occurrences();
        for (number, segment) in self.rows.segments.iter().enumerate() {
            for start in (0..segment.len()).step_by(BLOCK * BLOCKS_A_SAMPLE) {
                let mut distances = [NEVER; BLOCK];
                let length = BLOCK.min(segment.len() - start);
                self.fill(query, (number, start), &mut distances[..length]);
                count_in(&mut occurrences, distances);
            }
        }
        let (border, _) = border_of(&occurrences, wanted / BLOCKS_A_SAMPLE);
        if border > self.largest {
            return ANY;
        }
        Distance::try_from(border).unwrap_or(ANY)
    }

    /// The rows whose fronts are not farther than `border`, with their full distances.
    fn within(&self, query: &QuerySketch, border: Distance) -> Vec<Found> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut found = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(segment) = self.rows.segments.get(number) else {
                    return found;
                };
                let mut distances = [NEVER; ROWS];
                let distances = &mut distances[..segment.len()];
                self.fill(query, (number, 0), distances);
                let mut rows = not_beyond(border, distances);
                query.back.add_to(Level::new(), &segment.backs, &mut rows);
                found.push(Found {
                    segment: number,
                    rows,
                });
            }
        };
        let threads = self.effort.threads.min(self.rows.len() / ROWS_A_THREAD);
        if threads < 2 {
            return work();
        }
        let mut found = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut found = work();
            for other in others {
                match other.join() {
                    Ok(more) => found.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            found
        });
        found.sort_unstable_by_key(|found| found.segment);
        found
    }

    /// Fills in the distances of the fronts from a row of a segment on, [`NEVER`] for
    /// those that must not be found.
    fn fill(
        &self,
        query: &QuerySketch,
        (number, start): (usize, usize),
        distances: &mut [Distance],
    ) {
        let fronts = &self.rows.segments[number].fronts[start * query.front.words()..];
        query.front.distances(Level::new(), fronts, distances);
        if self.admitted.is_all() {
            return;
        }
        let owners = &self.owners[number * ROWS + start..];
        for (distance, owner) in distances.iter_mut().zip(owners) {
            if !self.admitted.holds(*owner) {
                *distance = NEVER;
            }
        }
    }

    /// Drops all but the `wanted` rows with the least distance; of equals those of
    /// lower rows stay.
    fn keep_nearest(&self, found: &mut [Found], wanted: usize) {
        if count(found) <= wanted {
            return;
        }
        let mut occurrences = self.no_occurrences();
        for found in &*found {
            count_in(&mut occurrences, found.rows.iter().map(|row| row.distance));
        }
        let (border, mut equals_left) = border_of(&occurrences, wanted);
        for found in found {
            found.rows.retain(|row| {
                let distance = usize::from(row.distance);
                let is_last = distance == border && equals_left > 0;
                equals_left -= usize::from(is_last);
                distance < border || is_last
            });
        }
    }

    /// How often each distance occurs: not yet.
    fn no_occurrences(&self) -> Vec<usize> {
        vec![0; self.largest + 1]
    }
}

fn count(found: &[Found]) -> usize {
    found.iter().map(|found| found.rows.len()).sum()
}

fn count_in(occurrences: &mut [usize], distances: impl IntoIterator<Item = Distance>) {
    for distance in distances {
        if let Some(count) = occurrences.get_mut(usize::from(distance)) {
            *count += 1;
        }
    }
}

/// The first distance up to which there are more than `wanted`, and how many more are
/// wanted than are below it.
fn border_of(occurrences: &[usize], wanted: usize) -> (usize, usize) {
    let mut nearer = 0;
    for (distance, count) in occurrences.iter().enumerate() {
        if nearer + count > wanted {
            return (distance, wanted - nearer);
        }
        nearer += count;
    }
    (occurrences.len(), wanted - nearer)
}

/// The rows whose distances are not beyond a border.
#[allow(clippy::cast_possible_truncation)] // fewer than 2^16 rows
fn not_beyond(border: Distance, distances: &[Distance]) -> Vec<Distant> {
    let mut rows = Vec::new();
    for (block, distances) in distances.chunks(BLOCK).enumerate() {
        // Most blocks have none, which is quickly found out.
        if distances.iter().all(|distance| *distance > border) {
            continue;
        }
        for (at, distance) in distances.iter().enumerate() {
            if *distance <= border {
                rows.push(Distant {
                    at: (block * BLOCK + at) as u16,
                    distance: *distance,
                });
            }
        }
    }
    rows
}
