//! What of a page may land: nobody who was erased comes back.

use std::collections::{HashMap, HashSet};

use calls::{CallId, RawDocument};
use resilience::ErrorKind;

use super::documents::redact;
use super::erased::{Erased, Kind};
use super::text::{Scrubber, TOKEN};
use crate::{CrmSnapshot, DeadLetter, Error, LandingPage, Result};

/// The stored documents of calls of which only one is on the page.
#[derive(Debug, Default)]
pub(crate) struct Counterparts {
    pub(crate) calls: HashMap<CallId, String>,
    pub(crate) transcripts: HashMap<CallId, String>,
}

impl Counterparts {
    /// Of which calls they are needed: who spoke is told by the call, what by the transcript.
    pub(crate) fn needed(page: &LandingPage) -> Vec<CallId> {
        let ids = |documents: &[RawDocument]| -> HashSet<CallId> {
            documents.iter().map(|one| one.call_id.clone()).collect()
        };
        let (calls, transcripts) = (ids(&page.calls), ids(&page.transcripts));
        calls.symmetric_difference(&transcripts).cloned().collect()
    }
}

/// Takes those who were erased out of a page.
pub(crate) fn guard(
    erased: &Erased,
    mut page: LandingPage,
    stored: &Counterparts,
) -> Result<LandingPage> {
    page.calls.retain(|document| !erased.holds_call(document));
    page.transcripts
        .retain(|document| !erased.holds_call(document));
    let last = |documents: &[RawDocument], id: &CallId| {
        let mut documents = documents.iter().rev();
        documents
            .find(|document| document.call_id == *id)
            .map(|document| document.text().to_owned())
    };
    let ids = page.calls.iter().chain(&page.transcripts);
    let ids: HashSet<CallId> = ids.map(|document| document.call_id.clone()).collect();
    for id in ids {
        let call = last(&page.calls, &id).or_else(|| stored.calls.get(&id).cloned());
        let said = last(&page.transcripts, &id).or_else(|| stored.transcripts.get(&id).cloned());
        let redacted = redact(erased, &id, call.as_deref(), said.as_deref());
        put(&mut page.calls, &id, redacted.call)?;
        put(&mut page.transcripts, &id, redacted.transcript)?;
    }
    Ok(page)
}

/// A document replaces all of its call: also one that is stored and only now known to be theirs.
fn put(documents: &mut Vec<RawDocument>, id: &CallId, json: Option<String>) -> Result<()> {
    if let Some(json) = json {
        let document = RawDocument::new(id.clone(), json).map_err(|error| {
            Error::new(ErrorKind::Internal, "redacted document is not JSON").with_source(error)
        })?;
        documents.retain(|document| document.call_id != *id);
        documents.push(document);
    }
    Ok(())
}

/// Takes what was received out of letters that are about somebody who was erased.
pub(crate) fn guard_letters(erased: &Erased, letters: &mut Vec<DeadLetter>) {
    if erased.is_empty() {
        return;
    }
    letters.retain(|letter| {
        let call = letter.fault.call_id();
        !call.is_some_and(|id| erased.holds(Kind::Call, id.as_str()))
    });
    let scrubber = Scrubber::new(erased);
    for letter in letters {
        let payload = letter.payload.as_deref();
        if payload.is_some_and(|payload| scrubber.scrub(payload).is_some()) {
            letter.payload = None;
        }
    }
}

/// Takes those who were erased out of what the CRM holds: contacts go, owners lose their names.
pub(crate) fn guard_crm(erased: &Erased, snapshot: &mut CrmSnapshot) {
    if erased.is_empty() {
        return;
    }
    let is_email = |email: &Option<String>| {
        let email = email.as_deref();
        email.is_some_and(|email| erased.holds(Kind::Email, email))
    };
    let mut gone = HashSet::new();
    snapshot.contacts.retain(|contact| {
        let is_erased =
            erased.holds(Kind::Contact, contact.id.as_str()) || is_email(&contact.email);
        if is_erased {
            gone.insert(contact.id.clone());
        }
        !is_erased
    });
    for owner in &mut snapshot.owners {
        if is_email(&owner.email) {
            owner.name = Some(TOKEN.to_owned());
            owner.email = None;
        }
    }
    let scrubber = Scrubber::new(erased);
    for deal in &mut snapshot.deals {
        deal.contact_ids
            .retain(|id| !gone.contains(id) && !erased.holds(Kind::Contact, id.as_str()));
        for text in [&mut deal.name, &mut deal.owner_name] {
            let scrubbed = text.as_deref().and_then(|text| scrubber.scrub(text));
            *text = scrubbed.or_else(|| text.take());
        }
    }
}
