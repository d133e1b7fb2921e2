//! Where in a reading an answer shows.

use calls::reading::{
    Confidence, Handling, Known, KnownState, NextStep, Part, PushbackKind, QualificationElement,
    Reading, Stance, StepStatus,
};
use serde::Deserialize;

/// A part of a reading, written as its path: `qualification.champion`, `pushback.price`,
/// `next_steps.dated`, `moments.strong_question`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Sign(Place);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Qualification(QualificationElement),
    Steps(Steps),
    Pushback(Option<PushbackKind>),
    Answered,
    Unanswered,
    Competitors(Option<Stance>),
    Pricing,
    Decision,
    Timeline,
    Praise,
    Pains,
    Impact,
    Moments(String),
}

/// Which next steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Steps {
    All,
    Agreed,
    /// Agreed or promised, with an owner and a date.
    Dated,
}

/// What shows, and how clearly.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) what: String,
    pub(super) sentences: Vec<usize>,
    pub(super) confidence: f64,
    /// Whether it is said in so many words, and not only touched.
    pub(super) is_clear: bool,
}

impl Sign {
    /// Reads a path.
    ///
    /// # Errors
    /// What the paths are.
    pub fn parse(path: &str) -> Result<Self, String> {
        let (part, detail) = match path.split_once('.') {
            Some((part, detail)) => (part, Some(detail)),
            None => (path, None),
        };
        let place = match (part, detail) {
            ("qualification", Some(element)) => {
                let mut all = QualificationElement::ALL.iter();
                all.find(|one| one.as_str() == element)
                    .map(|element| Place::Qualification(*element))
            }
            ("next_steps", None) => Some(Place::Steps(Steps::All)),
            ("next_steps", Some("agreed")) => Some(Place::Steps(Steps::Agreed)),
            ("next_steps", Some("dated")) => Some(Place::Steps(Steps::Dated)),
            ("pushback", None) => Some(Place::Pushback(None)),
            ("pushback", Some("answered")) => Some(Place::Answered),
            ("pushback", Some("unanswered")) => Some(Place::Unanswered),
            ("pushback", Some(kind)) => {
                PushbackKind::parse(kind).map(|kind| Place::Pushback(Some(kind)))
            }
            ("competitors", None) => Some(Place::Competitors(None)),
            ("competitors", Some(stance)) => {
                Stance::parse(stance).map(|stance| Place::Competitors(Some(stance)))
            }
            ("pricing", None) => Some(Place::Pricing),
            ("decision", None) => Some(Place::Decision),
            ("timeline", None) => Some(Place::Timeline),
            ("praise", None) => Some(Place::Praise),
            ("pains", None) => Some(Place::Pains),
            ("pains", Some("impact")) => Some(Place::Impact),
            ("moments", Some(kind)) if !kind.is_empty() => Some(Place::Moments(kind.to_owned())),
            _ => None,
        };
        place.map(Self).ok_or_else(|| {
            let shown: String = path.chars().take(60).collect();
            format!("{shown:?} is no part of a reading; the parts are {PATHS}")
        })
    }

    /// The part of the reading that has to have been read.
    pub(super) fn part(&self) -> Part {
        match self.0 {
            Place::Qualification(_) => Part::Qualification,
            Place::Steps(_) => Part::NextSteps,
            Place::Pushback(_) | Place::Answered | Place::Unanswered => Part::Pushback,
            Place::Competitors(_) => Part::Competitors,
            Place::Pricing => Part::Pricing,
            Place::Decision => Part::Decision,
            Place::Timeline => Part::Timeline,
            Place::Praise => Part::Praise,
            Place::Pains | Place::Impact => Part::Pains,
            Place::Moments(_) => Part::Moments,
        }
    }

