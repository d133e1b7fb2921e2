//! A language backend as it is used for one call: as it is, or without knowing whose the
//! call is.

use std::sync::Arc;

use calls::{CrmObjectKind, Provenance};
use cortex::redaction::Redacted;
use cortex::{LanguageBackend, Method};
use snowflake_store::CallDetail;

use crate::Result;

/// A language backend, and whether it may see who took part in a call.
#[derive(Debug, Clone)]
pub struct Language {
    backend: Arc<dyn LanguageBackend>,
    redacted: Option<Redacted<Arc<dyn LanguageBackend>>>,
}

impl Language {
    /// A backend that sees calls as they are.
    pub fn new(backend: Arc<dyn LanguageBackend>) -> Self {
        Self {
            backend,
            redacted: None,
        }
    }

    /// A backend that is sent no names, companies, addresses and numbers of those who take
    /// part in a call; what it answers speaks of them again.
    ///
    /// # Errors
    /// As [`Redacted::new`].
    pub fn redacted(backend: Arc<dyn LanguageBackend>) -> Result<Self> {
        Ok(Self {
            redacted: Some(Redacted::new(Arc::clone(&backend))?),
            backend,
        })
    }

    /// Who answers a method.
    pub fn provenance_of(&self, method: Method) -> Provenance {
        self.backend.provenance_of(method)
    }

    pub(crate) fn provenance(&self) -> Provenance {
        self.backend.provenance()
    }

    /// Whether a generative model answers.
    pub(crate) fn is_model(&self) -> bool {
        self.backend.capabilities().supports(Method::Complete)
    }

    /// The backend without a call: what it is sent is nobody's.
    pub(crate) fn without_call(&self) -> Arc<dyn LanguageBackend> {
        match &self.redacted {
            Some(redacted) => Arc::new(redacted.clone()),
            None => Arc::clone(&self.backend),
        }
    }

    /// The backend for what is said in a call.
    pub(crate) fn for_call(&self, detail: &CallDetail) -> Result<Arc<dyn LanguageBackend>> {
        self.for_calls([detail])
    }

    /// The backend for what is said in some calls.
    pub(crate) fn for_calls<'d>(
        &self,
        details: impl IntoIterator<Item = &'d CallDetail>,
    ) -> Result<Arc<dyn LanguageBackend>> {
        Ok(match &self.redacted {
            Some(redacted) => {
                let mut all: Vec<String> = Vec::new();
                for name in details.into_iter().flat_map(names) {
                    if !all.contains(&name) {
                        all.push(name);
                    }
                }
                Arc::new(redacted.for_parties(all)?)
            }
            None => Arc::clone(&self.backend),
        })
    }
}

impl<B: LanguageBackend + ?Sized> From<Arc<B>> for Language {
    fn from(backend: Arc<B>) -> Self {
        Self::new(Arc::new(backend))
    }
}

/// People of a call, then companies, as they may be named in it.
fn names(detail: &CallDetail) -> Vec<String> {
    let call = &detail.call;
    let people = call.parties.iter().filter_map(|party| party.name.clone());
    let contacts = detail.contacts.iter().filter_map(|one| one.name.clone());
    let company = detail.company.iter().filter_map(|one| one.name.clone());
    let accounts = call
        .crm_of_kind(&CrmObjectKind::Company)
        .filter_map(|account| account.name.clone());
    let addresses = call.parties.iter().filter_map(|party| party.email.as_ref());
    let domains = addresses.filter_map(|address| {
        let domain = address.rsplit_once('@')?.1;
        // Of "acme-foods.co.uk" people say the first part.
        Some(domain.split('.').next()?.to_owned())
    });
    let mut names: Vec<String> = Vec::new();
    for name in people
        .chain(contacts)
        .chain(company)
        .chain(accounts)
        .chain(domains.filter(|domain| !MAIL_HOSTS.contains(&domain.as_str())))
    {
        if !name.trim().is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whose addresses say nothing of a company.
const MAIL_HOSTS: [&str; 8] = [
    "gmail",
    "googlemail",
    "outlook",
    "hotmail",
    "yahoo",
    "icloud",
    "proton",
    "gmx",
];
