//! A language backend that fails on demand.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use calls::Provenance;
use calls::reading::{CallToRead, Reading};
use cortex::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ErrorKind, ExtractRequest, Extraction, LanguageBackend, Method, Outcome, Result, Summary,
    SummaryRequest, TextSentiment,
};

use super::PhraseLanguage;

/// How a [`FaultyLanguage`] fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LanguageFault {
    Hangs,
    Refuses,
    Fails,
    /// What it answers cannot be read.
    Rubbish,
    /// What it answers is read, and points to sentences that do not exist.
    Garbled,
    /// One request is answered.
    Dies,
    Unable,
}

impl LanguageFault {
    pub(crate) const ALL: [Self; 7] = [
        Self::Hangs,
        Self::Refuses,
        Self::Fails,
        Self::Rubbish,
        Self::Garbled,
        Self::Dies,
        Self::Unable,
    ];
}

/// Phrases behind a fault. It passes for a generative model, so that questions, scorecards
/// and mails are put to it too.
#[derive(Debug)]
pub(crate) struct FaultyLanguage {
    phrases: PhraseLanguage,
    fault: LanguageFault,
    requests: AtomicU64,
}

impl FaultyLanguage {
    pub(crate) fn new(fault: LanguageFault) -> Self {
        Self {
            phrases: PhraseLanguage::default(),
            fault,
            requests: AtomicU64::new(0),
        }
    }

    async fn answer<T>(&self, answer: impl Future<Output = Result<T>>) -> Result<T> {
        let number = self.requests.fetch_add(1, Ordering::SeqCst);
        match self.fault {
            LanguageFault::Hangs => std::future::pending().await,
            LanguageFault::Refuses => Err(Error::new(ErrorKind::Auth, "the token is refused")),
            LanguageFault::Fails => Err(Error::new(ErrorKind::Transient, "the backend is down")),
            LanguageFault::Rubbish => Err(Error::new(ErrorKind::Decode, "is no JSON")),
            LanguageFault::Unable => Err(Error::new(ErrorKind::Unsupported, "cannot do that")),
            LanguageFault::Dies if number > 0 => {
                Err(Error::new(ErrorKind::Transient, "the backend is down"))
            }
            LanguageFault::Dies | LanguageFault::Garbled => answer.await,
        }
    }
}

macro_rules! methods {
    ($($method:ident, $item:ty, $answer:ty;)*) => {
        #[async_trait]
        impl LanguageBackend for FaultyLanguage {
            fn provenance(&self) -> Provenance {
                Provenance::new("faulty", "v1")
            }

            fn capabilities(&self) -> Capabilities {
                let mut all = self.phrases.capabilities();
                all.methods.push(Method::Complete);
                all
            }

            $(
                async fn $method(&self, items: &[$item]) -> Result<Vec<Outcome<$answer>>> {
                    self.answer(self.phrases.$method(items)).await
                }
            )*

            async fn complete(
                &self,
                items: &[CompletionRequest],
            ) -> Result<Vec<Outcome<Completion>>> {
                self.answer(self.phrases.complete(items)).await
            }

            async fn read(&self, calls: &[CallToRead]) -> Result<Vec<Outcome<Reading>>> {
                let mut readings = self.answer(self.phrases.read(calls)).await?;
                if self.fault == LanguageFault::Garbled {
                    readings.iter_mut().flatten().for_each(garble);
                }
                Ok(readings)
            }
        }
    };
}

methods! {
    sentiment, String, TextSentiment;
    summarize, SummaryRequest, Summary;
    embed, String, Embedding;
    classify, ClassifyRequest, Classification;
    extract, ExtractRequest, Extraction;
}

fn garble(reading: &mut Reading) {
    const NOWHERE: usize = 900_000;
    for step in &mut reading.next_steps {
        step.sentences = vec![NOWHERE];
    }
    for one in &mut reading.pushback {
        one.sentences = vec![NOWHERE, NOWHERE + 1];
        one.handling_sentences = vec![NOWHERE];
    }
    for fact in reading.pricing.iter_mut().chain(&mut reading.decision) {
        fact.sentences = vec![NOWHERE];
    }
    for claim in &mut reading.summary_claims {
        claim.sentences = vec![NOWHERE];
    }
}
