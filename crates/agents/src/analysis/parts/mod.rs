//! The parts of the score, one function each. Targets and slopes come from
//! [`targets`](crate::targets).

mod deal;
mod engagement;
mod talking;

use calls::reading::Reading;

use super::part::Part;
use super::score::{Outcome, Score};
use crate::conversation::Conversation;
use crate::targets::CoachingSettings;

/// Scores every part of a conversation.
pub(crate) fn score(
    conversation: &Conversation<'_>,
    reading: &Reading,
    settings: &CoachingSettings,
) -> Score {
    let judged = |part| (part, judge(part, conversation, reading, settings));
    Score::of(
        Part::ALL.into_iter().map(judged).collect(),
        &settings.part_weights,
    )
}

fn judge(
    part: Part,
    conversation: &Conversation<'_>,
    reading: &Reading,
    settings: &CoachingSettings,
) -> Outcome {
    let targets = &settings.targets;
    match part {
        Part::TalkBalance => talking::talk_balance(conversation, settings),
        Part::Questions => talking::questions(conversation, settings),
        Part::Listening => talking::listening(conversation, targets),
        Part::CustomerEngagement => engagement::customer_engagement(conversation, targets),
        Part::Tone => engagement::tone_along(conversation, targets),
        Part::NextSteps => deal::next_steps(conversation, reading),
        Part::DealQualification => deal::qualification(conversation, reading, targets),
        Part::ObjectionHandling => deal::objection_handling(conversation, reading, targets),
    }
}
