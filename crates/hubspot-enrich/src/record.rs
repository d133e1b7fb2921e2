//! Records from HubSpot's properties, over REST or from the share.
//!
//! A REST reply and a row of the data share both give text, or nothing, for a
//! property's name.

use calls::{Company, CompanyId, Contact, ContactId, Deal, DealId, DealOutcome};

use crate::property;
use crate::property_reader::PropertyReader;
use crate::{match_key, stage_dates};

/// Ids that were merged into a record, separated by semicolons.
pub(crate) const MERGED_IDS: &str = "hs_merged_object_ids";
/// Whether a deal is closed.
pub(crate) const IS_CLOSED: &str = "hs_is_closed";
/// Whether a closed deal was won.
pub(crate) const IS_CLOSED_WON: &str = "hs_is_closed_won";
/// A contact's further addresses, separated by semicolons.
pub(crate) const ADDITIONAL_EMAILS: &str = "hs_additional_emails";

/// The properties that a [`deal`] is read from.
pub(crate) const DEAL_PROPERTIES: &[&str] = &[
    "dealname",
    "amount",
    "deal_currency_code",
    "pipeline",
    "dealstage",
    "hs_deal_stage_probability",
    "closedate",
    "createdate",
    "hubspot_owner_id",
    IS_CLOSED,
    IS_CLOSED_WON,
    "hs_is_closed_lost",
    MERGED_IDS,
];

/// The properties that a [`contact`] is read from.
pub(crate) const CONTACT_PROPERTIES: &[&str] = &[
    "email",
    "firstname",
    "lastname",
    "jobtitle",
    "associatedcompanyid",
    ADDITIONAL_EMAILS,
    MERGED_IDS,
];

/// The properties that a [`company`] is read from.
pub(crate) const COMPANY_PROPERTIES: &[&str] = &["name", "domain", "industry", MERGED_IDS];

/// A deal without what other records and catalogues say of it: associations, the stage's
/// label, the owner's name.
pub(crate) fn deal(id: DealId, properties: &mut PropertyReader<'_>) -> Deal {
    let mut deal = Deal::new(id);
    deal.name = properties.text("dealname");
    deal.amount = properties.read("amount", property::amount);
    deal.currency = properties.text("deal_currency_code");
    deal.pipeline_id = properties.id("pipeline");
    deal.stage_id = properties.id("dealstage");
    deal.probability = properties.read("hs_deal_stage_probability", property::probability);
    deal.close_date = properties.read("closedate", property::instant);
    deal.created = properties.read("createdate", property::instant);
    deal.owner_id = properties.id("hubspot_owner_id");
    deal.outcome = outcome(properties);
    deal.stage_stays = stage_dates::stays(properties, properties.stages);
    deal
}

/// Won or lost by HubSpot's own flags, which follow the stage; never by a stage's name or
/// a date, and never by a flag that is not there. A deal whose flags do not say how it
/// stands has an unknown outcome, and the flag that would say it is among the unreadable values.
fn outcome(properties: &mut PropertyReader<'_>) -> DealOutcome {
    let already_unreadable = properties.unreadable.len();
    let is_won = properties.read(IS_CLOSED_WON, property::boolean);
    let is_lost = properties.read("hs_is_closed_lost", property::boolean);
    let is_closed = properties.read(IS_CLOSED, property::boolean);
    let is_noted = properties.unreadable.len() > already_unreadable;
    match (is_won, is_lost, is_closed) {
        (Some(true), _, _) => DealOutcome::Won,
        (_, Some(true), _) | (Some(false), _, Some(true)) => DealOutcome::Lost,
        (_, _, Some(false)) | (Some(false), Some(false), None) => DealOutcome::Open,
        _ => {
            let missing = if is_closed == Some(true) {
                IS_CLOSED_WON
            } else {
                IS_CLOSED
            };
            if !is_noted {
                properties.note_unreadable(missing, String::new(), "true or false");
            }
            DealOutcome::Unknown
        }
    }
}

/// A contact; its company is the primary one.
pub(crate) fn contact(id: ContactId, properties: &mut PropertyReader<'_>) -> Contact {
    let names = [properties.text("firstname"), properties.text("lastname")];
    let names: Vec<String> = names.into_iter().flatten().collect();
    Contact {
        id,
        email: properties.text("email"),
        name: (!names.is_empty()).then(|| names.join(" ")),
        title: properties.text("jobtitle"),
        company_id: properties.id("associatedcompanyid"),
    }
}

/// A company.
pub(crate) fn company(id: CompanyId, properties: &mut PropertyReader<'_>) -> Company {
    Company {
        id,
        name: properties.text("name"),
        domain: properties.text("domain"),
        industry: properties.text("industry"),
    }
}

/// The ids in [`MERGED_IDS`].
pub(crate) fn merged_ids(value: Option<&str>) -> impl Iterator<Item = &str> {
    listed(value)
}

/// A contact's addresses, the main one first, in the form in which they are compared.
pub(crate) fn addresses(email: Option<&str>, additional: Option<&str>) -> Vec<String> {
    listed(email)
        .chain(listed(additional))
        .map(match_key::email)
        .collect()
}

fn listed(value: Option<&str>) -> impl Iterator<Item = &str> {
    let parts = value.into_iter().flat_map(|value| value.split(';'));
    parts.map(str::trim).filter(|part| !part.is_empty())
}
