//! The coach's metrics: what each is, which direction is good, how much it matters.

use serde::Serialize;
use snowflake_store::{Benchmark, Performance, Spread};

use crate::prose;

/// A metric a coach looks at. Definitions and units are those of
/// [`ConversationMetrics`](calls::analytics::ConversationMetrics) and
/// [`Performance`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CoachMetric {
    /// Rep speech as a share of all speech.
    TalkRatio,
    /// Rep questions per hour.
    QuestionRate,
    /// Share of calls with a next step.
    NextStepShare,
    /// Longest turn of the rep.
    LongestMonologue,
    /// Median pause before the rep answers.
    Patience,
    /// Longest turn of a customer.
    LongestCustomerStory,
    /// Speaker switches per minute.
    Interactivity,
    /// Mean call sentiment.
    Sentiment,
    /// Fillers per 100 words.
    FillerRate,
}

/// Which direction of a metric is good.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GoodDirection {
    /// The more the better.
    Higher,
    /// The less the better.
    Lower,
    /// Between two values.
    Between {
        /// Lowest good value.
        low: f64,
        /// Highest good value.
        high: f64,
    },
}

impl CoachMetric {
    /// All metrics, in the order of a report.
    pub const ALL: [Self; 9] = [
        Self::TalkRatio,
        Self::QuestionRate,
        Self::NextStepShare,
        Self::LongestMonologue,
        Self::Patience,
        Self::LongestCustomerStory,
        Self::Interactivity,
        Self::Sentiment,
        Self::FillerRate,
    ];

