//! Scorecards: a team's own questions, answered about a call or a deal with the sentences
//! that show the answer, or "not shown".
//!
//! Without a generative model the answers come from what the reading of the call holds,
//! from words and from questions that the call answers, as the scorecard says. With one,
//! the model is asked all questions of a call in one request, and its quotes are held
//! against the call.

mod card;
mod files;
mod gong;
mod local;
mod model;
mod sign;
mod written;

use std::sync::Arc;

use calls::reading::Reading;
use calls::{CallId, DealId};
use cortex::answering::AnswerFinder;
use futures_util::{StreamExt, TryStreamExt, stream};
use snowflake_store::{CallDetail, CallOrder, CallQuery, CallSource};

pub use card::{AnswerKind, Choice, Question, Scorecard, ShownBy};
pub use model::{AnswerValue, ScorecardAnswer, ScorecardResult};
pub use sign::Sign;

use crate::analysis::deal_context;
use crate::insights::{FALL_BACK_ON, InsightBuilder, StandingIn, call_to_read};
use crate::{CallAnalysisAgent, Error, ErrorCode, Result};

/// Calls of a deal that are asked at most: the newest.
const MOST_CALLS: usize = 20;

/// Calls of a deal that are counted at most.
const MOST_COUNTED: usize = 1_000;

/// Calls that are asked at the same time.
const ASKED_AT_A_TIME: usize = 4;

/// Answers scorecards.
#[derive(Debug, Clone)]
pub struct ScorecardAgent {
    store: Arc<dyn CallSource>,
    insights: InsightBuilder,
    analysis: CallAnalysisAgent,
    finder: AnswerFinder,
}

/// A scorecard answered about one call.
struct Answered {
    call_id: CallId,
    misfit: Option<String>,
    answers: Vec<ScorecardAnswer>,
    ai_enhanced: bool,
    notes: Vec<String>,
    degraded: Vec<String>,
}

impl ScorecardAgent {
    /// An agent over a store and a language backend.
    pub fn new(store: Arc<dyn CallSource>, language: impl Into<InsightBuilder>) -> Self {
        let insights = language.into();
        Self {
            analysis: CallAnalysisAgent::new(Arc::clone(&store), insights.clone()),
            store,
            insights,
            finder: AnswerFinder::default(),
        }
    }

    /// Answers a scorecard about a call.
    ///
    /// # Errors
    /// [`CallNotFound`](ErrorCode::CallNotFound), [`NoTranscript`](ErrorCode::NoTranscript),
    /// [`StoreFailed`](ErrorCode::StoreFailed);
    /// [`BackendFailed`](ErrorCode::BackendFailed) when the backend's settings are at
    /// fault. Where it only fails, the answers are those without a model and say so.
    pub async fn score_call(&self, card: &Scorecard, call_id: &CallId) -> Result<ScorecardResult> {
        let detail = self.analysis.detail(call_id).await?;
        let mut answered = self.answer(card, &detail).await?;
        let answers = std::mem::take(&mut answered.answers);
        Ok(sum_up(card, answers, vec![answered]))
    }

    /// Answers a scorecard about a deal: a question by the call that answers it best. A
    /// deal has what any of its calls shows, so a yes outweighs a no.
    ///
    /// # Errors
    /// As [`score_call`](Self::score_call), with
    /// [`DealNotFound`](ErrorCode::DealNotFound) in place of the errors of one call.
    pub async fn score_deal(&self, card: &Scorecard, deal_id: &DealId) -> Result<ScorecardResult> {
        let query = CallQuery {
            deal_id: Some(deal_id.clone()),
            with_transcript: true,
            order: CallOrder::NewestFirst,
            limit: MOST_COUNTED,
            ..CallQuery::default()
        };
        let headers = self.store.find_calls(&query).await?;
        if headers.is_empty() {
            let message = format!("no call of deal {deal_id} has a transcript");
            return Err(Error::new(ErrorCode::DealNotFound, message).with_field("deal_id"));
        }
        let left_out = headers.len().saturating_sub(MOST_CALLS);
        let asked = headers.into_iter().take(MOST_CALLS);
        let calls: Vec<Answered> = stream::iter(asked.map(|header| async move {
            // One that is gone since it was listed is left out.
            match self.store.call_detail(&header.id).await? {
                Some(detail) => self.answer(card, &detail).await.map(Some),
                None => Ok(None),
            }
        }))
        .buffered(ASKED_AT_A_TIME)
        .try_filter_map(|answered| async move { Ok(answered) })
        .try_collect()
        .await?;
        Ok(ScorecardResult {
            deal_id: Some(deal_id.clone()),
            calls_left_out: left_out,
            ..sum_up(card, best(card, &calls), calls)
        })
    }

