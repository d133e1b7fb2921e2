//! A backend under test, and what the suite knows about it.

use std::fmt;
use std::sync::Arc;

use cortex::{LanguageBackend, LanguageBackendExt, Method, Outcome, Result};

use super::answer::{Answer, ask};

type Counter = Box<dyn Fn() -> u64 + Send + Sync>;

/// A backend under test. What the contract leaves open, or what cannot be seen through
/// the trait, is declared here.
pub struct LanguageFixture {
    backend: Arc<dyn LanguageBackend>,
    round_trips: Option<Counter>,
    failing_text: Option<String>,
    pub(super) is_deterministic: bool,
    pub(super) reads_english: bool,
    pub(super) longest_text: usize,
}

impl LanguageFixture {
    /// A backend that is deterministic, reads English, and takes texts of a megabyte
    /// (if only to refuse them).
    pub fn new(backend: impl LanguageBackend) -> Self {
        Self {
            backend: Arc::new(backend),
            round_trips: None,
            failing_text: None,
            is_deterministic: true,
            reads_english: true,
            longest_text: 1_000_000,
        }
    }

    /// How often the other side was asked so far. Without it nobody can see whether an
    /// empty batch is answered without a round trip.
    #[must_use]
    pub fn counting(mut self, round_trips: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.round_trips = Some(Box::new(round_trips));
        self
    }

    /// Words that make the other side fail the item that holds them, and no other.
    #[must_use]
    pub fn failing_on(mut self, text: impl Into<String>) -> Self {
        self.failing_text = Some(text.into());
        self
    }

    /// The other side gives canned answers: well formed, but not about the text. What
    /// the text means is then not looked at.
    #[must_use]
    pub fn with_canned_answers(mut self) -> Self {
        self.reads_english = false;
        self
    }

    /// Equal items may get different answers.
    #[must_use]
    pub fn with_varying_answers(mut self) -> Self {
        self.is_deterministic = false;
        self
    }

    /// Bytes of the longest text that is tried. Default 1,000,000.
    #[must_use]
    pub fn with_longest_text(mut self, bytes: usize) -> Self {
        self.longest_text = bytes;
        self
    }

    /// The cases that cannot be tried, for want of a declaration.
    pub fn skipped(&self) -> Vec<&'static str> {
        let mut skipped = Vec::new();
        if self.round_trips.is_none() {
            skipped.push("answers_an_empty_batch_without_a_round_trip");
        }
        if self.failing_text.is_none() {
            skipped.push("a_bad_item_fails_alone");
        }
        skipped
    }

    pub(super) fn backend(&self) -> &dyn LanguageBackend {
        &*self.backend
    }

    pub(super) fn round_trips(&self) -> Option<u64> {
        self.round_trips.as_ref().map(|count| count())
    }

    pub(super) fn failing_text(&self) -> Option<&str> {
        self.failing_text.as_deref()
    }

    /// The methods that the backend declares.
    pub(super) fn methods(&self) -> Vec<Method> {
        self.backend.capabilities().methods
    }

    /// Asks one method about some texts.
    pub(super) async fn ask(&self, method: Method, texts: &[&str]) -> Result<Vec<Outcome<Answer>>> {
        ask(self.backend(), method, texts).await
    }

    /// Answers that have no reason to fail, one for each text and well formed.
    pub(super) async fn answers(&self, method: Method, texts: &[&str]) -> Vec<Answer> {
        let outcomes = self
            .ask(method, texts)
            .await
            .expect("the batch is answered");
        assert_eq!(
            outcomes.len(),
            texts.len(),
            "{method:?}: outcomes for items"
        );
        let capabilities = self.backend.capabilities();
        texts
            .iter()
            .zip(outcomes)
            .map(|(text, outcome)| {
                let answer = outcome.expect("the item is answered");
                answer.check(text, &capabilities);
                answer
            })
            .collect()
    }

    /// Whether two answers to the same text may stand for each other.
    pub(super) fn assert_same(&self, method: Method, left: &Answer, right: &Answer) {
        if self.is_deterministic {
            assert_eq!(left, right, "{method:?}: answers to the same text");
        }
    }

    /// The sentiment of one text.
    pub(super) async fn tone(&self, text: &str) -> calls::Sentiment {
        let reading = self.backend.sentiment_of(text).await;
        reading.expect("the text is read").sentiment
    }
}

impl fmt::Debug for LanguageFixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LanguageFixture")
            .field("backend", &self.backend)
            .finish_non_exhaustive()
    }
}
