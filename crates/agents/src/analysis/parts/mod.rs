//! The parts of the score, one function each.
//!
//! Every target and every slope is defined here once, with its source. Where
//! there is no outside source, it says `ours`; Gong's own ranges are not public.

mod deal;
mod engagement;
mod objections;
mod talking;

pub(crate) use objections::{SPOKEN_ANSWER_WITHIN_MS, objections};

use snowflake_store::CallInsights;

use super::score::{Outcome, Part, Score};
use crate::conversation::Conversation;

/// Scores every part of a conversation.
pub(crate) fn score(conversation: &Conversation<'_>, insights: &CallInsights) -> Score {
    Score::of(
        Part::ALL
            .into_iter()
            .map(|part| (part, judge(part, conversation, insights)))
            .collect(),
    )
}

fn judge(part: Part, conversation: &Conversation<'_>, insights: &CallInsights) -> Outcome {
    match part {
        Part::TalkBalance => talking::talk_balance(conversation),
        Part::Questions => talking::questions(conversation),
        Part::Listening => talking::listening(conversation),
        Part::CustomerEngagement => engagement::customer_engagement(conversation),
        Part::Tone => engagement::tone(conversation),
        Part::NextSteps => deal::next_steps(conversation, insights),
        Part::DealQualification => deal::qualification(conversation, insights),
        Part::ObjectionHandling => objections::objection_handling(conversation, insights),
    }
}
