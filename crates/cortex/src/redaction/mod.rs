//! Keeps personal data out of what a model gets to see.
//!
//! [`Redacted`] wraps a backend that sends texts away. It replaces e-mail
//! addresses (spoken ones too: "dana at acme dot com"), phone numbers, card numbers
//! (Luhn), IBANs (their check digits), other account numbers that are named as such,
//! and the names of the people on the call by placeholders:
//! `[EMAIL_1]`, `[PERSON_2]`. Placeholders in an answer are replaced by the originals.
//!
//! Within an item, equal secrets have equal placeholders, and different spellings of
//! one secret share its number (`[PERSON_2]`, `[PERSON_2_2]`). The number of a
//! party is its position among the parties, so it is the same throughout a call. What the
//! model sees of an item depends only on the item and the parties, so a cache
//! further in finds it again.
//!
//! The mapping is kept in memory while the item is in flight, and
//! appears in no log, error or `Debug`.
//!
//! # Limits
//! It does not find names that nobody has given, numbers spelled in words, or single
//! words of a name in lower case among capitalised text ("will", "mark"). Ids longer
//! than 15 digits, dates and amounts stay. When in doubt it removes too much rather
//! than too little.

use std::sync::Arc;

mod checksum;
mod digits;
mod mapping;
mod names;
mod pattern;
mod redactor;
mod texts;

use redactor::Redactor;
pub(crate) use texts::Texts;

use crate::operation::{Operation, ask, decorate};
use crate::{LanguageBackend, Outcome, Result};

/// A backend that never sees personal data; see the [module](self).
///
/// Speakers of conversations count as parties. A restored summary is cut to its
/// [`max_words`](crate::SummaryRequest::max_words) again, because a name of two words
/// was one placeholder.
///
/// ```
/// use cortex::redaction::Redacted;
/// use cortex::{ClassifyRequest, LanguageBackendExt, LocalLanguage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cortex::Result<()> {
/// // Once for the backend, then for each call with its parties.
/// let language = Redacted::new(LocalLanguage::new())?;
/// let language = language.for_parties(["Dana Smith", "Ravi Patel"])?;
/// let request = ClassifyRequest {
///     text: "They want to see the contract before Friday".into(),
///     labels: vec!["a word with Ravi Patel".into(), "the contract".into()],
/// };
/// // The model chose among labels without names; the answer has them back.
/// let chosen = language.label_of(request).await?;
/// assert_eq!(chosen.label, "the contract");
/// assert_eq!(chosen.scores[1].label, "a word with Ravi Patel");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Redacted<B> {
    inner: Arc<B>,
    redactor: Arc<Redactor>,
}

impl<B: LanguageBackend> Redacted<B> {
    /// Redacts everything but the names of parties who are not yet known.
    ///
    /// # Errors
    /// None that can be met: the patterns are constant.
    pub fn new(inner: B) -> Result<Self> {
        Ok(Self {
            inner: Arc::new(inner),
            redactor: Arc::new(Redactor::new()?),
        })
    }

    /// The same backend for a call with these parties, in place of any before. The
    /// order of the names gives the numbers of the placeholders.
    /// For callers that know who speaks.
    ///
    /// # Errors
    /// `InvalidInput` on `parties` when the names are too long or too many to look for
    /// (64 KiB together).
    pub fn for_parties<N: Into<String>>(&self, names: impl IntoIterator<Item = N>) -> Result<Self> {
        let names = names.into_iter().map(Into::into).collect();
        Ok(Self {
            inner: Arc::clone(&self.inner),
            redactor: Arc::new(self.redactor.with_names(names)?),
        })
    }

    async fn run<O: Operation>(&self, items: &[O::Item]) -> Result<Vec<Outcome<O::Answer>>> {
        let mut sent = Vec::with_capacity(items.len());
        let mut mappings = Vec::with_capacity(items.len());
        for item in items {
            // An item that cannot be redacted is not sent; its place is kept.
            let (item, mapping) = self.redactor.redact(item).map_or_else(
                |error| (None, Err(error)),
                |(item, mapping)| (Some(item), Ok(mapping)),
            );
            sent.extend(item);
            mappings.push(mapping);
        }
        let mut answers = ask::<O>(&*self.inner, &sent).await?.into_iter();
        Ok(items
            .iter()
            .zip(mappings)
            .filter_map(|(item, mapping)| match mapping {
                Err(error) => Some(Err(error)),
                Ok(mapping) => {
                    let outcome = answers.next()?;
                    Some(outcome.map(|answer| {
                        if mapping.is_empty() {
                            return answer;
                        }
                        let restored = answer.map_texts(&mut |text| mapping.restore(&text));
                        O::fit(item, restored)
                    }))
                }
            })
            .collect())
    }
}

impl<B> Clone for Redacted<B> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            redactor: Arc::clone(&self.redactor),
        }
    }
}

decorate!(Redacted);
