//! A scorecard: questions that a call is judged by, and where their answers show.

use std::collections::HashSet;

use calls::reading::CallType;
use serde::Deserialize;

use super::sign::Sign;
use crate::{Error, ErrorCode, Result, toml_file};

/// Questions of a scorecard at most: all of them go into one request to a model.
const MOST_QUESTIONS: usize = 100;

/// Questions that a call is judged by.
///
/// ```
/// use agents::scorecard::Scorecard;
///
/// let card = Scorecard::from_toml(r#"
///     name = "first_call"
///     title = "First call"
///     call_types = ["discovery"]
///
///     [[questions]]
///     id = "next_step"
///     text = "Does the call end with a dated next step?"
///     answer = "yes_no"
///     shown_by = { reading = ["next_steps.dated"] }
/// "#)?;
/// assert_eq!(card.questions()[0].id, "next_step");
///
/// let error = Scorecard::from_toml("name = 'x'\ntitle = 'X'\ncolour = 'red'").unwrap_err();
/// assert!(error.message().starts_with("line 3: "));
/// # Ok::<(), agents::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    name: String,
    title: String,
    call_types: Vec<CallType>,
    stages: Vec<String>,
    questions: Vec<Question>,
}

/// A question of a scorecard.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Question {
    /// Unique within the scorecard.
    pub id: String,
    /// The question, as a person asks it.
    pub text: String,
    /// How it is answered.
    pub answer: AnswerKind,
    /// How much it counts; above 0, and 1 when not given.
    #[serde(default = "one")]
    pub weight: f64,
    /// What shows it: a yes, or a scale's high end.
    #[serde(default)]
    pub shown_by: ShownBy,
    /// What shows the opposite: a no, or a scale's 1. It outweighs what shows it.
    #[serde(default)]
    pub denied_by: ShownBy,
    /// What a choice is made among.
    #[serde(default)]
    pub choices: Vec<Choice>,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnswerKind {
    /// Yes or no.
    YesNo,
    /// From 1, not at all, to 5, fully.
    Scale,
    /// One of some choices.
    Choice,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Choice {
    /// Unique within the question.
    pub id: String,
    /// What it means.
    pub text: String,
    /// Points from 0 to 100; a choice without them does not count in the score.
    #[serde(default)]
    pub points: Option<f64>,
    /// What shows that it is this one.
    #[serde(default)]
    pub shown_by: ShownBy,
}

/// What shows an answer without a model: any of these.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ShownBy {
    /// Parts of the reading that hold something.
    pub reading: Vec<Sign>,
    /// Words that somebody says, in any case.
    pub words: Vec<String>,
    /// Questions that the call answers, as `ask` finds it.
    pub asked: Vec<String>,
}

impl Choice {
    /// A choice that does not count in the score, and of which nothing says where it shows.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            points: None,
            shown_by: ShownBy::default(),
        }
    }
}

impl ShownBy {
    pub(super) fn is_empty(&self) -> bool {
        self.reading.is_empty() && self.words.is_empty() && self.asked.is_empty()
    }
}

impl Question {
    /// A question of weight 1 of which nothing says where it shows: a model can answer it.
    pub fn new(id: impl Into<String>, text: impl Into<String>, answer: AnswerKind) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            answer,
            weight: one(),
            shown_by: ShownBy::default(),
            denied_by: ShownBy::default(),
            choices: Vec::new(),
        }
    }

    /// What is wrong with it, and on which field.
    fn fault(&self) -> Option<(&'static str, String)> {
        let choices = self.choices.len();
        if !is_id(&self.id) {
            return Some(("id", ID_FORM.to_owned()));
        }
        if self.text.trim().is_empty() {
            return Some(("text", "is empty".to_owned()));
        }
        if !(self.weight.is_finite() && self.weight > 0.0) {
            return Some(("weight", format!("is {}, not above 0", self.weight)));
        }
        match self.answer {
            AnswerKind::Choice if choices < 2 => {
                return Some(("choices", "are fewer than two".to_owned()));
            }
            AnswerKind::Choice if !(self.shown_by.is_empty() && self.denied_by.is_empty()) => {
                let message = "belongs to each of the choices";
                return Some(("shown_by", message.to_owned()));
            }
            AnswerKind::YesNo | AnswerKind::Scale if choices > 0 => {
                let message = "are for questions with the answer choice";
                return Some(("choices", message.to_owned()));
            }
            _ => {}
        }
        let mut seen = HashSet::new();
        self.choices.iter().find_map(|choice| {
            let points = choice.points.unwrap_or_default();
            if !is_id(&choice.id) || choice.id == NOT_SHOWN {
                Some(("choices", format!("{:?} as id {ID_FORM}", choice.id)))
            } else if !seen.insert(&choice.id) {
                Some(("choices", format!("there are two of id {:?}", choice.id)))
            } else if !(0.0..=100.0).contains(&points) {
                let message = format!("the points of {:?} are not from 0 to 100", choice.id);
                Some(("choices", message))
            } else {
                None
            }
        })
    }
}

