//! Matches calls that Gong links to nothing with people and companies of the CRM.

use std::collections::{BTreeSet, HashMap};

use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Timestamp,
};
use hubspot_enrich::{Batch, CrmSource, UnreadableValue};
use jiff::SignedDuration;
use snowflake_store::{CrmMatch, MatchReason, UnlinkedCall};

use super::chunks::{CHUNK, distinct};
use super::public_mail::company_domain;
use crate::Result;

/// How long before a deal was created a call can be about it: people write a deal down
/// after the first conversation, not before.
const BEFORE_CREATION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long after a deal was closed a call can be about it: a close date has no time of day.
const AFTER_CLOSE: SignedDuration = SignedDuration::from_hours(24);

/// Whom the CRM knows of some calls.
#[derive(Debug, Default)]
pub(super) struct KnownRecords {
    contacts: HashMap<ContactId, Contact>,
    contacts_by_email: HashMap<String, Vec<ContactId>>,
    companies: HashMap<CompanyId, Company>,
    companies_by_domain: HashMap<String, Vec<CompanyId>>,
    deals_of_contact: HashMap<String, Vec<DealId>>,
    deals_of_company: HashMap<String, Vec<DealId>>,
    /// When the first of them was asked for.
    pub(super) read_at: Option<Timestamp>,
    /// Values of contacts and companies that could not be read.
    pub(super) unreadable: Vec<UnreadableValue>,
}

/// A call with its records, and whether its deal was left open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Matched {
    pub(super) records: CrmMatch,
    pub(super) is_ambiguous: bool,
}

impl KnownRecords {
    /// Asks for everybody at once: the fewest requests that batches allow.
    pub(super) async fn look_up(crm: &dyn CrmSource, calls: &[UnlinkedCall]) -> Result<Self> {
        let mut known = Self::default();
        let emails: Vec<String> = calls.iter().flat_map(outsiders).cloned().collect();
        for emails in distinct(&emails).chunks(CHUNK) {
            let batch = crm.contacts_by_email(emails).await?;
            known.asked(&batch);
            for pair in batch.matches {
                let ids = known.contacts_by_email.entry(pair.key).or_default();
                ids.push(ContactId::new(pair.id));
            }
            let contacts = batch.found.into_iter();
            known
                .contacts
                .extend(contacts.map(|contact| (contact.id.clone(), contact)));
        }
        let strangers = calls
            .iter()
            .filter(|call| known.contacts_of(call).is_empty());
        let domains: Vec<String> = strangers.flat_map(domains).map(str::to_owned).collect();
        for domains in distinct(&domains).chunks(CHUNK) {
            let batch = crm.companies_by_domain(domains).await?;
            known.asked(&batch);
            for pair in batch.matches {
                let ids = known.companies_by_domain.entry(pair.key).or_default();
                ids.push(CompanyId::new(pair.id));
            }
            let companies = batch.found.into_iter();
            known
                .companies
                .extend(companies.map(|company| (company.id.clone(), company)));
        }
        known.look_up_deals(crm, calls).await?;
        Ok(known)
    }

    async fn look_up_deals(&mut self, crm: &dyn CrmSource, calls: &[UnlinkedCall]) -> Result<()> {
        let contacts: Vec<String> = calls
            .iter()
            .flat_map(|call| self.contacts_of(call))
            .map(|contact| contact.id.as_str().to_owned())
            .collect();
        self.deals_of_contact = self
            .deals_of(crm, CrmObjectKind::Contact, &contacts)
            .await?;
        // A contact's company is asked only for where the contact has no deal.
        let companies: Vec<String> = calls
            .iter()
            .filter(|call| {
                let mut contacts = self.contacts_of(call).into_iter();
                !contacts.any(|contact| self.deals_of_contact.contains_key(contact.id.as_str()))
            })
            .flat_map(|call| self.companies_of(call))
            .map(CompanyId::into_string)
            .collect();
        self.deals_of_company = self
            .deals_of(crm, CrmObjectKind::Company, &companies)
            .await?;
        Ok(())
    }

    async fn deals_of(
        &mut self,
        crm: &dyn CrmSource,
        kind: CrmObjectKind,
        ids: &[String],
    ) -> Result<HashMap<String, Vec<DealId>>> {
        let mut deals: HashMap<String, Vec<DealId>> = HashMap::new();
        for ids in distinct(ids).chunks(CHUNK) {
            let batch = crm.associations(&kind, ids, &CrmObjectKind::Deal).await?;
            self.asked(&batch);
            for Association { from_id, to_id, .. } in batch.found {
                deals.entry(from_id).or_default().push(DealId::new(to_id));
            }
        }
        Ok(deals)
    }

    fn asked<T, Key>(&mut self, batch: &Batch<T, Key>) {
        let earlier = self.read_at.unwrap_or(batch.read_at);
        self.read_at = Some(earlier.min(batch.read_at));
        self.unreadable.extend_from_slice(&batch.unreadable);
    }

    /// Deals that calls may be about.
    pub(super) fn deals(&self) -> impl Iterator<Item = &DealId> {
        let of_contacts = self.deals_of_contact.values();
        of_contacts.chain(self.deals_of_company.values()).flatten()
    }

