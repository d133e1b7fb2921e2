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
    /// Fronts of sketches, one row behind the other.
    pub(super) fronts: Vec<u64>,
    /// The rest of them.
    pub(super) backs: Vec<u64>,
    /// Components, one row behind the other.
    codes: Vec<i8>,
    scales: Vec<f32>,
}

/// A vector as a segment keeps it.
struct Row {
    front: Vec<u64>,
    back: Vec<u64>,
    codes: Vec<i8>,
    scale: f32,
}

impl Segment {
    /// Rows.
    pub(super) fn len(&self) -> usize {
        self.scales.len()
    }
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

    /// Words of a front and of a back.
    fn words(&self) -> (usize, usize) {
        let words = self.dimension / 64;
        let front = sketch::front_words(words);
        (front, words - front)
    }

    /// Adds a rotated vector of unit length as the last row.
    pub(super) fn push(&mut self, vector: &[f32]) {
        let (codes, scale) = codes::encode(vector);
        let (front, _) = self.words();
        if self.len == self.segments.len() * ROWS {
            self.segments.push(Segment::default());
        }
        if let Some(segment) = self.segments.last_mut() {
            segment.fronts.extend(sketch::signs(vector).take(front));
            segment.backs.extend(sketch::signs(vector).skip(front));
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
        let ((front, back), at) = (self.words(), row % ROWS);
        let dimension = self.dimension;
        let segment = &mut self.segments[row / ROWS];
        segment.fronts[at * front..(at + 1) * front].copy_from_slice(&last.front);
        segment.backs[at * back..(at + 1) * back].copy_from_slice(&last.back);
        segment.codes[at * dimension..(at + 1) * dimension].copy_from_slice(&last.codes);
        segment.scales[at] = last.scale;
    }

    fn pop(&mut self) -> Option<Row> {
        let (dimension, (front, back)) = (self.dimension, self.words());
        let segment = self.segments.last_mut()?;
        let scale = segment.scales.pop()?;
        let row = Row {
            front: segment.fronts.split_off(segment.scales.len() * front),
            back: segment.backs.split_off(segment.scales.len() * back),
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
            8 * (segment.fronts.capacity() + segment.backs.capacity())
                + segment.codes.capacity()
                + 4 * segment.scales.capacity()
        });
        bytes.sum()
    }
}
