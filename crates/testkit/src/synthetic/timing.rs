//! When things are said: speed of speech, pauses, overlaps, backchannels.

use fastrand::Rng;

use super::dialogue::Utterance;
use super::rep::RepStyle;
use super::script::{Role, SCRIPTS};

/// A sentence with its times, in milliseconds from the start of the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TimedSentence {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) text: String,
}

/// Consecutive sentences of one person: one entry of Gong's transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Monologue {
    pub(super) role: Role,
    pub(super) topic: Option<&'static str>,
    pub(super) sentences: Vec<TimedSentence>,
    /// "Mm-hmm" and the like, over another's speech.
    pub(super) is_backchannel: bool,
}

/// Lays utterances on the time line. Starts never go backwards; ends may overlap
/// the next start, as people do.
pub(super) fn lay_out(
    utterances: Vec<Utterance>,
    style: RepStyle,
    rng: &mut Rng,
) -> Vec<Monologue> {
    let mut line = TimeLine {
        style,
        buyer_pace: 2.3 + rng.f64() * 0.8,
        end: rng.i64(150..4_000),
        last_start: 0,
        monologues: Vec::new(),
    };
    for utterance in utterances {
        line.speak(utterance, rng);
    }
    line.monologues
}

struct TimeLine {
    style: RepStyle,
    buyer_pace: f64,
    /// End of the last sentence that was not a backchannel.
    end: i64,
    last_start: i64,
    monologues: Vec<Monologue>,
}

impl TimeLine {
    fn speak(&mut self, utterance: Utterance, rng: &mut Rng) {
        let Utterance {
            role,
            topic,
            sentences,
        } = utterance;
        let count = sentences.len();
        for (index, text) in sentences.into_iter().enumerate() {
            let gap = if index == 0 {
                self.gap_before(role, rng)
            } else {
                rng.i64(60..420)
            };
            let start = (self.end + gap).max(self.last_start + 120);
            let end = start + self.length(role, &text, rng);
            self.push(role, topic, TimedSentence { start, end, text });
            (self.end, self.last_start) = (end, start);
            if count >= 3 && index + 1 < count && rng.f64() < 0.22 {
                self.backchannel(role, rng);
            }
        }
    }

    /// The pause before a new turn; below zero the turn starts over the last one.
    fn gap_before(&self, role: Role, rng: &mut Rng) -> i64 {
        let last = self
            .monologues
            .iter()
            .rev()
            .find(|monologue| !monologue.is_backchannel);
        if last.is_none_or(|monologue| monologue.role == role) {
            return rng.i64(150..600);
        }
        let usual = if role.is_seller() {
            self.style.patience_ms
        } else {
            450
        };
        match rng.f64() {
            chance if chance < 0.08 => -rng.i64(80..450),
            _ => usual + rng.i64(-200..350),
        }
    }

    fn length(&self, role: Role, text: &str, rng: &mut Rng) -> i64 {
        let pace = match role {
            Role::Rep => self.style.words_per_second,
            Role::Engineer => 2.8,
            Role::Buyer => self.buyer_pace,
            Role::SecondBuyer => self.buyer_pace * 0.93,
        };
        let words = text.split_whitespace().count() as f64;
        let seconds = words / pace * (0.88 + rng.f64() * 0.28);
        180 + (seconds * 1_000.0) as i64
    }

    fn backchannel(&mut self, speaking: Role, rng: &mut Rng) {
        let role = if speaking.is_seller() {
            Role::Buyer
        } else {
            Role::Rep
        };
        let Some(text) = rng.choice(SCRIPTS.asides("backchannel")) else {
            return;
        };
        let start = (self.end - rng.i64(0..350)).max(self.last_start + 60);
        let end = start + rng.i64(260..620);
        let sentence = TimedSentence {
            start,
            end,
            text: (*text).to_owned(),
        };
        self.last_start = start;
        self.monologues.push(Monologue {
            role,
            topic: None,
            sentences: vec![sentence],
            is_backchannel: true,
        });
    }

    fn push(&mut self, role: Role, topic: Option<&'static str>, sentence: TimedSentence) {
        if let Some(last) = self.monologues.last_mut()
            && last.role == role
            && last.topic == topic
            && !last.is_backchannel
        {
            last.sentences.push(sentence);
            return;
        }
        let sentences = vec![sentence];
        self.monologues.push(Monologue {
            role,
            topic,
            sentences,
            is_backchannel: false,
        });
    }
}
