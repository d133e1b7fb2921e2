//! Risks and insights: what the reading and the figures of a call say.

use calls::reading::Reading;

use super::model::CoursePoint;
use super::read;
use crate::conversation::{Conversation, Side};
use crate::{Basis, Claim, Figure, Result, prose};

/// Sentences below this tone are worth a look.
const DARK_TONE: f64 = -0.4;

/// A fall of the customer's mean tone from first to last third that is a risk.
const TONE_FALL: f64 = 0.25;

/// What speaks against the deal: what was read, then what the figures say. What was read
/// comes the worst first.
pub(crate) fn risks(
    conversation: &Conversation<'_>,
    reading: &Reading,
    course: &[CoursePoint],
) -> Result<Vec<Claim>> {
    let mut claims = read::risks(conversation, reading)?;
    claims.extend(read::no_next_step(conversation, reading)?);
    claims.extend(falling_tone(conversation, course)?);
    Ok(claims)
}

/// What is worth knowing beyond risks and next steps.
pub(crate) fn observations(
    conversation: &Conversation<'_>,
    reading: &Reading,
) -> Result<Vec<Claim>> {
    let mut claims = read::observations(conversation, reading)?;
    claims.extend(longest(conversation, &CUSTOMER_STORY)?);
    claims.extend(longest(conversation, &REP_MONOLOGUE)?);
    claims.extend(darkest_moment(conversation)?);
    Ok(claims)
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
    let evidence = conversation.cite(conversation.weightiest(turn).into_iter().take(3));
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

/// The customer's sentences about the deal of the lowest tone, darkest first, ties by index:
/// "My feet still hurt" says nothing of how the call went.
fn darkest_of(
    conversation: &Conversation<'_>,
    wanted: impl Fn(i64) -> bool,
    count: usize,
) -> Vec<u32> {
    let mut scored: Vec<(f64, u32)> = conversation
        .sentences()
        .iter()
        .filter(|sentence| {
            wanted(sentence.start_ms)
                && conversation.side(sentence.index) == Side::Customer
                && conversation.is_about_the_deal(sentence.index)
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
