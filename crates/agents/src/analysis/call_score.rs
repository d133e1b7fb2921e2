//! A call's score by itself.

use calls::CallId;
use calls::reading::{Claim as ReadClaim, Part as ReadPart, Reading};
use serde::Serialize;

use super::CallAnalysisAgent;
use super::model::CallFacts;
use super::score::Score;
use crate::conversation::Conversation;
use crate::{Basis, Claim, Result};

/// Sentences that are cited where something was listened for and not heard.
const CLOSING: usize = 3;

/// How well a call was led, and apart from it how the deal stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CallScore {
    /// The call.
    pub call: CallFacts,
    /// How the call was led: 0 to 100, with its parts.
    pub score: Score,
    /// How the deal stands by what was heard; `None` for a call that is about no deal, or
    /// that could not be read.
    pub deal_health: Option<DealHealth>,
    /// Whether a generative model read the call.
    pub ai_enhanced: bool,
    /// What the reader should know about how far this goes.
    pub notes: Vec<String>,
    /// Why it is less than what was asked for; empty when it is not.
    pub degraded: Vec<String>,
}

/// How a deal stands by one call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DealHealth {
    /// From 0 (dead) to 100 (will sign).
    pub value: u8,
    /// Why, strongest first.
    pub why: Vec<Claim>,
}

impl CallAnalysisAgent {
    /// The score of one call, without the rest of its analysis.
    ///
    /// # Errors
    /// As [`analyse`](Self::analyse).
    pub async fn score(&self, call_id: &CallId) -> Result<CallScore> {
        let detail = self.detail(call_id).await?;
        let analysis = self.analyse_detail(&detail, &[]).await?;
        let reading = &analysis.reading.reading;
        Ok(CallScore {
            deal_health: deal_health(&Conversation::of(&detail)?, reading)?,
            call: analysis.call,
            score: analysis.score,
            ai_enhanced: analysis.reading.ai_enhanced,
            notes: analysis.notes,
            degraded: analysis.degraded,
        })
    }
}

fn deal_health(conversation: &Conversation<'_>, reading: &Reading) -> Result<Option<DealHealth>> {
    let health = reading.deal_health;
    let Some(value) = health.filter(|_| reading.was_read(ReadPart::DealHealth)) else {
        return Ok(None);
    };
    let reason = |claim: &ReadClaim| {
        let heard = conversation.cite_read(&claim.sentences, claim.sentences.len());
        let (basis, evidence) = match heard.is_empty() {
            true => (Basis::Absence, conversation.closing(CLOSING)),
            false => (Basis::Quote, heard),
        };
        Claim::new("deal_health", claim.what.as_str(), basis, evidence)
    };
    let why = reading.deal_health_why.iter().map(reason);
    Ok(Some(DealHealth {
        value,
        why: why.collect::<Result<_>>()?,
    }))
}
