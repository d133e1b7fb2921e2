//! The steps of all calls of a deal and how they stand.

use calls::Affiliation;
use calls::reading::{NextStep, Owner, StepStatus};
use jiff::civil::Date;

use super::fate::{Fate, Verdict, fate};
use super::history::{DealCall, Rarity};
use super::model::{DealStep, StepState};
use crate::{Basis, Claim, Result, prose};

/// Words of a step that a statement repeats; the evidence has all of them.
const QUOTED_WORDS: usize = 24;

/// Sentences that are cited of one statement at most.
const CITED: usize = 4;

/// How the steps of calls stand on a day: broken and overdue first, then open, then kept, each
/// by day.
pub(super) fn steps(calls: &[DealCall], today: Date) -> Result<Vec<DealStep>> {
    let rarity = Rarity::of(calls);
    let mut steps = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        for step in &call.reading.next_steps {
            let fate = fate(calls, at, step, &rarity);
            steps.extend(told(calls, call, step, fate, today)?);
        }
    }
    steps.sort_by_key(|step| (step.state, step.due.is_none(), step.due));
    Ok(steps)
}

/// `None` where none of its sentences is there any more.
fn told(
    calls: &[DealCall],
    call: &DealCall,
    step: &NextStep,
    fate: Option<Fate>,
    today: Date,
) -> Result<Option<DealStep>> {
    let evidence = call.cite(&step.sentences, CITED);
    if evidence.is_empty() {
        return Ok(None);
    }
    let party = call.owner(step);
    let owner = match &step.owner {
        Some(Owner::Both) => Some("both sides".to_owned()),
        _ => party
            .and_then(|party| party.display_name())
            .map(str::to_owned),
    };
    let what = prose::shortened(&step.what, QUOTED_WORDS);
    let who = owner.as_deref().unwrap_or("nobody named");
    let due = step
        .due
        .map_or(String::new(), |due| format!(" by {}", prose::day(due)));
    let text = format!("{who}{due}: “{what}”");
    let made = Claim::new(
        step.status.as_str(),
        prose::capitalised(&text),
        Basis::Quote,
        evidence,
    )?
    .with_confidence(step.confidence.value);
    // Nobody has promised what was offered or hangs on something.
    let is_firm = matches!(step.status, StepStatus::Agreed | StepStatus::Promised);
    let state = match fate.as_ref().map(|fate| fate.verdict) {
        Some(Verdict::Kept) => StepState::Kept,
        Some(Verdict::Late | Verdict::Broken | Verdict::Repeated) => StepState::Broken,
        None if is_firm && step.due.is_some_and(|due| due < today) => StepState::Overdue,
        None => StepState::Open,
    };
    Ok(Some(DealStep {
        state,
        is_late: fate
            .as_ref()
            .is_some_and(|fate| fate.verdict == Verdict::Late),
        what: step.what.clone(),
        owner,
        is_ours: party.map(|party| party.affiliation == Affiliation::Internal),
        due: step.due,
        firmness: step.status.as_str(),
        call_id: call.detail.call.id.clone(),
        made,
        outcome: fate
            .map(|fate| outcome(calls, &fate))
            .transpose()?
            .flatten(),
    }))
}

fn outcome(calls: &[DealCall], fate: &Fate) -> Result<Option<Claim>> {
    let Some(call) = calls.get(fate.call) else {
        return Ok(None);
    };
    let evidence = call.cite(&fate.sentences, CITED);
    let Some(last) = evidence.last() else {
        return Ok(None);
    };
    let who = last.speaker().unwrap_or("somebody");
    let said = prose::shortened(last.text(), QUOTED_WORDS);
    let (kind, verdict) = match fate.verdict {
        Verdict::Kept => ("kept", "kept"),
        Verdict::Late => ("broken", "too late"),
        Verdict::Broken => ("broken", "not kept"),
        Verdict::Repeated => ("broken", "not kept by its day, promised again"),
    };
    let text = format!(
        "{verdict}, by the call of {}: {who}: “{said}”",
        prose::day(call.day)
    );
    Claim::new(kind, prose::capitalised(&text), Basis::Quote, evidence).map(Some)
}
