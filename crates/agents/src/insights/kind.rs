//! Names of findings as stored, in one place for readers and writers.

use cortex::FindingKind;

/// Pushback of the customer.
pub const OBJECTION: &str = "objection";
/// A competitor was named.
pub const COMPETITOR_MENTION: &str = "competitor_mention";
/// Something to do was agreed.
pub const NEXT_STEP: &str = "next_step";
/// Somebody promised something.
pub const COMMITMENT: &str = "commitment";
/// Price, budget or discount.
pub const PRICING_MENTION: &str = "pricing_mention";
/// When things should happen.
pub const TIMELINE: &str = "timeline";
/// Who decides, and how.
pub const DECISION_PROCESS: &str = "decision_process";
/// Praise for the product or the people.
pub const PRAISE: &str = "praise";

/// What is asked of a language backend, with the name it is stored under.
pub(super) const WANTED: [(FindingKind, &str); 8] = [
    (FindingKind::Objection, OBJECTION),
    (FindingKind::CompetitorMention, COMPETITOR_MENTION),
    (FindingKind::NextStep, NEXT_STEP),
    (FindingKind::Commitment, COMMITMENT),
    (FindingKind::PricingMention, PRICING_MENTION),
    (FindingKind::Timeline, TIMELINE),
    (FindingKind::DecisionProcess, DECISION_PROCESS),
    (FindingKind::Praise, PRAISE),
];