/// How an answer that is none is written.
pub(super) const NOT_SHOWN: &str = "not_shown";

const ID_FORM: &str = "is not made of small letters, digits and underscores";

fn is_id(id: &str) -> bool {
    let is_symbol = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !id.is_empty() && id.len() <= 64 && id.bytes().all(is_symbol)
}

fn one() -> f64 {
    1.0
}

/// The file of a scorecard.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    title: String,
    #[serde(default)]
    call_types: Vec<CallType>,
    #[serde(default)]
    stages: Vec<String>,
    questions: Vec<toml::Spanned<Question>>,
}

impl Scorecard {
    /// A scorecard for every call. For callers whose questions come from elsewhere than a file.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidValue`] on the field at fault, such as `questions[0].weight`.
    pub fn new(
        name: impl Into<String>,
        title: impl Into<String>,
        questions: Vec<Question>,
    ) -> Result<Self> {
        let card = Self {
            name: name.into(),
            title: title.into(),
            call_types: Vec::new(),
            stages: Vec::new(),
            questions,
        };
        match card.fault() {
            None => Ok(card),
            Some(fault) => Err(invalid(fault.message, fault.field)),
        }
    }

    /// For calls of these types only. For callers who build scorecards themselves.
    #[must_use]
    pub fn for_call_types(mut self, call_types: Vec<CallType>) -> Self {
        self.call_types = call_types;
        self
    }

    /// For calls about deals in these stages only, in any case. For callers who build
    /// scorecards themselves.
    #[must_use]
    pub fn for_stages(mut self, stages: Vec<String>) -> Self {
        self.stages = stages;
        self
    }

    /// Reads a file; `docs/scorecards.md` has its format.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidValue`] on the field at fault; the message begins with its line.
    pub fn from_toml(text: &str) -> Result<Self> {
        let file: File = toml_file::parse(text)?;
        let (places, questions): (Vec<usize>, Vec<Question>) = file
            .questions
            .into_iter()
            .map(|question| (question.span().start, question.into_inner()))
            .unzip();
        let card = Self {
            name: file.name,
            title: file.title,
            call_types: file.call_types,
            stages: file.stages,
            questions,
        };
        match card.fault() {
            None => Ok(card),
            Some(fault) => {
                let start = fault.question.and_then(|at| places.get(at).copied());
                let message = toml_file::at_line(text, start, &fault.message);
                Err(invalid(message, fault.field))
            }
        }
    }

    /// The name that a task calls it by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name for people.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The questions.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Whether it is for calls of some types only.
    pub(super) fn is_for_types(&self) -> bool {
        !self.call_types.is_empty()
    }

    /// Why a call is none that the scorecard is for; `None` when it is for it, and when
    /// type and stage are not known.
    pub(super) fn misfit(&self, kind: Option<CallType>, stage: Option<&str>) -> Option<String> {
        let other =
            |kind: &CallType| !self.call_types.is_empty() && !self.call_types.contains(kind);
        if let Some(kind) = kind.filter(other) {
            let names: Vec<&str> = self.call_types.iter().map(|one| one.as_str()).collect();
            return Some(format!(
                "The scorecard is for calls of the types {}; this one is of the type {}.",
                names.join(", "),
                kind.as_str()
            ));
        }
        let is_it = |stage: &str| {
            self.stages
                .iter()
                .any(|one| one.eq_ignore_ascii_case(stage))
        };
        let other = |stage: &&str| !self.stages.is_empty() && !is_it(stage);
        let stage = stage.filter(other)?;
        Some(format!(
            "The scorecard is for deals in the stages {}; this one is in {stage}.",
            self.stages.join(", ")
        ))
    }

    fn fault(&self) -> Option<Fault> {
        let of_card = |field: &str, message: &str| Fault {
            question: None,
            field: field.to_owned(),
            message: message.to_owned(),
        };
        if !is_id(&self.name) {
            return Some(of_card("name", ID_FORM));
        }
        if self.title.trim().is_empty() {
            return Some(of_card("title", "is empty"));
        }
        if self.questions.is_empty() || self.questions.len() > MOST_QUESTIONS {
            let message = format!("are not from 1 to {MOST_QUESTIONS}");
            return Some(of_card("questions", &message));
        }
        let mut seen = HashSet::new();
        let mut questions = self.questions.iter().enumerate();
        questions.find_map(|(at, question)| {
            let (field, message) = match question.fault() {
                Some(fault) => fault,
                None if !seen.insert(&question.id) => (
                    "id",
                    format!("is {:?} as in an earlier question", question.id),
                ),
                None => return None,
            };
            Some(Fault {
                question: Some(at),
                field: format!("questions[{at}].{field}"),
                message,
            })
        })
    }
}

struct Fault {
    question: Option<usize>,
    field: String,
    message: String,
}

fn invalid(message: String, field: String) -> Error {
    Error::new(ErrorCode::InvalidValue, message).with_field(field)
}