    /// Its display name.
    pub fn label(self) -> &'static str {
        match self {
            Self::TalkRatio => "Talk ratio",
            Self::QuestionRate => "Questions per hour",
            Self::NextStepShare => "Calls with a next step",
            Self::LongestMonologue => "Longest monologue",
            Self::Patience => "Patience",
            Self::LongestCustomerStory => "Longest customer story",
            Self::Interactivity => "Speaker switches per minute",
            Self::Sentiment => "Tone of calls",
            Self::FillerRate => "Fillers per 100 words",
        }
    }

    /// Unit of the value.
    pub fn unit(self) -> &'static str {
        match self {
            Self::TalkRatio | Self::NextStepShare => "share",
            Self::QuestionRate => "per_hour",
            Self::LongestMonologue | Self::Patience | Self::LongestCustomerStory => "seconds",
            Self::Interactivity => "switches_per_minute",
            Self::Sentiment => "score",
            Self::FillerRate => "per_100_words",
        }
    }

    /// Which direction is good. The range of the talk ratio is that of the call's
    /// score ([`Part::TalkBalance`](crate::Part::TalkBalance)).
    pub fn good_direction(self) -> GoodDirection {
        match self {
            Self::TalkRatio => GoodDirection::Between {
                low: 0.35,
                high: 0.50,
            },
            Self::LongestMonologue | Self::FillerRate => GoodDirection::Lower,
            _ => GoodDirection::Higher,
        }
    }

    /// How much the metric matters beside the others, 0 to 1. Ours: what the
    /// customer feels in every call before what only a listener notices.
    pub fn importance(self) -> f64 {
        match self {
            Self::TalkRatio | Self::QuestionRate | Self::NextStepShare => 1.0,
            Self::LongestMonologue => 0.8,
            Self::Patience | Self::LongestCustomerStory => 0.7,
            Self::Sentiment => 0.6,
            Self::Interactivity => 0.5,
            Self::FillerRate => 0.3,
        }
    }

    /// Where the value should be when there is no team to compare with. Ours.
    pub fn target(self) -> f64 {
        match self {
            Self::TalkRatio => 0.50,
            Self::QuestionRate => 18.0,
            Self::NextStepShare => 0.80,
            Self::LongestMonologue => 150.0,
            Self::Patience => 0.6,
            Self::LongestCustomerStory => 45.0,
            Self::Interactivity => 3.0,
            Self::Sentiment => 0.15,
            Self::FillerRate => 5.0,
        }
    }

    /// A difference that nobody would notice; differences are measured in the
    /// team's quartile distance, but never in less than this.
    pub(crate) fn just_noticeable(self) -> f64 {
        match self {
            Self::TalkRatio => 0.05,
            Self::QuestionRate => 3.0,
            Self::NextStepShare => 0.10,
            Self::LongestMonologue => 10.0,
            Self::Patience => 0.2,
            Self::LongestCustomerStory => 5.0,
            Self::Interactivity => 0.5,
            Self::Sentiment => 0.03,
            Self::FillerRate => 0.5,
        }
    }

    /// The metric's value in a rep's or a call's figures.
    pub fn value(self, figures: &Performance) -> Option<f64> {
        match self {
            Self::TalkRatio => figures.talk_ratio,
            Self::QuestionRate => figures.question_rate,
            Self::NextStepShare => figures.next_step_share,
            Self::LongestMonologue => figures.longest_monologue_seconds,
            Self::Patience => figures.patience_seconds,
            Self::LongestCustomerStory => figures.longest_customer_story_seconds,
            Self::Interactivity => figures.interactivity,
            Self::Sentiment => figures.sentiment,
            Self::FillerRate => figures.filler_rate,
        }
        .filter(|value| value.is_finite())
    }

    /// The metric's spread over a team.
    pub fn spread(self, team: &Benchmark) -> Option<Spread> {
        match self {
            Self::TalkRatio => team.talk_ratio,
            Self::QuestionRate => team.question_rate,
            Self::NextStepShare => team.next_step_share,
            Self::LongestMonologue => team.longest_monologue_seconds,
            Self::Patience => team.patience_seconds,
            Self::LongestCustomerStory => team.longest_customer_story_seconds,
            Self::Interactivity => team.interactivity,
            Self::Sentiment => team.sentiment,
            Self::FillerRate => team.filler_rate,
        }
    }

    /// How far a value is from good: 0 inside the good range; for metrics
    /// without one, larger is worse. Orders calls and reps by a metric.
    pub(crate) fn badness(self, value: f64) -> f64 {
        match self.good_direction() {
            GoodDirection::Higher => -value,
            GoodDirection::Lower => value,
            GoodDirection::Between { low, high } => (low - value).max(value - high).max(0.0),
        }
    }

    /// The value, formatted for people.
    pub fn display(self, value: f64) -> String {
        match self {
            Self::TalkRatio | Self::NextStepShare => prose::percent(value),
            Self::QuestionRate => format!("{value:.0}"),
            Self::LongestMonologue | Self::LongestCustomerStory => prose::seconds(value),
            Self::Patience => format!("{value:.1} s"),
            Self::Interactivity | Self::FillerRate => format!("{value:.1}"),
            Self::Sentiment => format!("{value:+.2}"),
        }
    }

    /// What to practise. `is_high` says on which side of good the rep is.
    pub(crate) fn advice(self, is_high: bool) -> &'static str {
        match (self, is_high) {
            (Self::TalkRatio, true) => {
                "Talk less: after each point you make, ask one open question and wait for the answer."
            }
            (Self::TalkRatio, false) => {
                "Lead more: open with an agenda, sum up after each topic and say what you propose."
            }
            (Self::QuestionRate, _) => {
                "Ask more: write five open questions before each call and ask them before you show anything."
            }
            (Self::NextStepShare, _) => {
                "End every call with a next step: who does what by which day, said aloud before you hang up."
            }
            (Self::LongestMonologue, _) => {
                "Break up long explanations: stop after two minutes and ask what it means for the customer."
            }
            (Self::Patience, _) => {
                "Count to two before you answer: customers often add the important part after a pause."
            }
            (Self::LongestCustomerStory, _) => {
                "Get the customer to tell a story: ask them to walk you through the last time it went wrong."
            }
            (Self::Interactivity, _) => {
                "Make it a dialogue: check in after every slide or screen instead of at the end."
            }
            (Self::Sentiment, _) => {
                "Listen to the tense moments below, and open the next call with what has been done about them."
            }
            (Self::FillerRate, _) => {
                "Replace fillers by pauses: record one call opening a week and count them yourself."
            }
        }
    }
}
