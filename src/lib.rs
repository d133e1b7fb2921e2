//! Brings Gong sales calls into Snowflake or SQLite, joins them with HubSpot,
//! analyses them and turns them into coaching.
//!
//! This facade re-exports the workspace's crates under one name, reads their [`Settings`] and
//! composes them as these say. Each crate also works on its own.
//!
//! ```no_run
//! use gong_snowflake::ingest::GongSync;
//! use gong_snowflake::snowflake_store::SyncMode;
//! use gong_snowflake::{Settings, StoreOptions};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings::load().await?;
//! let gong = settings.gong_client()?;
//! let store = settings.open_store(&StoreOptions::new("ingest")).await?;
//! let sync = GongSync::new(gong, store, settings.sync_settings(SyncMode::Incremental));
//! println!("{} calls are new", sync.run().await?.calls_inserted);
//! # Ok(())
//! # }
//! ```
//!
//! | feature (all but the last three are on by default) | what it adds |
//! |---|---|
//! | `sqlite` | calls in one SQLite file |
//! | `snowflake` | calls in Snowflake, with streamed backfills and Cortex Search |
//! | `local` | language without a model, within the process |
//! | `rest` | language by Cortex's REST interface and endpoints in OpenAI's shape |
//! | `sql` | language by Cortex's functions in SQL |
//! | `hubspot-rest` | HubSpot over REST |
//! | `hubspot-share` | HubSpot's data share in Snowflake |
//! | `snowflake-api` | sessions on the crate `snowflake-api` as well |
//! | `aws-lc` | TLS by aws-lc in place of ring |
//! | `webhooks` | Gong's webhooks, verified, as an axum extractor |
#![warn(missing_docs)]

pub use agents;
pub use calls;
pub use cortex;
pub use gong_client;
pub use hubspot_enrich;
pub use ingest;
pub use outbound;
pub use resilience;
#[cfg(feature = "snowflake")]
pub use snowflake_sql;
pub use snowflake_store;
#[cfg(feature = "snowflake")]
pub use snowflake_streaming;

#[cfg(feature = "local")]
mod backlog;
#[cfg(feature = "local")]
mod composition;
#[cfg(feature = "snowflake")]
mod credits;
#[cfg(feature = "local")]
mod gong_setup;
#[cfg(feature = "snowflake")]
mod gong_share;
mod language;
#[cfg(feature = "local")]
mod late_opening;
mod opening;
mod outside;
mod retention;
#[cfg(feature = "snowflake")]
mod search;
pub mod settings;
#[cfg(feature = "snowflake")]
mod snowflake;
pub mod validation;

#[cfg(feature = "local")]
pub use backlog::Backlog;
#[cfg(feature = "local")]
pub use composition::Agents;
#[cfg(feature = "snowflake")]
pub use credits::CreditsJob;
#[cfg(feature = "snowflake")]
pub use gong_share::{GongShare, GongShareRun, SyncBesideShare};
pub use opening::StoreOptions;
pub use retention::RetainBoth;
pub use settings::{Backend, Error, FallbackStore, Settings, StoreLocation, parse_instant};
