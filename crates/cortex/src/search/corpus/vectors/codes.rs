//! One byte a component, to rank candidates by.
//!
//! After the rotation components have like sizes, so one scale a vector suffices. The
//! cosine of a query and a code has a standard error of about 0.0003 at 1,024
//! components.

use fearless_simd::{Level, dispatch};

/// Components that are added up before the sum leaves 32 bits: 512 products of at
/// most 8,191 and 127 stay below 2^30.
const BLOCK: usize = 512;
/// The largest component of a query.
const QUERY_RANGE: f32 = 8_191.0;
/// The largest component of a code.
const RANGE: f32 = 127.0;

/// The components of a vector as bytes, and what to multiply them with.
#[allow(clippy::cast_possible_truncation)] // rounded into the range
pub(super) fn encode(vector: &[f32]) -> (impl Iterator<Item = i8>, f32) {
    let scale = largest(vector) / RANGE;
    let codes = vector
        .iter()
        .map(move |component| (component / scale).round() as i8);
    (codes, scale)
}

fn largest(vector: &[f32]) -> f32 {
    let largest = vector.iter().fold(0.0_f32, |most, c| most.max(c.abs()));
    largest.max(f32::MIN_POSITIVE * RANGE)
}

/// A query as codes are compared with it.
pub(super) struct QueryCode {
    components: Vec<i16>,
    scale: f32,
}

impl QueryCode {
    /// Of a rotated vector of unit length.
    pub(super) fn new(vector: &[f32]) -> Self {
        let scale = largest(vector) / QUERY_RANGE;
        #[allow(clippy::cast_possible_truncation)] // rounded into the range
        let components = vector.iter().map(|c| (c / scale).round() as i16).collect();
        Self { components, scale }
    }

    /// The cosine with a coded vector of unit length.
    #[allow(clippy::cast_precision_loss)] // relative errors of 2^-24
    pub(super) fn cosine(&self, level: Level, codes: &[i8], scale: f32) -> f32 {
        let sum = dispatch!(level, _simd => dot(&self.components, codes));
        (sum as f32 * self.scale * scale).clamp(-1.0, 1.0)
    }
}

// Inlined into code that is compiled for the processor's own vector instructions.
#[inline(always)]
fn dot(query: &[i16], codes: &[i8]) -> i64 {
    let blocks = query.chunks(BLOCK).zip(codes.chunks(BLOCK));
    blocks
        .map(|(query, codes)| {
            let products = query.iter().zip(codes);
            i64::from(
                products
                    .map(|(query, code)| i32::from(*query) * i32::from(*code))
                    .sum::<i32>(),
            )
        })
        .sum()
}
