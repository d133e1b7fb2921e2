//! The score: named parts, their weights, and the sum.

use std::collections::HashSet;

use serde::Serialize;

use super::part::Part;
use crate::targets::{CoachMetric, PartWeights, Targets};
use crate::{Evidence, Figure};

/// Sentences that a part shows.
const SHOWN: usize = 3;

/// How good a call was.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Score {
    /// 0 to 100: the weighted sum of the parts.
    pub overall: f64,
    /// Parts that could be scored; their weights sum to 1.
    pub parts: Vec<ScorePart>,
    /// Parts that could not, or do not count, with the reason.
    pub unscored: Vec<UnscoredPart>,
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScorePart {
    /// The part.
    pub part: Part,
    /// Its display name.
    pub label: &'static str,
    /// 0 to 100.
    pub score: f64,
    /// Share in the overall score.
    pub weight: f64,
    /// The figures it rests on; the first one is the one the target speaks of.
    pub figures: Vec<Figure>,
    /// Where the figure should be.
    pub target: Target,
    /// Why, in one sentence.
    pub why: String,
    /// Sentences that show it; at least one.
    pub evidence: Vec<Evidence>,
}

/// Where a figure should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Target {
    /// Lowest good value; `None` when there is no such bound.
    pub low: Option<f64>,
    /// Highest good value; `None` when there is no such bound.
    pub high: Option<f64>,
    /// Unit of both.
    pub unit: &'static str,
    /// Who says so; `ours` where nobody else does.
    pub source: String,
}

impl Target {
    pub(crate) fn of(targets: &Targets, metric: CoachMetric) -> Self {
        let target = targets.of(metric);
        Self {
            low: target.low,
            high: target.high,
            unit: metric.unit(),
            source: target.source.clone(),
        }
    }
}

/// A part that could not be scored, or does not count.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UnscoredPart {
    /// The part.
    pub part: Part,
    /// Its display name.
    pub label: &'static str,
    /// Why not.
    pub reason: String,
    /// The figures of a part that does not count.
    pub figures: Vec<Figure>,
    /// What they say, in one sentence.
    pub why: Option<String>,
}

/// What scoring one part gives.
#[derive(Debug)]
pub(crate) enum Outcome {
    Scored(Judged),
    Unscored(String),
}

/// A scored part without its weight. Its evidence is a choice, the most telling first.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) score: f64,
    pub(crate) figures: Vec<Figure>,
    pub(crate) target: Target,
    pub(crate) why: String,
    pub(crate) evidence: Vec<Evidence>,
}

impl Score {
    /// Puts parts together. A part that nothing can be cited for counts as unscored, and so
    /// does one without weight.
    pub(crate) fn of(outcomes: Vec<(Part, Outcome)>, weights: &PartWeights) -> Self {
        let mut parts = Vec::new();
        let mut unscored = Vec::new();
        for (part, outcome) in outcomes {
            let label = part.label();
            let weight = weights.of(part);
            let (reason, shown) = match outcome {
                Outcome::Scored(judged) if weight <= 0.0 => {
                    let shown = (judged.figures, Some(judged.why));
                    ("its weight is 0".to_owned(), shown)
                }
                Outcome::Scored(judged) if !judged.evidence.is_empty() => {
                    parts.push(ScorePart {
                        part,
                        label,
                        score: one_decimal(judged.score.clamp(0.0, 100.0)),
                        weight,
                        figures: judged.figures,
                        target: judged.target,
                        why: judged.why,
                        evidence: judged.evidence,
                    });
                    continue;
                }
                Outcome::Scored(_) => {
                    let reason = "no sentence of the transcript shows it";
                    (reason.to_owned(), (Vec::new(), None))
                }
                Outcome::Unscored(reason) => (reason, (Vec::new(), None)),
            };
            let (figures, why) = shown;
            unscored.push(UnscoredPart {
                part,
                label,
                reason,
                figures,
                why,
            });
        }
        share_out(&mut parts);
        let whole: f64 = parts.iter().map(|part| part.weight).sum();
        // Of nothing but parts that do not count there is no share.
        for part in parts.iter_mut().filter(|_| whole > 0.0) {
            part.weight /= whole;
        }
        let overall = parts
            .iter()
            .map(|part| part.score * part.weight)
            .sum::<f64>();
        Self {
            overall: one_decimal(overall.clamp(0.0, 100.0)),
            parts,
            unscored,
        }
    }

    /// One part, when it could be scored.
    pub fn part(&self, part: Part) -> Option<&ScorePart> {
        self.parts.iter().find(|scored| scored.part == part)
    }
}

/// Cuts the choice of each part to what it shows. A sentence shows one part, so that it
/// serves one advice; parts with the smallest choice go first, and one that would be left
/// with nothing keeps its best.
fn share_out(parts: &mut [ScorePart]) {
    let mut order: Vec<&mut ScorePart> = parts.iter_mut().collect();
    order.sort_by_key(|part| part.evidence.len());
    let mut taken: HashSet<u32> = HashSet::new();
    for part in order {
        let is_free = |evidence: &Evidence| !taken.contains(&evidence.index());
        let is_any_free = part.evidence.iter().any(is_free);
        part.evidence
            .retain(|evidence| !is_any_free || !taken.contains(&evidence.index()));
        part.evidence.truncate(if is_any_free { SHOWN } else { 1 });
        taken.extend(part.evidence.iter().map(Evidence::index));
    }
}

pub(crate) fn one_decimal(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_all_parts_sum_to_one() {
        let sum: f64 = Part::ALL.into_iter().map(Part::weight).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    }
}
