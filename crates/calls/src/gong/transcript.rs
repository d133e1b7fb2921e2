//! `callTranscripts[]` items.

use serde::Deserialize;

use super::error::{DecodeError, from_json};
use super::list::present;
use crate::{CallId, Sentence, SpeakerId, Transcript};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    call_id: CallId,
    #[serde(default, deserialize_with = "present")]
    transcript: Vec<Monologue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Monologue {
    #[serde(default)]
    speaker_id: Option<SpeakerId>,
    #[serde(default)]
    topic: Option<String>,
    #[serde(default, deserialize_with = "present")]
    sentences: Vec<WireSentence>,
}

#[derive(Deserialize)]
struct WireSentence {
    // Integers on the wire so far; Gong's other times are floats.
    #[serde(default)]
    start: Option<f64>,
    #[serde(default)]
    end: Option<f64>,
    #[serde(default)]
    text: Option<String>,
}

/// Reads one item of `POST /v2/calls/transcript`: `{callId, transcript[]{speakerId,
/// topic, sentences[]{start, end, text}}}` with times in milliseconds.
///
/// Sentences keep the order of the wire, also where their times do not ascend. A
/// sentence without a start begins where the one before it on the wire ends (the
/// first at 0), and one without an end lasts no time: its words are kept.
///
/// # Errors
/// [`DecodeError`] names the first field that is missing or has a wrong type.
pub fn decode_transcript(json: &str) -> Result<Transcript, DecodeError> {
    let wire: Wire = from_json(json)?;
    let count = wire
        .transcript
        .iter()
        .map(|monologue| monologue.sentences.len())
        .sum();
    let mut sentences = Vec::with_capacity(count);
    let mut previous_end_ms = 0;
    for monologue in wire.transcript {
        for sentence in monologue.sentences {
            let index = u32::try_from(sentences.len())
                .map_err(|_| DecodeError::new("transcript", "more than u32::MAX sentences"))?;
            let start_ms = sentence.start.map_or(previous_end_ms, milliseconds);
            let end_ms = sentence.end.map_or(start_ms, milliseconds);
            previous_end_ms = end_ms;
            sentences.push(Sentence {
                index,
                speaker_id: monologue.speaker_id.clone(),
                topic: monologue.topic.clone(),
                start_ms,
                end_ms,
                text: sentence.text.unwrap_or_default(),
            });
        }
    }
    Ok(Transcript {
        call_id: wire.call_id,
        sentences,
    })
}

/// Exact. Times beyond 31,000 years are cut, so that no difference of two overflows.
#[allow(clippy::cast_possible_truncation)]
fn milliseconds(time: f64) -> i64 {
    time.round().clamp(-1e15, 1e15) as i64
}
