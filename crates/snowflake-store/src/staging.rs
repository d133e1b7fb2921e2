//! Decodes and measures documents: the part of a transform that needs no store, so that all
//! stores stage the same rows.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calls::analytics::{self, ConversationMetrics};
use calls::canonical::storable;
use calls::{Affiliation, Call, CallId, GongFindings, SpeakerId, Transcript, gong};

use crate::payload_hash;

/// Sentences that a call can have: their index takes 24 bits of their key.
const MAX_SENTENCES: usize = 1 << 24;

/// The documents of a call as landed.
#[derive(Debug)]
pub(crate) struct Documents {
    pub(crate) id: CallId,
    pub(crate) call: Document,
    pub(crate) transcript: Option<Document>,
}

/// A document with what is known of it.
pub(crate) struct Document {
    pub(crate) payload_sha: String,
    pub(crate) json: String,
    pub(crate) run_id: String,
    /// What was cleaned of it before it landed: a JSON array of text.
    pub(crate) cleaning_notes: Option<String>,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.json.len())
            .finish_non_exhaustive()
    }
}

/// A call ready to be staged.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) id: CallId,
    /// The payload that was read: staging it is void when another landed since.
    pub(crate) call_sha: String,
    pub(crate) transcript_sha: Option<String>,
    /// The run that landed the newest document.
    pub(crate) run_id: String,
    /// The call, or why it cannot be read.
    pub(crate) content: Result<Box<Content>, String>,
}

#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) call: Call,
    pub(crate) conversation: TranscriptState,
    /// What of the documents was cleaned, or is not as Gong documents it.
    pub(crate) notes: Vec<String>,
}

impl Content {
    /// The notes as their column holds them: null without any.
    pub(crate) fn notes_json(&self) -> Option<String> {
        // Text cannot fail to be written.
        let json = serde_json::to_string(&self.notes).ok()?;
        (!self.notes.is_empty()).then_some(json)
    }
}

#[derive(Debug)]
pub(crate) enum TranscriptState {
    /// No transcript is stored.
    Missing,
    /// The transcript cannot be read, and why.
    Unreadable(String),
    Ready(Box<MeasuredTranscript>),
}

/// Sentences with who said them.
#[derive(Debug)]
pub(crate) struct MeasuredTranscript {
    pub(crate) transcript: Transcript,
    pub(crate) voices: Vec<Voice>,
    /// By sentence: index into `voices`.
    pub(crate) voice_of: Vec<usize>,
    /// By sentence.
    pub(crate) word_counts: Vec<i64>,
    /// Of the transcript's payload and of the voices: sentence rows with the same
    /// hash are the same.
    pub(crate) sentences_sha: String,
    pub(crate) metrics: ConversationMetrics,
    pub(crate) metrics_json: String,
}

/// A speaker as the sentences show them.
#[derive(Debug, PartialEq, serde::Serialize)]
pub(crate) struct Voice {
    pub(crate) speaker_id: Option<SpeakerId>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) affiliation: Affiliation,
}

/// What Gong wrote about a call, by whose words it is found: a line an item.
pub(crate) fn findable(brief: Option<&str>, findings: &GongFindings) -> String {
    let texts: Vec<&str> = brief.into_iter().chain(findings.texts()).collect();
    texts.join("\n")
}

/// Decodes and measures a batch.
pub(crate) fn decode(batch: Vec<Documents>) -> Vec<Prepared> {
    batch.into_iter().map(prepare).collect()
}

fn prepare(documents: Documents) -> Prepared {
    let Documents {
        id,
        call,
        transcript,
    } = documents;
    // Whatever a document makes the code do, other calls are not held up.
    let content = catch_unwind(AssertUnwindSafe(|| {
        content(&id, &call, transcript.as_ref())
    }))
    .unwrap_or_else(|_| Err("reading the call panicked".to_owned()));
    let newest = transcript.as_ref().unwrap_or(&call);
    Prepared {
        run_id: newest.run_id.clone(),
        call_sha: call.payload_sha,
        transcript_sha: transcript.map(|transcript| transcript.payload_sha),
        id,
        content: content.map(Box::new),
    }
}

