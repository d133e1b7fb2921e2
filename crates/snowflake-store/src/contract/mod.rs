//! The contract of every store; one conformance suite checks it.

mod insights;
mod landing;
mod reader;
mod records;
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
pub use records::MockRecords;
pub use records::Records;
#[cfg(feature = "mocks")]
pub use upkeep::MockUpkeep;
pub use upkeep::Upkeep;

/// What agents stand on: calls to read, and a place for what is understood of them.
///
/// Implemented for everything that has both parts.
pub trait CallSource: CallReader + Insights {}

impl<T: CallReader + Insights + ?Sized> CallSource for T {}

/// A whole call store.
///
/// Implemented for everything that keeps all the parts.
pub trait CallStore: Landing + CallSource + Records + Upkeep {}

impl<T: Landing + CallSource + Records + Upkeep + ?Sized> CallStore for T {}
