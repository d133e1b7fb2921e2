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
//! party is its position among the parties, so it is the same throughout a call.
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

use async_trait::async_trait;
use calls::Provenance;
use calls::reading::{CallToRead, Reading};

mod checksum;
mod digits;
mod mapping;
mod names;
mod pattern;
mod redactor;
mod texts;

use mapping::Mapping;
use redactor::Redactor;
use texts::Texts;

use crate::outcomes::checked;
use crate::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding,
    ExtractRequest, Extraction, LanguageBackend, Method, Outcome, Result, Summary, SummaryRequest,
    TextSentiment,
};

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

    fn redact<I: Texts + Clone>(&self, items: &[I]) -> Sent<'_, I> {
        let mut sent = Sent {
            items: Vec::with_capacity(items.len()),
            mappings: Vec::with_capacity(items.len()),
        };
        for item in items {
            let mapping = self.redactor.redact(item).map(|(item, mapping)| {
                sent.items.push(item);
                mapping
            });
            sent.mappings.push(mapping);
        }
        sent
    }
}

/// Items as they are sent. One that cannot be redacted is not; its place is kept.
struct Sent<'a, I> {
    items: Vec<I>,
    mappings: Vec<Result<Mapping<'a>>>,
}

impl<I> Sent<'_, I> {
    /// Answers with the originals, in the places of the items that were given.
    fn restore<A: Texts>(self, answers: Vec<Outcome<A>>) -> Vec<Outcome<A>> {
        let mut answers = answers.into_iter();
        let restored = |mapping: Result<Mapping<'_>>| match mapping {
            Err(error) => Some(Err(error)),
            Ok(mapping) if mapping.is_empty() => answers.next(),
            Ok(mapping) => answers.next().map(|outcome| {
                outcome.map(|answer| answer.map_texts(&mut |text| mapping.restore(&text)))
            }),
        };
        self.mappings.into_iter().filter_map(restored).collect()
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

macro_rules! methods {
    ($($name:ident, $item:ty => $answer:ty, $fit:expr;)*) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<B: LanguageBackend> LanguageBackend for Redacted<B> {
            fn provenance(&self) -> Provenance {
                self.inner.provenance()
            }

            fn provenance_of(&self, method: Method) -> Provenance {
                self.inner.provenance_of(method)
            }

            fn capabilities(&self) -> Capabilities {
                self.inner.capabilities()
            }

            $(
                async fn $name(&self, items: &[$item]) -> Result<Vec<Outcome<$answer>>> {
                    let sent = self.redact(items);
                    if sent.items.is_empty() {
                        return Ok(sent.restore(Vec::new()));
                    }
                    let asked = self.inner.$name(&sent.items);
                    let answers = checked(asked, sent.items.len()).await?;
                    let fit: fn(&$item, $answer) -> $answer = $fit;
                    let restored = items.iter().zip(sent.restore(answers));
                    Ok(restored.map(|(item, outcome)| outcome.map(|answer| fit(item, answer))).collect())
                }
            )*
        }
    };
}

methods! {
    sentiment, String => TextSentiment, |_, answer| answer;
    summarize, SummaryRequest => Summary, within_words;
    embed, String => Embedding, |_, answer| answer;
    classify, ClassifyRequest => Classification, |_, answer| answer;
    extract, ExtractRequest => Extraction, |_, answer| answer;
    complete, CompletionRequest => Completion, |_, answer| answer;
    read, CallToRead => Reading, |_, answer| answer;
}

/// A summary cut to the words that were asked for.
fn within_words(request: &SummaryRequest, summary: Summary) -> Summary {
    let mut text = summary.text;
    if let Some(word) = text.split_whitespace().nth(request.max_words) {
        let kept = word.as_ptr().addr() - text.as_ptr().addr();
        text.truncate(kept);
        text.truncate(text.trim_end().len());
    }
    Summary { text, ..summary }
}
