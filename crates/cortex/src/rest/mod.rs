//! Models over HTTP: Snowflake Cortex's REST API, and any OpenAI-compatible endpoint.
//!
//! [`CortexRest`] and [`OpenAiCompatible`] differ in addresses, headers and the shape
//! of embeddings, and are otherwise the same. Both send call text to the address in
//! [`EndpointConfig`]; wrap them in [`Redacted`](crate::redaction) if personal data must
//! not leave.

mod backend;
mod body;
mod chat;
mod config;
mod dialect;
mod endpoint;
mod environment;
mod events;
mod models;
mod refusal;
mod vectors;

pub use backend::{CortexRest, OpenAiCompatible};
pub use config::{EndpointConfig, OutputLimitField};
pub use outbound::{self, Token, TokenKind, TokenSource};
