//! What to do about the weak parts of a call.

use std::collections::HashSet;

use super::model::Recommendation;
use super::part::Part;
use super::score::{Score, ScorePart, one_decimal};
use crate::{Basis, Claim, Result};

/// More than this nobody acts on.
const MOST: usize = 5;

/// Recommendations for the parts that score below `weak_below`, those worth most points
/// first. A sentence serves one of them.
pub(crate) fn recommendations(score: &Score, weak_below: f64) -> Result<Vec<Recommendation>> {
    let worth = |part: &ScorePart| part.weight * (100.0 - part.score);
    // What tells nothing apart is nothing to work on.
    let counted = score.parts.iter().filter(|part| part.weight > 0.0);
    let weak = counted.filter(|part| part.score < weak_below);
    let mut weak: Vec<&ScorePart> = weak.collect();
    weak.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.part.cmp(&b.part)));
    let mut taken: HashSet<u32> = HashSet::new();
    let mut recommendations = Vec::new();
    for part in weak {
        let mut evidence = part.evidence.clone();
        evidence.retain(|sentence| taken.insert(sentence.index()));
        if evidence.is_empty() || recommendations.len() == MOST {
            continue;
        }
        let text = format!("{} {}", advice(part), part.why);
        let mut claim = Claim::new("recommendation", text, Basis::Metric, evidence)?;
        if let Some(figure) = part.figures.first() {
            claim = claim.with_figure(*figure);
        }
        recommendations.push(Recommendation {
            part: part.part,
            claim,
            worth_points: one_decimal(worth(part)),
        });
    }
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
        Part::Listening if is_low => {
            "Count to two before you answer: customers often add the important part after a pause."
        }
        Part::Listening => {
            "Stop after two minutes at most, and ask what it means for the customer."
        }
        Part::CustomerEngagement => {
            "Let the customer tell: ask them to walk you through the last time the problem cost them something."
        }
        Part::Tone if !is_low => {
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
