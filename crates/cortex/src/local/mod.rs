//! The backend that needs nothing: no model weights, no network, no account.

mod acts;
mod classification;
mod commitments;
mod competitors;
mod extraction;
mod keywords;
mod language;
#[cfg(feature = "model2vec")]
mod model2vec;
mod questions;
pub(crate) mod read;
mod spoken_language;
mod spoken_sentence;
mod summary;
mod summary_words;
mod text_encoder;
mod topics;
pub mod trackers;
mod vader;

pub use language::LocalLanguage;
#[cfg(feature = "model2vec")]
pub use model2vec::Model2Vec;
pub use read::ReadingModel;
pub use spoken_language::{DetectedLanguage, detect_language};
pub use text_encoder::TextEncoder;

use crate::text;
