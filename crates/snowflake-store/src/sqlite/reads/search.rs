//! Chunks by meaning.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use calls::CallId;
use rusqlite::{Connection, Row};

use crate::sqlite::failure::{JobResult, unreadable};
use crate::sqlite::{instant, sketches, statements};
use crate::{ChunkEmbedding, ChunkHit, input};

/// Compares the vectors of the chunks whose [sketches](sketches) are nearest. Exact where
/// those are all.
pub(super) fn similar(
    connection: &Connection,
    query: &ChunkEmbedding,
    excluding: Option<&CallId>,
    at_most: usize,
) -> JobResult<Vec<ChunkHit>> {
    input::check_vector(&query.vector)?;
    if at_most == 0 {
        return Ok(Vec::new());
    }
    let query_length = norm(&query.vector);
    if query_length == 0.0 {
        // Nothing has a direction in common with no direction.
        return Ok(Vec::new());
    }
    let mut best: BinaryHeap<Reverse<Scored>> = BinaryHeap::new();
    let mut statement = connection.prepare_cached(statements::CHUNK_VECTOR)?;
    for chunk in sketches::nearest(connection, query, excluding, at_most)? {
        let mut rows = statement.query([chunk])?;
        let Some(row) = rows.next()? else { continue };
        let vector = row
            .get_ref(0)?
            .as_blob()
            .map_err(|_| unreadable("EMBEDDING_VECTOR"))?;
        let (dot, length) = dot_and_norm(&query.vector, vector);
        if length == 0.0 {
            continue;
        }
        let score = (f64::from(dot) / (query_length * length)).clamp(-1.0, 1.0);
        best.push(Reverse(Scored { score, chunk }));
        if best.len() > at_most {
            best.pop();
        }
    }
    let mut statement = connection.prepare_cached(statements::CHUNK)?;
    let mut hits = Vec::with_capacity(best.len());
    for Reverse(scored) in best.into_sorted_vec() {
        let mut rows = statement.query([scored.chunk])?;
        if let Some(row) = rows.next()? {
            hits.push(hit(row, scored.score)?);
        }
    }
    Ok(hits)
}

/// A chunk with its score; greater is better, and of equals the older chunk.
#[derive(Debug, PartialEq)]
struct Scored {
    score: f64,
    chunk: i64,
}

impl Eq for Scored {}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then_with(|| other.chunk.cmp(&self.chunk))
    }
}

fn norm(vector: &[f32]) -> f64 {
    f64::from(vector.iter().map(|x| x * x).sum::<f32>()).sqrt()
}

/// Dot product with, and length of, a vector as stored (f32, little endian).
///
/// Eight sums side by side: a single one would make each addition wait for the
/// one before and could not be computed in vector registers.
fn dot_and_norm(query: &[f32], stored: &[u8]) -> (f32, f64) {
    const LANES: usize = 8;
    let component = |bytes: &[u8]| bytes.try_into().map_or(0.0, f32::from_le_bytes);
    let mut dots = [0.0_f32; LANES];
    let mut squares = [0.0_f32; LANES];
    let queries = query.chunks_exact(LANES);
    let blocks = stored.chunks_exact(LANES * size_of::<f32>());
    let tail_dot: f32 = queries
        .remainder()
        .iter()
        .zip(blocks.remainder().chunks_exact(size_of::<f32>()))
        .map(|(x, bytes)| {
            let y = component(bytes);
            squares[0] += y * y;
            x * y
        })
        .sum();
    for (xs, block) in queries.zip(blocks) {
        for lane in 0..LANES {
            let at = lane * size_of::<f32>();
            let y = component(&block[at..at + size_of::<f32>()]);
            dots[lane] += xs[lane] * y;
            squares[lane] += y * y;
        }
    }
    let dot = dots.iter().sum::<f32>() + tail_dot;
    (dot, f64::from(squares.iter().sum::<f32>()).sqrt())
}

pub(super) fn hit(row: &Row<'_>, score: f64) -> JobResult<ChunkHit> {
    Ok(ChunkHit {
        call_id: row.get::<_, String>(0)?.into(),
        title: row.get(1)?,
        started: instant::parse(&row.get::<_, String>(2)?, "CALL_DATETIME_UTC")?,
        score,
        first_sentence: row.get(3)?,
        last_sentence: row.get(4)?,
        text: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosine_parts_match_plain_arithmetic() {
        for length in [0_usize, 1, 7, 8, 9, 64, 100] {
            let xs: Vec<f32> = (0..length).map(|i| i as f32 * 0.5 - 3.0).collect();
            let ys: Vec<f32> = (0..length).map(|i| 2.0 - i as f32 * 0.25).collect();
            let stored: Vec<u8> = ys.iter().flat_map(|y| y.to_le_bytes()).collect();
            let (dot, length) = dot_and_norm(&xs, &stored);
            let plain: f32 = xs.iter().zip(&ys).map(|(x, y)| x * y).sum();
            assert!((dot - plain).abs() <= plain.abs() * 1e-5, "{dot} {plain}");
            assert!((length - norm(&ys)).abs() <= length * 1e-5);
        }
    }
}
