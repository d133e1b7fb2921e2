//! The parts of a score.

use serde::{Deserialize, Serialize};

/// A part of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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

    /// Share in the overall score when every part can be scored and settings say nothing
    /// else. The weights are ours; they sum to 1. Parts without data drop out and the others
    /// keep their proportions.
    ///
    /// They follow what a part tells apart in labelled dialogues (docs/tasks.md). Objection
    /// handling, questions and tone tell nothing there: their figures are shown beside the score
    /// and do not count.
    pub fn weight(self) -> f64 {
        match self {
            Self::DealQualification => 0.40,
            Self::TalkBalance => 0.20,
            Self::CustomerEngagement | Self::NextSteps => 0.15,
            Self::Listening => 0.10,
            Self::ObjectionHandling | Self::Questions | Self::Tone => 0.0,
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
