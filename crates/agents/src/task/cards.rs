//! The scorecards that tasks may name.

use std::sync::Arc;

use calls::CallId;
use serde::Serialize;

use super::input::suggestion;
use super::model::Scored;
use crate::scorecard::{Scorecard, ScorecardAgent, ScorecardResult};
use crate::{CallAnalysisAgent, CallScore, Error, ErrorCode, Result};

/// A call's score, with a scorecard beside it where one was asked for.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct ScoredCall {
    /// The score.
    #[serde(flatten)]
    pub score: CallScore,
    /// The scorecard, answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scorecard: Option<ScorecardResult>,
}

/// Scorecards by name, and who answers them.
#[derive(Debug, Clone)]
pub(super) struct Cards {
    agent: ScorecardAgent,
    known: Arc<[Scorecard]>,
}

impl Cards {
    /// With the scorecards that the crate brings.
    pub(super) fn new(agent: ScorecardAgent) -> Self {
        Self {
            agent,
            // A test reads them; without them a task is told that there is no scorecard.
            known: Scorecard::shipped().unwrap_or_default().into(),
        }
    }

    pub(super) fn know(&mut self, cards: Vec<Scorecard>) {
        self.known = cards.into();
    }

    /// Adds those whose names are free.
    pub(super) fn know_too(&mut self, cards: &[Scorecard]) {
        if cards.is_empty() {
            return;
        }
        let mut known = self.known.to_vec();
        for card in cards {
            if known.iter().all(|one| one.name() != card.name()) {
                known.push(card.clone());
            }
        }
        self.known = known.into();
    }

    pub(super) async fn answer(&self, name: &str, about: &Scored) -> Result<ScorecardResult> {
        let card = self.named(name)?;
        match about {
            Scored::Call(call_id) => self.agent.score_call(card, call_id).await,
            Scored::Deal(deal_id) => self.agent.score_deal(card, deal_id).await,
        }
    }

    pub(super) async fn score(
        &self,
        analysis: &CallAnalysisAgent,
        call_id: CallId,
        scorecard: Option<&str>,
    ) -> Result<ScoredCall> {
        // A wrong name is told before anything is computed.
        let card = scorecard.map(|name| self.named(name)).transpose()?;
        let score = analysis.score(&call_id).await?;
        let scorecard = match card {
            Some(card) => Some(self.agent.score_call(card, &call_id).await?),
            None => None,
        };
        Ok(ScoredCall { score, scorecard })
    }

    fn named(&self, name: &str) -> Result<&Scorecard> {
        let mut known = self.known.iter();
        let found = known.find(|card| card.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            let names: Vec<&str> = self.known.iter().map(Scorecard::name).collect();
            let shown: String = name.chars().take(60).collect();
            let near = suggestion(name, names.iter().copied());
            let message = match near {
                Some(_) => format!("there is no scorecard {shown:?}"),
                None if names.is_empty() => {
                    format!("there is no scorecard {shown:?}, nor any other")
                }
                None => format!(
                    "there is no scorecard {shown:?}; the scorecards are {}",
                    names.join(", ")
                ),
            };
            let error = Error::new(ErrorCode::ScorecardNotFound, message);
            let near = near.map(str::to_owned).into_iter().collect();
            error.with_field("scorecard").with_suggestions(near)
        })
    }
}
