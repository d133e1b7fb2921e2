//! The one table of targets, which the score of a call and the coach both read.
//!
//! Every bound, slope and importance stands here once, with its source. Where there is no
//! outside source it says `ours`; Gong's own ranges are not public.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::metric::CoachMetric;
use super::target::{MetricTarget, TargetChange};

/// The target of each metric. As TOML or JSON a table by metric, of which settings name
/// only what they change:
///
/// ```
/// use agents::targets::{CoachMetric, Targets};
///
/// let targets: Targets = serde_json::from_str(r#"{"talk_ratio": {"high": 0.55}}"#)?;
/// let talk = targets.of(CoachMetric::TalkRatio);
/// assert_eq!((talk.low, talk.high), (Some(0.35), Some(0.55)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Targets(BTreeMap<CoachMetric, MetricTarget>);

impl Targets {
    /// The target of a metric.
    pub fn of(&self, metric: CoachMetric) -> &MetricTarget {
        // A map of all metrics, by construction; the default is there for the type.
        static NONE: MetricTarget = MetricTarget {
            low: None,
            high: None,
            nothing_at_low: None,
            nothing_at_high: None,
            importance: 0.0,
            just_noticeable: 1.0,
            source: String::new(),
        };
        self.0.get(&metric).unwrap_or(&NONE)
    }

    /// The metric, field and reason of what makes no sense.
    pub(super) fn fault(&self) -> Option<(CoachMetric, &'static str, &'static str)> {
        self.0.iter().find_map(|(metric, target)| {
            let (field, why) = target.fault()?;
            Some((*metric, field, why))
        })
    }
}

impl Default for Targets {
    fn default() -> Self {
        Self(
            CoachMetric::ALL
                .into_iter()
                .map(|metric| (metric, default_of(metric)))
                .collect(),
        )
    }
}

impl<'de> Deserialize<'de> for Targets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let changes = BTreeMap::<CoachMetric, TargetChange>::deserialize(deserializer)?;
        let mut targets = Self::default();
        for (metric, change) in changes {
            if let Some(target) = targets.0.get_mut(&metric) {
                target.changed(change);
            }
        }
        Ok(targets)
    }
}

fn at_least(low: f64, nothing: f64) -> MetricTarget {
    row(Some(low), None, Some(nothing), None)
}

fn at_most(high: f64, nothing: f64) -> MetricTarget {
    row(None, Some(high), None, Some(nothing))
}

fn row(
    low: Option<f64>,
    high: Option<f64>,
    nothing_at_low: Option<f64>,
    nothing_at_high: Option<f64>,
) -> MetricTarget {
    MetricTarget {
        low,
        high,
        nothing_at_low,
        nothing_at_high,
        importance: 0.5,
        just_noticeable: 1.0,
        source: "ours".to_owned(),
    }
}

impl MetricTarget {
    fn weighing(mut self, importance: f64, just_noticeable: f64) -> Self {
        self.importance = importance;
        self.just_noticeable = just_noticeable;
        self
    }

    fn said_by(mut self, source: &str) -> Self {
        source.clone_into(&mut self.source);
        self
    }
}

/// Importance is ours: what the customer feels in every call comes before what only a
/// listener notices.
fn default_of(metric: CoachMetric) -> MetricTarget {
    match metric {
        // 65 % gets half.
        CoachMetric::TalkRatio => row(Some(0.35), Some(0.50), Some(0.0), Some(0.80))
            .weighing(1.0, 0.05)
            .said_by("Gong Labs 2025 (43:57 best, above 65% win rates fall); edges ours"),
        // Every question mark counts. Half of the better reps of the labelled dialogues ask 83
        // to 117 times an hour, so that only far more reads as an interrogation.
        CoachMetric::QuestionRate => row(Some(18.0), Some(150.0), Some(0.0), Some(300.0))
            .weighing(1.0, 3.0)
            .said_by("ours; blogs name 11 to 14 questions in a discovery of 30 minutes as few"),
        CoachMetric::NextStepShare => at_least(0.80, 0.0).weighing(1.0, 0.10),
        CoachMetric::LongestMonologue => at_most(150.0, 450.0).weighing(0.8, 10.0),
        CoachMetric::Patience => at_least(0.6, 0.0).weighing(0.7, 0.2),
        CoachMetric::LongestCustomerStory => at_least(45.0, 0.0).weighing(0.7, 5.0),
        CoachMetric::Interactivity => at_least(3.0, 0.0).weighing(0.5, 0.5),
        // For scores of single sentences, where the mean of a friendly call is near 0.2.
        CoachMetric::Sentiment => at_least(0.05, -0.65).weighing(0.6, 0.03),
        CoachMetric::FillerRate => at_most(5.0, 15.0).weighing(0.3, 0.5),
        CoachMetric::CustomerQuestionRate => at_least(8.0, 0.0).weighing(0.5, 2.0),
        CoachMetric::Qualification => at_least(6.0, 0.0)
            .weighing(0.8, 1.0)
            .said_by("ours: most of MEDDICC's eight elements"),
        CoachMetric::PushbackHandled => at_least(0.75, 0.0).weighing(1.0, 0.10),
    }
}
