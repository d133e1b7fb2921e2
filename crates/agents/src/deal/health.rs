//! How a deal stands: the latest reading, and what the calls together add and take away.
//!
//! The points are ours. They move the latest reading by what one call cannot know: whether
//! promises were kept, and whether what stands in the way came back.

use calls::reading::Part;
use jiff::civil::Date;

use super::history::DealCall;
use super::model::{DealStanding, DealStep, HealthReason, PushbackThread, RiskLevel, StepState};
use crate::{Basis, Claim, Evidence, Figure, Result, prose};

/// A step of ours that was broken, or is overdue: the customer waits for it.
const OURS_BROKEN: i32 = -6;
/// One of theirs: they do not work for the deal.
const THEIRS_BROKEN: i32 = -4;
/// A step of theirs that was kept: they do.
const THEIRS_KEPT: i32 = 2;
/// Pushback that a later call raises again, and that stands.
const CAME_BACK: i32 = -4;
/// No dated step ahead.
const NOTHING_AHEAD: i32 = -6;
/// Nobody has spoken for longer than this many days.
const SILENT_DAYS: i32 = 21;
const SILENT: i32 = -8;
/// What one kind of reason moves at most, and all together: they do not outweigh the reading.
const MOST_OF_A_KIND: i32 = 12;

const MOST_OF_ALL: i32 = 30;

/// Steps without a day that are shown where nothing has one.
const UNDATED: usize = 3;

/// Statements of the latest reading's own reasons.
const READ_REASONS: usize = 3;

const HIGH_RISK_BELOW: u8 = 40;
const LOW_RISK_FROM: u8 = 65;

pub(super) fn health(
    calls: &[DealCall],
    steps: &[DealStep],
    pushback: &[PushbackThread],
    today: Date,
    is_closed: bool,
) -> Result<DealStanding> {
    let latest = calls
        .iter()
        .rev()
        .find(|call| call.reading.deal_health.is_some());
    let read = latest.and_then(|call| call.reading.deal_health);
    let mut reasons = Vec::new();
    for step in steps {
        let points = match (step.state, step.is_ours) {
            (StepState::Broken | StepState::Overdue, Some(true) | None) => OURS_BROKEN,
            (StepState::Broken | StepState::Overdue, Some(false)) => THEIRS_BROKEN,
            (StepState::Kept, Some(false)) => THEIRS_KEPT,
            _ => continue,
        };
        let claim = match (&step.outcome, step.state) {
            (Some(outcome), _) => outcome.clone(),
            (None, _) => of_step("overdue", &format!("Overdue. {}", step.made.text()), step)?,
        };
        reasons.push(shown(claim, points));
    }
    for thread in pushback
        .iter()
        .filter(|thread| thread.came_back && thread.is_open)
    {
        if let Some(last) = thread.raised.last() {
            let kind = thread.kind.as_str().replace('_', " ");
            let times = prose::count(thread.raised.len(), "time");
            let text = format!(
                "Raised {times} and still open: {kind}. {}",
                last.claim.text()
            );
            let evidence = last.claim.evidence().to_vec();
            let claim = Claim::new("came_back", text, Basis::Quote, evidence)?;
            reasons.push(shown(claim, CAME_BACK));
        }
    }
    if !is_closed {
        reasons.extend(nothing_ahead(calls, steps)?);
        reasons.extend(silent(calls, today));
    }
    bound(&mut reasons);
    let moved: i32 = reasons.iter().map(|reason| reason.points).sum();
    let moved = moved.clamp(-MOST_OF_ALL, MOST_OF_ALL);
    let score = read.map(|read| (i32::from(read) + moved).clamp(0, 100));
    let score = score.and_then(|score| u8::try_from(score).ok());
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points.abs()));
    if let Some(call) = latest {
        for why in call.reading.deal_health_why.iter().take(READ_REASONS) {
            let evidence = call.cite(&why.sentences, 4);
            if !evidence.is_empty() {
                let claim = Claim::new("read", why.what.clone(), Basis::Quote, evidence)?;
                reasons.push(shown(claim, 0));
            }
        }
    }
    Ok(DealStanding {
        score,
        read,
        risk: score.map(|score| match score {
            score if score < HIGH_RISK_BELOW => RiskLevel::High,
            score if score < LOW_RISK_FROM => RiskLevel::Medium,
            _ => RiskLevel::Low,
        }),
        reasons,
    })
}

/// What sentences show.
fn shown(claim: Claim, points: i32) -> HealthReason {
    HealthReason {
        kind: claim.kind().to_owned(),
        text: claim.text().to_owned(),
        figure: claim.figure(),
        claim: Some(claim),
        points,
    }
}

fn of_step(kind: &str, text: &str, step: &DealStep) -> Result<Claim> {
    Claim::new(kind, text, Basis::Quote, step.made.evidence().to_vec())
}

/// No step has a day to come. Those that are open without one show it; that there is none at
/// all is shown by no sentence.
fn nothing_ahead(calls: &[DealCall], steps: &[DealStep]) -> Result<Option<HealthReason>> {
    let last = last_spoken(calls);
    let is_read = last.is_some_and(|call| call.reading.was_read(Part::NextSteps));
    let open = || steps.iter().filter(|step| step.state == StepState::Open);
    if !is_read || open().any(|step| step.due.is_some()) {
        return Ok(None);
    }
    let kind = "nothing_ahead";
    let mut evidence: Vec<Evidence> = Vec::new();
    for step in open().take(UNDATED) {
        evidence.extend(step.made.evidence().iter().take(1).cloned());
    }
    if evidence.is_empty() {
        return Ok(Some(HealthReason {
            kind: kind.to_owned(),
            text: "Nothing lies ahead: no step is open.".to_owned(),
            claim: None,
            figure: None,
            points: NOTHING_AHEAD,
        }));
    }
    let text = "Nothing with a date lies ahead: what is open has no day.";
    let claim = Claim::new(kind, text, Basis::Absence, evidence)?;
    Ok(Some(shown(claim, NOTHING_AHEAD)))
}

/// How long nobody has spoken, which is counted.
fn silent(calls: &[DealCall], today: Date) -> Option<HealthReason> {
    let days = last_spoken(calls)?.day.until(today).ok()?.get_days();
    (days > SILENT_DAYS).then(|| HealthReason {
        kind: "silent".to_owned(),
        text: format!("No call for {days} days."),
        claim: None,
        figure: Some(Figure::new("days_since_last_call", f64::from(days), "days")),
        points: SILENT,
    })
}

fn last_spoken(calls: &[DealCall]) -> Option<&DealCall> {
    let mut latest = calls.iter().rev();
    latest.find(|call| !call.sentences.is_empty())
}

/// Takes the points of those away that go beyond what their kind may move.
fn bound(reasons: &mut [HealthReason]) {
    let kinds: Vec<String> = reasons.iter().map(|reason| reason.kind.clone()).collect();
    for (at, kind) in kinds.iter().enumerate() {
        let before = reasons.iter().zip(&kinds).take(at);
        let moved: i32 = before
            .filter(|(_, one)| *one == kind)
            .map(|(reason, _)| reason.points)
            .sum();
        if let Some(reason) = reasons.get_mut(at) {
            let room = MOST_OF_A_KIND - moved.abs();
            reason.points = reason.points.clamp(-room, room);
        }
    }
}
