//! Finds the sentences of a call that answer a question, and tells when there are none.
//!
//! Words alone find every third answer: people ask "who signs?" and are told "above that
//! it goes to Gavin". So a sentence is held against a question by the rare words they
//! share, by what the question asks for and how people answer that (`data/asking_*.txt`),
//! by the shape of the answer (a figure, a day, a name), by who speaks and by what a
//! reading of the call says of the sentence. How much each counts is learned
//! (`training/asking/`), and so is from when on a question counts as answered.
//!
//! A generative model reads the sentences itself: `Inquiry` puts them to it and holds
//! what it writes against them.

mod columns;
mod finder;
mod numbers;
mod question;
mod talk;
mod told;

#[cfg(feature = "generative")]
pub use crate::generative::{AskedLine, Inquiry, WrittenAnswer};
pub use finder::{AnswerFinder, Answering, Found, Seen};
