//! What stands in the way, what is known, with whom we are compared: over all calls of a deal.

use std::collections::{BTreeMap, HashSet};

use calls::reading::{Competitor, KnownState, Part, PushbackKind, QualificationElement};

use super::history::DealCall;
use super::model::{ComparedWith, PushbackThread, Qualified, Raised};
use crate::insights::is_open;
use crate::{Basis, Claim, Result, prose};

const QUOTED_WORDS: usize = 24;
const CITED: usize = 4;

/// Pushback by kind: open first, then by how often it was raised.
pub(super) fn pushback(calls: &[DealCall]) -> Result<Vec<PushbackThread>> {
    let mut kinds: BTreeMap<PushbackKind, PushbackThread> = BTreeMap::new();
    for call in calls {
        for one in &call.reading.pushback {
            let mut evidence = call.cite_telling(&one.what, &one.sentences, CITED / 2);
            evidence.extend(call.cite(&one.handling_sentences, CITED / 2));
            if evidence.is_empty() {
                continue;
            }
            let what = prose::shortened(&one.what, QUOTED_WORDS);
            let handling = one.handling.as_str().replace('_', " ");
            let text = format!("{}, {handling}: “{what}”", prose::day(call.day));
            let claim = Claim::new(one.kind.as_str(), text, Basis::Quote, evidence)?;
            let raised = Raised {
                call_id: call.detail.call.id.clone(),
                handling: one.handling,
                claim: claim.with_confidence(one.confidence.value),
            };
            let thread = kinds.entry(one.kind).or_insert_with(|| PushbackThread {
                kind: one.kind,
                is_open: false,
                came_back: false,
                severity: 0,
                raised: Vec::new(),
            });
            let before = thread.raised.last().map(|last| &last.call_id);
            let is_same_call = before == Some(&raised.call_id);
            thread.came_back |= before.is_some() && !is_same_call;
            // In one call, one open item keeps the kind open.
            thread.is_open = is_open(one.handling) || (is_same_call && thread.is_open);
            thread.severity = thread.severity.max(one.severity);
            thread.raised.push(raised);
        }
    }
    let mut threads: Vec<PushbackThread> = kinds.into_values().collect();
    threads.sort_by_key(|thread| {
        let often = std::cmp::Reverse(thread.raised.len());
        (!thread.is_open, std::cmp::Reverse(thread.severity), often)
    });
    Ok(threads)
}

/// MEDDICC over all calls: of each element the state that tells most, by the latest call.
pub(super) fn qualification(calls: &[DealCall]) -> Result<Vec<Qualified>> {
    let tells = |state: KnownState| match state {
        KnownState::Known => 2,
        KnownState::Partial => 1,
        _ => 0,
    };
    let mut told = Vec::new();
    for element in QualificationElement::ALL {
        let mut best: Option<(&DealCall, &calls::reading::Known)> = None;
        for call in calls
            .iter()
            .filter(|call| call.reading.was_read(Part::Qualification))
        {
            let mut elements = call.reading.qualification.elements();
            let Some((_, known)) = elements.find(|(one, _)| one == element) else {
                continue;
            };
            if best.is_none_or(|(_, held)| tells(known.state) >= tells(held.state)) {
                best = Some((call, known));
            }
        }
        let state = best.map_or(KnownState::Unknown, |(_, known)| known.state);
        let known = match best {
            Some((call, known)) if state != KnownState::Unknown => {
                let evidence = call.cite(&known.sentences, CITED);
                let said = known.what.first().cloned();
                let said = said.or_else(|| Some(evidence.first()?.text().to_owned()));
                let said = prose::shortened(&said.unwrap_or_default(), QUOTED_WORDS);
                let text = format!("{}: “{said}”", prose::day(call.day));
                match evidence.is_empty() {
                    true => None,
                    false => Some(Claim::new(element.as_str(), text, Basis::Quote, evidence)?),
                }
            }
            _ => None,
        };
        told.push(Qualified {
            element: *element,
            state,
            known,
        });
    }
    Ok(told)
}

/// Where a competitor came up, and the position of the last call that has it.
type Named<'a> = (Vec<(&'a DealCall, &'a Competitor)>, usize);

/// Competitors by name, the one that came up last first. Who takes part in some call of the
/// deal is none, though a call without them may have taken their name for one.
pub(super) fn competitors(calls: &[DealCall]) -> Result<Vec<ComparedWith>> {
    let people: HashSet<String> = calls
        .iter()
        .flat_map(|call| &call.detail.call.parties)
        .filter_map(|party| party.name.as_deref())
        .flat_map(|name| name.split_whitespace().chain([name]))
        .map(str::to_lowercase)
        .collect();
    let mut named: BTreeMap<String, Named<'_>> = BTreeMap::new();
    for (at, call) in calls.iter().enumerate() {
        for one in &call.reading.competitors {
            let name = one.name.to_lowercase();
            if people.contains(&name) {
                continue;
            }
            let (seen, last) = named.entry(name).or_default();
            seen.push((call, one));
            *last = at;
        }
    }
    let mut latest_first: Vec<_> = named.into_values().collect();
    latest_first.sort_by_key(|(_, last)| std::cmp::Reverse(*last));
    let mut told = Vec::new();
    for (seen, _) in latest_first {
        let Some((call, one)) = seen.last() else {
            continue;
        };
        let evidence = call.cite(&one.sentences, CITED);
        if evidence.is_empty() {
            continue;
        }
        let text = format!(
            "{}, {}: {}",
            prose::day(call.day),
            one.stance.as_str(),
            one.name
        );
        told.push(ComparedWith {
            name: one.name.clone(),
            stance: one.stance,
            calls: seen.len(),
            claim: Claim::new("competitor", text, Basis::Quote, evidence)?
                .with_confidence(one.confidence.value),
        });
    }
    Ok(told)
}
