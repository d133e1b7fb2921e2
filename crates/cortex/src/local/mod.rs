//! The backend that needs nothing: no model weights, no network, no account.

mod acts;
mod classification;
mod commitments;
mod competitors;
mod cues;
mod embedding;
mod extraction;
mod keywords;
mod language;
mod questions;
mod spoken_language;
mod summary;
pub(crate) mod text;
mod topics;
pub mod trackers;
mod vader;

pub(crate) use embedding::Encoder;
pub use language::LocalLanguage;
pub use spoken_language::{DetectedLanguage, detect_language};
