//! What all backends on top of a generative model share.
//!
//! A transport ([`TextModel`], [`VectorModel`]) carries prompts to a model and answers
//! back. Everything else is here, once: how a task is worded and its answer structured, how
//! words of a call stay data, how a conversation is split and its parts are merged, and
//! how a model's claims are checked against what was said ([`grounding`]).

#[cfg(feature = "local")]
mod answering;
mod answers;
mod chunks;
mod classification;
mod completion;
mod embedding;
mod extraction;
mod fence;
pub mod grounding;
mod prompts;
mod reading;
mod schema;
mod sentiment;
mod summary;
mod text_model;
mod tokens;

#[cfg(feature = "local")]
pub use answering::{AskedLine, Inquiry, WrittenAnswer};
pub(crate) use chunks::pieces;
pub(crate) use classification::classify;
pub(crate) use completion::complete;
pub(crate) use embedding::embed;
pub(crate) use extraction::extract;
#[cfg(feature = "sql")]
pub(crate) use reading::frame;
pub(crate) use reading::read;
pub use reading::{ReadingCriteria, ReadingSettings};
pub(crate) use sentiment::sentiment;
pub(crate) use summary::summarize;
pub(crate) use text_model::{Answer, EmbedLimits, Prompt, PromptLimits, TextModel, VectorModel};
pub(crate) use tokens::estimated_tokens;
