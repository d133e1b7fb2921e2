//! Checks what a generative model says about a conversation against the conversation.
//!
//! A model must give quotes with every claim. [`QuoteIndex`] finds them, word for
//! word except for case, white space, punctuation, the style of quotation marks, and
//! filler sounds, which models like to tidy away. A quote that cannot be found was not
//! said, and the claim that rests on it is dropped. A quote that is found is shown as it
//! was said: the model's own spelling is never passed on.
//!
//! ```
//! use cortex::Utterance;
//! use cortex::grounding::QuoteIndex;
//!
//! let said = [
//!     Utterance::of("So, um, it\u{2019}s $3,500 a month."),
//!     Utterance::of("Too much for us!"),
//! ];
//! let quotes = QuoteIndex::new(&said);
//! let found = quotes.find("\"IT'S $3,500 A MONTH\"", None).expect("it was said");
//! assert_eq!((found.first, found.text.as_str()), (0, "it\u{2019}s $3,500 a month."));
//! assert_eq!(quotes.find("it's $2,500 a month", None), None);
//! ```

mod content;
mod figures;
mod normal;
mod quotes;
#[cfg(feature = "local")]
mod said;

pub(crate) use content::{content_stems, says};
pub(crate) use figures::Figures;
pub(crate) use normal::shares_words;
pub use quotes::{Found, QuoteIndex};
#[cfg(feature = "local")]
pub use said::{figures_were_said, names_were_said};
