//! A week, or any other period, in a page: what happened, what comes next, what is worth a
//! look. From the readings that the store keeps, each statement with its sentences.

mod deals;
mod gather;
mod model;
mod risks;
mod steps;
mod text;

use std::sync::Arc;

use jiff::civil::Date;
use snowflake_store::{CallQuery, CallSource, Period, Rep};

pub use model::{
    Digest, DigestCalls, DigestDeal, DueStep, NewRisk, RecurringPushback, StageMove, WorthHearing,
};

use crate::coach::field_of;
use crate::insights::{InsightBuilder, StandingIn};
use crate::{CallAnalysisAgent, Error, ErrorCode, Result, prose};

/// Sums up periods.
#[derive(Debug, Clone)]
pub struct DigestAgent {
    store: Arc<dyn CallSource>,
    insights: InsightBuilder,
    analysis: CallAnalysisAgent,
}

impl DigestAgent {
    /// An agent over a store and a language backend.
    pub fn new(store: Arc<dyn CallSource>, language: impl Into<InsightBuilder>) -> Self {
        let insights = language.into();
        Self {
            analysis: CallAnalysisAgent::new(Arc::clone(&store), insights.clone()),
            store,
            insights,
        }
    }

    /// Sums up a period. Due dates are counted from `today`. Calls without a reading are
    /// counted; a few of them are read where that costs no request to a model.
    ///
    /// # Errors
    /// [`RepNotFound`](ErrorCode::RepNotFound) when the store has no call of the rep;
    /// [`StoreFailed`](ErrorCode::StoreFailed),
    /// [`BackendFailed`](ErrorCode::BackendFailed).
    pub async fn digest(&self, period: Period, rep: Option<&Rep>, today: Date) -> Result<Digest> {
        let store = self.store.as_ref();
        let reader = self.insights.reader();
        let reads = (&reader, self.insights.reads_without_model());
        let gathered = gather::gather(store, &self.analysis, reads, period, rep).await?;
        let gather::Gathered {
            calls,
            mut details,
            not_read,
            left_out,
        } = gathered;
        // Several are nobody in particular.
        let named = rep.filter(|rep| !matches!(rep, Rep::AnyOf(_)));
        let identity = match calls.first() {
            Some(call) => named.map(|_| call.header.rep.clone()),
            None => self.identity(named).await?,
        };
        let (dated, settled) = steps::dated(&calls, today);
        let missing = dated.iter().map(|one| one.call_id());
        let mut missing: Vec<_> = missing
            .filter(|id| !details.contains_key(id))
            .cloned()
            .collect();
        missing.dedup();
        details.extend(gather::fetched(store, missing.into_iter()).await?);
        let (overdue, due_next) = steps::due(&dated, &details)?;
        let held = || calls.iter().filter(|call| call.is_in_period);
        let deals = deals::deals(&calls, &details, period)?;
        let mut digest = Digest {
            period,
            today,
            rep: identity,
            calls: DigestCalls {
                held: held().count(),
                seconds: held().map(|call| call.header.duration_seconds).sum(),
                read: held().filter(|call| call.reading.is_some()).count(),
                not_read,
                left_out,
            },
            won: deals.won,
            lost: deals.lost,
            deals: deals.others,
            overdue,
            due_next,
            recurring: risks::recurring(&calls, &details)?,
            new_risks: risks::new_risks(&calls, &details)?,
            worth_hearing: risks::worth_hearing(&calls, &details)?,
            ai_enhanced: calls.iter().any(|call| {
                let read_by = call.read_by.as_ref();
                read_by.is_some_and(|reader| self.insights.is_by_model(reader))
            }),
            text: String::new(),
            notes: notes(not_read, left_out, settled),
        };
        digest.notes.extend(read_by_others(&calls, &self.insights));
        digest.text = text::message(&digest);
        Ok(digest)
    }

    /// Who a rep without a call in the period is.
    async fn identity(&self, rep: Option<&Rep>) -> Result<Option<snowflake_store::RepIdentity>> {
        let Some(rep) = rep else { return Ok(None) };
        let query = CallQuery {
            rep: Some(rep.clone()),
            limit: 1,
            ..CallQuery::default()
        };
        match self.store.find_calls(&query).await?.pop() {
            Some(header) => Ok(Some(header.rep)),
            None => {
                let message = "the store has no call of this rep";
                Err(Error::new(ErrorCode::RepNotFound, message).with_field(field_of(rep)))
            }
        }
    }
}

/// Whose readings stand in for what this reader has not read.
fn read_by_others(calls: &[gather::ReadCall], insights: &InsightBuilder) -> Option<String> {
    let (reader, asked) = (insights.reader(), insights.readers());
    let mut others = StandingIn::default();
    let in_period = calls.iter().filter(|call| call.is_in_period);
    for read_by in in_period.filter_map(|call| call.read_by.as_ref()) {
        if !asked.contains(read_by) {
            others.count(read_by, &reader);
        }
    }
    others.said(&reader).map(|said| said + ".")
}

fn notes(not_read: usize, left_out: usize, settled: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if not_read > 0 {
        let calls = prose::count(not_read, "call");
        notes.push(format!(
            "{calls} with a transcript were not read yet and are only counted."
        ));
    }
    if left_out > 0 {
        let calls = prose::count(left_out, "call");
        notes.push(format!(
            "Only the newest calls are covered; {calls} are counted but not described."
        ));
    }
    if settled > 0 {
        let steps = prose::count(settled, "step");
        notes.push(format!(
            "{steps} whose day has passed are not listed, because their deal has come up in a later call."
        ));
    }
    notes
}
