//! The figures that both agents judge by: what each is and how people read it.

use serde::{Deserialize, Serialize};
use snowflake_store::{Benchmark, Measured, Performance, Spread};

use super::target::MetricTarget;
use crate::prose;

/// A figure of a call or of a rep. Definitions and units are those of
/// [`ConversationMetrics`](calls::analytics::ConversationMetrics) and
/// [`Performance`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// Customer questions per hour; of single calls only.
    CustomerQuestionRate,
    /// MEDDICC elements known, those that were touched as halves; of single calls only.
    Qualification,
    /// How well pushback was answered, 0 to 1; of single calls only.
    PushbackHandled,
}

impl CoachMetric {
    /// All metrics, in the order of a report.
    pub const ALL: [Self; 12] = [
        Self::TalkRatio,
        Self::QuestionRate,
        Self::NextStepShare,
        Self::LongestMonologue,
        Self::Patience,
        Self::LongestCustomerStory,
        Self::Interactivity,
        Self::Sentiment,
        Self::FillerRate,
        Self::CustomerQuestionRate,
        Self::Qualification,
        Self::PushbackHandled,
    ];

    /// Its name in JSON and in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TalkRatio => "talk_ratio",
            Self::QuestionRate => "question_rate",
            Self::NextStepShare => "next_step_share",
            Self::LongestMonologue => "longest_monologue",
            Self::Patience => "patience",
            Self::LongestCustomerStory => "longest_customer_story",
            Self::Interactivity => "interactivity",
            Self::Sentiment => "sentiment",
            Self::FillerRate => "filler_rate",
            Self::CustomerQuestionRate => "customer_question_rate",
            Self::Qualification => "qualification",
            Self::PushbackHandled => "pushback_handled",
        }
    }

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
            Self::CustomerQuestionRate => "Customer questions per hour",
            Self::Qualification => "MEDDICC elements known",
            Self::PushbackHandled => "Pushback handled",
        }
    }

    /// Unit of the value.
    pub fn unit(self) -> &'static str {
        match self {
            Self::TalkRatio | Self::NextStepShare | Self::PushbackHandled => "share",
            Self::QuestionRate | Self::CustomerQuestionRate => "per_hour",
            Self::LongestMonologue | Self::Patience | Self::LongestCustomerStory => "seconds",
            Self::Interactivity => "switches_per_minute",
            Self::Sentiment => "score",
            Self::FillerRate => "per_100_words",
            Self::Qualification => "count",
        }
    }

    /// The metric's value in a rep's or a call's figures; `None` too for what the store
    /// keeps no figure of.
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
            Self::CustomerQuestionRate | Self::Qualification | Self::PushbackHandled => None,
        }
        .filter(|value| value.is_finite())
    }

    /// How many calls stand behind the value.
    pub fn measured(self, measured: &Measured) -> u64 {
        match self {
            Self::TalkRatio => measured.talk_ratio,
            Self::QuestionRate => measured.question_rate,
            Self::NextStepShare => measured.next_step_share,
            Self::LongestMonologue => measured.longest_monologue_seconds,
            Self::Patience => measured.patience_seconds,
            Self::LongestCustomerStory => measured.longest_customer_story_seconds,
            Self::Interactivity => measured.interactivity,
            Self::Sentiment => measured.sentiment,
            Self::FillerRate => measured.filler_rate,
            Self::CustomerQuestionRate | Self::Qualification | Self::PushbackHandled => 0,
        }
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
            Self::CustomerQuestionRate | Self::Qualification | Self::PushbackHandled => None,
        }
    }

    /// The value, formatted for people.
    pub fn display(self, value: f64) -> String {
        match self {
            Self::TalkRatio | Self::NextStepShare | Self::PushbackHandled => prose::percent(value),
            Self::QuestionRate | Self::CustomerQuestionRate => format!("{value:.0}"),
            Self::LongestMonologue | Self::LongestCustomerStory => prose::seconds(value),
            Self::Patience => format!("{value:.1} s"),
            Self::Interactivity | Self::FillerRate | Self::Qualification => format!("{value:.1}"),
            Self::Sentiment => format!("{value:+.2}"),
        }
    }

    /// `35% to 50%`, `at least 45 s` or `at most 2 min 30 s`.
    pub(crate) fn range(self, target: &MetricTarget) -> String {
        let show = |value| self.display(value);
        match (target.low, target.high) {
            (Some(low), Some(high)) => format!("{} to {}", show(low), show(high)),
            (Some(low), None) => format!("at least {}", show(low)),
            (None, Some(high)) => format!("at most {}", show(high)),
            (None, None) => String::new(),
        }
    }

    /// What to practise. `is_high` says on which side of good the value is.
    pub(crate) fn advice(self, is_high: bool) -> &'static str {
        match (self, is_high) {
            (Self::TalkRatio, true) => {
                "Talk less: after each point you make, ask one open question and wait for the answer."
            }
            (Self::TalkRatio, false) => {
                "Lead more: open with an agenda, sum up after each topic and say what you propose."
            }
            (Self::QuestionRate, true) => {
                "Ask less and dig deeper: follow one answer up twice before you move to the next question."
            }
            (Self::QuestionRate, false) => {
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
            (Self::CustomerQuestionRate, _) => {
                "Invite questions: stop after each topic and ask what they would want to know about it."
            }
            (Self::Qualification, _) => {
                "Qualify: ask who signs, by when it has to be decided, and which budget it comes from."
            }
            (Self::PushbackHandled, _) => {
                "Answer pushback when it is raised: say it back, ask what is behind it, then respond."
            }
        }
    }
}
