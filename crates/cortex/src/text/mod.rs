//! Words, sentences and stems: what every local method stands on.

mod annotations;
mod lower_case;
mod phrases;
mod sentences;
mod spoken;
mod stems;
mod stop_words;
mod words;

pub(crate) use annotations::{with_blank_annotations, without_annotations};
pub(crate) use lower_case::in_lower_case;
pub(crate) use phrases::{PhraseTable, Stemmed};
pub(crate) use sentences::{sentence_ranges, sentences};
pub(crate) use spoken::{as_written, is_broken_off};
pub(crate) use stems::{Stemming, inverse_document_frequency};
pub(crate) use stop_words::{is_filler, is_sound, is_stop_word};
pub(crate) use words::words;
