//! The contract of every store; one conformance suite checks it.

mod insights;
mod landing;
mod reader;
mod upkeep;

pub use insights::Insights;
#[cfg(feature = "mocks")]
pub use insights::MockInsights;
pub use landing::Landing;
#[cfg(feature = "mocks")]
pub use landing::MockLanding;
pub use reader::CallReader;
#[cfg(feature = "mocks")]
pub use reader::MockCallReader;
#[cfg(feature = "mocks")]
pub use upkeep::MockUpkeep;
pub use upkeep::Upkeep;

/// A whole call store.
///
/// Implemented for everything that keeps the four parts.
pub trait CallStore: Landing + CallReader + Insights + Upkeep {}

impl<T: Landing + CallReader + Insights + Upkeep + ?Sized> CallStore for T {}