    /// What of a reading it points at.
    pub(super) fn found(&self, reading: &Reading) -> Vec<Shown> {
        let facts = |facts: &[calls::reading::Fact]| {
            let all = facts.iter();
            all.map(|fact| shown(&fact.what, &fact.sentences, &fact.confidence))
                .collect()
        };
        match &self.0 {
            Place::Qualification(element) => {
                let mut elements = reading.qualification.elements();
                let known = elements.find(|(one, _)| one == element);
                known.map(|(_, known)| of_known(known)).unwrap_or_default()
            }
            Place::Steps(wanted) => {
                let steps = reading.next_steps.iter().filter(|step| wanted.has(step));
                let steps = steps.map(|step| Shown {
                    is_clear: *wanted != Steps::All,
                    ..shown(&step.what, &step.sentences, &step.confidence)
                });
                steps.collect()
            }
            Place::Pushback(kind) => {
                let of_kind = reading.pushback.iter();
                let of_kind = of_kind.filter(|one| kind.is_none_or(|kind| one.kind == kind));
                of_kind
                    .map(|one| shown(&one.what, &one.sentences, &one.confidence))
                    .collect()
            }
            Place::Answered => handled(reading, |one| {
                matches!(one, Handling::Resolved | Handling::Addressed)
            }),
            Place::Unanswered => handled(reading, |one| {
                matches!(
                    one,
                    Handling::Dodged | Handling::Ignored | Handling::MadeWorse
                )
            }),
            Place::Competitors(stance) => {
                let named = reading.competitors.iter();
                let named = named.filter(|one| stance.is_none_or(|stance| one.stance == stance));
                named
                    .map(|one| shown(&one.name, &one.sentences, &one.confidence))
                    .collect()
            }
            Place::Pricing => facts(&reading.pricing),
            Place::Decision => facts(&reading.decision),
            Place::Timeline => facts(&reading.timeline),
            Place::Praise => facts(&reading.praise),
            Place::Pains => {
                let pains = reading.pains.iter();
                pains
                    .map(|pain| shown(&pain.what, &pain.sentences, &pain.confidence))
                    .collect()
            }
            Place::Impact => {
                let pains = reading.pains.iter();
                let costly = pains.filter_map(|pain| {
                    let impact = pain.impact.as_ref()?;
                    Some(shown(impact, &pain.sentences, &pain.confidence))
                });
                costly.collect()
            }
            Place::Moments(kind) => {
                let moments = reading.moments.iter().filter(|one| one.kind == *kind);
                let clear = moments.map(|moment| Shown {
                    what: moment.what.clone(),
                    sentences: moment.sentences.clone(),
                    confidence: 1.0,
                    is_clear: true,
                });
                clear.collect()
            }
        }
    }
}

impl Steps {
    fn has(self, step: &NextStep) -> bool {
        match self {
            Self::All => true,
            Self::Agreed => step.status == StepStatus::Agreed,
            Self::Dated => {
                let is_firm = matches!(step.status, StepStatus::Agreed | StepStatus::Promised);
                is_firm && step.owner.is_some() && step.due.is_some()
            }
        }
    }
}

/// Pushback with how it was answered.
fn handled(reading: &Reading, is_wanted: impl Fn(Handling) -> bool) -> Vec<Shown> {
    let wanted = reading
        .pushback
        .iter()
        .filter(|one| is_wanted(one.handling));
    let with_answer = wanted.map(|one| {
        let said = one.sentences.iter().take(2);
        let sentences: Vec<usize> = said
            .chain(one.handling_sentences.iter().take(2))
            .copied()
            .collect();
        shown(&one.what, &sentences, &one.confidence)
    });
    with_answer.collect()
}

const PATHS: &str = "qualification.ELEMENT, next_steps, next_steps.agreed, next_steps.dated, \
    pushback, pushback.KIND, pushback.answered, pushback.unanswered, competitors, \
    competitors.STANCE, pricing, decision, timeline, praise, pains, pains.impact and \
    moments.KIND";

impl TryFrom<String> for Sign {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        Self::parse(&path)
    }
}

/// An item by itself touches a matter; two of them make it clear.
fn shown(what: &str, sentences: &[usize], confidence: &Confidence) -> Shown {
    Shown {
        what: what.to_owned(),
        sentences: sentences.to_vec(),
        confidence: confidence.value,
        is_clear: false,
    }
}

fn of_known(known: &Known) -> Vec<Shown> {
    if known.state == KnownState::Unknown || known.sentences.is_empty() {
        return Vec::new();
    }
    vec![Shown {
        what: known.what.join("; "),
        sentences: known.sentences.clone(),
        confidence: 1.0,
        is_clear: known.state == KnownState::Known,
    }]
}
