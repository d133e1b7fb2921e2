//! Deals and accounts over their calls.
//!
//! What one call says is its [reading](calls::reading::Reading). Here readings are put beside
//! each other: what became of promises, what came back, what changed.

mod account;
mod changes;
mod cues;
mod fate;
mod health;
mod history;
mod model;
mod people;
mod standing;
mod steps;

use std::sync::Arc;

use calls::{CallId, DealId};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use snowflake_store::{CallOrder, CallQuery, CallSource, Period, RepIdentity};

pub use model::{
    AccountCall, AccountDeal, AccountTimeline, ComparedWith, DealCallFacts, DealOverview,
    DealStanding, DealStep, HealthReason, PushbackThread, Qualified, Raised, RepSkill, RiskLevel,
    Stakeholder, StakeholderStance, StepState,
};

use history::DealCall;

use crate::analysis::{deal_context, deal_notes, score_of};
use crate::insights::InsightBuilder;
use crate::targets::CoachingSettings;
use crate::{Basis, CallAnalysisAgent, Claim, Error, ErrorCode, Result, prose};

/// Calls that one deal or account is told from at most: the newest.
const MOST_CALLS: usize = 40;

/// Calls that are listed to count those that are left out.
const LISTED: usize = 1_000;

/// Calls that are read at the same time.
const READS_AT_A_TIME: usize = 8;

/// What is told of each call.
const TOLD_OF_A_CALL: usize = 2;

/// Tells deals and accounts over their calls.
///
/// A call that this reader has read already is not read again; another one is read as
/// [`CallAnalysisAgent`] does, and its reading is kept.
#[derive(Debug, Clone)]
pub struct DealAgent {
    store: Arc<dyn CallSource>,
    analysis: CallAnalysisAgent,
    insights: InsightBuilder,
    settings: Arc<CoachingSettings>,
}

/// The calls of a deal or account, oldest first.
struct History {
    calls: Vec<DealCall>,
    left_out: usize,
    degraded: Vec<String>,
}

impl DealAgent {
    /// An agent over a store and a language backend.
    pub fn new(store: Arc<dyn CallSource>, language: impl Into<InsightBuilder>) -> Self {
        let insights = language.into();
        Self {
            analysis: CallAnalysisAgent::new(Arc::clone(&store), insights.clone()),
            store,
            insights,
            settings: Arc::default(),
        }
    }

    /// Judges how calls were led by these targets and weights.
    ///
    /// # Errors
    /// As [`CoachingSettings::check`].
    pub fn with_settings(mut self, settings: impl Into<Arc<CoachingSettings>>) -> Result<Self> {
        self.settings = settings.into();
        self.settings.check()?;
        Ok(self)
    }

    /// A deal as it stands on a day; calls after that day are left out.
    ///
    /// # Errors
    /// [`ErrorCode::DealNotFound`] when no call of the deal has a transcript by then;
    /// [`ErrorCode::StoreFailed`], [`ErrorCode::BackendFailed`].
    pub async fn overview(&self, deal_id: &DealId, today: Date) -> Result<DealOverview> {
        let query = CallQuery {
            deal_id: Some(deal_id.clone()),
            ..CallQuery::default()
        };
        let history = self.history(query, today).await?;
        let Some(latest) = history.calls.last() else {
            let message = format!("no call of deal {deal_id} has a transcript by {today}");
            return Err(Error::new(ErrorCode::DealNotFound, message).with_field("deal_id"));
        };
        let calls = &history.calls;
        let deal = deal_context(&latest.detail);
        let steps = steps::steps(calls, today)?;
        let pushback = standing::pushback(calls)?;
        let competitors = standing::competitors(calls)?;
        let qualification = standing::qualification(calls)?;
        let outcome = deal.as_ref().and_then(|deal| deal.outcome);
        let is_closed = outcome.is_some_and(|outcome| outcome.is_closed());
        let mut notes = deal_notes(&latest.detail, deal.as_ref());
        let closes = deal.as_ref().and_then(|deal| deal.close_date);
        let closes = closes.map(|at| TimeZone::UTC.to_datetime(at).date());
        if let Some(closes) = closes.filter(|closes| !is_closed && *closes < today) {
            notes.push(format!("The close date in the CRM, {closes}, has passed."));
        }
        Ok(DealOverview {
            deal_id: deal_id.clone(),
            today,
            health: health::health(calls, &steps, &pushback, today, is_closed)?,
            rep_skill: rep_skill(calls, &self.settings)?,
            stakeholders: people::stakeholders(calls)?,
            changes: changes::changes(calls, &steps, &pushback, &competitors)?,
            calls: calls.iter().map(facts).collect::<Result<_>>()?,
            calls_left_out: history.left_out,
            gaps: qualification
                .iter()
                .filter(|one| one.state == calls::reading::KnownState::Unknown)
                .map(|one| one.element)
                .collect(),
            ai_enhanced: calls.iter().any(|call| call.is_by_model),
            degraded: history.degraded,
            deal,
            steps,
            pushback,
            qualification,
            competitors,
            notes,
        })
    }

