//! Answers questions about calls in sentences that cite, or says that they do not say.
//!
//! Without a generative model an answer is extracts: [`cortex::answering`] ranks the
//! sentences of each call, helped by the call's reading, and tells whether they answer at
//! all. With one, the model reads the call, or the best passages of many, and what it
//! writes is held against what was said.

mod asked_call;
mod extracts;
mod model;
mod scope;
mod written;

use std::borrow::Cow;
use std::sync::Arc;

use calls::reading::Reading;
use cortex::answering::AnswerFinder;
use snowflake_store::{CallDetail, CallReader, CallReading};

pub use model::{AnswerSource, AskScope, AskedAnswer};

use self::asked_call::AskedCall;
use self::extracts::{Ranked, ranked};
use self::scope::InScope;
use crate::Result;
use crate::insights::{FALL_BACK_ON, InsightBuilder, StandingIn};

/// Answers questions about a call, a deal, an account or a period.
#[derive(Debug, Clone)]
pub struct AskAgent {
    store: Arc<dyn CallReader>,
    insights: InsightBuilder,
    finder: AnswerFinder,
}

impl AskAgent {
    /// An agent over a store and a language backend.
    pub fn new(store: Arc<dyn CallReader>, language: impl Into<InsightBuilder>) -> Self {
        Self {
            store,
            insights: language.into(),
            finder: AnswerFinder::default(),
        }
    }

    /// Answers a question from the calls of a scope.
    ///
    /// # Errors
    /// [`CallNotFound`](crate::ErrorCode::CallNotFound),
    /// [`NoTranscript`](crate::ErrorCode::NoTranscript),
    /// [`DealNotFound`](crate::ErrorCode::DealNotFound) and
    /// [`AccountNotFound`](crate::ErrorCode::AccountNotFound), each on the field of the
    /// scope; [`StoreFailed`](crate::ErrorCode::StoreFailed);
    /// [`BackendFailed`](crate::ErrorCode::BackendFailed) when the backend's settings are
    /// at fault. Where it only fails, the answer is extracts and says so.
    pub async fn ask(&self, question: &str, scope: &AskScope) -> Result<AskedAnswer> {
        let InScope { calls, left_out } = scope::calls_of(self.store.as_ref(), scope).await?;
        let asked = |answer: AskedAnswer| AskedAnswer {
            calls_searched: calls.len(),
            calls_left_out: left_out,
            ..answer
        };
        let mut degraded = None;
        if let Some(writer) = self.insights.writer(calls.iter().map(|one| &one.detail))? {
            // The model reads for itself; a reading would be one request more per call.
            let ranked = self.ranked(question, &calls, |at| {
                Some(&self.own(&calls.get(at)?.detail)?.reading)
            });
            match written::answer(&*writer, question, &calls, &ranked).await {
                Ok(answer) => {
                    return Ok(asked(AskedAnswer {
                        ai_enhanced: true,
                        ..answer
                    }));
                }
                Err(error) if !FALL_BACK_ON.contains(&error.kind()) => return Err(error.into()),
                Err(error) => degraded = Some(error),
            }
        }
        let mut readings: Vec<Option<Cow<'_, CallReading>>> = Vec::with_capacity(calls.len());
        let mut others = StandingIn::default();
        for call in &calls {
            let reading = self.reading_of(&call.detail).await?;
            let reader = self.insights.reader_for(&call.detail.call.id);
            if let Some(reading) = &reading {
                others.count(&reading.provenance, &reader);
            }
            readings.push(reading);
        }
        let mut read_by = readings.iter().flatten().map(|one| &one.provenance);
        let ai_enhanced = read_by.any(|reader| self.insights.is_by_model(reader));
        let ranked = self.ranked(question, &calls, |at| {
            Some(&readings.get(at)?.as_ref()?.reading)
        });
        let degraded = degraded.map(|error| {
            let kind = error.kind().as_str();
            format!("extracts stand for the answer that the model failed to write: {kind}")
        });
        let others = others.said(&self.insights.reader());
        let degraded = degraded.into_iter().chain(others).collect();
        Ok(asked(AskedAnswer {
            degraded,
            ai_enhanced,
            ..extracts::answer(&calls, &ranked)
        }))
    }

    /// The reading of a call that the store keeps of this reader.
    fn own<'d>(&self, detail: &'d CallDetail) -> Option<&'d CallReading> {
        let reader = self.insights.reader_for(&detail.call.id);
        let mut kept = detail.readings.iter();
        kept.find(|one| one.provenance == reader)
    }

    /// The reading of a call: this reader's, which is made anew where that costs no request,
    /// else another's.
    async fn reading_of<'d>(&self, detail: &'d CallDetail) -> Result<Option<Cow<'d, CallReading>>> {
        match self.own(detail) {
            Some(own) => Ok(Some(Cow::Borrowed(own))),
            None if self.insights.reads_without_model() => {
                Ok(Some(Cow::Owned(self.insights.read(detail).await?)))
            }
            None => Ok(detail.readings.first().map(Cow::Borrowed)),
        }
    }

    fn ranked<'r>(
        &self,
        question: &str,
        calls: &[AskedCall],
        reading: impl Fn(usize) -> Option<&'r Reading>,
    ) -> Vec<Ranked> {
        let calls = calls.iter().enumerate();
        let ranked = calls.flat_map(|(at, call)| {
            let asked = self.finder.ask(&call.call, reading(at));
            ranked(at, asked.find(question, written::PASSAGES))
        });
        let mut ranked: Vec<Ranked> = ranked.collect();
        ranked.sort_by(|left, right| right.score.total_cmp(&left.score));
        ranked
    }
}
