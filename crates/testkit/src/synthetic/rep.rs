//! The sellers, each with a way of selling that can be measured.

/// How a rep sells. Shares and drives run from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepStyle {
    /// How much of a call is questions.
    pub asks: f64,
    /// How much the rep goes on about the product.
    pub talks: f64,
    /// How well objections, value and pain are handled. Skilled reps win more.
    pub skill: f64,
    /// How often a call ends with a dated next step.
    pub next_steps: f64,
    /// Fillers ("um", "you know") a sentence.
    pub fillers: f64,
    /// Usual pause before answering, in milliseconds; negative: cuts people short.
    pub patience_ms: i64,
    /// Speed of speech.
    pub words_per_second: f64,
    /// Whether a discount is offered before anyone asks.
    pub discounts: bool,
}

/// A seller of the synthetic company.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rep {
    /// First name.
    pub first_name: &'static str,
    /// Last name.
    pub last_name: &'static str,
    /// Job title.
    pub title: &'static str,
    /// What is characteristic, in a few words.
    pub character: &'static str,
    /// How they sell.
    pub style: RepStyle,
}

impl Rep {
    /// First and last name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

const SOLID: RepStyle = RepStyle {
    asks: 0.55,
    talks: 0.25,
    skill: 0.6,
    next_steps: 0.75,
    fillers: 0.03,
    patience_ms: 550,
    words_per_second: 2.7,
    discounts: false,
};

const fn rep(
    first_name: &'static str,
    last_name: &'static str,
    title: &'static str,
    character: &'static str,
    style: RepStyle,
) -> Rep {
    Rep {
        first_name,
        last_name,
        title,
        character,
        style,
    }
}

/// The team. The order is part of what a seed means: append, do not reorder.
pub const REPS: [Rep; 14] = [
    rep(
        "Nora",
        "Lindqvist",
        "Senior Account Executive",
        "excellent all round",
        RepStyle {
            asks: 1.0,
            talks: 0.0,
            skill: 1.0,
            next_steps: 1.0,
            fillers: 0.01,
            patience_ms: 950,
            ..SOLID
        },
    ),
    rep(
        "Gareth",
        "Pool",
        "Account Executive",
        "talks too much",
        RepStyle {
            asks: 0.3,
            talks: 1.0,
            skill: 0.35,
            patience_ms: 250,
            words_per_second: 3.1,
            ..SOLID
        },
    ),
    rep(
        "Imke",
        "Vogel",
        "Account Executive",
        "asks few questions",
        RepStyle {
            asks: 0.0,
            talks: 0.6,
            skill: 0.4,
            ..SOLID
        },
    ),
    rep(
        "Tobias",
        "Marsh",
        "Account Executive",
        "never agrees next steps",
        RepStyle {
            next_steps: 0.0,
            asks: 0.6,
            ..SOLID
        },
    ),
    rep(
        "Priya",
        "Raman",
        "Account Executive",
        "gives discounts unasked",
        RepStyle {
            discounts: true,
            skill: 0.35,
            ..SOLID
        },
    ),
    rep(
        "Callum",
        "Ferris",
        "Account Executive",
        "interrupts",
        RepStyle {
            patience_ms: -350,
            talks: 0.45,
            words_per_second: 3.2,
            ..SOLID
        },
    ),
    rep(
        "Beatriz",
        "Amaral",
        "Account Executive",
        "hesitant, many fillers",
        RepStyle {
            fillers: 0.28,
            skill: 0.45,
            words_per_second: 2.3,
            ..SOLID
        },
    ),
    rep("Owen", "Tanaka", "Senior Account Executive", "solid", SOLID),
    rep(
        "Salma",
        "Haddad",
        "Senior Account Executive",
        "strong in discovery",
        RepStyle {
            asks: 0.95,
            skill: 0.8,
            patience_ms: 800,
            ..SOLID
        },
    ),
    rep(
        "Dmitri",
        "Kessler",
        "Account Executive",
        "brushes objections off",
        RepStyle {
            skill: 0.05,
            talks: 0.4,
            ..SOLID
        },
    ),
    rep(
        "Hanna",
        "Virtanen",
        "Account Executive",
        "calm closer",
        RepStyle {
            next_steps: 1.0,
            skill: 0.75,
            patience_ms: 1_000,
            words_per_second: 2.4,
            ..SOLID
        },
    ),
    rep(
        "Marcus",
        "Odell",
        "Account Executive",
        "shows every feature",
        RepStyle {
            talks: 0.8,
            asks: 0.25,
            skill: 0.45,
            ..SOLID
        },
    ),
    rep(
        "Leila",
        "Moreau",
        "Account Executive",
        "new to the job",
        RepStyle {
            asks: 0.35,
            skill: 0.25,
            next_steps: 0.4,
            fillers: 0.14,
            ..SOLID
        },
    ),
    rep(
        "Jonas",
        "Wexler",
        "Account Manager",
        "good listener",
        RepStyle {
            asks: 0.7,
            talks: 0.05,
            patience_ms: 1_200,
            skill: 0.7,
            ..SOLID
        },
    ),
];

/// Solutions engineers who join demos.
pub(super) const ENGINEERS: [(&str, &str); 3] =
    [("Aiko", "Brandt"), ("Rafael", "Stone"), ("Mette", "Holm")];
