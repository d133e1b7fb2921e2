//! What follows from what was heard: qualification and the deal's health.

use calls::reading::{
    CallType, Claim, Handling, Known, KnownState, PushbackKind, Reading, StepStatus,
};

use super::context::Context;

/// Where a call starts from on which nothing was heard.
const MIDDLE: f64 = 50.0;

/// Health goes first: who wants it is told by it.
pub(super) fn judge(context: &Context<'_>, reading: &mut Reading) {
    if reading.call_type.is_none_or(CallType::is_sales) {
        weigh(reading);
    }
    qualify(context, reading);
}

/// The deal's health, from what was agreed, what stands in the way and what is liked.
fn weigh(reading: &mut Reading) {
    let mut reasons: Vec<(f64, Claim)> = Vec::new();
    for step in &reading.next_steps {
        let firm = match step.status {
            StepStatus::Agreed => 4.0,
            StepStatus::Promised => 2.0,
            _ => 0.5,
        };
        let points = (firm + f64::from(u8::from(step.due.is_some())) * 2.0) * step.confidence.value;
        let how = match step.status {
            StepStatus::Agreed => "Agreed",
            StepStatus::Promised => "Promised",
            StepStatus::Offered => "Offered",
            _ => "On a condition",
        };
        let what = format!("{how}: {}", step.what);
        reasons.push((points, Claim::new(what, step.sentences.clone())));
    }
    for pushback in &reading.pushback {
        let answered = match pushback.handling {
            Handling::Resolved => 0.4,
            Handling::Addressed => 0.8,
            _ => 1.3,
        };
        let points = -2.0 * f64::from(pushback.severity) * answered * pushback.confidence.value;
        let what = format!(
            "Stands in the way ({}): {}",
            pushback.kind.label(),
            pushback.what
        );
        reasons.push((points, Claim::new(what, pushback.sentences.clone())));
    }
    for praise in &reading.praise {
        let claim = Claim::new(format!("Praise: {}", praise.what), praise.sentences.clone());
        reasons.push((3.0 * praise.confidence.value, claim));
    }
    let sum: f64 = reasons.iter().map(|(points, _)| points).sum();
    let health = MIDDLE + 50.0 * (sum / 25.0).tanh();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 100.
    let health = health.round().clamp(0.0, 100.0) as u8;
    reading.deal_health = Some(health);
    reasons.sort_by(|left, right| right.0.abs().total_cmp(&left.0.abs()));
    reading.deal_health_why = reasons
        .into_iter()
        .take(4)
        .map(|(_, claim)| claim)
        .collect();
}

/// How many facts make an element known, and one of few touched, is what agreed best with
/// labelled dialogues; docs/quality.md has how often.
fn qualify(context: &Context<'_>, reading: &mut Reading) {
    let known = |facts: Vec<(String, Vec<usize>)>, enough: usize| {
        let state = match facts.len() {
            0 => KnownState::Unknown,
            count if count >= enough => KnownState::Known,
            _ => KnownState::Partial,
        };
        let mut sentences: Vec<usize> = facts.iter().flat_map(|(_, said)| said.clone()).collect();
        sentences.sort_unstable();
        sentences.dedup();
        Known::new(
            state,
            facts.into_iter().map(|(what, _)| what).collect(),
            sentences,
        )
    };
    let said = context.said;
    let likely = reading.likely();
    let pains = || likely.pains.iter();
    let metrics = pains().filter(|pain| pain.impact.is_some());
    let metrics = metrics
        .map(|pain| {
            (
                pain.impact.clone().unwrap_or_default(),
                pain.sentences.clone(),
            )
        })
        .collect();
    let decision = |wanted: &dyn Fn(usize) -> bool| -> Vec<(String, Vec<usize>)> {
        let facts = likely
            .decision
            .iter()
            .filter(|fact| fact.sentences.iter().any(|at| wanted(*at)));
        facts
            .map(|fact| (fact.what.clone(), fact.sentences.clone()))
            .collect()
    };
    let has = |at: usize, phrases: &[&str]| said[at].says_any(phrases);
    // Who decides is what these facts are about; who signs comes first.
    let signs = |at: usize| {
        let words = [
            "sign",
            "signs",
            "signature",
            "approve",
            "approves",
            "final say",
            "budget",
            "cfo",
            "ceo",
            "owner",
            "director",
        ];
        has(at, &words)
    };
    let mut buyer = decision(&signs);
    let others = decision(&|_| true);
    buyer.extend(
        others
            .into_iter()
            .filter(|(_, said)| !said.iter().any(|at| signs(*at))),
    );
    let process = decision(&|_| true);
    let criteria = decision(&|at| {
        has(
            at,
            &[
                "need",
                "must",
                "criteria",
                "compare",
                "matters",
                "care about",
                "cares about",
                "important",
                "wants",
            ],
        )
    });
    let paper = decision(&|at| {
        has(
            at,
            &[
                "contract",
                "legal",
                "procurement",
                "purchasing",
                "msa",
                "dpa",
                "security",
                "paperwork",
                "po",
                "purchase order",
                "lawyer",
                "vendor",
                "questionnaire",
                "nda",
                "form",
            ],
        )
    });
    let legal = likely
        .pushback
        .iter()
        .filter(|one| one.kind == PushbackKind::SecurityLegal);
    let paper = paper
        .into_iter()
        .chain(legal.map(|one| (one.what.clone(), one.sentences.clone())))
        .collect();
    // What it has to do or to be allowed to is what it is judged by.
    let asked_for = likely.pushback.iter().filter(|one| {
        matches!(
            one.kind,
            PushbackKind::ProductGap | PushbackKind::SecurityLegal
        )
    });
    let criteria = criteria
        .into_iter()
        .chain(asked_for.map(|one| (one.what.clone(), one.sentences.clone())))
        .collect();
    let pain = pains()
        .map(|pain| (pain.what.clone(), pain.sentences.clone()))
        .collect();
    let champion = likely
        .praise
        .iter()
        .map(|fact| (fact.what.clone(), fact.sentences.clone()))
        .collect();
    let competition = likely
        .competitors
        .iter()
        .map(|one| (one.name.clone(), one.sentences.clone()))
        .collect();
    let of = &mut reading.qualification;
    of.metrics = known(metrics, 1);
    of.economic_buyer = known(buyer, 1);
    of.decision_criteria = known(criteria, 4);
    of.decision_process = known(process, 2);
    of.paper_process = known(paper, 3);
    of.pain = known(pain, 1);
    // Who likes it speaks for it where the deal goes well.
    let goes_well = reading
        .deal_health
        .is_some_and(|health| f64::from(health) >= MIDDLE);
    of.champion = known(champion, if goes_well { 1 } else { usize::MAX });
    of.competition = known(competition, 1);
}