    async fn answer(&self, card: &Scorecard, detail: &CallDetail) -> Result<Answered> {
        let call = call_to_read(detail)?;
        let stage = deal_context(detail).and_then(|deal| deal.stage_at_call.or(deal.stage));
        let mut answered = Answered {
            call_id: detail.call.id.clone(),
            misfit: None,
            answers: Vec::new(),
            ai_enhanced: false,
            notes: Vec::new(),
            degraded: Vec::new(),
        };
        if let Some(writer) = self.insights.writer([detail])? {
            let written = written::WrittenCall::new(detail, &call, card, &self.finder);
            if let Some(written) = written {
                match written.answers(card, &*writer).await {
                    Ok(answers) => {
                        // The model reads for itself; a reading would be a request more.
                        let reader = self.insights.reader_for(&detail.call.id);
                        let mut kept = detail.readings.iter();
                        let own = kept.find(|one| one.provenance == reader);
                        let kept = own.or_else(|| detail.readings.first());
                        let reading = kept.map(|one| &one.reading);
                        answered.misfit = misfit(card, reading, stage.as_deref());
                        if let Some(kept) = kept.filter(|_| card.is_for_types()) {
                            let mut other = StandingIn::default();
                            other.count(&kept.provenance, &reader);
                            answered
                                .notes
                                .extend(other.said(&reader).map(|one| one + "."));
                        }
                        answered.answers = answers;
                        answered.ai_enhanced = true;
                        return Ok(answered);
                    }
                    Err(error) if !FALL_BACK_ON.contains(&error.kind()) => {
                        return Err(error.into());
                    }
                    Err(error) => answered.degraded.push(format!(
                        "the reading answers in place of the model, which failed: {}",
                        error.kind().as_str()
                    )),
                }
            }
        }
        let read = self.analysis.read(detail, &mut answered.notes).await?;
        answered.ai_enhanced = self.insights.is_by_model(&read.reading.provenance);
        answered.degraded.extend(read.degraded);
        let reading = read.reading.reading.likely();
        answered.misfit = misfit(card, Some(&reading), stage.as_deref());
        let asked = local::AskedCall::new(detail, &call, &reading, &self.finder);
        let questions = card.questions().iter();
        answered.answers = questions
            .map(|question| asked.answer(question))
            .collect::<Result<_>>()?;
        Ok(answered)
    }
}

fn misfit(card: &Scorecard, reading: Option<&Reading>, stage: Option<&str>) -> Option<String> {
    card.misfit(reading.and_then(|reading| reading.call_type), stage)
}

/// Of each question the best answer, of equals the newest call's; from the calls that the
/// scorecard is for, if there are any.
fn best(card: &Scorecard, calls: &[Answered]) -> Vec<ScorecardAnswer> {
    let some_fit = calls.iter().any(|call| call.misfit.is_none());
    let questions = card.questions().iter().enumerate();
    let best = questions.map(|(at, question)| {
        let calls = calls
            .iter()
            .filter(|call| !some_fit || call.misfit.is_none());
        let answers = calls.filter_map(|call| call.answers.get(at));
        let best = answers.fold(None, |best: Option<&ScorecardAnswer>, one| match best {
            Some(best) if best.rank() >= one.rank() => Some(best),
            _ => Some(one),
        });
        best.cloned()
            .unwrap_or_else(|| ScorecardAnswer::not_shown(question, "No call was asked."))
    });
    best.collect()
}

fn sum_up(
    card: &Scorecard,
    answers: Vec<ScorecardAnswer>,
    calls: Vec<Answered>,
) -> ScorecardResult {
    let mut result = ScorecardResult::of(card, answers);
    result.fits = calls.iter().any(|call| call.misfit.is_none());
    result.ai_enhanced = calls.iter().any(|call| call.ai_enhanced);
    for call in calls {
        let misfit = call.misfit.filter(|_| !result.fits);
        for note in misfit.into_iter().chain(call.notes) {
            if !result.notes.contains(&note) {
                result.notes.push(note);
            }
        }
        for reason in call.degraded {
            if !result.degraded.contains(&reason) {
                result.degraded.push(reason);
            }
        }
        result.calls.push(call.call_id);
    }
    result
}
