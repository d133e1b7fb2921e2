//! The business context of calls: deals, contacts and companies behind one trait.
//!
//! - [`CrmSource`]: a CRM as the workspace sees it, in batches that keep found
//!   and missing records apart ([`Batch`]).
//! - [`InMemoryCrm`]: records held in memory, for trials, demonstrations and
//!   teams that load an export.
//! - [`HubSpotApi`]: HubSpot over REST, configured by [`HubSpotConfig`].
//! - [`DataShare`]: HubSpot's Snowflake data share, by SQL.
//! - [`Hybrid`]: a primary and a fallback source; [`Cached`]: one whose answers
//!   are cached.
//! - [`property`]: HubSpot's property values, parsed correctly or kept verbatim.
//! - [`resolve_stage_labels`], [`resolve_owner_names`]: names in place of ids.
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
//! | `mocks` | `MockCrmSource`, to force errors in tests |
#![warn(missing_docs)]

mod aged;
mod batch;
mod cached;
mod capabilities;
mod hybrid;
mod lookup;
mod match_key;
mod memory;
mod object_id;
mod owner;
mod part;
pub mod property;
mod record;
mod rest;
mod share;
mod source;
mod stage;
mod stage_dates;

pub use batch::{Batch, KeyMatch, Merged, UnreadableValue};
pub use cached::Cached;
pub use capabilities::CrmCapabilities;
pub use hybrid::{Hybrid, OnMissing};
pub use memory::InMemoryCrm;
pub use outbound;
pub use owner::resolve_owner_names;
pub use rest::{AccessToken, ApiVersion, HubSpotApi, HubSpotConfig, HubSpotStats};
pub use share::{DataShare, DataShareConfig, ShareSchema};
pub use source::CrmSource;
#[cfg(feature = "mocks")]
pub use source::MockCrmSource;
pub use stage::{StageCatalogue, resolve_stage_labels, stage_outcome};

resilience::error_type! {
    /// What went wrong between here and the CRM.
    pub struct Error;
    from outbound::Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
