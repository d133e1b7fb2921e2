//! A conversation prepared for measuring.

use std::fmt;

use super::floor::{self, Stretch};
use super::metrics::ConversationMetrics;
use super::sides::{RepVoices, Side, Sides};
use super::timeline::{Spoken, Timeline};
use crate::{Call, SpeakerId, Transcript};

/// A call and its transcript, sorted, cut into turns and told apart by side, so
/// that each figure is one pass.
///
/// ```
/// # fn demo(call: &calls::Call, transcript: &calls::Transcript) {
/// use calls::analytics::{Measurement, RepVoices};
///
/// let conversation = Measurement::new(call, transcript);
/// if conversation.rep() == Some(RepVoices::Host) {
///     println!("{:?} s", conversation.longest_monologue_seconds());
/// }
/// # }
/// ```
pub struct Measurement<'a> {
    pub(super) call: &'a Call,
    pub(super) timeline: Timeline<'a>,
    pub(super) sides: Sides<'a>,
    pub(super) stretches: Vec<Stretch>,
}

impl<'a> Measurement<'a> {
    /// Sorts and cuts the transcript: O(n log n), linear when it is in time order.
    pub fn new(call: &'a Call, transcript: &'a Transcript) -> Self {
        let timeline = Timeline::of(transcript);
        let sides = Sides::of(call, &timeline.voices);
        let stretches = floor::stretches(&timeline);
        Self {
            call,
            timeline,
            sides,
            stretches,
        }
    }

    /// Which voices stand for the rep; `None` when none of the selling company spoke.
    pub fn rep(&self) -> Option<RepVoices> {
        self.sides.rep
    }

    /// Every figure.
    pub fn metrics(&self) -> ConversationMetrics {
        ConversationMetrics {
            talk_ratio: self.talk_ratio(),
            talk_share_of_call: self.talk_share_of_call(),
            longest_monologue_seconds: self.longest_monologue_seconds(),
            longest_customer_story_seconds: self.longest_customer_story_seconds(),
            interactivity: self.interactivity(),
            patience_seconds: self.patience_seconds(),
            questions_by_rep: self.questions_by_rep(),
            questions_by_customer: self.questions_by_customer(),
            question_rate: self.question_rate(),
            filler_rate: self.filler_rate(),
            speakers: self.speakers(),
        }
    }

    /// The [side](super::sides) of a voice; [`Side::Neither`] for voices that say
    /// nothing and for unattributed speech (`None`).
    pub fn side_of(&self, speaker: Option<&SpeakerId>) -> Side {
        self.timeline
            .voice(speaker)
            .map_or(Side::Neither, |voice| self.side(voice))
    }

    pub(super) fn side(&self, voice: usize) -> Side {
        self.sides.of_voice[voice]
    }

    /// Sentences of one side, in time order.
    pub(super) fn spoken_by(&self, side: Side) -> impl Iterator<Item = &Spoken<'a>> {
        self.timeline
            .spoken
            .iter()
            .filter(move |spoken| self.side(spoken.voice) == side)
    }

    /// Length of the call in seconds: the source's own measurement, or from the
    /// first word to the last where the source has none; `None` when neither is
    /// above zero.
    pub(super) fn call_seconds(&self) -> Option<f64> {
        let seconds = match self.call.duration_seconds {
            0 => seconds(self.timeline.span_ms()),
            seconds => seconds as f64,
        };
        (seconds > 0.0).then_some(seconds)
    }
}

impl fmt::Debug for Measurement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Measurement")
            .field("call", &self.call.id)
            .field("sentences", &self.timeline.spoken.len())
            .field("turns", &self.stretches.len())
            .field("rep", &self.sides.rep)
            .finish_non_exhaustive()
    }
}

pub(super) fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1_000.0
}
