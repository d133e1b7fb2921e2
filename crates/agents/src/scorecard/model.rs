//! An answered scorecard.

use calls::{CallId, DealId};
use serde::{Serialize, Serializer};

use super::card::{AnswerKind, NOT_SHOWN, Question, Scorecard};
use crate::Claim;

/// A scorecard, answered about a call or a deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScorecardResult {
    /// The scorecard's name.
    pub scorecard: String,
    /// Its name for people.
    pub title: String,
    /// The deal, when it is asked about one.
    pub deal_id: Option<DealId>,
    /// The calls that were asked, newest first.
    pub calls: Vec<CallId>,
    /// Calls of the deal that were not asked, because there are too many.
    pub calls_left_out: usize,
    /// Whether the scorecard is for (one of) these calls; `notes` say why not.
    pub fits: bool,
    /// From 0 to 100: the weighted mean of the answers that count; `None` when nothing
    /// that counts is shown. Read it beside [`shown`](Self::shown).
    pub score: Option<f64>,
    /// Share of the weights whose question is answered, from 0 to 1.
    pub shown: f64,
    /// The answers, in the order of the questions.
    pub answers: Vec<ScorecardAnswer>,
    /// Whether a generative model answered about a call, or read it.
    pub ai_enhanced: bool,
    /// What the reader should know about how far this goes.
    pub notes: Vec<String>,
    /// Why it is less than what was asked for; empty when it is not.
    pub degraded: Vec<String>,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScorecardAnswer {
    /// The question's id.
    pub id: String,
    /// The question.
    pub question: String,
    /// How it is answered.
    pub kind: AnswerKind,
    /// Its share in the score is its weight among those of the answered questions.
    pub weight: f64,
    /// The answer.
    pub answer: AnswerValue,
    /// From 0 to 100; `None` when it is not shown, or does not count.
    pub points: Option<f64>,
    /// Why, in one sentence.
    pub why: String,
    /// What shows the answer, with its sentences; `None` when it is not shown.
    pub claim: Option<Claim>,
}

/// An answer. As JSON `"yes"`, `"no"`, a number from 1 to 5, a choice's id or
/// `"not_shown"`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnswerValue {
    /// Yes.
    Yes,
    /// No.
    No,
    /// From 1, not at all, to 5, fully.
    Scale(u8),
    /// The id of a choice.
    Choice(String),
    /// The calls do not show it.
    NotShown,
}

impl Serialize for AnswerValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Yes => serializer.serialize_str("yes"),
            Self::No => serializer.serialize_str("no"),
            Self::Scale(value) => serializer.serialize_u8(*value),
            Self::Choice(id) => serializer.serialize_str(id),
            Self::NotShown => serializer.serialize_str(NOT_SHOWN),
        }
    }
}

impl ScorecardAnswer {
    /// An answer that the claim shows.
    pub(super) fn shown(question: &Question, answer: AnswerValue, claim: Claim) -> Self {
        Self {
            points: points(question, &answer),
            answer,
            why: claim.text().to_owned(),
            claim: Some(claim),
            ..Self::not_shown(question, "")
        }
    }

    pub(super) fn not_shown(question: &Question, why: impl Into<String>) -> Self {
        Self {
            id: question.id.clone(),
            question: question.text.clone(),
            kind: question.answer,
            weight: question.weight,
            answer: AnswerValue::NotShown,
            points: None,
            why: why.into(),
            claim: None,
        }
    }

    /// How much better than other answers to the same question; what is not shown is the
    /// least.
    pub(super) fn rank(&self) -> (bool, f64, f64) {
        let sure = self.claim.as_ref().map_or(0.0, Claim::confidence);
        (self.claim.is_some(), self.points.unwrap_or(0.0), sure)
    }
}

fn points(question: &Question, answer: &AnswerValue) -> Option<f64> {
    match answer {
        AnswerValue::Yes => Some(100.0),
        AnswerValue::No => Some(0.0),
        AnswerValue::Scale(value) => Some(25.0 * f64::from(value.saturating_sub(1))),
        AnswerValue::Choice(id) => {
            let mut choices = question.choices.iter();
            choices.find(|choice| choice.id == *id)?.points
        }
        AnswerValue::NotShown => None,
    }
}

impl ScorecardResult {
    /// Answers of a scorecard, with what they add up to.
    pub(super) fn of(card: &Scorecard, answers: Vec<ScorecardAnswer>) -> Self {
        let counted = answers
            .iter()
            .filter_map(|one| Some((one.points?, one.weight)));
        let (sum, counted) = counted.fold((0.0, 0.0), |(sum, weights), (points, weight)| {
            (sum + points * weight, weights + weight)
        });
        let all: f64 = answers.iter().map(|one| one.weight).sum();
        let shown = answers.iter().filter(|one| one.claim.is_some());
        let shown: f64 = shown.map(|one| one.weight).sum();
        Self {
            scorecard: card.name().to_owned(),
            title: card.title().to_owned(),
            deal_id: None,
            calls: Vec::new(),
            calls_left_out: 0,
            fits: true,
            score: (counted > 0.0).then(|| (10.0 * sum / counted).round() / 10.0),
            shown: if all > 0.0 { shown / all } else { 0.0 },
            answers,
            ai_enhanced: false,
            notes: Vec::new(),
            degraded: Vec::new(),
        }
    }
}
