//! Risks, next steps and insights, from the findings and figures of a call.

use snowflake_store::{CallInsights, Finding};

use super::model::CoursePoint;
use super::parts::{SPOKEN_ANSWER_WITHIN_MS, objections};
use crate::conversation::{Conversation, Side};
use crate::insights::kind;
use crate::{Basis, Claim, Figure, Result, prose};

/// Words of a quotation inside a statement; the evidence has all of them.
const QUOTED_WORDS: usize = 24;

/// Sentences below this tone are worth a look.
const DARK_TONE: f64 = -0.4;

/// A fall of the customer's mean tone from first to last third that is a risk.
const TONE_FALL: f64 = 0.25;

/// What speaks against the deal: what the language backend found, then what the
/// figures say. Most certain first.
pub(crate) fn risks(
    conversation: &Conversation<'_>,
    insights: &CallInsights,
    course: &[CoursePoint],
) -> Result<Vec<Claim>> {
    let mut claims = Vec::new();
    for finding in &insights.risks {
        claims.extend(of_finding(conversation, finding)?);
    }
    let unanswered: Vec<u32> = objections(conversation, insights)
        .into_iter()
        .filter(|objection| objection.answer.is_none())
        .map(|objection| objection.index)
        .collect();
    if !unanswered.is_empty() {
        let text = format!(
            "{} got no answer within {} seconds.",
            prose::count(unanswered.len(), "objection"),
            SPOKEN_ANSWER_WITHIN_MS / 1000,
        );
        let evidence = conversation.cite(unanswered.iter().copied().take(3));
        claims.push(
            Claim::new("unanswered_objection", text, Basis::Quote, evidence)?.with_confidence(0.7),
        );
    }
    claims.extend(falling_tone(conversation, course)?);
    if insights.next_steps.is_empty() {
        let evidence = conversation.closing(3);
        claims.push(
            Claim::new(
                "no_next_step",
                "The call ends without an agreed next step.",
                Basis::Absence,
                evidence,
            )?
            .with_confidence(0.6),
        );
    }
    claims.sort_by(|a, b| b.confidence().total_cmp(&a.confidence()));
    Ok(claims)
}

/// What was agreed or promised, as the language backend found it.
pub(crate) fn next_steps(
    conversation: &Conversation<'_>,
    insights: &CallInsights,
) -> Result<Vec<Claim>> {
    insights
        .next_steps
        .iter()
        .filter_map(|finding| of_finding(conversation, finding).transpose())
        .collect()
}

/// What is worth knowing beyond risks and next steps.
pub(crate) fn observations(
    conversation: &Conversation<'_>,
    insights: &CallInsights,
) -> Result<Vec<Claim>> {
    let mut claims = Vec::new();
    // One claim a kind: the surest moment, and how many more there are.
    for wanted in [
        kind::PRICING_MENTION,
        kind::DECISION_PROCESS,
        kind::TIMELINE,
        kind::PRAISE,
    ] {
        let of_kind: Vec<&Finding> = insights
            .signals
            .iter()
            .filter(|finding| finding.kind == wanted)
            .collect();
        let Some(surest) = of_kind.first() else {
            continue;
        };
        if let Some(claim) = of_finding(conversation, surest)? {
            let figure = Figure::new("mentions", of_kind.len() as f64, "count");
            claims.push(claim.with_figure(figure));
        }
    }
    claims.extend(longest(conversation, &CUSTOMER_STORY)?);
    claims.extend(longest(conversation, &REP_MONOLOGUE)?);
    claims.extend(darkest_moment(conversation)?);
    Ok(claims)
}

/// A finding as a claim; `None` when none of its sentences exists any more.
pub(crate) fn of_finding(
    conversation: &Conversation<'_>,
    finding: &Finding,
) -> Result<Option<Claim>> {
    let evidence = conversation.cite(finding.sentences.iter().copied().take(4));
    let Some(first) = evidence.first() else {
        return Ok(None);
    };
    let who = conversation.speaker_name(first.index());
    let when = prose::clock(first.start_ms());
    let said = prose::shortened(first.text(), QUOTED_WORDS);
    let text = format!("{} ({who}, {when}): “{said}”", label_of(&finding.kind));
    Claim::new(finding.kind.clone(), text, Basis::Quote, evidence)
        .map(|claim| Some(claim.with_confidence(finding.score)))
}

/// What people call a kind of finding.
pub(crate) fn label_of(kind: &str) -> String {
    match kind {
        kind::OBJECTION => "Objection".to_owned(),
        kind::COMPETITOR_MENTION => "Competitor named".to_owned(),
        kind::NEXT_STEP => "Next step".to_owned(),
        kind::COMMITMENT => "Promise".to_owned(),
        kind::PRICING_MENTION => "Price talked about".to_owned(),
        kind::TIMELINE => "Timeline".to_owned(),
        kind::DECISION_PROCESS => "Decision process".to_owned(),
        kind::PRAISE => "Praise".to_owned(),
        other => other.replace('_', " "),
    }
}

