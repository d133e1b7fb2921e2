//! What a team may set about scores and coaching.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize};

use super::moment_rules::MomentRules;
use super::table::Targets;
use crate::{Error, ErrorCode, Part, Result, toml_file};

/// Thresholds, weights and kinds of scores and coaching. Reads from TOML and JSON; what is
/// left out keeps its default.
///
/// ```
/// use agents::targets::CoachingSettings;
///
/// let settings: CoachingSettings = serde_json::from_str(
///     r#"{"targets": {"longest_monologue": {"high": 90}}, "part_weights": {"next_steps": 0.3}}"#,
/// )?;
/// settings.check().expect("they make sense");
///
/// let reversed = r#"{"targets": {"talk_ratio": {"low": 0.9}}}"#;
/// let reversed: CoachingSettings = serde_json::from_str(reversed)?;
/// assert_eq!(reversed.check().unwrap_err().field(), Some("targets.talk_ratio.low"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CoachingSettings {
    /// Where each figure should be.
    pub targets: Targets,
    /// Share of each part in a call's score; parts that cannot be scored drop out and the
    /// others keep their proportions.
    pub part_weights: PartWeights,
    /// Kinds of coachable moments.
    pub moments: MomentRules,
    /// Parts of a call's score below this get a recommendation; 75.
    pub weak_below: f64,
    /// Calls below which coaching is a hint and not a finding; 3.
    pub few_calls: usize,
    /// Calls from which single ones weigh little; 10.
    pub many_calls: usize,
    /// Reps below which a team has no quartiles worth comparing with; 3.
    pub fewest_reps: usize,
    /// Recommendations of one kind at most: more nobody practises; 3.
    pub most_recommendations: usize,
    /// Won deals, and lost ones, before differences between them are listed; 5 each.
    pub fewest_to_compare: usize,
}

impl Default for CoachingSettings {
    fn default() -> Self {
        Self {
            targets: Targets::default(),
            part_weights: PartWeights::default(),
            moments: MomentRules::default(),
            weak_below: 75.0,
            few_calls: 3,
            many_calls: 10,
            fewest_reps: 3,
            most_recommendations: 3,
            fewest_to_compare: 5,
        }
    }
}

impl CoachingSettings {
    /// Those of a TOML file.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidValue`] when the file cannot be read, is no TOML, or holds settings
    /// that are unknown or make no sense, on the field at fault; the message begins with the file.
    pub fn in_file(path: &Path) -> Result<Self> {
        toml_file::read(path, |text| {
            let settings: Self = toml_file::parse(text)?;
            settings.check()?;
            Ok(settings)
        })
    }

    /// Whether they make sense.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidValue`] with the field at fault, such as
    /// `targets.talk_ratio.low`.
    pub fn check(&self) -> Result<()> {
        let fault = |field: String, why: &str| {
            Err(Error::new(ErrorCode::InvalidValue, why).with_field(field))
        };
        if let Some((metric, field, why)) = self.targets.fault() {
            return fault(format!("targets.{}.{field}", metric.as_str()), why);
        }
        if let Some((kind, field, why)) = self.moments.fault() {
            return fault(format!("moments.{kind}.{field}"), why);
        }
        if let Some(why) = self.part_weights.fault() {
            return fault("part_weights".to_owned(), why);
        }
        if !(0.0..=100.0).contains(&self.weak_below) {
            return fault("weak_below".to_owned(), "must be from 0 to 100");
        }
        let counts = [
            ("few_calls", self.few_calls),
            ("many_calls", self.many_calls),
            ("fewest_reps", self.fewest_reps),
            ("most_recommendations", self.most_recommendations),
            ("fewest_to_compare", self.fewest_to_compare),
        ];
        if let Some((field, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return fault(field.to_owned(), "must be at least 1");
        }
        if self.many_calls < self.few_calls {
            return fault("many_calls".to_owned(), "must not be less than few_calls");
        }
        Ok(())
    }
}

/// Share of each part in a call's score, of which settings name only those they change.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct PartWeights(BTreeMap<Part, f64>);

impl PartWeights {
    /// The weight of a part beside the others'.
    pub fn of(&self, part: Part) -> f64 {
        self.0.get(&part).copied().unwrap_or_default()
    }

    fn fault(&self) -> Option<&'static str> {
        let mut weights = self.0.values();
        if weights.any(|weight| !(0.0..=1.0).contains(weight)) {
            return Some("must be from 0 to 1");
        }
        (self.0.values().sum::<f64>() <= 0.0).then_some("must not all be 0")
    }
}

impl Default for PartWeights {
    fn default() -> Self {
        Self(
            Part::ALL
                .into_iter()
                .map(|part| (part, part.weight()))
                .collect(),
        )
    }
}

impl<'de> Deserialize<'de> for PartWeights {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut weights = Self::default();
        weights
            .0
            .extend(BTreeMap::<Part, f64>::deserialize(deserializer)?);
        Ok(weights)
    }
}
