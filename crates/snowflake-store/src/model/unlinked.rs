//! Calls to match with the CRM, collected from rows of their participants.

use calls::{Affiliation, Timestamp};

use crate::UnlinkedCall;

/// A participant with an address, as both stores read it.
pub(crate) struct Person<'a> {
    pub(crate) call_id: &'a str,
    pub(crate) started: Timestamp,
    pub(crate) email: &'a str,
    pub(crate) affiliation: Affiliation,
}

impl Person<'_> {
    /// Adds the address to its call. People of a call follow one another.
    pub(crate) fn add_to(self, calls: &mut Vec<UnlinkedCall>) {
        if calls
            .last()
            .is_none_or(|call| call.id.as_str() != self.call_id)
        {
            calls.push(UnlinkedCall {
                id: self.call_id.into(),
                started: self.started,
                emails: Vec::new(),
                colleagues: Vec::new(),
            });
        }
        let Some(call) = calls.last_mut() else { return };
        let addresses = match self.affiliation {
            Affiliation::Internal => &mut call.colleagues,
            _ => &mut call.emails,
        };
        let email = self.email.trim().to_lowercase();
        if !addresses.contains(&email) {
            addresses.push(email);
        }
    }
}
