//! Documents read, decoded and measured: all that needs no writer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calls::analytics::{self, ConversationMetrics};
use calls::{Affiliation, Call, CallId, SpeakerId, Transcript, gong};
use rusqlite::{Connection, OptionalExtension};

use crate::payload_hash;
use crate::sqlite::failure::JobResult;
use crate::sqlite::statements;

/// Sentences that a call can have: their index takes 24 bits of their key.
const MAX_SENTENCES: usize = 1 << 24;

/// The documents of a call as landed.
#[derive(Debug)]
pub(super) struct Documents {
    id: CallId,
    call: Document,
    transcript: Option<Document>,
}

struct Document {
    payload_sha: String,
    json: String,
    run_id: String,
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
pub(super) struct Prepared {
    pub(super) id: CallId,
    /// The payload that was read: staging it is void when another landed since.
    pub(super) call_sha: String,
    pub(super) transcript_sha: Option<String>,
    /// The run that landed the newest document.
    pub(super) run_id: String,
    /// The call, or why it cannot be read.
    pub(super) content: Result<Box<Content>, String>,
}

#[derive(Debug)]
pub(super) struct Content {
    pub(super) call: Call,
    pub(super) conversation: ConversationState,
}

#[derive(Debug)]
pub(super) enum ConversationState {
    /// No transcript is stored.
    Missing,
    /// The transcript cannot be read, and why.
    Unreadable(String),
    Ready(Box<Conversation>),
}

/// Sentences with who said them.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) transcript: Transcript,
    pub(super) voices: Vec<Voice>,
    /// By sentence: index into `voices`.
    pub(super) voice_of: Vec<usize>,
    /// By sentence.
    pub(super) word_counts: Vec<i64>,
    /// Of the transcript's payload and of the voices: sentence rows with the same
    /// hash are the same.
    pub(super) sentences_sha: String,
    pub(super) metrics: ConversationMetrics,
    pub(super) metrics_json: String,
}

/// A speaker as the sentences show them.
#[derive(Debug, PartialEq, serde::Serialize)]
pub(super) struct Voice {
    pub(super) speaker_id: Option<SpeakerId>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) affiliation: Affiliation,
}

/// Reads the documents of a batch; calls that are gone meanwhile are left out.
pub(super) fn read(connection: &Connection, ids: &[CallId]) -> JobResult<Vec<Documents>> {
    let mut statement = connection.prepare_cached(statements::RAW_DOCUMENTS)?;
    let mut batch = Vec::with_capacity(ids.len());
    for id in ids {
        let documents = statement
            .query_row([id.as_str()], |row| {
                let transcript_sha: Option<String> = row.get(3)?;
                Ok(Documents {
                    id: id.clone(),
                    call: Document {
                        payload_sha: row.get(0)?,
                        json: row.get(1)?,
                        run_id: row.get(2)?,
                    },
                    transcript: match transcript_sha {
                        None => None,
                        Some(payload_sha) => Some(Document {
                            payload_sha,
                            json: row.get(4)?,
                            run_id: row.get(5)?,
                        }),
                    },
                })
            })
            .optional()?;
        batch.extend(documents);
    }
    Ok(batch)
}

/// Decodes and measures a batch.
pub(super) fn decode(batch: Vec<Documents>) -> Vec<Prepared> {
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
    let call = gong::decode_call(&call.json).map_err(|error| format!("call: {error}"))?;
    if call.id != *id {
        return Err("call: metaData.id: is not the id that it landed under".to_owned());
    }
    let conversation = match transcript {
        None => ConversationState::Missing,
        Some(document) => match conversation(&call, document) {
            Ok(conversation) => ConversationState::Ready(Box::new(conversation)),
            Err(reason) => ConversationState::Unreadable(format!("transcript: {reason}")),
        },
    };
    Ok(Content { call, conversation })
}

fn conversation(call: &Call, document: &Document) -> Result<Conversation, String> {
    let transcript = gong::decode_transcript(&document.json).map_err(|error| error.to_string())?;
    if transcript.call_id != call.id {
        return Err("callId: is not the id that it landed under".to_owned());
    }
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
    Ok(Conversation {
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
