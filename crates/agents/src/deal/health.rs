//! How a deal stands: the latest reading, and what the calls together add and take away.
//!
//! The points are ours. They move the latest reading by what one call cannot know: whether
//! promises were kept, and whether what stands in the way came back.

use calls::reading::Part;
use jiff::civil::Date;

use super::history::DealCall;
use super::model::{DealStanding, DealStep, HealthReason, PushbackThread, RiskLevel, StepState};
use crate::{Basis, Claim, Figure, Result, prose};

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
        reasons.push(HealthReason { claim, points });
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
            reasons.push(HealthReason {
                claim,
                points: CAME_BACK,
            });
        }
    }
    if !is_closed {
        reasons.extend(ahead(calls, steps, today)?);
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
                reasons.push(HealthReason { claim, points: 0 });
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

fn of_step(kind: &str, text: &str, step: &DealStep) -> Result<Claim> {
    Claim::new(kind, text, Basis::Quote, step.made.evidence().to_vec())
}

/// What is to come, and how long nobody has spoken.
fn ahead(calls: &[DealCall], steps: &[DealStep], today: Date) -> Result<Vec<HealthReason>> {
    let mut reasons = Vec::new();
    let Some(last) = calls.iter().rev().find(|call| !call.sentences.is_empty()) else {
        return Ok(reasons);
    };
    let closing: Vec<usize> =
        (last.sentences.len().saturating_sub(3)..last.sentences.len()).collect();
    let has_date = |step: &&DealStep| step.state == StepState::Open && step.due.is_some();
    if last.reading.was_read(Part::NextSteps) && !steps.iter().any(|step| has_date(&step)) {
        let text = "Nothing with a date lies ahead.";
        let claim = Claim::new(
            "nothing_ahead",
            text,
            Basis::Absence,
            last.cite(&closing, 3),
        )?;
        reasons.push(HealthReason {
            claim,
            points: NOTHING_AHEAD,
        });
    }
    let days = last.day.until(today).map_or(0, |span| span.get_days());
    if days > SILENT_DAYS {
        let text = format!("No call for {days} days.");
        let claim = Claim::new("silent", text, Basis::Metric, last.cite(&closing, 3))?
            .with_figure(Figure::new("days_since_last_call", f64::from(days), "days"));
        reasons.push(HealthReason {
            claim,
            points: SILENT,
        });
    }
    Ok(reasons)
}

/// Takes the points of those away that go beyond what their kind may move.
fn bound(reasons: &mut [HealthReason]) {
    let kinds: Vec<String> = reasons
        .iter()
        .map(|reason| reason.claim.kind().to_owned())
        .collect();
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
