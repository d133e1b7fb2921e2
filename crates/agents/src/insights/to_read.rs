//! A call of the store as a reader is given it.

use calls::reading::{CallToRead, DealFacts, ReadParty, ReadTurn};
use calls::{Call, Party, PartyId, SpeakerId, Transcript};
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;
use snowflake_store::CallDetail;

use crate::analysis::deal_context;
use crate::{Error, ErrorCode, Result};

/// The call with what is known beside it. Sentences keep their numbers: a turn ends where
/// the speaker changes.
///
/// # Errors
/// [`ErrorCode::NoTranscript`](crate::ErrorCode::NoTranscript).
pub(crate) fn call_to_read(detail: &CallDetail) -> Result<CallToRead> {
    let (call, transcript) = (&detail.call, transcript_of(detail)?);
    let mut turns: Vec<ReadTurn> = Vec::new();
    let mut speaking: Option<Option<&SpeakerId>> = None;
    let mut silent_from: Option<i64> = None;
    for sentence in &transcript.sentences {
        let speaker = sentence.speaker_id.as_ref();
        if speaking != Some(speaker) {
            speaking = Some(speaker);
            let mut turn = ReadTurn::new(voice(call, speaker), Vec::new());
            turn.pause_before_s = silent_from
                .map(|from| sentence.start_ms.saturating_sub(from).max(0) as f64 / 1000.0);
            turns.push(turn);
        }
        if let Some(turn) = turns.last_mut() {
            turn.sentences.push(sentence.text.clone());
        }
        silent_from = Some(sentence.end_ms);
    }
    let mut to_read = CallToRead::new(call.id.clone(), call.started, turns);
    to_read.title = call.title.clone().unwrap_or_default();
    to_read.language = call.language.as_deref().map(language_code);
    to_read.parties = call.parties.iter().filter_map(read_party).collect();
    to_read.host = call.primary_party().and_then(party_id);
    to_read.deal = deal(detail);
    Ok(to_read)
}

/// How a party is called in a reading: Gong's id, else that of the voice or of the user.
pub(crate) fn party_id(party: &Party) -> Option<PartyId> {
    let voice = || party.speaker_id.as_ref().map(|id| id.as_str().into());
    let user = || party.user_id.as_ref().map(|id| id.as_str().into());
    party.id.clone().or_else(voice).or_else(user)
}

fn read_party(party: &Party) -> Option<ReadParty> {
    let name = party.name.clone().unwrap_or_default();
    let mut read = ReadParty::new(party_id(party)?, name, party.affiliation.into());
    read.role = party.title.clone();
    read.email = party.email.clone();
    Some(read)
}

fn voice(call: &Call, speaker: Option<&SpeakerId>) -> PartyId {
    let Some(speaker) = speaker else {
        return PartyId::new("unknown");
    };
    let party = call.speaker(speaker).and_then(party_id);
    party.unwrap_or_else(|| speaker.as_str().into())
}

/// Gong writes `eng` and `en-US` too.
fn language_code(language: &str) -> String {
    let code = language.split(['-', '_']).next().unwrap_or(language);
    match code.to_ascii_lowercase().as_str() {
        "eng" => "en".to_owned(),
        other => other.to_owned(),
    }
}

fn deal(detail: &CallDetail) -> Option<DealFacts> {
    let deal = deal_context(detail)?;
    let mut facts = DealFacts::default();
    facts.name = deal.name;
    facts.amount = deal.amount.and_then(|amount| amount.to_f64());
    facts.currency = deal.currency;
    // What was known when they spoke, not what became of it.
    facts.stage = deal.stage_at_call;
    facts.close_date = deal
        .close_date
        .filter(|_| deal.outcome.is_none_or(|outcome| !outcome.is_closed()))
        .map(|at| TimeZone::UTC.to_datetime(at).date());
    Some(facts)
}

/// The transcript, or the error that there is none.
pub(super) fn transcript_of(detail: &CallDetail) -> Result<&Transcript> {
    detail.transcript.as_ref().ok_or_else(|| {
        Error::new(
            ErrorCode::NoTranscript,
            format!("call {} has no transcript", detail.call.id),
        )
        .with_field("call_id")
    })
}
