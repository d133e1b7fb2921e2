//! The people of a call by the short names that a model is given for them.
//!
//! Ids of twenty digits, and addresses that serve as ids, cost tokens and are copied
//! wrongly; short ones stay as they are.

use calls::PartyId;
use calls::reading::{CallToRead, Owner};

/// Longest id, in bytes, that a model is given as it is.
const LONGEST_ID: usize = 12;

/// Who takes part, and how a model names them.
#[derive(Debug)]
pub(super) struct People<'a> {
    call: &'a CallToRead,
    /// Parties first, in their order, then voices of no party.
    ids: Vec<&'a PartyId>,
    are_ids_short: bool,
}

impl<'a> People<'a> {
    pub(super) fn of(call: &'a CallToRead) -> Self {
        let parties = call.parties.iter().map(|party| &party.id);
        let mut ids: Vec<&PartyId> = Vec::new();
        for id in parties.chain(call.turns.iter().map(|turn| &turn.speaker)) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let are_ids_short = ids
            .iter()
            .all(|id| id.as_str().len() <= LONGEST_ID && !id.as_str().is_empty());
        Self {
            call,
            ids,
            are_ids_short,
        }
    }

    /// What a model calls somebody.
    pub(super) fn key(&self, id: &PartyId) -> String {
        if self.are_ids_short {
            return id.to_string();
        }
        let place = self.ids.iter().position(|other| *other == id);
        place.map_or_else(String::new, |place| format!("p{}", place + 1))
    }

    /// Whom a model means: by the key, or by a name that only one party has.
    pub(super) fn owner(&self, said: &str) -> Option<Owner> {
        let said = said.trim();
        if said.eq_ignore_ascii_case("both") {
            return Some(Owner::Both);
        }
        let parties = || self.call.parties.iter();
        let by_key = parties().find(|party| self.key(&party.id) == said);
        let party = by_key.or_else(|| {
            let is_named =
                |name: &str| !said.is_empty() && name.to_lowercase() == said.to_lowercase();
            let first = |name: &str| {
                name.split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            };
            let mut named =
                parties().filter(|party| is_named(&party.name) || is_named(&first(&party.name)));
            named.next().filter(|_| named.next().is_none())
        });
        party.map(|party| Owner::Party(party.id.clone()))
    }
}
