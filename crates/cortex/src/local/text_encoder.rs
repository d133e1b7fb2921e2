//! Vectors from elsewhere than stems.

use std::fmt::Debug;

/// Turns texts into vectors within this process, for
/// [`LocalLanguage::with_encoder`](crate::LocalLanguage::with_encoder).
///
/// # Contract
/// - One vector a text, in order, each of [`dim`](Self::dim) components. They need not
///   have unit length. A text in which the model sees nothing gives zeros.
/// - The same text gives the same vector, whatever is asked for beside it.
/// - [`model`](Self::model) changes whenever vectors do: stored vectors of one name
///   are compared with each other.
pub trait TextEncoder: Debug + Send + Sync + 'static {
    /// The model, with its version.
    fn model(&self) -> &str;

    /// Number of components.
    fn dim(&self) -> usize;

    /// The vectors of some texts. May take long; it is called where blocking is
    /// allowed, but for small batches.
    fn encode(&self, texts: &[String]) -> Vec<Vec<f32>>;
}
