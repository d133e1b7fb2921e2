//! Rows of vectors, in pieces that never move.
//!
//! One large buffer would have to be copied, and held twice, whenever it grows.

use super::codes;
use super::sketch;

/// Rows a segment.
pub(super) const ROWS: usize = 4_096;

/// Up to [`ROWS`] vectors of one dimension.
#[derive(Default)]
pub(super) struct Segment {
    /// Signs, one row behind the other.
    pub(super) sketches: Vec<u64>,
    /// Components, one row behind the other.
    codes: Vec<i8>,
    scales: Vec<f32>,
}

/// A vector as a segment keeps it.
struct Row {
    sketch: Vec<u64>,
    codes: Vec<i8>,
    scale: f32,
}

/// All rows of an index, without gaps.
pub(super) struct Rows {
    dimension: usize,
    pub(super) segments: Vec<Segment>,
    len: usize,
}

impl Rows {
    /// No rows, of a dimension that is a multiple of 64.
    pub(super) fn new(dimension: usize) -> Self {
        Self {
            dimension,
            segments: Vec::new(),
            len: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    fn words(&self) -> usize {
        self.dimension / 64
    }

    /// Adds a rotated vector of unit length as the last row.
    pub(super) fn push(&mut self, vector: &[f32]) {
        let (codes, scale) = codes::encode(vector);
        self.push_row(sketch::signs(vector), codes, scale);
    }

    fn push_row(
        &mut self,
        sketch: impl IntoIterator<Item = u64>,
        codes: impl IntoIterator<Item = i8>,
        scale: f32,
    ) {
        if self.len == self.segments.len() * ROWS {
            self.segments.push(Segment::default());
        }
        if let Some(segment) = self.segments.last_mut() {
            segment.sketches.extend(sketch);
            segment.codes.extend(codes);
            segment.scales.push(scale);
            self.len += 1;
        }
    }

    /// Moves the last row to the place of another, which is lost.
    pub(super) fn swap_remove(&mut self, row: usize) {
        let Some(last) = self.pop() else { return };
        if row == self.len {
            return;
        }
        let (dimension, words, at) = (self.dimension, self.words(), row % ROWS);
        let segment = &mut self.segments[row / ROWS];
        segment.sketches[at * words..(at + 1) * words].copy_from_slice(&last.sketch);
        segment.codes[at * dimension..(at + 1) * dimension].copy_from_slice(&last.codes);
        segment.scales[at] = last.scale;
    }

    fn pop(&mut self) -> Option<Row> {
        let (dimension, words) = (self.dimension, self.words());
        let segment = self.segments.last_mut()?;
        let scale = segment.scales.pop()?;
        let row = Row {
            sketch: segment.sketches.split_off(segment.scales.len() * words),
            codes: segment.codes.split_off(segment.scales.len() * dimension),
            scale,
        };
        if segment.scales.is_empty() {
            self.segments.pop();
        }
        self.len -= 1;
        Some(row)
    }

    /// The bytes and the scale of a row.
    pub(super) fn code(&self, row: usize) -> (&[i8], f32) {
        let (segment, at) = (&self.segments[row / ROWS], row % ROWS);
        let codes = &segment.codes[at * self.dimension..(at + 1) * self.dimension];
        (codes, segment.scales[at])
    }

    pub(super) fn bytes(&self) -> usize {
        let bytes = self.segments.iter().map(|segment| {
            8 * segment.sketches.capacity()
                + segment.codes.capacity()
                + 4 * segment.scales.capacity()
        });
        bytes.sum()
    }
}
