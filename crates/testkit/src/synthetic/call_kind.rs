//! Kinds of calls, and which sections of the scripts make up each of them.

use super::script::{SCRIPTS, Section};

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CallKind {
    /// First conversation: the buyer's situation.
    Discovery,
    /// The product on the screen.
    Demo,
    /// The proposal.
    Pricing,
    /// Concerns, one by one.
    Objection,
    /// Terms of the contract.
    Negotiation,
    /// Start of the implementation after a deal is won.
    Kickoff,
    /// A customer's year in review.
    Review,
    /// The next year's contract.
    Renewal,
}

impl CallKind {
    /// Name in titles and briefs.
    pub fn label(self) -> &'static str {
        match self {
            Self::Discovery => "Discovery",
            Self::Demo => "Demo",
            Self::Pricing => "Proposal",
            Self::Objection => "Open questions",
            Self::Negotiation => "Contract",
            Self::Kickoff => "Kickoff",
            Self::Review => "Business review",
            Self::Renewal => "Renewal",
        }
    }

    /// The word for it in `only:` tags.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Demo => "demo",
            Self::Pricing => "pricing",
            Self::Objection => "objection",
            Self::Negotiation => "negotiation",
            Self::Kickoff => "kickoff",
            Self::Review => "review",
            Self::Renewal => "renewal",
        }
    }

    /// Sections of the middle of the call, with their share of it.
    pub(super) fn middle(self) -> &'static [(&'static str, f64)] {
        match self {
            Self::Discovery => &[("discovery", 0.75), ("pitch", 0.25)],
            Self::Demo => &[("demo", 0.75), ("technical", 0.25)],
            Self::Pricing => &[("pricing", 0.7), ("objections", 0.3)],
            Self::Objection => &[("objections", 0.75), ("technical", 0.25)],
            Self::Negotiation => &[("negotiation", 1.0)],
            Self::Kickoff => &[("kickoff", 1.0)],
            Self::Review => &[("review", 1.0)],
            Self::Renewal => &[("review", 0.35), ("renewal", 0.65)],
        }
    }

    /// Whether a section belongs to the substance of the call.
    pub(super) fn has_in_the_middle(self, section: &Section) -> bool {
        let middle = self.middle().iter().map(|(name, _)| *name);
        let mut substance = middle.chain(self.reserve().iter().copied());
        substance.any(|name| {
            SCRIPTS
                .section(name)
                .is_some_and(|s| std::ptr::eq(s, section))
        })
    }

    /// Sections to go on with when a long call has used those up.
    pub(super) fn reserve(self) -> &'static [&'static str] {
        match self {
            Self::Discovery => &["technical", "demo"],
            Self::Demo => &["pitch", "objections"],
            Self::Pricing | Self::Objection => &["technical", "pricing", "negotiation"],
            Self::Negotiation => &["objections", "pricing", "technical"],
            Self::Kickoff | Self::Review | Self::Renewal => &["technical", "demo"],
        }
    }
}
