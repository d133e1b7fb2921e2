//! What the latest call of a deal changed.

use std::collections::HashSet;

use calls::reading::{Handling, KnownState, QualificationElement};

use super::history::{DealCall, person};
use super::model::{ComparedWith, DealStep, PushbackThread};
use crate::{Basis, Claim, Figure, Result, prose};

/// From so many points on, the health of the deal has moved.
const MOVED: i32 = 10;

pub(super) fn changes(
    calls: &[DealCall],
    steps: &[DealStep],
    pushback: &[PushbackThread],
    competitors: &[ComparedWith],
) -> Result<Vec<Claim>> {
    let Some((last, before)) = calls.split_last().filter(|(_, before)| !before.is_empty()) else {
        return Ok(Vec::new());
    };
    let id = &last.detail.call.id;
    let mut changes = Vec::new();
    changes.extend(moved(last, before)?);
    // What became of steps, then what is to be done anew.
    let outcomes = steps.iter().filter_map(|step| step.outcome.as_ref());
    let of_last = outcomes.filter(|one| one.evidence().iter().all(|said| said.call_id() == id));
    changes.extend(of_last.cloned());
    for thread in pushback {
        let mut raised = thread.raised.iter().filter(|one| &one.call_id == id);
        let Some(latest) = raised.next_back() else {
            continue;
        };
        let is_new = !thread.came_back;
        let kind = match latest.handling {
            Handling::Resolved => "settled",
            _ if is_new => "new_pushback",
            _ => continue,
        };
        let label = thread.kind.as_str().replace('_', " ");
        let said = prose::capitalised(&kind.replace('_', " "));
        let text = format!("{said} ({label}). {}", latest.claim.text());
        changes.push(Claim::new(
            kind,
            text,
            Basis::Quote,
            latest.claim.evidence().to_vec(),
        )?);
    }
    changes.extend(newcomers(last, before)?);
    changes.extend(learned(last, before)?);
    for one in competitors.iter().filter(|one| one.calls == 1) {
        if one.claim.evidence().iter().all(|said| said.call_id() == id) {
            let text = format!("New competitor: {}", one.name);
            let evidence = one.claim.evidence().to_vec();
            changes.push(Claim::new("new_competitor", text, Basis::Quote, evidence)?);
        }
    }
    let new_steps = steps.iter().filter(|step| &step.call_id == id);
    for step in new_steps {
        let text = format!("New step. {}", step.made.text());
        changes.push(Claim::new(
            "new_step",
            text,
            Basis::Quote,
            step.made.evidence().to_vec(),
        )?);
    }
    Ok(changes)
}

/// The health of the deal by the latest reading and by the one before.
fn moved(last: &DealCall, before: &[DealCall]) -> Result<Option<Claim>> {
    let earlier = before
        .iter()
        .rev()
        .find_map(|call| call.reading.deal_health);
    let (Some(now), Some(earlier)) = (last.reading.deal_health, earlier) else {
        return Ok(None);
    };
    let change = i32::from(now) - i32::from(earlier);
    let why = last
        .reading
        .deal_health_why
        .iter()
        .flat_map(|why| &why.sentences);
    let evidence = last.cite(&why.copied().collect::<Vec<_>>(), 4);
    if change.abs() < MOVED || evidence.is_empty() {
        return Ok(None);
    }
    let text = format!("The health of the deal went from {earlier} to {now} by what was heard.");
    let figure = Figure::new("health_change", f64::from(change), "points");
    Ok(Some(
        Claim::new("health", text, Basis::Metric, evidence)?.with_figure(figure),
    ))
}

/// Customers who speak for the first time.
fn newcomers(last: &DealCall, before: &[DealCall]) -> Result<Vec<Claim>> {
    let known: HashSet<String> = before
        .iter()
        .flat_map(DealCall::customers)
        .filter_map(person)
        .collect();
    let mut claims = Vec::new();
    for party in last.customers() {
        let is_new = person(party).is_some_and(|key| !known.contains(&key));
        let first: Vec<usize> = last.spoken_by(party).take(1).collect();
        let evidence = last.cite(&first, 1);
        if let (true, false, Some(name)) = (is_new, evidence.is_empty(), party.display_name()) {
            let title = party
                .title
                .as_deref()
                .map_or(String::new(), |title| format!(", {title}"));
            let text = format!("New in the calls: {name}{title}.");
            claims.push(Claim::new("new_stakeholder", text, Basis::Quote, evidence)?);
        }
    }
    Ok(claims)
}

/// Elements of MEDDICC that no earlier call told.
fn learned(last: &DealCall, before: &[DealCall]) -> Result<Vec<Claim>> {
    let known_in = |call: &DealCall| -> HashSet<QualificationElement> {
        let elements = call.reading.qualification.elements();
        let known = elements.filter(|(_, known)| known.state == KnownState::Known);
        known.map(|(element, _)| element).collect()
    };
    let known: HashSet<QualificationElement> = before.iter().flat_map(known_in).collect();
    let mut claims = Vec::new();
    for (element, state) in last.reading.qualification.elements() {
        let evidence = last.cite(&state.sentences, 3);
        if state.state == KnownState::Known && !known.contains(&element) && !evidence.is_empty() {
            let text = format!("Now known: {}.", element.as_str().replace('_', " "));
            claims.push(Claim::new("now_known", text, Basis::Quote, evidence)?);
        }
    }
    Ok(claims)
}
