//! Synthetic sales calls that read like sales calls, seeded and reproducible.
//!
//! [`SyntheticOrg::generate`] makes a selling company with fourteen reps of
//! [different styles](REPS), and deals with fifty buying companies that move
//! through discovery, demo, proposal, objections, contract and kickoff, or review
//! and renewal. Deals are won, lost or open; the skill of the rep and the tone of
//! the buyer go with the outcome, so that an analysis has something to find.
//!
//! The dialogue is put together from hand-written exchanges in
//! `synthetic/scripts`, in Gong's wire shapes, with real timing: speed of speech,
//! pauses, overlaps, backchannels. One deal can speak whole written conversations instead. The
//! same configuration gives the same bytes.

mod call_kind;
pub(crate) mod clock;
mod content;
mod crm;
mod dialogue;
mod names;
mod plan;
mod rep;
mod script;
mod sentence;
mod team;
mod timing;
mod wire;
mod written;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use calls::{Company, Contact, Deal, Stage};
use jiff::Timestamp;
use serde_json::Value;

use crate::SimulatedCall;
use clock::CompanyClock;

pub use call_kind::CallKind;
pub use rep::{REPS, Rep, RepStyle};
pub use written::WRITTEN_DEAL;

/// What to generate.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticConfig {
    /// Seed of everything.
    pub seed: u64,
    /// The instant that stands for now: all calls are over by then.
    pub anchor: Timestamp,
    /// Calls are spread over this many days before the anchor.
    pub days: u32,
    /// Number of deals; each has up to six calls.
    pub deals: usize,
    /// Sentences a call, aimed at: a call may have a few more. Below about 40
    /// little but greeting and goodbye is left.
    pub sentences: RangeInclusive<usize>,
    /// Whether one open deal, [`WRITTEN_DEAL`], speaks conversations that are written out as a
    /// whole, for those who look at what a reader finds.
    pub written_deal: bool,
}

impl Default for SyntheticConfig {
    /// Seed 1, anchored now, 60 days, 60 deals, 40 to 120 sentences per call, none written out.
    fn default() -> Self {
        Self {
            seed: 1,
            anchor: Timestamp::now(),
            days: 60,
            deals: 60,
            sentences: 40..=120,
            written_deal: false,
        }
    }
}

/// A selling company with its calls and the CRM records that go with them.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticOrg {
    /// Users in the shape of `GET /v2/users`: [`REPS`] in their order, then engineers.
    pub users: Vec<Value>,
    /// Workspaces in the shape of `GET /v2/workspaces`.
    pub workspaces: Vec<Value>,
    /// Calls, oldest first.
    pub calls: Vec<SimulatedCall>,
    /// Deals, with their outcome; every call belongs to one.
    pub deals: Vec<Deal>,
    /// The buyers.
    pub contacts: Vec<Contact>,
    /// The buying companies.
    pub companies: Vec<Company>,
    /// The deal pipeline.
    pub stages: Vec<Stage>,
}

impl SyntheticOrg {
    /// Generates a company. The same configuration gives the same result.
    pub fn generate(config: &SyntheticConfig) -> Self {
        let clock = CompanyClock::new();
        let team = team::Team::new(config.seed);
        let mut plans = plan::plan_deals(config, &clock);
        if config.written_deal {
            written::add(&mut plans, config.anchor, &clock);
        }
        let plans: Vec<_> = plans
            .into_iter()
            .filter(|deal| !deal.calls.is_empty())
            .collect();
        let mut calls: Vec<(Timestamp, SimulatedCall)> = plans
            .iter()
            .flat_map(|deal| deal.calls.iter().map(move |call| (deal, call)))
            .map(|(deal, call)| {
                (
                    call.scheduled,
                    wire::write_call(config, &clock, &team, deal, call),
                )
            })
            .collect();
        calls.sort_by_key(|(scheduled, _)| *scheduled);
        let companies: BTreeSet<usize> = plans.iter().map(|deal| deal.company).collect();
        Self {
            users: team.users(),
            workspaces: team.workspaces(),
            calls: calls.into_iter().map(|(_, call)| call).collect(),
            deals: plans.iter().map(|deal| deal.record(&team)).collect(),
            contacts: plans.iter().flat_map(|deal| deal.contacts(&team)).collect(),
            companies: companies
                .into_iter()
                .map(|index| crm::company(index, &team))
                .collect(),
            stages: crm::stages(),
        }
    }
}
