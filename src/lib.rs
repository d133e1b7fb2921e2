//! Gong sales calls into Snowflake or SQLite, joined with HubSpot, analysed and
//! coached from.
//!
//! This facade re-exports the workspace's crates under one name and reads the
//! few settings that span them. Each crate can be used on its own.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use gong_snowflake::gong_client::{GongClient, GongConfig};
//! use gong_snowflake::ingest::{GongSync, SyncSettings};
//! use gong_snowflake::snowflake_store::{SqliteStore, SyncMode};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let gong = Arc::new(GongClient::new(GongConfig::from_env()?)?);
//! let store = Arc::new(SqliteStore::open("calls.db").await?);
//! let sync = GongSync::new(gong, store, SyncSettings::new(SyncMode::Incremental));
//! println!("{} calls are new", sync.run().await?.calls_inserted);
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

pub use agents;
pub use calls;
pub use cortex;
pub use gong_client;
pub use hubspot_enrich;
pub use ingest;
pub use outbound;
pub use resilience;
pub use snowflake_sql;
pub use snowflake_store;
pub use snowflake_streaming;

mod language;
mod opening;
mod search;
mod settings;

pub use language::{Backend, LanguageOptions};
pub use opening::{StoreOptions, snowflake_from_env};
pub use settings::{Error, StoreLocation, parse_instant};
