//! What a reading concludes: qualification, moments, the kind of call, failures.

use serde::{Deserialize, Serialize};

use super::item::words;

/// Something concluded, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Claim {
    /// One sentence.
    pub what: String,
    /// The sentences of the call that it rests on; empty for what was not heard.
    pub sentences: Vec<usize>,
}

impl Claim {
    /// A claim of all its parts.
    pub fn new(what: impl Into<String>, sentences: Vec<usize>) -> Self {
        Self {
            what: what.into(),
            sentences,
        }
    }
}

words! {
    /// What kind of call it is.
    CallType {
        /// What the customer needs.
        Discovery = "discovery",
        /// Showing the product.
        Demo = "demo",
        /// Technical questions.
        Technical = "technical",
        /// Going through an offer.
        Proposal = "proposal",
        /// Talk of price.
        Pricing = "pricing",
        /// Haggling over terms.
        Negotiation = "negotiation",
        /// Renewing a contract.
        Renewal = "renewal",
        /// Looking back with a customer.
        BusinessReview = "business_review",
        /// Out of the blue.
        Cold = "cold",
        /// After an earlier call.
        FollowUp = "follow_up",
        /// The start of the work.
        Kickoff = "kickoff",
        /// Among colleagues.
        Internal = "internal",
        /// No sales call.
        NotSales = "not_sales",
    }
}

impl CallType {
    /// What people call it: "Demo call", "Business review".
    pub fn label(self) -> &'static str {
        match self {
            Self::Discovery => "Discovery call",
            Self::Demo => "Demo call",
            Self::Technical => "Technical call",
            Self::Proposal => "Proposal call",
            Self::Pricing => "Pricing call",
            Self::Negotiation => "Negotiation call",
            Self::Renewal => "Renewal call",
            Self::BusinessReview => "Business review",
            Self::Cold => "Cold call",
            Self::FollowUp => "Follow-up call",
            Self::Kickoff => "Kickoff call",
            Self::Internal => "Internal call",
            Self::NotSales => "Conversation that sells nothing",
        }
    }

    /// Whether somebody is being sold something.
    pub fn is_sales(self) -> bool {
        !matches!(self, Self::Internal | Self::NotSales)
    }
}

words! {
    /// An element of MEDDICC.
    QualificationElement {
        /// What it is worth, in figures.
        Metrics = "metrics",
        /// Who has the money.
        EconomicBuyer = "economic_buyer",
        /// What it is judged by.
        DecisionCriteria = "decision_criteria",
        /// How it is decided.
        DecisionProcess = "decision_process",
        /// Contract, security, purchasing.
        PaperProcess = "paper_process",
        /// What hurts.
        Pain = "pain",
        /// Who wants it.
        Champion = "champion",
        /// Who else is in it.
        Competition = "competition",
    }
}

words! {
    /// How much is known.
    KnownState {
        /// Said in so many words.
        Known = "known",
        /// Touched.
        Partial = "partial",
        /// Not heard.
        Unknown = "unknown",
    }
}

/// How much is known of an element, and what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Known {
    /// How much.
    pub state: KnownState,
    /// What, each in one line.
    pub what: Vec<String>,
    /// The sentences that say it.
    pub sentences: Vec<usize>,
}

impl Default for Known {
    fn default() -> Self {
        Self::new(KnownState::Unknown, Vec::new(), Vec::new())
    }
}

impl Known {
    /// A state with what is known.
    pub fn new(state: KnownState, what: Vec<String>, sentences: Vec<usize>) -> Self {
        Self {
            state,
            what,
            sentences,
        }
    }
}

/// MEDDICC after one call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct Qualification {
    /// What it is worth, in figures.
    pub metrics: Known,
    /// Who has the money.
    pub economic_buyer: Known,
    /// What it is judged by.
    pub decision_criteria: Known,
    /// How it is decided.
    pub decision_process: Known,
    /// Contract, security, purchasing.
    pub paper_process: Known,
    /// What hurts.
    pub pain: Known,
    /// Who wants it.
    pub champion: Known,
    /// Who else is in it.
    pub competition: Known,
}

impl Qualification {
    /// The elements in MEDDICC's order.
    pub fn elements(&self) -> impl Iterator<Item = (QualificationElement, &Known)> {
        use QualificationElement as E;
        [
            (E::Metrics, &self.metrics),
            (E::EconomicBuyer, &self.economic_buyer),
            (E::DecisionCriteria, &self.decision_criteria),
            (E::DecisionProcess, &self.decision_process),
            (E::PaperProcess, &self.paper_process),
            (E::Pain, &self.pain),
            (E::Champion, &self.champion),
            (E::Competition, &self.competition),
        ]
        .into_iter()
    }

    /// The elements in MEDDICC's order, to be changed.
    pub fn elements_mut(&mut self) -> impl Iterator<Item = &mut Known> {
        [
            &mut self.metrics,
            &mut self.economic_buyer,
            &mut self.decision_criteria,
            &mut self.decision_process,
            &mut self.paper_process,
            &mut self.pain,
            &mut self.champion,
            &mut self.competition,
        ]
        .into_iter()
    }
}

/// A moment worth talking about with the rep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Moment {
    /// Of what kind, such as `missed_pushback` or `good_handling`.
    pub kind: String,
    /// What happened.
    pub what: String,
    /// A better line; `None` where it was good.
    pub better: Option<String>,
    /// Where, ascending, each once.
    pub sentences: Vec<usize>,
}

impl Moment {
    /// A moment of all its parts.
    pub fn new(
        kind: impl Into<String>,
        what: impl Into<String>,
        better: Option<String>,
        sentences: Vec<usize>,
    ) -> Self {
        Self {
            kind: kind.into(),
            what: what.into(),
            better,
            sentences,
        }
    }
}

/// A part of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs)] // The fields of `Reading` of the same names.
pub enum Part {
    NextSteps,
    Pushback,
    Competitors,
    Pricing,
    Decision,
    Timeline,
    Praise,
    Pains,
    Qualification,
    Moments,
    Summary,
    CallType,
    DealHealth,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 13] = [
        Self::NextSteps,
        Self::Pushback,
        Self::Competitors,
        Self::Pricing,
        Self::Decision,
        Self::Timeline,
        Self::Praise,
        Self::Pains,
        Self::Qualification,
        Self::Moments,
        Self::Summary,
        Self::CallType,
        Self::DealHealth,
    ];
}

/// A part that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NotRead {
    /// Which.
    pub part: Part,
    /// Why, without words of the call.
    pub why: String,
    /// Whether reading again may help.
    pub is_retryable: bool,
}

impl NotRead {
    /// A failure of all its parts.
    pub fn new(part: Part, why: impl Into<String>, is_retryable: bool) -> Self {
        Self {
            part,
            why: why.into(),
            is_retryable,
        }
    }
}
