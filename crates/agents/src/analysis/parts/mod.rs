//! The parts of the score, one function each.
//!
//! Every target and every slope is defined here once, with its source. Where
//! there is no outside source, it says `ours`; Gong's own ranges are not public.

mod deal;
mod engagement;
mod talking;

use calls::reading::Reading;

use super::score::{Outcome, Part, Score};
use crate::conversation::Conversation;

/// Scores every part of a conversation.
pub(crate) fn score(conversation: &Conversation<'_>, reading: &Reading) -> Score {
    Score::of(
        Part::ALL
            .into_iter()
            .map(|part| (part, judge(part, conversation, reading)))
            .collect(),
    )
}

fn judge(part: Part, conversation: &Conversation<'_>, reading: &Reading) -> Outcome {
    match part {
        Part::TalkBalance => talking::talk_balance(conversation),
        Part::Questions => talking::questions(conversation),
        Part::Listening => talking::listening(conversation),
        Part::CustomerEngagement => engagement::customer_engagement(conversation),
        Part::Tone => engagement::tone_along(conversation),
        Part::NextSteps => deal::next_steps(conversation, reading),
        Part::DealQualification => deal::qualification(conversation, reading),
        Part::ObjectionHandling => deal::objection_handling(conversation, reading),
    }
}
