//! Models behind HTTP: Snowflake Cortex's REST API, and any endpoint in the shape of
//! OpenAI's.
//!
//! [`CortexRest`] and [`OpenAiCompatible`] differ in addresses, headers and the shape
//! of embeddings, and are otherwise one. Both send call text to where
//! [`EndpointConfig`] says; put [`Redacted`](crate::redaction) before them where it
//! must not leave as it is.

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
