//! Kinds of coachable moments: which are good, how much each weighs, what to practise.

use std::collections::BTreeMap;

use calls::reading::Moment;
use serde::{Deserialize, Deserializer, Serialize};

/// How the coach takes moments of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MomentRule {
    /// Whether it is to be repeated, rather than changed.
    pub is_good: bool,
    /// How much it matters beside the others, 0 to 1; 0 leaves the kind out.
    pub weight: f64,
    /// What to practise; of a good one what was good.
    pub practise: String,
    /// The kinds that show how the same situation goes well.
    pub shown_by: Vec<String>,
}

/// What settings change of a rule; what they leave out stays.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RuleChange {
    is_good: Option<bool>,
    weight: Option<f64>,
    practise: Option<String>,
    shown_by: Option<Vec<String>>,
}

/// The rule of each kind of moment. As TOML or JSON a table by kind, of which settings name
/// only what they change; readers may name further kinds, and so may settings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct MomentRules(BTreeMap<String, MomentRule>);

impl MomentRules {
    /// The rule of a moment. A kind without one is to be changed where the reader knows a
    /// better line, and to be repeated where not.
    pub(crate) fn of(&self, moment: &Moment) -> MomentRule {
        let other = || MomentRule {
            is_good: moment.better.is_none(),
            weight: OTHER_WEIGHT,
            practise: String::new(),
            shown_by: Vec::new(),
        };
        self.0.get(&moment.kind).cloned().unwrap_or_else(other)
    }

    /// The kind, field and reason of what makes no sense.
    pub(super) fn fault(&self) -> Option<(&str, &'static str, &'static str)> {
        let mut rules = self.0.iter();
        let bad = rules.find(|(_, rule)| !(0.0..=1.0).contains(&rule.weight));
        bad.map(|(kind, _)| (kind.as_str(), "weight", "must be from 0 to 1"))
    }
}

/// What a kind weighs that the table does not name. Ours.
const OTHER_WEIGHT: f64 = 0.5;

/// Weights are ours: what costs a deal before what costs a call.
const DEFAULTS: [(&str, bool, f64, &str, &[&str]); 13] = [
    (
        "missed_pushback",
        false,
        1.0,
        "Take pushback up when it comes: say it back, ask what is behind it, then answer.",
        &["good_handling"],
    ),
    (
        "made_worse",
        false,
        1.0,
        "When pushback grows, stop arguing: ask what would have to be true, and listen.",
        &["good_handling"],
    ),
    (
        "no_next_step",
        false,
        1.0,
        "Agree who does what by which day before you hang up, and say it back.",
        &["good_summary"],
    ),
    (
        "discount_unprompted",
        false,
        0.9,
        "Give nothing away unasked: find out what the price is compared with, and trade a discount for something.",
        &["good_handling"],
    ),
    (
        "missed_buying_signal",
        false,
        0.9,
        "When the customer shows interest, stop presenting: ask what it would change and what has to happen next.",
        &["strong_question"],
    ),
    (
        "missed_pain",
        false,
        0.9,
        "When the customer names a problem, ask what it costs and whom it hurts before you say anything else.",
        &["strong_question"],
    ),
    (
        "feature_dump",
        false,
        0.8,
        "Show less: one feature for one problem that was named, then ask what it would change.",
        &["strong_question", "good_summary"],
    ),
    (
        "talked_over",
        false,
        0.7,
        "Let customers finish, and wait for a breath before you answer.",
        &["strong_question"],
    ),
    (
        "weak_question",
        false,
        0.6,
        "Ask open questions, one at a time: what, how, who, by when.",
        &["strong_question"],
    ),
    (
        "strong_question",
        true,
        0.8,
        "Asked what opens the customer up.",
        &[],
    ),
    (
        "good_handling",
        true,
        1.0,
        "Met pushback so that the talk went on.",
        &[],
    ),
    (
        "good_summary",
        true,
        0.7,
        "Summed up what was agreed, with owners and days.",
        &[],
    ),
    (
        "good_next_step",
        true,
        0.7,
        "Closed with an owner and a day.",
        &[],
    ),
];

impl Default for MomentRules {
    fn default() -> Self {
        let rules = DEFAULTS.map(|(kind, is_good, weight, practise, shown_by)| {
            let rule = MomentRule {
                is_good,
                weight,
                practise: practise.to_owned(),
                shown_by: shown_by.iter().map(|&kind| kind.to_owned()).collect(),
            };
            (kind.to_owned(), rule)
        });
        Self(rules.into())
    }
}

impl<'de> Deserialize<'de> for MomentRules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let changes = BTreeMap::<String, RuleChange>::deserialize(deserializer)?;
        let mut rules = Self::default();
        for (kind, change) in changes {
            let rule = rules.0.entry(kind).or_insert_with(|| MomentRule {
                is_good: false,
                weight: OTHER_WEIGHT,
                practise: String::new(),
                shown_by: Vec::new(),
            });
            rule.is_good = change.is_good.unwrap_or(rule.is_good);
            rule.weight = change.weight.unwrap_or(rule.weight);
            if let Some(practise) = change.practise {
                rule.practise = practise;
            }
            if let Some(shown_by) = change.shown_by {
                rule.shown_by = shown_by;
            }
        }
        Ok(rules)
    }
}