    /// The calls of a query up to a day, each with its reading.
    async fn history(&self, query: CallQuery, today: Date) -> Result<History> {
        let query = CallQuery {
            period: Some(until(today)),
            with_transcript: true,
            order: CallOrder::NewestFirst,
            limit: LISTED,
            ..query
        };
        let headers = self.store.find_calls(&query).await?;
        let left_out = headers.len().saturating_sub(MOST_CALLS);
        let ids = headers.into_iter().take(MOST_CALLS).map(|header| header.id);
        let ids: Vec<CallId> = ids.collect();
        let read: Vec<(DealCall, Option<String>)> = stream::iter(ids)
            .map(|id| self.call(id))
            .buffered(READS_AT_A_TIME)
            .try_filter_map(|call| async move { Ok(call) })
            .try_collect()
            .await?;
        let mut degraded: Vec<String> = Vec::new();
        let mut calls = Vec::new();
        for (call, why) in read.into_iter().rev() {
            degraded.extend(why.filter(|why| !degraded.contains(why)));
            calls.push(call);
        }
        Ok(History {
            calls,
            left_out,
            degraded,
        })
    }

    /// `None` for a call that is gone since it was listed, or has nothing to read.
    async fn call(&self, id: CallId) -> Result<Option<(DealCall, Option<String>)>> {
        let Some(detail) = self.store.call_detail(&id).await? else {
            return Ok(None);
        };
        let sentences = detail.transcript.as_ref().map(|one| one.sentences.len());
        if sentences.unwrap_or(0) == 0 {
            return Ok(None);
        }
        let read = self.analysis.read(&detail, &mut Vec::new()).await?;
        let is_by_model = self.insights.is_by_model(&read.reading.provenance);
        let call = DealCall::new(detail, read.reading.reading.likely(), is_by_model);
        Ok(Some((call, read.degraded)))
    }
}

/// All of time up to the end of a day, in UTC.
fn until(today: Date) -> Period {
    let next = today.checked_add(1.day()).unwrap_or(Date::MAX);
    let to = TimeZone::UTC.to_timestamp(next.to_datetime(jiff::civil::Time::midnight()));
    Period {
        from: calls::Timestamp::MIN,
        to: to.unwrap_or(calls::Timestamp::MAX),
    }
}

fn rep_skill(calls: &[DealCall], settings: &CoachingSettings) -> Result<RepSkill> {
    let mut scores = Vec::new();
    for call in calls {
        scores.extend(score_of(&call.detail, &call.reading, settings)?);
    }
    let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    Ok(RepSkill {
        score: (!scores.is_empty()).then(|| (mean * 10.0).round() / 10.0),
        calls: scores.len(),
    })
}

fn facts(call: &DealCall) -> Result<DealCallFacts> {
    let told = &call.detail.call;
    let host = told.primary_party();
    Ok(DealCallFacts {
        call_id: told.id.clone(),
        title: told.title.clone(),
        url: told.url.clone(),
        started: told.started,
        rep: RepIdentity {
            id: told.primary_user_id.clone(),
            email: host.and_then(|party| party.email.clone()),
            name: host.and_then(|party| party.name.clone()),
        },
        stage: call.detail.crm.deal_stage_at_call.clone(),
        health: call.reading.deal_health,
        happened: happened(call)?,
    })
}

/// What happened in a call: what its summary says, else why the deal stands as it does.
fn happened(call: &DealCall) -> Result<Vec<Claim>> {
    let said = call
        .reading
        .summary_claims
        .iter()
        .chain(&call.reading.deal_health_why);
    let mut claims = Vec::new();
    for one in said {
        let evidence = call.cite(&one.sentences, 4);
        if !evidence.is_empty() && claims.len() < TOLD_OF_A_CALL {
            let text = prose::capitalised(&one.what);
            claims.push(Claim::new("happened", text, Basis::Quote, evidence)?);
        }
    }
    Ok(claims)
}
