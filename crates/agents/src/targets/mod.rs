//! What good is: one table of targets for the score of a call and for the coach, so that the
//! two never judge the same figure differently, and what a team may set of it.

mod metric;
mod moment_rules;
mod settings;
mod table;
mod target;

pub use metric::CoachMetric;
pub use moment_rules::{MomentRule, MomentRules};
pub use settings::{CoachingSettings, PartWeights};
pub use table::Targets;
pub(crate) use target::Verdict;
pub use target::{GoodDirection, MetricTarget};
