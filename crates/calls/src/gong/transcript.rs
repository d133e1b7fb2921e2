//! `callTranscripts[]` items.

use serde::Deserialize;

use super::error::{DecodeError, from_json};
use crate::{CallId, Sentence, SpeakerId, Transcript};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    call_id: CallId,
    #[serde(default)]
    transcript: Option<Vec<Monologue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Monologue {
    #[serde(default)]
    speaker_id: Option<SpeakerId>,
    #[serde(default)]
    topic: Option<String>,
    #[serde(default)]
    sentences: Option<Vec<WireSentence>>,
}

#[derive(Deserialize)]
struct WireSentence {
    start: i64,
    end: i64,
    #[serde(default)]
    text: Option<String>,
}

/// Reads one item of `POST /v2/calls/transcript`: `{callId, transcript[]{speakerId,
/// topic, sentences[]{start, end, text}}}` with times in integer milliseconds.
///
/// Sentences keep the order of the wire, also where their times do not ascend.
///
/// # Errors
/// [`DecodeError`] names the first field that is missing or has a wrong type.
pub fn decode_transcript(json: &str) -> Result<Transcript, DecodeError> {
    let wire: Wire = from_json(json)?;
    let monologues = wire.transcript.unwrap_or_default();
    let count = monologues
        .iter()
        .map(|m| m.sentences.as_ref().map_or(0, Vec::len))
        .sum();
    let mut sentences = Vec::with_capacity(count);
    for monologue in monologues {
        for sentence in monologue.sentences.unwrap_or_default() {
            let index = u32::try_from(sentences.len())
                .map_err(|_| DecodeError::new("transcript", "more than u32::MAX sentences"))?;
            sentences.push(Sentence {
                index,
                speaker_id: monologue.speaker_id.clone(),
                topic: monologue.topic.clone(),
                start_ms: sentence.start,
                end_ms: sentence.end,
                text: sentence.text.unwrap_or_default(),
            });
        }
    }
    Ok(Transcript {
        call_id: wire.call_id,
        sentences,
    })
}