    pub(super) fn contact(&self, id: &ContactId) -> Option<&Contact> {
        self.contacts.get(id)
    }

    pub(super) fn company(&self, id: &CompanyId) -> Option<&Company> {
        self.companies.get(id)
    }

    fn contacts_of(&self, call: &UnlinkedCall) -> Vec<&Contact> {
        let ids = outsiders(call)
            .filter_map(|email| self.contacts_by_email.get(email))
            .flatten();
        distinct(ids)
            .into_iter()
            .filter_map(|id| self.contacts.get(&id))
            .collect()
    }

    /// Companies of a call's contacts, or of its domains where it has no contact. A domain
    /// that several companies have names none of them.
    fn companies_of(&self, call: &UnlinkedCall) -> Vec<CompanyId> {
        let contacts = self.contacts_of(call);
        if !contacts.is_empty() {
            let companies = contacts
                .iter()
                .filter_map(|contact| contact.company_id.as_ref());
            return distinct(companies);
        }
        let of_domains = domains(call).filter_map(|domain| {
            match self.companies_by_domain.get(domain)?.as_slice() {
                [company] => Some(company),
                _ => None,
            }
        });
        distinct(of_domains)
    }

    /// The records of a call. `deals` are those of [`deals`](Self::deals) that the CRM has.
    pub(super) fn matched(
        &self,
        call: &UnlinkedCall,
        deals: &HashMap<DealId, Deal>,
        matched_at: Timestamp,
    ) -> Matched {
        let contacts = self.contacts_of(call);
        let companies = self.companies_of(call);
        let reason = match (contacts.as_slice(), companies.as_slice()) {
            ([], []) => MatchReason::NobodyKnown,
            ([], _) => MatchReason::ParticipantDomain,
            _ => MatchReason::ParticipantEmail,
        };
        let live = |ids: Option<&Vec<DealId>>| -> Vec<DealId> {
            let ids = ids.into_iter().flatten();
            ids.filter(|id| {
                deals
                    .get(*id)
                    .is_some_and(|deal| is_live(deal, call.started))
            })
            .cloned()
            .collect()
        };
        let by_contact = contacts
            .iter()
            .map(|contact| live(self.deals_of_contact.get(contact.id.as_str())));
        let by_company = companies
            .iter()
            .map(|company| live(self.deals_of_company.get(company.as_str())));
        let deal = match most_named(by_contact) {
            Choice::Nothing => most_named(by_company),
            choice => choice,
        };
        Matched {
            is_ambiguous: deal == Choice::Several,
            records: CrmMatch {
                call_id: call.id.clone(),
                deals: match deal {
                    Choice::One(deal) => vec![deal],
                    Choice::Nothing | Choice::Several => Vec::new(),
                },
                contacts: contacts.iter().map(|contact| contact.id.clone()).collect(),
                companies,
                reason,
                matched_at,
            },
        }
    }
}

/// Addresses that are not in a domain of a colleague's: Gong calls a colleague external
/// who has no seat, and the seller's own company is not a customer.
fn outsiders(call: &UnlinkedCall) -> impl Iterator<Item = &String> {
    let is_own = |domain: &str| {
        let mut colleagues = call.colleagues.iter();
        colleagues.any(|colleague| company_domain(colleague) == Some(domain))
    };
    let emails = call.emails.iter();
    emails.filter(move |email| !company_domain(email).is_some_and(is_own))
}

fn domains(call: &UnlinkedCall) -> impl Iterator<Item = &str> {
    outsiders(call).filter_map(|email| company_domain(email))
}

/// Whether a call at an instant can be about a deal.
fn is_live(deal: &Deal, at: Timestamp) -> bool {
    let since_creation = deal.created.map(|created| at.duration_since(created));
    let since_close = deal
        .close_date
        .filter(|_| deal.outcome.is_closed())
        .map(|closed| at.duration_since(closed));
    since_creation.is_none_or(|since| since >= -BEFORE_CREATION)
        && since_close.is_none_or(|since| since <= AFTER_CLOSE)
}

#[derive(Debug, PartialEq, Eq)]
enum Choice {
    Nothing,
    One(DealId),
    /// Nothing tells them apart, and a wrong deal is worse than none.
    Several,
}

/// The deal that most of a call's people (or companies) have.
fn most_named(deals_of_each: impl Iterator<Item = Vec<DealId>>) -> Choice {
    let mut counts: HashMap<DealId, usize> = HashMap::new();
    for deals in deals_of_each {
        for deal in deals.into_iter().collect::<BTreeSet<_>>() {
            *counts.entry(deal).or_default() += 1;
        }
    }
    let most = counts.values().copied().max().unwrap_or_default();
    let mut leaders = counts.into_iter().filter(|(_, count)| *count == most);
    match (leaders.next(), leaders.next()) {
        (None, _) => Choice::Nothing,
        (Some((deal, _)), None) => Choice::One(deal),
        (Some(_), Some(_)) => Choice::Several,
    }
}
