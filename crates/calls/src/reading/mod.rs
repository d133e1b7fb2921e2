//! Everything that is understood of a call in one pass: one typed value, [`Reading`].
//!
//! Every reader fills the same value: the local models, a generative model, a person.
//! Sentences are numbered from 0 through the whole call, in the order of
//! [`CallToRead::turns`]. What could not be read is recorded in the reading
//! ([`Reading::failed`]) and never looks like an absence.

mod input;
mod item;
mod judgement;

pub use input::{CallToRead, DealFacts, ReadParty, ReadTurn, Side};
pub use item::{
    Competitor, Confidence, Fact, Handling, NextStep, Owner, Pain, Pushback, PushbackKind, Stance,
    StepStatus,
};
pub use judgement::{
    CallType, Claim, Known, KnownState, Moment, NotRead, Part, Qualification, QualificationElement,
};

use serde::{Deserialize, Serialize};

/// What one backend understood of one call.
///
/// As JSON it has these names; `language -- read` and the store keep that shape.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct Reading {
    /// What happens after the call, in the order in which it was agreed.
    pub next_steps: Vec<NextStep>,
    /// What stands in the way, from the customer's side.
    pub pushback: Vec<Pushback>,
    /// Whom we are compared with.
    pub competitors: Vec<Competitor>,
    /// Price, discount, budget and terms of this deal.
    pub pricing: Vec<Fact>,
    /// Who decides or signs, and which steps it takes.
    pub decision: Vec<Fact>,
    /// When the customer wants it or must have it.
    pub timeline: Vec<Fact>,
    /// What the customer likes about us.
    pub praise: Vec<Fact>,
    /// What the customer suffers from.
    pub pains: Vec<Pain>,
    /// MEDDICC: what is known of the deal.
    pub qualification: Qualification,
    /// Moments worth talking about with the rep.
    pub moments: Vec<Moment>,
    /// Where the deal stands and what is next, in a few sentences. Empty if nothing was read.
    pub summary: String,
    /// What the summary says, claim by claim, with what each rests on.
    pub summary_claims: Vec<Claim>,
    /// What kind of call it is; `None` when the reader cannot tell.
    pub call_type: Option<CallType>,
    /// From 0 (dead) to 100 (will sign), from what was heard; `None` for a call that is
    /// about no deal.
    pub deal_health: Option<u8>,
    /// The reasons for the deal's health, strongest first.
    pub deal_health_why: Vec<Claim>,
    /// Parts that could not be read, and why.
    pub failed: Vec<NotRead>,
    /// How many items a reader's answer held beside these that could not be understood
    /// or did not hold against the call.
    pub dropped: usize,
}

impl Reading {
    /// Whether the part was read. Only then is its emptiness an absence.
    pub fn was_read(&self, part: Part) -> bool {
        !self.failed.iter().any(|failure| failure.part == part)
    }

    /// A reading of which nothing could be read.
    pub fn failed_whole(why: impl Into<String>, is_retryable: bool) -> Self {
        let why = why.into();
        let failed = Part::ALL
            .into_iter()
            .map(|part| NotRead::new(part, why.clone(), is_retryable))
            .collect();
        Self {
            failed,
            ..Self::default()
        }
    }

    /// The reading without items that are wrong more often than right: what claims, scores and
    /// summaries are made of.
    #[must_use]
    pub fn likely(&self) -> Self {
        let mut likely = self.clone();
        let is_likely = Confidence::is_likely;
        likely.next_steps.retain(|one| is_likely(&one.confidence));
        likely.pushback.retain(|one| is_likely(&one.confidence));
        likely.competitors.retain(|one| is_likely(&one.confidence));
        likely.pains.retain(|one| is_likely(&one.confidence));
        for facts in [
            &mut likely.pricing,
            &mut likely.decision,
            &mut likely.timeline,
            &mut likely.praise,
        ] {
            facts.retain(|one| is_likely(&one.confidence));
        }
        likely
    }

    /// How sure each item is, in no order.
    pub fn confidences(&self) -> impl Iterator<Item = f64> + '_ {
        let facts = [&self.pricing, &self.decision, &self.timeline, &self.praise];
        let facts = facts.into_iter().flatten().map(|fact| &fact.confidence);
        let steps = self.next_steps.iter().map(|step| &step.confidence);
        let pushback = self.pushback.iter().map(|one| &one.confidence);
        let competitors = self.competitors.iter().map(|one| &one.confidence);
        let pains = self.pains.iter().map(|pain| &pain.confidence);
        let all = facts.chain(steps).chain(pushback);
        let all = all.chain(competitors).chain(pains);
        all.map(|confidence| confidence.value)
    }

    /// Every sentence number that the reading cites, in no order.
    pub fn cited(&self) -> impl Iterator<Item = usize> + '_ {
        let facts = [&self.pricing, &self.decision, &self.timeline, &self.praise];
        let facts = facts.into_iter().flatten().map(|fact| &fact.sentences);
        let steps = self.next_steps.iter().map(|step| &step.sentences);
        let pushback = self.pushback.iter();
        let pushback = pushback.flat_map(|one| [&one.sentences, &one.handling_sentences]);
        let competitors = self.competitors.iter().map(|one| &one.sentences);
        let pains = self.pains.iter().map(|pain| &pain.sentences);
        let moments = self.moments.iter().map(|moment| &moment.sentences);
        let claims = self.summary_claims.iter().chain(&self.deal_health_why);
        let claims = claims.map(|claim| &claim.sentences);
        let known = self
            .qualification
            .elements()
            .map(|(_, known)| &known.sentences);
        facts
            .chain(steps)
            .chain(pushback)
            .chain(competitors)
            .chain(pains)
            .chain(moments)
            .chain(claims)
            .chain(known)
            .flatten()
            .copied()
    }
}
