//! Objections and their answers.

use snowflake_store::CallInsights;

use crate::analysis::score::{Judged, Outcome, Target};
use crate::conversation::Conversation;
use crate::insights::kind;
use crate::{Figure, prose};

/// An answer to an objection starts at most so long after it ended.
pub(crate) const SPOKEN_ANSWER_WITHIN_MS: i64 = 30_000;

/// Fewer words than this are an acknowledgement ("Sure, I see."), not an answer.
const ANSWER_WORDS: usize = 8;

/// The share of objections that the company's side answered: a turn of at least
/// eight words that starts within 30 seconds of the objection's end. Calls
/// without objections are not scored on it.
pub(crate) fn objection_handling(
    conversation: &Conversation<'_>,
    insights: &CallInsights,
) -> Outcome {
    let objections = objections(conversation, insights);
    if objections.is_empty() {
        return Outcome::Unscored("no objection was found".to_owned());
    }
    let answered = objections
        .iter()
        .filter(|objection| objection.answer.is_some())
        .count();
    let mut ranked: Vec<&Objection> = objections.iter().collect();
    ranked.sort_by_key(|objection| (objection.answer.is_some(), objection.index));
    let shown = ranked
        .into_iter()
        .take(2)
        .flat_map(|objection| [Some(objection.index), objection.answer])
        .flatten();
    let evidence = conversation.cite(shown);
    Outcome::Scored(Judged {
        score: 100.0 * answered as f64 / objections.len() as f64,
        figures: vec![
            Figure::new(
                "objections_answered",
                answered as f64 / objections.len() as f64,
                "share",
            ),
            Figure::new("objections", objections.len() as f64, "count"),
        ],
        target: Target {
            low: Some(1.0),
            high: None,
            unit: "share",
            source: "ours",
        },
        why: format!(
            "{answered} of {} got an answer within 30 seconds.",
            prose::count(objections.len(), "objection")
        ),
        evidence,
    })
}

/// An objection and the sentence that begins its answer.
#[derive(Debug)]
pub(crate) struct Objection {
    pub(crate) index: u32,
    pub(crate) answer: Option<u32>,
}

/// Objections in the order of the call, each with its answer.
pub(crate) fn objections(
    conversation: &Conversation<'_>,
    insights: &CallInsights,
) -> Vec<Objection> {
    let mut indices: Vec<u32> = insights
        .risks
        .iter()
        .filter(|risk| risk.kind == kind::OBJECTION)
        .filter_map(|risk| risk.sentences.last().copied())
        .filter(|index| conversation.sentence(*index).is_some())
        .collect();
    indices.sort_unstable();
    indices.dedup();
    indices
        .into_iter()
        .map(|index| Objection {
            index,
            answer: answer_to(conversation, index),
        })
        .collect()
}

fn answer_to(conversation: &Conversation<'_>, objection: u32) -> Option<u32> {
    let objection = conversation.sentence(objection)?;
    let turn = conversation.turns.iter().find(|turn| {
        let starts_in_time = turn.start_ms >= objection.start_ms
            && turn.start_ms <= objection.end_ms.saturating_add(SPOKEN_ANSWER_WITHIN_MS);
        let words: usize = turn
            .sentences
            .iter()
            .filter_map(|index| conversation.sentence(*index))
            .map(|sentence| sentence.word_count())
            .sum();
        starts_in_time && conversation.turn_side(turn).is_company() && words >= ANSWER_WORDS
    })?;
    turn.sentences.first().copied()
}
