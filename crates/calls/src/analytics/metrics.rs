//! The figures as one value, to be stored and sent.

use serde::{Deserialize, Serialize};

use crate::{Affiliation, SpeakerId};

/// The figures of one conversation.
///
/// The definitions are this workspace's own (Gong publishes none), so they are
/// not to be compared with Gong's figures of the same names. Each is defined at
/// the method of [`Measurement`](super::Measurement) that yields it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConversationMetrics {
    /// Rep speech as a share of all speech, 0 to 1; `None` without speech or rep.
    pub talk_ratio: Option<f64>,
    /// Rep speech as a share of the call's length, 0 to 1.
    pub talk_share_of_call: Option<f64>,
    /// Longest turn of the rep, in seconds.
    pub longest_monologue_seconds: Option<f64>,
    /// Longest turn of anybody outside the company, in seconds.
    pub longest_customer_story_seconds: Option<f64>,
    /// Speaker switches per minute.
    pub interactivity: Option<f64>,
    /// Median pause before the rep answers, in seconds.
    pub patience_seconds: Option<f64>,
    /// Questions the rep asked.
    pub questions_by_rep: u32,
    /// Questions that anybody outside the company asked.
    pub questions_by_customer: u32,
    /// Rep questions per hour of call.
    pub question_rate: Option<f64>,
    /// Fillers per 100 words of the rep.
    pub filler_rate: Option<f64>,
    /// Speech by voice, most first; shares sum to 1.
    pub speakers: Vec<SpeakerShare>,
}

/// How much one voice spoke.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SpeakerShare {
    /// The voice; `None` for unattributed speech.
    pub speaker_id: Option<SpeakerId>,
    /// Name, where the party list has it.
    pub name: Option<String>,
    /// The side.
    pub affiliation: Affiliation,
    /// Seconds spoken, own overlaps counted once.
    pub seconds: f64,
    /// Share of the sum over all voices, 0 to 1.
    pub share: f64,
    /// Words spoken.
    pub words: u64,
}
