//! Vectors that know which model made them.

use resilience::ErrorKind;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A text as a vector of unit length.
///
/// Vectors of different models have nothing to do with each other, so the model's
/// name travels with the numbers and [`cosine`](Self::cosine) refuses to mix them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Embedding {
    /// The model, with its version.
    pub model: String,
    /// Components. Their squares add up to 1, or all are 0 for a text in which the
    /// model sees nothing (an empty one).
    pub vector: Vec<f32>,
}

impl Embedding {
    /// Number of components.
    pub fn dim(&self) -> usize {
        self.vector.len()
    }

    /// Similarity of two texts, from -1 to 1; 0 when either vector is all zeros.
    ///
    /// # Errors
    /// `InvalidInput` when the models or the dimensions differ.
    pub fn cosine(&self, other: &Self) -> Result<f64> {
        if self.model != other.model {
            let message = format!(
                "vectors of {} and {} cannot be compared",
                self.model, other.model
            );
            return Err(Error::new(ErrorKind::InvalidInput, message).with_field("model"));
        }
        if self.dim() != other.dim() {
            let message = format!("{} and {} components", self.dim(), other.dim());
            return Err(Error::new(ErrorKind::InvalidInput, message).with_field("vector"));
        }
        Ok(dot(&self.vector, &other.vector).clamp(-1.0, 1.0))
    }
}

/// The scalar product; on unit vectors, the cosine.
pub(crate) fn dot(left: &[f32], right: &[f32]) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| f64::from(*left) * f64::from(*right))
        .sum()
}

/// Scales a vector to unit length; zeros stay zeros.
pub(crate) fn normalize(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        for component in vector {
            #[allow(clippy::cast_possible_truncation)] // components are single precision
            let scaled = (f64::from(*component) / length) as f32;
            *component = scaled;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedding(model: &str, vector: &[f32]) -> Embedding {
        Embedding {
            model: model.into(),
            vector: vector.into(),
        }
    }

    #[test]
    fn cosine_refuses_to_mix_models_or_dimensions() {
        let left = embedding("a", &[1.0, 0.0]);
        let mixed = left.cosine(&embedding("b", &[1.0, 0.0]));
        assert_eq!(
            mixed.map_err(|error| error.kind()),
            Err(ErrorKind::InvalidInput)
        );
        let shorter = left.cosine(&embedding("a", &[1.0]));
        assert!(shorter.is_err_and(|error| error.field() == Some("vector")));
    }

    #[test]
    fn cosine_of_unit_vectors_is_their_scalar_product() {
        let left = embedding("a", &[0.6, 0.8]);
        let right = embedding("a", &[0.8, 0.6]);
        assert!((left.cosine(&right).unwrap_or(0.0) - 0.96).abs() < 1e-6);
    }
}
