//! What to do about the weak parts of a call.

use super::model::Recommendation;
use super::score::{Part, Score, ScorePart, one_decimal};
use crate::{Basis, Claim, Result};

/// Parts below this score get a recommendation.
const WEAK_BELOW: f64 = 75.0;

/// More than this nobody acts on.
const MOST: usize = 5;

/// Recommendations for the weak parts, those worth most points first.
pub(crate) fn recommendations(score: &Score) -> Result<Vec<Recommendation>> {
    let mut recommendations = Vec::new();
    for part in score.parts.iter().filter(|part| part.score < WEAK_BELOW) {
        let text = format!("{} {}", advice(part), part.why);
        let mut claim = Claim::new("recommendation", text, Basis::Metric, part.evidence.clone())?;
        if let Some(figure) = part.figures.first() {
            claim = claim.with_figure(*figure);
        }
        recommendations.push(Recommendation {
            part: part.part,
            claim,
            worth_points: one_decimal(part.weight * (100.0 - part.score)),
        });
    }
    recommendations.sort_by(|a, b| {
        b.worth_points
            .total_cmp(&a.worth_points)
            .then(a.part.cmp(&b.part))
    });
    recommendations.truncate(MOST);
    Ok(recommendations)
}

/// What to do, by what is wrong with the part's first figure.
fn advice(part: &ScorePart) -> &'static str {
    let value = part.figures.first().map(|figure| figure.value);
    let is_low = value
        .zip(part.target.low)
        .is_some_and(|(value, low)| value < low);
    match part.part {
        Part::TalkBalance if is_low => {
            "Steer more: open with an agenda, sum up after each topic and say what you propose."
        }
        Part::TalkBalance => {
            "Hand the floor over: after each point you make, ask one open question and wait for the answer."
        }
        Part::Questions if is_low => {
            "Prepare five open questions (what, how, why now) and ask them before you show anything."
        }
        Part::Questions => {
            "Ask less and dig deeper: follow one answer up twice before you move to the next question."
        }
        Part::Listening => "Stop after two minutes at most, and count to two before you answer.",
        Part::CustomerEngagement => {
            "Let the customer tell: ask them to walk you through the last time the problem cost them something."
        }
        Part::Tone if value.is_some_and(|mean| mean >= 0.0) => {
            "Warm it up: say back what you heard before you answer, and name what already works for the customer."
        }
        Part::Tone => {
            "Call the customer back on what bothered them, and open the next call with what has been done about it."
        }
        Part::NextSteps if !is_low => {
            "Give each next step an owner and a date before you hang up, and send them in writing today."
        }
        Part::NextSteps => {
            "Agree a next step before you hang up, with an owner and a date, and send it in writing today."
        }
        Part::DealQualification => {
            "Qualify in the next call: ask who signs, by when it has to be decided, and which budget it comes from."
        }
        Part::ObjectionHandling => {
            "Answer each objection when it is raised: repeat it, ask what is behind it, then respond."
        }
    }
}
