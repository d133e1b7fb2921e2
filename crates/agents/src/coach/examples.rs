//! Sentences of a call that show a metric at its worst or at its best.

use calls::analytics::fillers::count_fillers;
use snowflake_store::CallDetail;

use super::metric::CoachMetric;
use crate::conversation::{Conversation, Side};
use crate::{Evidence, Result};

/// Whether a weakness or a strength is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Showing {
    Weakness,
    Strength,
}

/// Sentences that show a metric; at most three, and empty when the call has none.
pub(crate) fn show(
    metric: CoachMetric,
    detail: &CallDetail,
    showing: Showing,
) -> Result<Vec<Evidence>> {
    let mut conversation = Conversation::of(detail)?;
    if let Some(insights) = &detail.insights {
        conversation = conversation.with_tones(insights);
    }
    let conversation = &conversation;
    let longest = |side, count| {
        conversation
            .longest_turn(side)
            .map(|turn| conversation.sample_of(turn, count))
            .unwrap_or_default()
    };
    let good = showing == Showing::Strength;
    Ok(match metric {
        CoachMetric::TalkRatio if good => longest(Side::Customer, 3),
        CoachMetric::TalkRatio | CoachMetric::LongestMonologue => longest(Side::Rep, 3),
        CoachMetric::QuestionRate if good => best_questions(conversation),
        CoachMetric::QuestionRate => longest(Side::Rep, 2),
        CoachMetric::LongestCustomerStory => longest(Side::Customer, 3),
        CoachMetric::Interactivity if good => hand_overs(conversation, 3),
        CoachMetric::Interactivity => longest(Side::Rep, 2),
        CoachMetric::Patience => pause(conversation, good),
        CoachMetric::NextStepShare => next_steps(conversation, detail),
        CoachMetric::Sentiment => by_tone(conversation, good),
        CoachMetric::FillerRate if good => longest(Side::Rep, 2),
        CoachMetric::FillerRate => most_fillers(conversation),
    })
}

/// The longest questions of the rep: "Right?" teaches nobody anything.
fn best_questions(conversation: &Conversation<'_>) -> Vec<Evidence> {
    let mut asked = conversation.questions(Side::Rep);
    asked.sort_by_key(|index| {
        let words = conversation
            .sentence(*index)
            .map_or(0, |sentence| sentence.word_count().min(25));
        (std::cmp::Reverse(words), *index)
    });
    conversation.cite(asked.into_iter().take(3))
}

/// First sentences of the turns around a change from customer to rep.
fn hand_overs(conversation: &Conversation<'_>, count: usize) -> Vec<Evidence> {
    let from = conversation
        .turns
        .iter()
        .position(|turn| conversation.turn_side(turn) == Side::Customer)
        .unwrap_or(0);
    let firsts = conversation
        .turns
        .iter()
        .skip(from)
        .take(count)
        .filter_map(|turn| turn.sentences.first().copied());
    conversation.cite(firsts)
}

/// The hand-over from customer to rep with the shortest pause (the longest one
/// up to three seconds, when patience is to be shown): last words, first words.
fn pause(conversation: &Conversation<'_>, patient: bool) -> Vec<Evidence> {
    const LONG_ENOUGH_MS: i64 = 3_000;
    let mut pauses: Vec<(i64, Option<u32>, Option<u32>)> = conversation
        .turns
        .windows(2)
        .filter_map(|pair| match pair {
            [before, after]
                if conversation.turn_side(before) == Side::Customer
                    && conversation.turn_side(after) == Side::Rep =>
            {
                Some((
                    after.start_ms.saturating_sub(before.end_ms),
                    before.sentences.last().copied(),
                    after.sentences.first().copied(),
                ))
            }
            _ => None,
        })
        .collect();
    if patient {
        pauses.retain(|(length, ..)| *length <= LONG_ENOUGH_MS);
        pauses.sort_by_key(|(length, before, _)| (std::cmp::Reverse(*length), *before));
    } else {
        pauses.sort_by_key(|(length, before, _)| (*length, *before));
    }
    let shown = pauses.first();
    conversation.cite(
        shown
            .into_iter()
            .flat_map(|(_, before, after)| [*before, *after])
            .flatten(),
    )
}

/// The next steps that were found, else the end of the call, where one is missing.
fn next_steps(conversation: &Conversation<'_>, detail: &CallDetail) -> Vec<Evidence> {
    let found = detail
        .insights
        .iter()
        .filter_map(|insights| insights.next_steps.as_ref())
        .flatten();
    let indices: Vec<u32> = found
        .filter_map(|step| step.sentences.first().copied())
        .collect();
    if indices.is_empty() {
        conversation.closing(3)
    } else {
        conversation.cite(indices.into_iter().take(3))
    }
}

/// The customer's two brightest or darkest sentences.
fn by_tone(conversation: &Conversation<'_>, bright: bool) -> Vec<Evidence> {
    let mut scored: Vec<(f64, u32)> = conversation
        .sentences()
        .iter()
        .filter(|sentence| conversation.side(sentence.index) == Side::Customer)
        .filter_map(|sentence| Some((conversation.tone(sentence.index)?, sentence.index)))
        .collect();
    scored.sort_by(|a, b| {
        let by_tone = if bright {
            b.0.total_cmp(&a.0)
        } else {
            a.0.total_cmp(&b.0)
        };
        by_tone.then(a.1.cmp(&b.1))
    });
    conversation.cite(scored.into_iter().take(2).map(|(_, index)| index))
}

/// The rep's two sentences with most fillers.
fn most_fillers(conversation: &Conversation<'_>) -> Vec<Evidence> {
    let mut counted: Vec<(u64, u32)> = conversation
        .sentences()
        .iter()
        .filter(|sentence| conversation.side(sentence.index) == Side::Rep)
        .map(|sentence| (count_fillers(&sentence.text), sentence.index))
        .filter(|(fillers, _)| *fillers > 0)
        .collect();
    counted.sort_by_key(|(fillers, index)| (std::cmp::Reverse(*fillers), *index));
    conversation.cite(counted.into_iter().take(2).map(|(_, index)| index))
}
