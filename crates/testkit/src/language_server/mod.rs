//! A double of endpoints that serve language models over HTTP.
//!
//! [`LanguageServer`] listens on loopback and answers as Snowflake Cortex's REST API
//! does (`POST /api/v2/cortex/v1/chat/completions`, `POST /api/v2/cortex/inference:embed`)
//! or as an endpoint of OpenAI's shape does (`POST /v1/chat/completions`,
//! `POST /v1/embeddings`), from Snowflake's and OpenAI's documentation:
//!
//! - `max_tokens` is an error at Snowflake; `max_completion_tokens` is the field.
//! - Streams are server-sent events; the usage comes last and only when
//!   `stream_options.include_usage` asks for it; Claude's have no `finish_reason`.
//! - `response_format` is ignored for Llama, Mistral and DeepSeek; OpenAI's models
//!   refuse a schema with an object that is not closed.
//! - 429 comes without `Retry-After`. An expired session token, and an error in
//!   mid-stream, come with HTTP 200.
//! - Snowflake's embeddings take at most 1,280 texts of at most 4,096 characters and
//!   put every vector into a list of its own.
//!
//! What the model says is scripted by the test, or is [`honest_answer`]'s. Where the
//! endpoints' words are not known, the status is theirs and the text is the double's.

mod chat;
mod embeddings;
mod failure;
mod honest_model;
mod request;
mod server;
mod shape;

pub use chat::ModelAnswer;
pub use failure::Failure;
pub use honest_model::honest_answer;
pub use request::{ChatRequest, ReceivedRequest};
pub use server::{DEFAULT_TOKEN, LanguageServer};
pub(crate) use server::{failed, json_reply};
pub use shape::Shape;
