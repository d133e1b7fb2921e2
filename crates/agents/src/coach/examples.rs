//! Sentences of a call that show a metric at its worst or at its best, most telling first.

use calls::analytics::fillers::count_fillers;
use calls::reading::Reading;
use snowflake_store::CallDetail;

use crate::conversation::{Conversation, Side};
use crate::targets::CoachMetric;
use crate::{Evidence, Result};

/// Whether a weakness or a strength is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Showing {
    /// The value is below what is good.
    TooLow,
    /// The value is above what is good.
    TooHigh,
    /// The value is good.
    Strength,
}

/// A choice of sentences that show a metric; empty when the call has none.
pub(crate) fn show(
    metric: CoachMetric,
    detail: &CallDetail,
    reading: Option<&Reading>,
    showing: Showing,
) -> Result<Vec<Evidence>> {
    let mut conversation = Conversation::of(detail)?;
    if let Some(insights) = &detail.insights {
        conversation = conversation.with_tones(insights);
    }
    if let Some(reading) = reading {
        conversation = conversation.with_subject(reading);
    }
    let conversation = &conversation;
    let longest = |side| {
        let turn = conversation.longest_turn(side);
        turn.map(|turn| conversation.weightiest(turn))
            .unwrap_or_default()
    };
    let good = showing == Showing::Strength;
    let shown = match metric {
        CoachMetric::TalkRatio if good || showing == Showing::TooLow => {
            conversation.exchanges(Side::Customer)
        }
        CoachMetric::LongestMonologue if !good => longest(Side::Rep),
        CoachMetric::QuestionRate if showing == Showing::TooHigh => short_questions(conversation),
        CoachMetric::QuestionRate | CoachMetric::LongestMonologue if good => {
            best_questions(conversation)
        }
        CoachMetric::LongestCustomerStory => conversation.exchanges(Side::Customer),
        CoachMetric::Interactivity if good => hand_overs(conversation, 3),
        CoachMetric::Patience if good => longest_pause(conversation),
        CoachMetric::Patience => conversation.hasty_answers(),
        CoachMetric::NextStepShare => next_steps(conversation, reading, good),
        CoachMetric::Sentiment => by_tone(conversation, good),
        CoachMetric::FillerRate if good => longest(Side::Rep),
        CoachMetric::FillerRate => most_fillers(conversation),
        _ => conversation.exchanges(Side::Rep),
    };
    Ok(conversation.cite(shown))
}

/// The longest questions of the rep: "Right?" teaches nobody anything.
fn best_questions(conversation: &Conversation<'_>) -> Vec<u32> {
    let mut asked = conversation.questions(Side::Rep);
    asked.sort_by_key(|index| (std::cmp::Reverse(words(conversation, *index)), *index));
    asked
}

/// The shortest questions: those that follow each other fastest.
fn short_questions(conversation: &Conversation<'_>) -> Vec<u32> {
    let mut asked = conversation.questions(Side::Rep);
    asked.sort_by_key(|index| (words(conversation, *index), *index));
    asked
}

fn words(conversation: &Conversation<'_>, index: u32) -> usize {
    let sentence = conversation.sentence(index);
    sentence.map_or(0, |sentence| sentence.word_count().min(25))
}

/// First sentences of the turns around a change from customer to rep.
fn hand_overs(conversation: &Conversation<'_>, count: usize) -> Vec<u32> {
    let from = conversation
        .turns
        .iter()
        .position(|turn| conversation.turn_side(turn) == Side::Customer)
        .unwrap_or(0);
    let turns = conversation.turns.iter().skip(from).take(count);
    turns
        .filter_map(|turn| turn.sentences.first().copied())
        .collect()
}

/// The longest pause, up to three seconds, after which the rep answers: last words, first
/// words. A longer one is a technical fault more often than patience.
fn longest_pause(conversation: &Conversation<'_>) -> Vec<u32> {
    const LONG_ENOUGH_MS: i64 = 3_000;
    let pauses = conversation.turns.windows(2).filter_map(|pair| match pair {
        [before, after]
            if conversation.turn_side(before) == Side::Customer
                && conversation.turn_side(after) == Side::Rep =>
        {
            let length = after.start_ms.saturating_sub(before.end_ms);
            let (last, first) = (*before.sentences.last()?, *after.sentences.first()?);
            (length <= LONG_ENOUGH_MS).then_some((length, last, first))
        }
        _ => None,
    });
    let longest = pauses.max_by_key(|(length, last, _)| (*length, std::cmp::Reverse(*last)));
    longest
        .into_iter()
        .flat_map(|(_, last, first)| [last, first])
        .collect()
}

/// The next steps that were read; the end of the call, where one is missing.
fn next_steps(conversation: &Conversation<'_>, reading: Option<&Reading>, good: bool) -> Vec<u32> {
    let steps = reading.into_iter().flat_map(|reading| &reading.next_steps);
    let said = steps.filter_map(|step| u32::try_from(*step.sentences.first()?).ok());
    let said: Vec<u32> = said.collect();
    if good && !said.is_empty() {
        return said;
    }
    let closing = conversation.closing(3);
    closing.iter().map(Evidence::index).collect()
}

/// The customer's brightest or darkest sentences, those about the deal first.
fn by_tone(conversation: &Conversation<'_>, bright: bool) -> Vec<u32> {
    let mut scored: Vec<(bool, f64, u32)> = conversation
        .sentences()
        .iter()
        .filter(|sentence| conversation.side(sentence.index) == Side::Customer)
        .filter_map(|sentence| {
            let tone = conversation.tone(sentence.index)?;
            let is_small_talk = !conversation.is_about_the_deal(sentence.index);
            Some((is_small_talk, tone, sentence.index))
        })
        .filter(|(_, tone, _)| (*tone > 0.0) == bright && *tone != 0.0)
        .collect();
    scored.sort_by(|a, b| {
        let by_tone = if bright {
            b.1.total_cmp(&a.1)
        } else {
            a.1.total_cmp(&b.1)
        };
        a.0.cmp(&b.0).then(by_tone).then(a.2.cmp(&b.2))
    });
    scored.into_iter().map(|(.., index)| index).collect()
}

/// The rep's sentences with most fillers.
fn most_fillers(conversation: &Conversation<'_>) -> Vec<u32> {
    let mut counted: Vec<(u64, u32)> = conversation
        .sentences()
        .iter()
        .filter(|sentence| conversation.side(sentence.index) == Side::Rep)
        .map(|sentence| (count_fillers(&sentence.text), sentence.index))
        .filter(|(fillers, _)| *fillers > 0)
        .collect();
    counted.sort_by_key(|(fillers, index)| (std::cmp::Reverse(*fillers), *index));
    counted.into_iter().map(|(_, index)| index).collect()
}