fn content(id: &CallId, call: &Document, transcript: Option<&Document>) -> Result<Content, String> {
    let read =
        gong::decode_call_with_notes(&call.json).map_err(|error| format!("call: {error}"))?;
    let mut notes = cleaning_notes(call);
    notes.extend(read.notes);
    let mut call = read.value;
    // Documents hold U+FFFD in place of NUL.
    if call.id.as_str() != storable(id.as_str()) {
        return Err("call: metaData.id: is not the id that it landed under".to_owned());
    }
    call.id = id.clone();
    let conversation = match transcript {
        None => TranscriptState::Missing,
        Some(document) => {
            notes.extend(cleaning_notes(document));
            match conversation(&call, document, &mut notes) {
                Ok(conversation) => TranscriptState::Ready(Box::new(conversation)),
                Err(reason) => TranscriptState::Unreadable(format!("transcript: {reason}")),
            }
        }
    };
    Ok(Content {
        call,
        conversation,
        notes,
    })
}

fn cleaning_notes(document: &Document) -> Vec<String> {
    let notes = document.cleaning_notes.as_deref();
    notes
        .and_then(|notes| serde_json::from_str(notes).ok())
        .unwrap_or_default()
}

fn conversation(
    call: &Call,
    document: &Document,
    notes: &mut Vec<String>,
) -> Result<MeasuredTranscript, String> {
    let read =
        gong::decode_transcript_with_notes(&document.json).map_err(|error| error.to_string())?;
    notes.extend(read.notes);
    let mut transcript = read.value;
    if transcript.call_id.as_str() != storable(call.id.as_str()) {
        return Err("callId: is not the id that it landed under".to_owned());
    }
    transcript.call_id = call.id.clone();
    if transcript.sentences.len() > MAX_SENTENCES {
        return Err(format!(
            "transcript: has more than {MAX_SENTENCES} sentences"
        ));
    }
    let mut voices: Vec<Voice> = Vec::new();
    let mut voice_of = Vec::with_capacity(transcript.sentences.len());
    let mut word_counts = Vec::with_capacity(transcript.sentences.len());
    let mut latest = None;
    for sentence in &transcript.sentences {
        let speaker = &sentence.speaker_id;
        // Mostly it is who spoke before.
        let known = latest
            .filter(|&index: &usize| voices[index].speaker_id == *speaker)
            .or_else(|| voices.iter().position(|voice| voice.speaker_id == *speaker));
        let index = known.unwrap_or_else(|| {
            voices.push(voice(call, speaker.as_ref()));
            voices.len() - 1
        });
        latest = Some(index);
        voice_of.push(index);
        word_counts.push(i64::try_from(sentence.word_count()).unwrap_or(i64::MAX));
    }
    let json = |error: serde_json::Error| error.to_string();
    let voices_json = serde_json::to_string(&voices).map_err(json)?;
    let metrics = analytics::measure(call, &transcript);
    Ok(MeasuredTranscript {
        metrics_json: serde_json::to_string(&metrics).map_err(json)?,
        metrics,
        sentences_sha: payload_hash::sha256_hex(
            format!("{}{voices_json}", document.payload_sha).as_bytes(),
        ),
        transcript,
        voices,
        voice_of,
        word_counts,
    })
}

fn voice(call: &Call, speaker: Option<&SpeakerId>) -> Voice {
    let party = speaker.and_then(|speaker| call.speaker(speaker));
    Voice {
        speaker_id: speaker.cloned(),
        name: party.and_then(|party| party.name.clone()),
        email: party.and_then(|party| party.email.clone()),
        affiliation: call.affiliation_of(speaker),
    }
}
