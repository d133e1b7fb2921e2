//! An account over its calls.

use calls::DealId;
use jiff::civil::Date;
use snowflake_store::CallQuery;

use super::history::DealCall;
use super::model::{AccountCall, AccountDeal, AccountTimeline, DealStep, StepState};
use super::{DealAgent, facts, people, steps};
use crate::analysis::deal_context;
use crate::{Error, ErrorCode, Result};

impl DealAgent {
    /// An account, by name, domain or somebody's address, as it stands on a day; calls after
    /// that day are left out. Steps are held against the later calls of their own deal.
    ///
    /// # Errors
    /// [`ErrorCode::AccountNotFound`] when no call with it has a transcript by then;
    /// [`ErrorCode::StoreFailed`], [`ErrorCode::BackendFailed`].
    pub async fn timeline(&self, account: &str, today: Date) -> Result<AccountTimeline> {
        let query = CallQuery {
            account: Some(account.to_owned()),
            ..CallQuery::default()
        };
        let history = self.history(query, today).await?;
        if history.calls.is_empty() {
            let message = format!("no call with such a company has a transcript by {today}");
            return Err(Error::new(ErrorCode::AccountNotFound, message).with_field("account"));
        }
        let people = people::stakeholders(&history.calls)?;
        let told: Vec<AccountCall> = history
            .calls
            .iter()
            .map(|call| {
                Ok(AccountCall {
                    deal_id: deal_of(call),
                    facts: facts(call)?,
                })
            })
            .collect::<Result<_>>()?;
        let companies = history.calls.iter().rev();
        let mut companies = companies.filter_map(|call| call.detail.company.as_ref());
        let company = companies.next().and_then(|company| company.name.clone());
        let is_by_model = history.calls.iter().any(|call| call.is_by_model);
        let deals = deals(&history.calls);
        Ok(AccountTimeline {
            account: account.to_owned(),
            company,
            today,
            deals,
            calls: told,
            calls_left_out: history.left_out,
            open_steps: open_steps(history.calls, today)?,
            people,
            degraded: history.degraded,
            ai_enhanced: is_by_model,
        })
    }
}

fn deal_of(call: &DealCall) -> Option<DealId> {
    deal_context(&call.detail).map(|deal| deal.id)
}

/// The deals of calls, that of the latest call first.
fn deals(calls: &[DealCall]) -> Vec<AccountDeal> {
    let mut deals: Vec<AccountDeal> = Vec::new();
    for call in calls.iter().rev() {
        let Some(deal) = deal_context(&call.detail) else {
            continue;
        };
        match deals.iter_mut().find(|known| known.deal_id == deal.id) {
            Some(known) => known.calls += 1,
            None => deals.push(AccountDeal {
                deal_id: deal.id,
                name: deal.name,
                stage: deal.stage,
                outcome: deal.outcome,
                calls: 1,
            }),
        }
    }
    deals
}

/// What is still to be done, deal by deal: a promise in one deal is not kept in another.
fn open_steps(calls: Vec<DealCall>, today: Date) -> Result<Vec<DealStep>> {
    let mut by_deal: Vec<(Option<DealId>, Vec<DealCall>)> = Vec::new();
    for call in calls {
        let deal = deal_of(&call);
        match by_deal.iter_mut().find(|(known, _)| *known == deal) {
            Some((_, of_deal)) => of_deal.push(call),
            None => by_deal.push((deal, vec![call])),
        }
    }
    let mut open = Vec::new();
    for (_, of_deal) in by_deal {
        let steps = steps::steps(&of_deal, today)?;
        open.extend(
            steps
                .into_iter()
                .filter(|step| matches!(step.state, StepState::Open | StepState::Overdue)),
        );
    }
    open.sort_by_key(|step| (step.due.is_none(), step.due));
    Ok(open)
}
