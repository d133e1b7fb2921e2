//! Mocks of the store's traits, for the tests of other crates.

pub use crate::contract::{MockCallReader, MockInsights, MockLanding, MockRecords, MockUpkeep};

/// A whole [`CallStore`](crate::CallStore) of mocks, one per part.
#[derive(Debug, Default)]
pub struct MockCallStore {
    /// Landing and transforming.
    pub landing: MockLanding,
    /// What agents read.
    pub reader: MockCallReader,
    /// What is understood of calls.
    pub insights: MockInsights,
    /// Records beside calls.
    pub records: MockRecords,
    /// Migrations, health and leases.
    pub upkeep: MockUpkeep,
}
