//! The items of a reading, each with its words, sentences and confidence.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::PartyId;

/// How sure a reader is: the share of its items like this one that were right, and on
/// what that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Confidence {
    /// From 0 to 1.
    pub value: f64,
    /// What the share was measured on; empty when it was not measured but claimed.
    pub measured_on: Cow<'static, str>,
}

impl Confidence {
    /// A share that was measured on something. Values outside 0 to 1 are cut.
    pub fn measured(value: f64, on: impl Into<Cow<'static, str>>) -> Self {
        Self {
            value: if value.is_nan() {
                0.0
            } else {
                value.clamp(0.0, 1.0)
            },
            measured_on: on.into(),
        }
    }

    /// A reader's own estimate.
    pub fn claimed(value: f64) -> Self {
        Self::measured(value, "")
    }

    /// Whether an item is right as often as wrong, at least; [`Reading::likely`] leaves out
    /// those that are not.
    ///
    /// [`Reading::likely`]: super::Reading::likely
    pub fn is_likely(&self) -> bool {
        self.value >= 0.5
    }
}

/// Something said, in the words of whoever read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fact {
    /// One line.
    pub what: String,
    /// The sentences that say it, ascending, each once.
    pub sentences: Vec<usize>,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Fact {
    /// A fact, from all its parts.
    pub fn new(what: impl Into<String>, sentences: Vec<usize>, confidence: Confidence) -> Self {
        Self {
            what: what.into(),
            sentences,
            confidence,
        }
    }
}

/// What somebody does after the call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NextStep {
    /// One line.
    pub what: String,
    /// Who does it; `None` when nobody said.
    pub owner: Option<Owner>,
    /// By when, resolved from the call's own date.
    pub due: Option<Date>,
    /// How the date was said.
    pub due_said: Option<String>,
    /// How firm it is.
    pub status: StepStatus,
    /// The sentences that make it, ascending, each once.
    pub sentences: Vec<usize>,
    /// How sure it is.
    pub confidence: Confidence,
}

impl NextStep {
    /// A promised step without owner and date.
    pub fn new(what: impl Into<String>, sentences: Vec<usize>, confidence: Confidence) -> Self {
        Self {
            what: what.into(),
            owner: None,
            due: None,
            due_said: None,
            status: StepStatus::Promised,
            sentences,
            confidence,
        }
    }
}

/// Who does a step. As JSON the party's id, or `both`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Owner {
    /// One party of the call.
    Party(PartyId),
    /// Both sides together, as in a meeting.
    Both,
}

const BOTH: &str = "both";

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Party(id) => id.fmt(f),
            Self::Both => f.write_str(BOTH),
        }
    }
}

impl Serialize for Owner {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Owner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = PartyId::deserialize(deserializer)?;
        Ok(if id.as_str() == BOTH {
            Self::Both
        } else {
            Self::Party(id)
        })
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in JSON and in the store.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads [`as_str`](Self::as_str)'s spelling.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(super) use words;

words! {
    /// How firm a next step is.
    StepStatus {
        /// One side said it and the other took it up.
        Agreed = "agreed",
        /// One side said that it will.
        Promised = "promised",
        /// One side could, the other did not answer.
        Offered = "offered",
        /// It hangs on something that has to happen first.
        Conditional = "conditional",
    }
}

words! {
    /// What stands in the way.
    PushbackKind {
        /// It costs too much for what it is.
        Price = "price",
        /// The money is not there.
        Budget = "budget",
        /// It is the wrong moment.
        Timing = "timing",
        /// Somebody else has to say yes.
        Authority = "authority",
        /// They do not see what for.
        Need = "need",
        /// They do not believe it, or us.
        Trust = "trust",
        /// Somebody else offers it too.
        Competition = "competition",
        /// What they have will do.
        StatusQuo = "status_quo",
        /// The product does not do it.
        ProductGap = "product_gap",
        /// Security, privacy, law or contract.
        SecurityLegal = "security_legal",
        /// Nobody has the time or the skill.
        Resources = "resources",
        /// Whoever wants it is leaving.
        ChampionChange = "champion_change",
    }
}

impl PushbackKind {
    /// What people call it, within a sentence: "price", "security or legal".
    pub fn label(self) -> String {
        match self {
            Self::SecurityLegal => "security or legal".to_owned(),
            Self::ChampionChange => "change of champion".to_owned(),
            other => other.as_str().replace('_', " "),
        }
    }
}

words! {
    /// How pushback was answered.
    Handling {
        /// The customer accepted the answer.
        Resolved = "resolved",
        /// It was answered, and stays open.
        Addressed = "addressed",
        /// The rep spoke of something else.
        Dodged = "dodged",
        /// The rep let it pass.
        Ignored = "ignored",
        /// The answer did harm.
        MadeWorse = "made_worse",
        /// It asked for no answer.
        NoneNeeded = "none_needed",
    }
}

words! {
    /// How the customer stands to a competitor.
    Stance {
        /// In use today.
        Using = "using",
        /// Being looked at.
        Evaluating = "evaluating",
        /// Turned down or left.
        Rejected = "rejected",
        /// Named.
        Mentioned = "mentioned",
    }
}

/// What stands in the way, from the customer's side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pushback {
    /// Of what kind.
    pub kind: PushbackKind,
    /// One line.
    pub what: String,
    /// From 1 (a remark) to 3 (stops the deal).
    pub severity: u8,
    /// Whether it was said openly.
    pub explicit: bool,
    /// The sentences that say it, ascending, each once.
    pub sentences: Vec<usize>,
    /// How it was answered.
    pub handling: Handling,
    /// The sentences that answer it.
    pub handling_sentences: Vec<usize>,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Pushback {
    /// Pushback of middling severity that was said openly and not answered.
    pub fn new(
        kind: PushbackKind,
        what: impl Into<String>,
        sentences: Vec<usize>,
        confidence: Confidence,
    ) -> Self {
        Self {
            kind,
            what: what.into(),
            severity: 2,
            explicit: true,
            sentences,
            handling: Handling::Ignored,
            handling_sentences: Vec::new(),
            confidence,
        }
    }
}

/// Whom we are compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Competitor {
    /// The name as meant.
    pub name: String,
    /// The forms in which it was said.
    pub said: Vec<String>,
    /// How the customer stands to it.
    pub stance: Stance,
    /// The sentences that speak of it, ascending, each once.
    pub sentences: Vec<usize>,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Competitor {
    /// The [`name`](Self::name) of a competitor that nobody names.
    pub const UNNAMED: &str = "unnamed";

    /// A competitor that was named.
    pub fn new(name: impl Into<String>, sentences: Vec<usize>, confidence: Confidence) -> Self {
        Self {
            name: name.into(),
            said: Vec::new(),
            stance: Stance::Mentioned,
            sentences,
            confidence,
        }
    }
}

/// What the customer suffers from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pain {
    /// One line.
    pub what: String,
    /// What it costs or leads to, as said.
    pub impact: Option<String>,
    /// The sentences that say it, ascending, each once.
    pub sentences: Vec<usize>,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Pain {
    /// A pain of unknown impact.
    pub fn new(what: impl Into<String>, sentences: Vec<usize>, confidence: Confidence) -> Self {
        Self {
            what: what.into(),
            impact: None,
            sentences,
            confidence,
        }
    }
}