fn falling_tone(conversation: &Conversation<'_>, course: &[CoursePoint]) -> Result<Option<Claim>> {
    let heard: Vec<&CoursePoint> = course
        .iter()
        .filter(|point| point.customer_score.is_some())
        .collect();
    let third = heard.len() / 3;
    if third == 0 {
        return Ok(None);
    }
    let mean = |points: &[&CoursePoint]| {
        let scores = points.iter().filter_map(|point| point.customer_score);
        scores.sum::<f64>() / points.len().max(1) as f64
    };
    let first = mean(heard.get(..third).unwrap_or_default());
    let last_points = heard.get(heard.len() - third..).unwrap_or_default();
    let change = mean(last_points) - first;
    if change > -TONE_FALL {
        return Ok(None);
    }
    let from = last_points.first().map_or(0, |point| point.start_ms);
    let darkest = darkest_of(conversation, |start_ms| start_ms >= from, 2);
    if darkest.is_empty() {
        return Ok(None);
    }
    let text = format!(
        "The customer's tone fell by {:.2} from the first to the last third of the call.",
        -change
    );
    let evidence = conversation.cite(darkest);
    Claim::new("falling_tone", text, Basis::Metric, evidence).map(|claim| {
        Some(
            claim
                .with_figure(Figure::new("tone_change", change, "score"))
                .with_confidence(0.6),
        )
    })
}

/// A kind of long turn that is worth a claim.
struct LongTurn {
    side: Side,
    /// Turns shorter than this, in seconds, are nothing to speak of.
    least_seconds: f64,
    kind: &'static str,
    figure: &'static str,
    words: &'static str,
}

const CUSTOMER_STORY: LongTurn = LongTurn {
    side: Side::Customer,
    least_seconds: 20.0,
    kind: "customer_story",
    figure: "longest_customer_story",
    words: "The customer's longest story",
};

const REP_MONOLOGUE: LongTurn = LongTurn {
    side: Side::Rep,
    least_seconds: 60.0,
    kind: "monologue",
    figure: "longest_monologue",
    words: "The rep's longest monologue",
};

fn longest(conversation: &Conversation<'_>, wanted: &LongTurn) -> Result<Option<Claim>> {
    let Some(turn) = conversation.longest_turn(wanted.side) else {
        return Ok(None);
    };
    let length = turn.end_ms.saturating_sub(turn.start_ms) as f64 / 1000.0;
    if length < wanted.least_seconds {
        return Ok(None);
    }
    let evidence = conversation.sample_of(turn, 3);
    let who = evidence
        .first()
        .map(|first| conversation.speaker_name(first.index()))
        .unwrap_or_default();
    let text = format!(
        "{} ran {} ({who}, from {}).",
        wanted.words,
        prose::seconds(length),
        prose::clock(turn.start_ms)
    );
    Claim::new(wanted.kind, text, Basis::Metric, evidence)
        .map(|claim| claim.with_figure(Figure::new(wanted.figure, length, "seconds")))
        .map(Some)
}

fn darkest_moment(conversation: &Conversation<'_>) -> Result<Option<Claim>> {
    let Some(index) = darkest_of(conversation, |_| true, 1).pop() else {
        return Ok(None);
    };
    let Some(tone) = conversation.tone(index).filter(|tone| *tone <= DARK_TONE) else {
        return Ok(None);
    };
    let evidence = conversation.cite([index]);
    let when = evidence.first().map_or(0, |first| first.start_ms());
    let text = format!(
        "The customer sounded most negative at {} ({tone:+.2}).",
        prose::clock(when)
    );
    Claim::new("darkest_moment", text, Basis::Metric, evidence)
        .map(|claim| claim.with_figure(Figure::new("tone", tone, "score")))
        .map(Some)
}

/// The customer's sentences of the lowest tone, darkest first, ties by index.
fn darkest_of(
    conversation: &Conversation<'_>,
    wanted: impl Fn(i64) -> bool,
    count: usize,
) -> Vec<u32> {
    let mut scored: Vec<(f64, u32)> = conversation
        .sentences()
        .iter()
        .filter(|sentence| {
            wanted(sentence.start_ms) && conversation.side(sentence.index) == Side::Customer
        })
        .filter_map(|sentence| Some((conversation.tone(sentence.index)?, sentence.index)))
        .filter(|(tone, _)| *tone < 0.0)
        .collect();
    scored.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    scored
        .into_iter()
        .take(count)
        .map(|(_, index)| index)
        .collect()
}
