//! Vectors of one model: a scan of sketches chooses candidates, bytes rank them.

mod codes;
mod rotation;
mod scan;
mod segment;
mod sketch;

use fearless_simd::Level;
use resilience::ErrorKind;

use self::codes::QueryCode;
use self::rotation::Rotation;
use self::segment::Rows;
use self::sketch::{GRANULARITY, QuerySketch};
use super::slots::{Admitted, as_number};
use crate::{Embedding, Error, Result};

/// Most components a vector may have.
pub(super) const MAX_DIMENSION: usize = 8_192;

/// Stands for "no vector".
const NONE: u32 = u32::MAX;

/// How a search is carried out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Vectors that are compared by their bytes.
    pub(super) candidates: usize,
    pub(super) threads: usize,
}

/// The vectors of chunks, by slot.
#[derive(Default)]
pub(super) struct Vectors {
    space: Option<Space>,
    /// By row: the slot.
    owners: Vec<u32>,
    /// By slot: the row, or [`NONE`].
    row_of: Vec<u32>,
}

/// What vectors of one model have in common, and they themselves.
struct Space {
    model: String,
    /// Components that the model gives.
    dimension: usize,
    rotation: Rotation,
    rows: Rows,
}

/// A query, turned as the rows are.
pub(super) struct VectorQuery {
    sketch: QuerySketch,
    code: QueryCode,
}

impl Vectors {
    /// The model and the dimension; `None` until the first vector.
    pub(super) fn space(&self) -> Option<(&str, usize)> {
        let space = self.space.as_ref()?;
        Some((&space.model, space.dimension))
    }

    pub(super) fn len(&self) -> usize {
        self.owners.len()
    }

    /// Checks a vector and brings it to unit length; `None` for one of zeros.
    ///
    /// # Errors
    /// `InvalidInput` on `vector` or `model`.
    pub(super) fn directed(&self, embedding: &Embedding) -> Result<Option<Vec<f32>>> {
        let vector = &embedding.vector;
        let refused = |field: &'static str, message: String| {
            Err(Error::new(ErrorKind::InvalidInput, message).with_field(field))
        };
        if let Some(space) = &self.space {
            if space.model != embedding.model {
                let message = format!(
                    "the index holds vectors of {}, not {}",
                    space.model, embedding.model
                );
                return refused("model", message);
            }
            if space.dimension != vector.len() {
                let message = format!(
                    "the index holds vectors of {} components, not {}",
                    space.dimension,
                    vector.len()
                );
                return refused("vector", message);
            }
        }
        if vector.is_empty() || vector.len() > MAX_DIMENSION {
            let message = format!(
                "{} components, where 1 to {MAX_DIMENSION} can be indexed",
                vector.len()
            );
            return refused("vector", message);
        }
        if let Some(at) = vector.iter().position(|component| !component.is_finite()) {
            return refused("vector", format!("component {at} is not a finite number"));
        }
        let length = crate::embedding::dot(vector, vector).sqrt();
        #[allow(clippy::cast_possible_truncation)] // components are single precision
        let scaled = |component: &f32| (f64::from(*component) / length) as f32;
        Ok((length > 0.0).then(|| vector.iter().map(scaled).collect()))
    }

    /// Adds the vector of the next slot, of unit length, or that it has none.
    pub(super) fn push(&mut self, model: &str, directed: Option<&[f32]>) {
        let Some(vector) = directed else {
            self.row_of.push(NONE);
            return;
        };
        let space = self.space.get_or_insert_with(|| {
            let padded = vector.len().next_multiple_of(GRANULARITY);
            Space {
                model: model.to_owned(),
                dimension: vector.len(),
                rotation: Rotation::new(padded),
                rows: Rows::new(padded),
            }
        });
        self.owners.push(as_number(self.row_of.len()));
        self.row_of.push(as_number(space.rows.len()));
        space.rows.push(&space.rotation.turn(vector));
    }

    /// Forgets the vector of a slot.
    pub(super) fn remove(&mut self, slot: u32) {
        let Some(row) = self.row_of.get_mut(slot as usize) else {
            return;
        };
        let row = std::mem::replace(row, NONE);
        let Some(space) = self.space.as_mut().filter(|_| row != NONE) else {
            return;
        };
        space.rows.swap_remove(row as usize);
        self.owners.swap_remove(row as usize);
        if let Some(moved) = self.owners.get(row as usize) {
            self.row_of[*moved as usize] = row;
        }
    }

    /// Takes over new slots: by old slot, the new one.
    pub(super) fn renumber(&mut self, renumbered: &[Option<u32>]) {
        let live = renumbered.iter().flatten().count();
        let mut row_of = vec![NONE; live];
        for (row, owner) in self.owners.iter_mut().enumerate() {
            if let Some(slot) = renumbered.get(*owner as usize).copied().flatten() {
                *owner = slot;
                row_of[slot as usize] = as_number(row);
            }
        }
        self.row_of = row_of;
    }

    /// A query of unit length; `None` while there are no vectors.
    pub(super) fn query(&self, directed: &[f32]) -> Option<VectorQuery> {
        let turned = self.space.as_ref()?.rotation.turn(directed);
        Some(VectorQuery {
            sketch: QuerySketch::new(&turned),
            code: QueryCode::new(&turned),
        })
    }

    /// The `k` admitted slots with the highest cosines above 0, best first; of equals
    /// the lower slot. Exact, but for the rounding of bytes, when `candidates` are no
    /// fewer than the admitted rows.
    pub(super) fn search(
        &self,
        query: &VectorQuery,
        admitted: &Admitted<'_>,
        k: usize,
        effort: Effort,
    ) -> Vec<(u32, f32)> {
        let Some(space) = &self.space else {
            return Vec::new();
        };
        scan::Scan {
            rows: &space.rows,
            owners: &self.owners,
            admitted,
            largest: sketch::largest_distance(space.dimension.next_multiple_of(GRANULARITY)),
            effort,
        }
        .best(query, k)
    }

    /// The cosine of a query and the vector of a slot, when it has one.
    pub(super) fn cosine(&self, query: &VectorQuery, slot: u32) -> Option<f32> {
        let space = self.space.as_ref()?;
        let row = *self.row_of.get(slot as usize)?;
        (row != NONE).then(|| {
            let (codes, scale) = space.rows.code(row as usize);
            query.code.cosine(Level::new(), codes, scale)
        })
    }

    pub(super) fn bytes(&self) -> usize {
        let rows = self.space.as_ref().map_or(0, |space| space.rows.bytes());
        rows + 4 * (self.owners.capacity() + self.row_of.capacity())
    }
}
