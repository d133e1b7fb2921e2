//! Who holds the floor: turns and the backchannels within them.
//!
//! A **turn** is the speech of one voice from the moment it takes the floor
//! until another voice takes it. In time order (start, then end, then place in
//! the transcript):
//!
//! - the first run of the call takes the floor, however short;
//! - a run of the holder continues the turn;
//! - a run of another voice that is a [backchannel](super::backchannel) leaves
//!   the floor where it is;
//! - any other run takes it.
//!
//! Neighbouring turns therefore always have different voices. A turn lasts from
//! the start of its first sentence to the latest end among its sentences, pauses
//! included; silence alone does not end it. Turns overlap where people do. All
//! unattributed speech counts as one voice.

use super::backchannel::is_backchannel;
use super::timeline::{Spoken, Timeline};
use crate::{SpeakerId, Transcript, Turn};

/// A transcript cut into turns and backchannels.
///
/// Every sentence is in exactly one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Floor {
    /// Turns in time order.
    pub turns: Vec<Turn>,
    /// Runs that did not take the floor, in time order.
    pub backchannels: Vec<Turn>,
}

impl Floor {
    /// Cuts a transcript.
    pub fn of(transcript: &Transcript) -> Self {
        let timeline = Timeline::of(transcript);
        let mut floor = Self::default();
        let mut held_by = None;
        for (voice, run, holds) in runs(&timeline) {
            let speaker = || timeline.voices[voice].cloned();
            match (holds, floor.turns.last_mut()) {
                (Holds::Nothing, _) => floor.backchannels.push(begin(speaker(), run)),
                (Holds::Floor, Some(turn)) if held_by == Some(voice) => extend(turn, run),
                (Holds::Floor, _) => floor.turns.push(begin(speaker(), run)),
            }
            if holds == Holds::Floor {
                held_by = Some(voice);
            }
        }
        floor
    }
}

fn begin(speaker_id: Option<SpeakerId>, run: &[Spoken<'_>]) -> Turn {
    let start_ms = run.first().map_or(0, |spoken| spoken.start_ms);
    let mut turn = Turn {
        speaker_id,
        start_ms,
        end_ms: start_ms,
        sentences: Vec::new(),
    };
    extend(&mut turn, run);
    turn
}

fn extend(turn: &mut Turn, run: &[Spoken<'_>]) {
    for spoken in run {
        turn.end_ms = turn.end_ms.max(spoken.end_ms);
        turn.sentences.push(spoken.sentence.index);
    }
}

/// What a run does to the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// It takes or keeps the floor.
    Floor,
    /// It is a backchannel.
    Nothing,
}

/// Runs in time order, as (voice, sentences, what it does).
pub(super) fn runs<'t, 'a>(
    timeline: &'t Timeline<'a>,
) -> impl Iterator<Item = (usize, &'t [Spoken<'a>], Holds)> {
    let mut holder: Option<usize> = None;
    timeline
        .spoken
        .chunk_by(|left, right| left.voice == right.voice)
        .map(move |run| {
            let voice = run[0].voice;
            let listens = holder.is_some_and(|holder| holder != voice);
            if listens && is_backchannel(run) {
                return (voice, run, Holds::Nothing);
            }
            holder = Some(voice);
            (voice, run, Holds::Floor)
        })
}

/// A turn without its sentences, for the figures that need times only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) voice: usize,
    pub(super) start_ms: i64,
    pub(super) end_ms: i64,
}

/// The turns as stretches, in time order.
pub(super) fn stretches(timeline: &Timeline<'_>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (voice, run, holds) in runs(timeline) {
        if holds == Holds::Nothing {
            continue;
        }
        let start_ms = run[0].start_ms;
        let end_ms = run
            .iter()
            .map(|spoken| spoken.end_ms)
            .max()
            .unwrap_or(start_ms);
        match stretches.last_mut().filter(|last| last.voice == voice) {
            Some(last) => last.end_ms = last.end_ms.max(end_ms),
            None => stretches.push(Stretch {
                voice,
                start_ms,
                end_ms,
            }),
        }
    }
    stretches
}
