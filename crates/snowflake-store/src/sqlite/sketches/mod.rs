//! Sketches of vectors: what a search by meaning reads of every chunk.
//!
//! A search that compares whole vectors reads all of them: 1.8 GB for 450,000 chunks of
//! 1,024 components. A sketch has 128 bytes, so a search reads all sketches, from the
//! database like everything else, and the vectors of the nearest chunks only. Nothing is
//! held in memory between searches: what another process has landed is found, and what is
//! gone is not. docs/adr/0015-search-among-chunks.md has the figures and the alternatives.

mod sketch;

use std::collections::BinaryHeap;

use calls::CallId;
use fearless_simd::Level;
use rusqlite::{Connection, params};

use self::sketch::{BYTES, Distance, Sketcher};
use super::failure::{JobResult, unreadable};
use super::{limit, statements};
use crate::ChunkEmbedding;

/// Chunks whose vectors are compared for each that is wanted…
const CANDIDATES_A_HIT: usize = 6;
/// …and at least.
const LEAST_CANDIDATES: usize = 500;
/// Sketches of a row at most: 128 KiB.
const SKETCHES_A_ROW: usize = 1_024;

/// The ids of the chunks whose sketches are nearest to a vector, ascending: some more than
/// are wanted, so that the nearest by their vectors are among them. All, where there are
/// few.
pub(super) fn nearest(
    connection: &Connection,
    query: &ChunkEmbedding,
    excluding: Option<&CallId>,
    wanted: usize,
) -> JobResult<Vec<i64>> {
    let candidates = wanted
        .saturating_mul(CANDIDATES_A_HIT)
        .max(LEAST_CANDIDATES);
    let sketch = Sketcher::new(query.vector.len()).query(&query.vector);
    let level = Level::new();
    let mut nearest: BinaryHeap<(Distance, i64)> = BinaryHeap::new();
    let mut distances = Vec::new();
    let mut statement = connection.prepare_cached(statements::SKETCHES)?;
    let mut rows = statement.query(params![
        query.model,
        limit(query.vector.len()),
        excluding.map(CallId::as_str),
    ])?;
    while let Some(row) = rows.next()? {
        let first: i64 = row.get(0)?;
        let sketches = row.get_ref(1)?.as_blob();
        let sketches = sketches.map_err(|_| unreadable("SKETCHES"))?;
        sketch.distances(level, sketches, &mut distances);
        for (chunk, distance) in (first..).zip(&distances) {
            let candidate = (*distance, chunk);
            if nearest.len() < candidates {
                nearest.push(candidate);
            } else if let Some(mut farthest) = nearest.peek_mut()
                && candidate < *farthest
            {
                *farthest = candidate;
            }
        }
    }
    let mut chunks: Vec<i64> = nearest.into_iter().map(|(_, chunk)| chunk).collect();
    chunks.sort_unstable();
    Ok(chunks)
}

/// Stores sketches of a call's chunks as they come: one row for those with ids that follow
/// each other and vectors of one model and dimension.
pub(super) struct SketchWriter<'a> {
    connection: &'a Connection,
    sketcher: Option<Sketcher>,
    row: Option<SketchRow>,
}

struct SketchRow {
    first: i64,
    model: String,
    dimension: usize,
    sketches: Vec<u8>,
}

impl<'a> SketchWriter<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self {
            connection,
            sketcher: None,
            row: None,
        }
    }

    pub(super) fn add(&mut self, chunk: i64, model: &str, vector: &[f32]) -> JobResult<()> {
        let open = self.row.as_ref();
        let dimension = open.map(|row| row.dimension);
        if open.is_some_and(|row| !row.takes(chunk, model, vector.len())) {
            self.flush()?;
        }
        if dimension != Some(vector.len()) {
            self.sketcher = None;
        }
        let sketcher = self
            .sketcher
            .get_or_insert_with(|| Sketcher::new(vector.len()));
        let row = self.row.get_or_insert_with(|| SketchRow {
            first: chunk,
            model: model.to_owned(),
            dimension: vector.len(),
            sketches: Vec::new(),
        });
        row.sketches.extend(sketcher.sketch(vector));
        Ok(())
    }

    /// Stores what is left; the end of a call's chunks.
    pub(super) fn flush(&mut self) -> JobResult<()> {
        let Some(row) = self.row.take() else {
            return Ok(());
        };
        self.connection
            .prepare_cached(statements::SAVE_SKETCHES)?
            .execute(params![
                row.first,
                row.model,
                limit(row.dimension),
                row.sketches
            ])?;
        Ok(())
    }
}

impl SketchRow {
    fn takes(&self, chunk: i64, model: &str, dimension: usize) -> bool {
        let count = self.sketches.len() / BYTES;
        let follows = i64::try_from(count).is_ok_and(|count| self.first + count == chunk);
        follows && count < SKETCHES_A_ROW && self.model == model && self.dimension == dimension
    }
}

/// Makes the sketches of a database that has none.
pub(super) fn make_all(connection: &Connection) -> JobResult<()> {
    let mut writer = SketchWriter::new(connection);
    let mut statement = connection.prepare(statements::VECTORS)?;
    let mut rows = statement.query([])?;
    let mut call_before = String::new();
    while let Some(row) = rows.next()? {
        let call: String = row.get(1)?;
        let model: String = row.get(2)?;
        let stored = row.get_ref(3)?.as_blob();
        let stored = stored.map_err(|_| unreadable("EMBEDDING_VECTOR"))?;
        if call != call_before {
            writer.flush()?;
            call_before = call;
        }
        let vector: Vec<f32> = components(stored).collect();
        writer.add(row.get(0)?, &model, &vector)?;
    }
    writer.flush()
}

/// The components of a vector as stored (f32, little endian).
fn components(stored: &[u8]) -> impl Iterator<Item = f32> {
    let components = stored.chunks_exact(size_of::<f32>());
    components.map(|bytes| bytes.try_into().map_or(0.0, f32::from_le_bytes))
}
