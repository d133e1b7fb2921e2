//! The score: named parts, their weights, and the sum.

use serde::Serialize;

use crate::{Evidence, Figure};

/// A part of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// How speech is divided between the sides.
    TalkBalance,
    /// How much the rep asks.
    Questions,
    /// Whether the rep lets the customer finish, and stops talking.
    Listening,
    /// Whether the customer tells and asks.
    CustomerEngagement,
    /// Tone, and where it goes.
    Tone,
    /// Whether the call ends in something agreed.
    NextSteps,
    /// Whether money, time and decision were talked about.
    DealQualification,
    /// Whether objections were answered.
    ObjectionHandling,
}

impl Part {
    /// All parts, in the order of a report.
    pub const ALL: [Self; 8] = [
        Self::TalkBalance,
        Self::Questions,
        Self::Listening,
        Self::CustomerEngagement,
        Self::Tone,
        Self::NextSteps,
        Self::DealQualification,
        Self::ObjectionHandling,
    ];

    /// Share in the overall score when every part can be scored. The weights are
    /// ours; they sum to 1. Parts without data drop out and the others keep
    /// their proportions.
    pub fn weight(self) -> f64 {
        match self {
            Self::TalkBalance | Self::Questions | Self::CustomerEngagement | Self::NextSteps => {
                0.15
            }
            Self::Listening | Self::Tone | Self::DealQualification | Self::ObjectionHandling => {
                0.10
            }
        }
    }

    /// Its display name.
    pub fn label(self) -> &'static str {
        match self {
            Self::TalkBalance => "Talk balance",
            Self::Questions => "Questions",
            Self::Listening => "Listening",
            Self::CustomerEngagement => "Customer engagement",
            Self::Tone => "Tone",
            Self::NextSteps => "Next steps",
            Self::DealQualification => "Deal qualification",
            Self::ObjectionHandling => "Objection handling",
        }
    }
}

/// How good a call was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// 0 to 100: the weighted sum of the parts.
    pub overall: f64,
    /// Parts that could be scored; their weights sum to 1.
    pub parts: Vec<ScorePart>,
    /// Parts that could not, with the reason.
    pub unscored: Vec<UnscoredPart>,
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Target {
    /// Lowest good value; `None` when there is no such bound.
    pub low: Option<f64>,
    /// Highest good value; `None` when there is no such bound.
    pub high: Option<f64>,
    /// Unit of both.
    pub unit: &'static str,
    /// Who says so; `ours` where nobody else does.
    pub source: &'static str,
}

/// A part that could not be scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnscoredPart {
    /// The part.
    pub part: Part,
    /// Its display name.
    pub label: &'static str,
    /// Why not.
    pub reason: String,
}

/// What scoring one part gives.
#[derive(Debug)]
pub(crate) enum Outcome {
    Scored(Judged),
    Unscored(String),
}

/// A scored part without its weight.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) score: f64,
    pub(crate) figures: Vec<Figure>,
    pub(crate) target: Target,
    pub(crate) why: String,
    pub(crate) evidence: Vec<Evidence>,
}

impl Score {
    /// Puts parts together. A part that nothing can be cited for counts as unscored.
    pub(crate) fn of(outcomes: Vec<(Part, Outcome)>) -> Self {
        let mut parts = Vec::new();
        let mut unscored = Vec::new();
        for (part, outcome) in outcomes {
            let label = part.label();
            match outcome {
                Outcome::Scored(judged) if !judged.evidence.is_empty() => parts.push(ScorePart {
                    part,
                    label,
                    score: one_decimal(judged.score.clamp(0.0, 100.0)),
                    weight: part.weight(),
                    figures: judged.figures,
                    target: judged.target,
                    why: judged.why,
                    evidence: judged.evidence,
                }),
                Outcome::Scored(_) => unscored.push(UnscoredPart {
                    part,
                    label,
                    reason: "no sentence of the transcript shows it".to_owned(),
                }),
                Outcome::Unscored(reason) => unscored.push(UnscoredPart {
                    part,
                    label,
                    reason,
                }),
            }
        }
        let whole: f64 = parts.iter().map(|part| part.weight).sum();
        for part in &mut parts {
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

/// 100 inside `low..=high`, falling in a straight line to 0 at `zero_below` and `zero_above`.
pub(crate) fn plateau(value: f64, zero_below: f64, low: f64, high: f64, zero_above: f64) -> f64 {
    let score = if value < low {
        (value - zero_below) / (low - zero_below)
    } else if value > high {
        (zero_above - value) / (zero_above - high)
    } else {
        1.0
    };
    100.0 * score.clamp(0.0, 1.0)
}

/// 0 at `zero`, 100 at `full` and beyond, straight in between; `full` may be below `zero`.
pub(crate) fn ramp(value: f64, zero: f64, full: f64) -> f64 {
    100.0 * ((value - zero) / (full - zero)).clamp(0.0, 1.0)
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

    #[test]
    fn a_plateau_is_full_inside_and_falls_outside() {
        let score = |value| plateau(value, 0.0, 0.35, 0.5, 0.8);
        assert_eq!(score(0.4), 100.0);
        assert!((score(0.65) - 50.0).abs() < 1e-9);
        assert_eq!(score(0.9), 0.0);
        assert!((score(0.175) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn a_ramp_may_fall() {
        assert_eq!(ramp(150.0, 450.0, 150.0), 100.0);
        assert_eq!(ramp(300.0, 450.0, 150.0), 50.0);
        assert_eq!(ramp(600.0, 450.0, 150.0), 0.0);
    }
}
