//! The business context of calls: deals, contacts and companies behind one trait.
//!
//! - [`CrmSource`]: a CRM as the workspace sees it, in batches that keep found
//!   and missing records apart ([`Batch`]).
//! - [`InMemoryCrm`]: records held in memory, for trials, demonstrations and
//!   teams that load an export.
//! - [`HubSpotApi`]: HubSpot over REST, configured by [`HubSpotConfig`].
//! - [`DataShare`]: HubSpot's Snowflake data share, by SQL.
//! - [`Hybrid`]: a primary and a fallback source.
//! - [`property`]: HubSpot's property values, parsed correctly or kept verbatim.
//! - [`resolve_stage_labels`]: names in place of ids.
//! - [`CrmCapabilities`]: how sources differ, as data.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), hubspot_enrich::Error> {
//! use calls::{Company, CompanyId};
//! use hubspot_enrich::{CrmSource, InMemoryCrm};
//!
//! let crm = InMemoryCrm::new().with_companies([Company {
//!     id: CompanyId::new("7001"),
//!     name: Some("Northwind".into()),
//!     domain: Some("northwind.example".into()),
//!     industry: None,
//! }]);
//! let batch = crm.companies(&["7001".into(), "7002".into()]).await?;
//! assert_eq!(batch.found[0].name.as_deref(), Some("Northwind"));
//! assert_eq!(batch.missing, ["7002".into()]);
//! # Ok(())
//! # }
//! ```
//!
//! | feature | adds |
//! |---|---|
//! | `rest` (default) | [`HubSpotApi`]: HubSpot over REST |
//! | `share` (default) | [`DataShare`]: HubSpot's data share in Snowflake, by SQL |
//! | `mocks` | `MockCrmSource`, to force errors in tests |
#![warn(missing_docs)]
// What backends share has callers in the full build, where the lints look.
#![cfg_attr(
    not(all(feature = "rest", feature = "share")),
    allow(dead_code, unused_imports)
)]

mod aged;
mod batch;
mod capabilities;
mod hybrid;
mod lookup;
mod match_key;
mod memory;
mod object_id;
pub mod property;
mod property_reader;
mod record;
#[cfg(feature = "rest")]
mod rest;
#[cfg(feature = "share")]
mod share;
mod source;
mod stage;
mod stage_dates;

pub use batch::{Batch, KeyMatch, Merged, UnreadableValue};
pub use capabilities::CrmCapabilities;
pub use hybrid::{Hybrid, OnMissing};
pub use memory::InMemoryCrm;
#[cfg(feature = "rest")]
pub use rest::{AccessToken, ApiVersion, HubSpotApi, HubSpotConfig, HubSpotStats};
#[cfg(feature = "share")]
pub use share::{DataShare, DataShareConfig, ShareSchema};
pub use source::CrmSource;
#[cfg(feature = "mocks")]
pub use source::MockCrmSource;
pub use stage::{StageCatalogue, resolve_stage_labels};

// What signatures here show, so that a program needs no other crate for it.
pub use calls;
#[cfg(any(feature = "rest", feature = "share"))]
pub use outbound::{self, SecretString};
pub use resilience::{self, ErrorKind, RetryPolicy};
#[cfg(feature = "share")]
pub use snowflake_sql;

resilience::error_type! {
    /// What went wrong between here and the CRM.
    pub struct Error;
}

#[cfg(any(feature = "rest", feature = "share"))]
impl From<outbound::Error> for Error {
    fn from(below: outbound::Error) -> Self {
        Self::from_below(below)
    }
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
