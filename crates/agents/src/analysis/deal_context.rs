//! The deal a call is about, from the best available source.

use calls::{
    Call, CompanyId, CrmObjectKind, CrmReference, CrmTiming, Deal, DealId, DealOutcome, Timestamp,
};
use rust_decimal::Decimal;
use serde::Serialize;
use snowflake_store::{CallDetail, MatchReason};

/// The deal a call is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DealContext {
    /// The CRM's id.
    pub id: DealId,
    /// Name.
    pub name: Option<String>,
    /// Label of the stage, else its id.
    pub stage: Option<String>,
    /// Stage when the call took place, as Gong saw it then; `None` when it did not say.
    pub stage_at_call: Option<String>,
    /// Amount in the deal's currency.
    pub amount: Option<Decimal>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Chance to be won, 0 to 1, as the stage says.
    pub probability: Option<f64>,
    /// Expected close while open, actual close when closed.
    pub close_date: Option<Timestamp>,
    /// How it stands; `None` when only Gong's copy of the deal is known.
    pub outcome: Option<DealOutcome>,
    /// Whole days from creation to close, of a deal that is won or lost.
    pub days_to_close: Option<u64>,
    /// Owner's name.
    pub owner: Option<String>,
    /// The company's id.
    pub company_id: Option<CompanyId>,
    /// The company's name.
    pub company: Option<String>,
    /// `crm` for the CRM mirror, `gong` for what Gong saw when it was asked.
    pub source: &'static str,
    /// When the mirror's copy was read. `None` for Gong's copy.
    pub read_at: Option<Timestamp>,
    /// The instant that the copy is at least as fresh as: earlier than `read_at` when it
    /// was read from a data share. `None` for Gong's copy.
    pub as_of: Option<Timestamp>,
    /// Why it is the call's deal: `gong_context`, or how a call that Gong links with
    /// nothing was matched.
    pub match_reason: Option<MatchReason>,
    /// Names, else ids, of the call's other deals.
    pub further_deals: Vec<String>,
}

/// The CRM mirror's deal, else what Gong saw; `None` when no deal is linked.
pub(crate) fn deal_context(detail: &CallDetail) -> Option<DealContext> {
    match &detail.deal {
        Some(deal) => Some(mirrored(detail, deal)),
        None => seen_by_gong(detail),
    }
}

fn mirrored(detail: &CallDetail, deal: &Deal) -> DealContext {
    let company = detail.company.as_ref();
    let further = detail.crm.further_deals.iter();
    DealContext {
        id: deal.id.clone(),
        name: deal.name.clone(),
        stage: deal
            .stage_label
            .clone()
            .or_else(|| deal.stage_id.as_ref().map(ToString::to_string)),
        stage_at_call: detail.crm.deal_stage_at_call.clone(),
        amount: deal.amount,
        currency: deal.currency.clone(),
        probability: deal.probability,
        close_date: deal.close_date,
        outcome: Some(deal.outcome),
        days_to_close: deal.days_to_close(),
        owner: deal.owner_name.clone(),
        company_id: company.map(|company| company.id.clone()),
        company: company.and_then(|company| company.name.clone()),
        source: "crm",
        read_at: detail.crm.deal_read_at,
        as_of: detail.crm.deal_as_of,
        match_reason: detail.crm.reason,
        further_deals: further
            .map(|deal| deal.name.clone().unwrap_or_else(|| deal.id.to_string()))
            .collect(),
    }
}

fn seen_by_gong(detail: &CallDetail) -> Option<DealContext> {
    let company = detail.company.as_ref();
    let reference = current_reference(&detail.call, CrmObjectKind::Deal)?;
    let account = current_reference(&detail.call, CrmObjectKind::Company);
    Some(DealContext {
        id: reference.id.as_str().into(),
        name: reference.name.clone(),
        stage: reference.stage.clone(),
        stage_at_call: detail.crm.deal_stage_at_call.clone(),
        amount: reference.amount,
        currency: None,
        probability: None,
        close_date: None,
        outcome: None,
        days_to_close: None,
        owner: None,
        company_id: company
            .map(|company| company.id.clone())
            .or_else(|| account.map(|account| account.id.as_str().into())),
        company: company
            .and_then(|company| company.name.clone())
            .or_else(|| account.and_then(|account| account.name.clone())),
        source: "gong",
        read_at: None,
        as_of: None,
        match_reason: Some(MatchReason::GongContext),
        further_deals: Vec::new(),
    })
}

/// The first reference of a kind; with both timings the current one.
fn current_reference(call: &Call, kind: CrmObjectKind) -> Option<&CrmReference> {
    let of_kind = || {
        call.crm
            .iter()
            .chain(call.parties.iter().flat_map(|party| &party.crm))
            .filter(|reference| reference.kind == kind)
    };
    let first = of_kind().next()?;
    of_kind()
        .find(|reference| reference.id == first.id && reference.timing == Some(CrmTiming::Now))
        .or(Some(first))
}

/// What the reader should know about where the deal comes from, and how old it is.
pub(crate) fn notes(detail: &CallDetail, deal: Option<&DealContext>) -> Vec<String> {
    let Some(deal) = deal else {
        let known = matches!(
            detail.crm.reason,
            Some(MatchReason::ParticipantEmail | MatchReason::ParticipantDomain)
        );
        return vec![if known {
            "No deal is linked to the call; the CRM knows its people or their company.".to_owned()
        } else {
            "No deal is linked to the call.".to_owned()
        }];
    };
    let how = match deal.match_reason {
        Some(MatchReason::ParticipantEmail) => Some("a participant's e-mail address"),
        Some(MatchReason::ParticipantDomain) => Some("the domain of a participant's address"),
        _ => None,
    };
    let matched = how.map(|how| {
        format!(
            "Gong links no deal to the call: this one was found by {how}, so it may be the wrong one."
        )
    });
    let age = match deal.as_of {
        None => Some(
            "The deal is shown as Gong saw it: it was not requested from the CRM, or is no longer there."
                .to_owned(),
        ),
        // Older than the call is old for sure; how old is too old is the reader's to say.
        Some(as_of) if as_of < detail.call.started => {
            Some("The deal is shown as the CRM had it before the call took place.".to_owned())
        }
        Some(_) => None,
    };
    matched.into_iter().chain(age).collect()
}
