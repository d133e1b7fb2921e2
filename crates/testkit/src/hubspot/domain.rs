//! Converts the domain's records to HubSpot's.

use calls::{Company, Contact, Deal, DealOutcome};
use jiff::Timestamp;

use super::ObjectType;
use super::record::Record;

/// Creation of records whose creation is not known: 2024-01-02T08:30:00Z.
const UNKNOWN_CREATION: Timestamp = Timestamp::constant(1_704_184_200, 0);

pub(super) fn deal_record(deal: &Deal) -> Record {
    let created = deal.created.unwrap_or(UNKNOWN_CREATION);
    let mut record = Record::new(ObjectType::Deal, deal.id.as_str(), created);
    let (is_won, is_lost) = (
        deal.outcome == DealOutcome::Won,
        deal.outcome == DealOutcome::Lost,
    );
    // A deal whose outcome is not known has no flags.
    let flag = |is: bool| (deal.outcome != DealOutcome::Unknown).then(|| is.to_string());
    let text = |value: Option<&str>| value.map(str::to_owned);
    for (property, value) in [
        ("dealname", deal.name.clone()),
        ("amount", deal.amount.map(|amount| amount.to_string())),
        ("deal_currency_code", deal.currency.clone()),
        (
            "pipeline",
            text(deal.pipeline_id.as_ref().map(AsRef::as_ref)),
        ),
        ("dealstage", text(deal.stage_id.as_ref().map(AsRef::as_ref))),
        // Without a fraction where there is none; other instants always have one.
        ("closedate", deal.close_date.map(|date| date.to_string())),
        (
            "hubspot_owner_id",
            text(deal.owner_id.as_ref().map(AsRef::as_ref)),
        ),
        ("hs_is_closed", flag(is_won || is_lost)),
        ("hs_is_closed_won", flag(is_won)),
        ("hs_is_closed_lost", flag(is_lost)),
        (
            "hs_deal_stage_probability",
            deal.probability.map(written_out),
        ),
    ] {
        record.set(property, value, created);
    }
    for stay in &deal.stage_stays {
        let id = &stay.stage_id;
        let entered = Some(stay.entered.to_string());
        let exited = stay.exited.map(|exited| exited.to_string());
        record.set(&format!("hs_v2_date_entered_{id}"), entered, created);
        record.set(&format!("hs_v2_date_exited_{id}"), exited, created);
    }
    // A deal without a date of creation has none on the wire either.
    if deal.created.is_none() {
        record.set("createdate", None, created);
    }
    record
}

pub(super) fn contact_record(contact: &Contact) -> Record {
    let mut record = Record::new(ObjectType::Contact, contact.id.as_str(), UNKNOWN_CREATION);
    let name = contact.name.as_deref().unwrap_or_default();
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let filled = |part: &str| Some(part.to_owned()).filter(|part| !part.is_empty());
    for (property, value) in [
        (
            "email",
            contact.email.as_ref().map(|email| email.to_lowercase()),
        ),
        ("firstname", filled(first)),
        ("lastname", filled(last)),
        ("jobtitle", contact.title.clone()),
    ] {
        record.set(property, value, UNKNOWN_CREATION);
    }
    record
}

pub(super) fn company_record(company: &Company) -> Record {
    let mut record = Record::new(ObjectType::Company, company.id.as_str(), UNKNOWN_CREATION);
    for (property, value) in [
        ("name", company.name.clone()),
        ("domain", company.domain.clone()),
        ("industry", company.industry.clone()),
    ] {
        record.set(property, value, UNKNOWN_CREATION);
    }
    record
}

/// Every digit of a double, as HubSpot writes computed numbers.
pub(super) fn written_out(number: f64) -> String {
    let digits = format!("{number:.60}");
    digits
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_out_as_doubles_are() {
        assert_eq!(
            written_out(0.2),
            "0.200000000000000011102230246251565404236316680908203125"
        );
        assert_eq!(
            (written_out(1.0), written_out(0.0)),
            ("1".to_owned(), "0".to_owned())
        );
    }
}
