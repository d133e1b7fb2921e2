//! Who counts as the rep, and who as the customer.
//!
//! **The rep** is the host's voice: every party with the call's primary user id
//! (a host who also dialled in has two), as far as it spoke. When the host is
//! unknown, has no voice or said nothing, all `Internal` voices together stand
//! for the rep, so that a call booked by a manager and held by a colleague is
//! still measured. When no `Internal` voice spoke either, there is no rep, and
//! the figures about the rep are `None` instead of a zero that nobody measured.
//!
//! **The customer** is every other voice that is `External`, and also `Unknown`
//! where there is a rep: dial-ins have no affiliation and are mostly customers.
//! Without a rep, `Unknown` may be anybody and is not counted. Unattributed
//! speech is on no side, and neither are colleagues of the host.

use std::collections::{HashMap, HashSet};

use crate::{Affiliation, Call, Party, SpeakerId};

/// Which voices stand for the rep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RepVoices {
    /// The host's.
    Host,
    /// All voices of the selling company, because the host's is not in the transcript.
    Company,
}

/// The side of a voice in one conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The rep, or a colleague where the whole company stands for the rep.
    Rep,
    /// The customer.
    Customer,
    /// A colleague of the rep, or nobody that can be placed.
    Neither,
}

/// The sides of all voices, by their number.
pub(super) struct Sides<'a> {
    pub(super) rep: Option<RepVoices>,
    pub(super) of_voice: Vec<Side>,
    /// The party that has the voice, where one is listed.
    pub(super) party_of_voice: Vec<Option<&'a Party>>,
}

impl<'a> Sides<'a> {
    pub(super) fn of(call: &'a Call, voices: &[Option<&SpeakerId>]) -> Self {
        let mut party_of: HashMap<&SpeakerId, &Party> = HashMap::new();
        let mut hosts: HashSet<&SpeakerId> = HashSet::new();
        for party in &call.parties {
            let Some(speaker) = &party.speaker_id else {
                continue;
            };
            // The first party wins, as in `Call::speaker`.
            party_of.entry(speaker).or_insert(party);
            if party.user_id.is_some() && party.user_id == call.primary_user_id {
                hosts.insert(speaker);
            }
        }
        let party_of_voice: Vec<Option<&Party>> = voices
            .iter()
            .map(|voice| party_of.get(voice.as_ref()?).copied())
            .collect();
        let is_host = |voice: usize| voices[voice].is_some_and(|speaker| hosts.contains(speaker));
        let affiliation = |voice: usize| {
            party_of_voice[voice].map_or(Affiliation::Unknown, |party| party.affiliation)
        };
        let rep = if (0..voices.len()).any(is_host) {
            Some(RepVoices::Host)
        } else if (0..voices.len()).any(|voice| affiliation(voice).is_company()) {
            Some(RepVoices::Company)
        } else {
            None
        };
        let side = |voice: usize| match (rep, affiliation(voice)) {
            (Some(RepVoices::Host), _) if is_host(voice) => Side::Rep,
            (Some(RepVoices::Company), Affiliation::Internal) => Side::Rep,
            (_, Affiliation::External) => Side::Customer,
            (Some(_), Affiliation::Unknown) if voices[voice].is_some() => Side::Customer,
            _ => Side::Neither,
        };
        let of_voice = (0..voices.len()).map(side).collect();
        Self {
            rep,
            of_voice,
            party_of_voice,
        }
    }
}
