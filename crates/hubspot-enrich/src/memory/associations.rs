//! Associations that the records themselves name, read in both directions.

use std::collections::{BTreeMap, HashMap};

use calls::{Association, CrmObjectKind};
use jiff::Timestamp;
use resilience::ErrorKind;

use super::table::Records;
use crate::batch::distinct_by;
use crate::{Batch, Error, Result};

/// One record names another.
struct Named<'a> {
    by: &'a str,
    other: &'a str,
    is_primary: bool,
}

pub(super) fn between(
    records: &Records,
    from: &CrmObjectKind,
    ids: &[String],
    to: &CrmObjectKind,
) -> Result<Batch<Association, String>> {
    use CrmObjectKind::{Company, Contact, Deal};
    let (named, is_reversed): (Vec<Named<'_>>, bool) = match (from, to) {
        (Deal, Contact) | (Contact, Deal) => (contacts_of_deals(records), *from == Contact),
        (Deal, Company) | (Company, Deal) => (companies_of_deals(records), *from == Company),
        (Contact, Company) | (Company, Contact) => {
            (companies_of_contacts(records), *from == Company)
        }
        _ => {
            let message = format!("{from}s are not associated with {to} records here");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    };
    // By the other end's id, so that naming a record twice makes one association.
    let mut ends: HashMap<&str, BTreeMap<&str, bool>> = HashMap::new();
    for Named {
        by,
        other,
        is_primary,
    } in named
    {
        let (from, to) = if is_reversed {
            (other, by)
        } else {
            (by, other)
        };
        *ends.entry(from).or_default().entry(to).or_default() |= is_primary;
    }
    let mut batch = Batch::empty(Timestamp::now());
    for id in distinct_by(ids, |id| id.as_str()) {
        let Some(ends) = ends.get(id.as_str()) else {
            batch.missing.push(id.clone());
            continue;
        };
        for wanted in [true, false] {
            let ends = ends.iter().filter(|(_, is_primary)| **is_primary == wanted);
            batch.found.extend(ends.map(|(to, _)| Association {
                from_id: id.clone(),
                to_id: (*to).to_owned(),
                is_primary: wanted,
                labels: Vec::new(),
            }));
        }
    }
    Ok(batch)
}

fn contacts_of_deals(records: &Records) -> Vec<Named<'_>> {
    let named = records.deals.iter().flat_map(|deal| {
        deal.contact_ids.iter().map(|contact| Named {
            by: deal.id.as_str(),
            other: contact.as_str(),
            is_primary: false,
        })
    });
    named.collect()
}

fn companies_of_deals(records: &Records) -> Vec<Named<'_>> {
    let named = records.deals.iter().flat_map(|deal| {
        let companies = deal.company_ids.iter().enumerate();
        companies.map(|(place, company)| Named {
            by: deal.id.as_str(),
            other: company.as_str(),
            is_primary: place == 0,
        })
    });
    named.collect()
}

fn companies_of_contacts(records: &Records) -> Vec<Named<'_>> {
    let named = records.contacts.iter().filter_map(|contact| {
        contact.company_id.as_ref().map(|company| Named {
            by: contact.id.as_str(),
            other: company.as_str(),
            is_primary: true,
        })
    });
    named.collect()
}
