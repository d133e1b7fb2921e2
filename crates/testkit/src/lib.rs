//! Doubles of the outside systems, and data to fill them with.
//!
//! - [`gong`]: an HTTP server on loopback that behaves like Gong's public API v2,
//!   with live control over what it serves and how it fails.
//! - [`hubspot`]: the same for HubSpot's CRM API, in its dated versions.
//! - [`fakesnow`]: a Snowflake stand-in that runs SQL, in its own process.
//! - [`snowflake`]: a double of Snowflake's session protocol, which understands no SQL
//!   and can fail in every way the real one does.
//! - [`streaming`]: Snowpipe Streaming's REST interface.
//! - [`cortex_search`]: Cortex Search services behind REST.
//! - [`esc`]: Pulumi ESC, a source of settings.
//! - [`cortex_sql`]: Cortex's functions over SQL.
//! - [`synthetic`]: seeded, reproducible sales conversations with the people,
//!   companies and deals around them, in Gong's wire shapes.
//! - [`language_server`]: endpoints of language models, in Snowflake's shape and in
//!   OpenAI's, with scripted models.
//! - [`recorded`]: calls read from a file, one JSON object per line.
//! - [`faulty`]: a store that fails on demand between agents and another store.
//! - [`conformance`]: suites that every implementation of a trait passes.
//!
//! Nothing here shares code with the clients under test: a double that parsed
//! or built requests with the client's own types would repeat the client's mistakes.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), testkit::Error> {
//! use testkit::gong::GongSimulator;
//! use testkit::synthetic::{SyntheticConfig, SyntheticOrg};
//!
//! let org = SyntheticOrg::generate(&SyntheticConfig::default());
//! let gong = GongSimulator::builder().org(&org).start().await?;
//! assert!(gong.url().starts_with("http://127.0.0.1:"));
//! assert_eq!(gong.state().call_count(), org.calls.len());
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

pub mod conformance;
pub mod cortex_search;
pub mod cortex_sql;
mod error;
pub mod esc;
pub mod fakesnow;
pub mod faulty;
pub mod gong;
pub mod http;
pub mod hubspot;
pub mod language_server;
pub mod recorded;
mod simulated_call;
pub mod snowflake;
pub mod streaming;
pub mod synthetic;

pub use error::Error;
pub use simulated_call::SimulatedCall;

// What signatures here show, so that a program needs no other crate for it.
pub use {
    calls, cortex, hubspot_enrich, outbound, resilience, serde_json, snowflake_sql, snowflake_store,
};
