//! The backend that needs nothing: no model weights, no network, no account.

#[cfg(feature = "local")]
mod acts;
#[cfg(feature = "local")]
mod classification;
#[cfg(feature = "local")]
mod commitments;
#[cfg(feature = "local")]
mod competitors;
#[cfg(feature = "local")]
mod cues;
mod embedding;
#[cfg(feature = "local")]
mod extraction;
#[cfg(feature = "local")]
mod keywords;
#[cfg(feature = "local")]
mod language;
#[cfg(feature = "model2vec")]
mod model2vec;
#[cfg(feature = "local")]
mod questions;
#[cfg(feature = "local")]
pub(crate) mod read;
#[cfg(feature = "local")]
mod spoken_language;
#[cfg(feature = "local")]
mod spoken_sentence;
#[cfg(feature = "local")]
mod summary;
#[cfg(feature = "local")]
mod summary_words;
pub(crate) mod text;
#[cfg(feature = "local")]
mod text_encoder;
#[cfg(feature = "local")]
mod topics;
#[cfg(feature = "local")]
pub mod trackers;
#[cfg(feature = "local")]
mod vader;

pub(crate) use embedding::Encoder;
#[cfg(feature = "local")]
pub use language::LocalLanguage;
#[cfg(feature = "model2vec")]
pub use model2vec::Model2Vec;
#[cfg(feature = "local")]
pub use read::ReadingModel;
#[cfg(feature = "local")]
pub use spoken_language::{DetectedLanguage, detect_language};
#[cfg(feature = "local")]
pub use text_encoder::TextEncoder;
