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
#[cfg(feature = "model2vec")]
mod model2vec;
mod questions;
mod read;
mod spoken_language;
mod spoken_sentence;
mod summary;
mod summary_words;
pub(crate) mod text;
mod text_encoder;
mod topics;
pub mod trackers;
mod vader;

pub(crate) use embedding::Encoder;
pub use language::LocalLanguage;
#[cfg(feature = "model2vec")]
pub use model2vec::Model2Vec;
pub use read::ReadingModel;
pub use spoken_language::{DetectedLanguage, detect_language};
pub use text_encoder::TextEncoder;
