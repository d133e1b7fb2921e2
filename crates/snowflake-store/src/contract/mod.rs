//! The contract that every store keeps; one conformance suite checks it.

mod insights;
mod landing;
mod reader;
mod upkeep;

pub use insights::Insights;
pub use landing::Landing;
pub use reader::CallReader;
pub use upkeep::Upkeep;

/// A whole call store.
///
/// Implemented for everything that keeps the four parts.
pub trait CallStore: Landing + CallReader + Insights + Upkeep {}

impl<T: Landing + CallReader + Insights + Upkeep + ?Sized> CallStore for T {}
