//! Who of the customer's side takes part, and how they stand.

use std::collections::{BTreeMap, HashSet};

use calls::Party;

use super::history::{DealCall, Said, first_name, person};
use super::model::{Stakeholder, StakeholderStance};
use crate::insights::is_open;
use crate::{Basis, Claim, Result, prose};

/// Statements that show a stance, at most.
const SHOWN: usize = 3;

/// Words of a quotation.
const QUOTED_WORDS: usize = 20;

/// The people of the customer's side, the latest first.
pub(super) fn stakeholders(calls: &[DealCall]) -> Result<Vec<Stakeholder>> {
    let mut people: BTreeMap<String, Vec<(&DealCall, &Party)>> = BTreeMap::new();
    for call in calls {
        for party in call.customers() {
            if let Some(key) = person(party) {
                people.entry(key).or_default().push((call, party));
            }
        }
    }
    let deciding = deciding(calls);
    let decides = |party: &Party| {
        let name = first_name(party);
        let names = |name: &str| deciding.iter().any(|said| said.names_somebody(name, calls));
        name.is_some_and(|name| names(&name))
    };
    let mut told = Vec::new();
    for mut seen in people.into_values() {
        seen.reverse();
        told.extend(stakeholder(&seen, decides)?);
    }
    told.sort_by(|left, right| {
        let latest = right.last_seen.cmp(&left.last_seen);
        latest.then_with(|| left.name.cmp(&right.name))
    });
    Ok(told)
}

/// Somebody in the calls in which they took part, the latest first.
fn stakeholder(
    seen: &[(&DealCall, &Party)],
    decides: impl Fn(&Party) -> bool,
) -> Result<Option<Stakeholder>> {
    let Some((latest, party)) = seen.first() else {
        return Ok(None);
    };
    let mut shown_by = Vec::new();
    let (mut praises, mut objects) = (false, false);
    for (call, party) in seen {
        let theirs: HashSet<usize> = call.spoken_by(party).collect();
        let own = |sentences: &[usize]| -> Vec<usize> {
            sentences
                .iter()
                .copied()
                .filter(|at| theirs.contains(at))
                .collect()
        };
        let against = call
            .reading
            .pushback
            .iter()
            .filter(|one| is_open(one.handling));
        let against = against.map(|one| ("against", &one.what, &one.sentences, &one.confidence));
        let praise = call.reading.praise.iter();
        let praise = praise.map(|one| ("for", &one.what, &one.sentences, &one.confidence));
        for (kind, what, sentences, sure) in against.chain(praise) {
            let evidence = call.cite_telling(what, &own(sentences), 2);
            let Some(first) = evidence.first() else {
                continue;
            };
            objects |= kind == "against";
            praises |= kind == "for";
            let text = format!(
                "{}: “{}”",
                prose::day(call.day),
                prose::shortened(first.text(), QUOTED_WORDS)
            );
            let claim = Claim::new(kind, text, Basis::Quote, evidence)?;
            shown_by.push(claim.with_confidence(sure.value));
        }
    }
    // Of each side the latest, so that a mixed stance shows both.
    let mut kept: Vec<Claim> = Vec::new();
    for claim in shown_by {
        let of_kind = kept.iter().filter(|one| one.kind() == claim.kind()).count();
        if of_kind < SHOWN - 1 && kept.len() < SHOWN {
            kept.push(claim);
        }
    }
    let titles = seen.iter().find_map(|(_, party)| party.title.clone());
    Ok(party.display_name().map(|name| Stakeholder {
        name: name.to_owned(),
        title: titles,
        email: party.email.clone(),
        stance: match (praises, objects) {
            (true, false) => StakeholderStance::For,
            (true, true) => StakeholderStance::Mixed,
            (false, true) => StakeholderStance::Against,
            (false, false) => StakeholderStance::Unknown,
        },
        decides: decides(party),
        calls: seen.len(),
        last_seen: latest.detail.call.started,
        shown_by: kept,
    }))
}

/// The sentences in which it is decided or signed.
fn deciding(calls: &[DealCall]) -> Vec<&Said> {
    let mut all = Vec::new();
    for call in calls {
        let facts = call.reading.decision.iter().map(|fact| &fact.sentences);
        let buyer = &call.reading.qualification.economic_buyer.sentences;
        let places = facts.chain([buyer]).flatten();
        all.extend(places.filter_map(|at| call.sentences.get(*at)));
    }
    all
}
