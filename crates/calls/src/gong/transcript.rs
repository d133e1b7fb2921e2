//! `callTranscripts[]` items.

use serde::Deserialize;
use serde_json::Number;

use super::decoded::Decoded;
use super::error::DecodeError;
use super::field::{Expected, Field, Found, expected_objects};
use super::place::Place;
use crate::notes::Notes;
use crate::{CallId, Sentence, SpeakerId, Transcript};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    call_id: CallId,
    #[serde(default)]
    transcript: Field<Vec<Field<Monologue>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Monologue {
    #[serde(default)]
    speaker_id: Field<SpeakerId>,
    #[serde(default)]
    topic: Field<String>,
    #[serde(default)]
    sentences: Field<Vec<Field<WireSentence>>>,
}

#[derive(Deserialize)]
struct WireSentence {
    #[serde(default)]
    start: Field<Milliseconds>,
    #[serde(default)]
    end: Field<Milliseconds>,
    #[serde(default)]
    text: Field<String>,
}

expected_objects!(Monologue, WireSentence);

/// A time from the start of the recording. Integers on the wire so far; Gong's other times
/// are floats.
#[derive(Debug, Clone, Copy)]
struct Milliseconds(i64);

impl Milliseconds {
    /// Nearer than 31,000 years, so that no difference of two overflows.
    #[allow(clippy::cast_possible_truncation)]
    fn of(time: f64) -> Option<Self> {
        (time.abs() <= 1e15).then(|| Self(time.round() as i64))
    }
}

impl Expected for Milliseconds {
    const NAME: &'static str = "a time in milliseconds";

    fn number(number: Number) -> Field<Self> {
        let time = number.as_f64().and_then(Self::of);
        time.map_or(Field::Odd(Found::OutOfRange, None), Field::Value)
    }

    /// A number in quotes is read as one: without its times a conversation has no figures.
    fn text(text: &str) -> Field<Self> {
        let number = text.trim().parse().ok();
        match number.and_then(Self::of) {
            Some(time) => Field::Odd(Found::Text, Some(time)),
            None => Field::Odd(Found::OddText, None),
        }
    }
}

/// As [`decode_transcript_with_notes`], without its notes. For callers that want the words alone.
///
/// # Errors
/// As [`decode_transcript_with_notes`].
pub fn decode_transcript(json: &str) -> Result<Transcript, DecodeError> {
    decode_transcript_with_notes(json).map(|read| read.value)
}

/// Reads one item of `POST /v2/calls/transcript`: `{callId, transcript[]{speakerId,
/// topic, sentences[]{start, end, text}}}` with times in milliseconds.
///
/// Sentences keep the order of the wire, also where their times do not ascend. A
/// sentence without a start begins where the one before it on the wire ends (the
/// first at 0), and one without an end lasts no time: its words are kept. A value of
/// another type than documented counts as none, with a note; a time may be a number in
/// quotes, and a sentence whose words are not text has none.
///
/// # Errors
/// [`DecodeError`] when the document is not JSON or has no readable id of its call, naming
/// the field.
pub fn decode_transcript_with_notes(json: &str) -> Result<Decoded<Transcript>, DecodeError> {
    Decoded::read(json, transcript)
}

fn transcript(wire: Wire, notes: &mut Notes) -> Result<Transcript, DecodeError> {
    let place = Place::Document.key("transcript");
    let monologues = place.read(wire.transcript, notes).unwrap_or_default();
    let mut sentences = Vec::new();
    let mut previous_end_ms = 0;
    for (index, field) in monologues.into_iter().enumerate() {
        let place = place.item(index);
        let Some(monologue) = place.read(field, notes) else {
            continue;
        };
        let speaker_id = place.key("speakerId").read(monologue.speaker_id, notes);
        let topic = place.key("topic").read(monologue.topic, notes);
        let place = place.key("sentences");
        let said = place.read(monologue.sentences, notes).unwrap_or_default();
        sentences.reserve(said.len());
        for (index, field) in said.into_iter().enumerate() {
            let place = place.item(index);
            let Some(sentence) = place.read(field, notes) else {
                continue;
            };
            let index = u32::try_from(sentences.len())
                .map_err(|_| DecodeError::new("transcript", "more than u32::MAX sentences"))?;
            let start = place.key("start").read(sentence.start, notes);
            let end = place.key("end").read(sentence.end, notes);
            let start_ms = start.map_or(previous_end_ms, |time| time.0);
            let end_ms = end.map_or(start_ms, |time| time.0);
            previous_end_ms = end_ms;
            let text = place.key("text").read(sentence.text, notes);
            sentences.push(Sentence {
                index,
                speaker_id: speaker_id.clone(),
                topic: topic.clone(),
                start_ms,
                end_ms,
                text: text.unwrap_or_default(),
            });
        }
    }
    Ok(Transcript {
        call_id: wire.call_id,
        sentences,
    })
}
