//! What is wrong with settings: all of it at once, each with its place.

use std::fmt;

use super::error::Error;
use super::origin::Origin;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What the person who wrote it calls it.
    field: String,
    message: String,
    place: Option<String>,
    advice: Option<String>,
}

impl Problem {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
            place: None,
            advice: None,
        }
    }

    /// Says where the value stands, unless an option, which is named already, says so.
    pub(crate) fn at(mut self, origin: &Origin) -> Self {
        self.place = (!origin.is_option()).then(|| origin.to_string());
        self
    }

    /// Says what to do.
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(place) = &self.place {
            write!(f, " ({place})")?;
        }
        if let Some(advice) = &self.advice {
            write!(f, "; {advice}")?;
        }
        Ok(())
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        let message = problem.to_string();
        Self::config(problem.field, message)
    }
}

/// One error for all that is wrong: the first names the field. One option may set several
/// settings, and is told once.
pub(crate) fn refuse(problems: Vec<Problem>) -> Result<(), Error> {
    let mut told: Vec<Problem> = Vec::new();
    for problem in problems {
        if !told.contains(&problem) {
            told.push(problem);
        }
    }
    let mut problems = told.into_iter();
    let Some(first) = problems.next() else {
        return Ok(());
    };
    let message = problems.fold(first.to_string(), |text, problem| {
        format!("{text}\n{}: {problem}", problem.field)
    });
    Err(Error::config(first.field, message))
}

/// Names that differ by so little are probably meant.
const FEW_EDITS: usize = 2;

/// The name that was probably meant.
pub(crate) fn nearest<'a>(
    wrong: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let few = FEW_EDITS.min(wrong.chars().count() / 3);
    names
        .into_iter()
        .map(|name| (strsim::osa_distance(wrong, name), name))
        .filter(|(edits, _)| *edits <= few)
        .min()
        .map(|(_, name)| name)
}
