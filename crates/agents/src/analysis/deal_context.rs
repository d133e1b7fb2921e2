//! The deal a call is about, from the best source there is.

use calls::{Call, CrmObjectKind, CrmReference, CrmTiming};
use snowflake_store::CallDetail;

use super::model::DealContext;

/// The CRM mirror's deal, else what Gong saw; `None` when no deal is linked.
pub(crate) fn deal_context(detail: &CallDetail) -> Option<DealContext> {
    let company = detail.company.as_ref();
    if let Some(deal) = &detail.deal {
        return Some(DealContext {
            id: deal.id.clone(),
            name: deal.name.clone(),
            stage: deal.stage_label.clone().or_else(|| {
                deal.stage_id
                    .as_ref()
                    .map(|stage| stage.as_str().to_owned())
            }),
            amount: deal.amount,
            currency: deal.currency.clone(),
            probability: deal.probability,
            close_date: deal.close_date,
            outcome: Some(deal.outcome),
            owner: deal.owner_name.clone(),
            company_id: company.map(|company| company.id.clone()),
            company: company.and_then(|company| company.name.clone()),
            source: "crm",
        });
    }
    let reference = current_reference(&detail.call, CrmObjectKind::Deal)?;
    let account = current_reference(&detail.call, CrmObjectKind::Company);
    Some(DealContext {
        id: reference.id.as_str().into(),
        name: reference.name.clone(),
        stage: reference.stage.clone(),
        amount: reference.amount,
        currency: None,
        probability: None,
        close_date: None,
        outcome: None,
        owner: None,
        company_id: company
            .map(|company| company.id.clone())
            .or_else(|| account.map(|account| account.id.as_str().into())),
        company: company
            .and_then(|company| company.name.clone())
            .or_else(|| account.and_then(|account| account.name.clone())),
        source: "gong",
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
