//! Items of `POST /v2/calls/extensive`, and the flat items of `GET /v2/calls`.

use jiff::Timestamp;
use serde::Deserialize;

use super::crm::{Context, crm_references};
use super::decoded::Decoded;
use super::error::DecodeError;
use super::field::{Field, Whole, expected_objects};
use super::findings::{self, Collaboration, Content, Interaction};
use super::place::Place;
use crate::notes::Notes;
use crate::{
    Affiliation, Call, CallId, Direction, GongFindings, Media, Party, PartyId, Scope, SpeakerId,
    UserId, WorkspaceId,
};

type List<T> = Field<Vec<Field<T>>>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extensive {
    meta_data: MetaData,
    #[serde(default)]
    context: List<Context>,
    #[serde(default)]
    parties: List<WireParty>,
    #[serde(default)]
    content: Field<Content>,
    #[serde(default)]
    interaction: Field<Interaction>,
    #[serde(default)]
    collaboration: Field<Collaboration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetaData {
    id: CallId,
    #[serde(default)]
    url: Field<String>,
    #[serde(default)]
    title: Field<String>,
    #[serde(default)]
    scheduled: Field<Timestamp>,
    #[serde(default)]
    started: Field<Timestamp>,
    #[serde(default)]
    duration: Field<Whole>,
    #[serde(default)]
    primary_user_id: Field<UserId>,
    #[serde(default)]
    direction: Field<String>,
    #[serde(default)]
    system: Field<String>,
    #[serde(default)]
    scope: Field<String>,
    #[serde(default)]
    media: Field<String>,
    #[serde(default)]
    language: Field<String>,
    #[serde(default)]
    workspace_id: Field<WorkspaceId>,
    #[serde(default)]
    is_private: Field<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireParty {
    #[serde(default)]
    id: Field<PartyId>,
    #[serde(default)]
    email_address: Field<String>,
    #[serde(default)]
    name: Field<String>,
    #[serde(default)]
    title: Field<String>,
    #[serde(default)]
    user_id: Field<UserId>,
    #[serde(default)]
    speaker_id: Field<SpeakerId>,
    #[serde(default)]
    affiliation: Field<String>,
    #[serde(default)]
    context: List<Context>,
}

expected_objects!(WireParty);

/// As [`decode_call_with_notes`], without its notes.
///
/// # Errors
/// As [`decode_call_with_notes`].
pub fn decode_call(json: &str) -> Result<Call, DecodeError> {
    decode_call_with_notes(json).map(|read| read.value)
}

/// Reads an extensive call, or a basic one (the content of `metaData` at top level).
///
/// Only the id has to be there. A value of another type than Gong documents counts as none,
/// with a note; so does an instant that cannot be read. Two things are still taken at their
/// word: `started` falls back to `scheduled`, and a flag may be written as text.
///
/// # Errors
/// [`DecodeError`] when the document is not JSON or has no readable id, or neither a start
/// nor a schedule: nothing that is asked by time could ever find such a call. It names the
/// field.
pub fn decode_call_with_notes(json: &str) -> Result<Decoded<Call>, DecodeError> {
    if is_extensive(json) {
        Decoded::read(json, extensive)
    } else {
        Decoded::read(json, |meta_data, notes| {
            call(meta_data, &Place::Document, notes)
        })
    }
}

/// Start and schedule of a call, extensive or basic, as [`decode_call_with_notes`] reads them; a start
/// that is missing or cannot be read is the schedule. None of a document that is not a call.
pub fn call_times(json: &str) -> (Option<Timestamp>, Option<Timestamp>) {
    #[derive(Default, Deserialize)]
    struct Times {
        #[serde(default)]
        started: Field<Timestamp>,
        #[serde(default)]
        scheduled: Field<Timestamp>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Probe {
        #[serde(default)]
        meta_data: Option<Times>,
        #[serde(default)]
        started: Field<Timestamp>,
        #[serde(default)]
        scheduled: Field<Timestamp>,
    }
    let Ok(probe) = serde_json::from_str::<Probe>(json) else {
        return (None, None);
    };
    let times = probe.meta_data.unwrap_or(Times {
        started: probe.started,
        scheduled: probe.scheduled,
    });
    let read = |field| Place::Document.read(field, &mut Notes::default());
    let scheduled = read(times.scheduled);
    (read(times.started).or(scheduled), scheduled)
}

/// Whether the document has Gong's extensive shape rather than the basic one.
fn is_extensive(json: &str) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Probe {
        #[serde(default)]
        meta_data: Option<serde::de::IgnoredAny>,
    }
    // The key is nearly always first: look before parsing the whole document.
    json.trim_start()
        .trim_start_matches('{')
        .trim_start()
        .starts_with("\"metaData\"")
        || serde_json::from_str::<Probe>(json).map_or(true, |probe| probe.meta_data.is_some())
}

fn extensive(wire: Extensive, notes: &mut Notes) -> Result<Call, DecodeError> {
    let document = Place::Document;
    let mut call = call(wire.meta_data, &document.key("metaData"), notes)?;
    call.crm = crm_references(&document.key("context"), wire.context, notes);
    let place = document.key("parties");
    let parties = place.read(wire.parties, notes).unwrap_or_default();
    for (index, field) in parties.into_iter().enumerate() {
        let place = place.item(index);
        if let Some(wire) = place.read(field, notes) {
            call.parties.push(party(&place, wire, notes));
        }
    }
    let place = document.key("content");
    if let Some(content) = place.read(wire.content, notes) {
        findings::content(&place, content, &mut call, notes);
    }
    let place = document.key("interaction");
    let interaction = place.read(wire.interaction, notes);
    call.findings.questions = interaction.and_then(|wire| findings::questions(&place, wire, notes));
    let place = document.key("collaboration");
    if let Some(collaboration) = place.read(wire.collaboration, notes) {
        call.findings.comments = findings::comments(&place, collaboration, notes);
    }
    Ok(call)
}

/// A call by its metadata alone.
fn call(wire: MetaData, place: &Place<'_>, notes: &mut Notes) -> Result<Call, DecodeError> {
    let scheduled = place.key("scheduled").read(wire.scheduled, notes);
    let started = place
        .key("started")
        .read(wire.started, notes)
        .or(scheduled)
        .ok_or_else(|| {
            let reason = "missing or no instant, and so is scheduled";
            DecodeError::new("metaData.started", reason)
        })?;
    let text = |key, field, notes: &mut Notes| place.key(key).read(field, notes);
    Ok(Call {
        id: wire.id,
        title: text("title", wire.title, notes),
        url: text("url", wire.url, notes),
        started,
        scheduled,
        duration_seconds: place
            .key("duration")
            .read(wire.duration, notes)
            .map_or(0, |seconds| seconds.0),
        primary_user_id: place.key("primaryUserId").read(wire.primary_user_id, notes),
        direction: text("direction", wire.direction, notes)
            .map_or(Direction::Unknown, |text| Direction::parse(&text)),
        media: text("media", wire.media, notes).map_or(Media::Unknown, |text| Media::parse(&text)),
        scope: text("scope", wire.scope, notes).map_or(Scope::Unknown, |text| Scope::parse(&text)),
        system: text("system", wire.system, notes),
        language: text("language", wire.language, notes),
        workspace_id: place.key("workspaceId").read(wire.workspace_id, notes),
        is_private: place
            .key("isPrivate")
            .read(wire.is_private, notes)
            .unwrap_or(false),
        parties: Vec::new(),
        crm: Vec::new(),
        topics: Vec::new(),
        trackers: Vec::new(),
        brief: None,
        findings: GongFindings::default(),
    })
}

fn party(place: &Place<'_>, wire: WireParty, notes: &mut Notes) -> Party {
    Party {
        id: place.key("id").read(wire.id, notes),
        speaker_id: place.key("speakerId").read(wire.speaker_id, notes),
        user_id: place.key("userId").read(wire.user_id, notes),
        name: place.key("name").read(wire.name, notes),
        email: place.key("emailAddress").read(wire.email_address, notes),
        title: place.key("title").read(wire.title, notes),
        affiliation: place
            .key("affiliation")
            .read(wire.affiliation, notes)
            .map_or(Affiliation::Unknown, |text| Affiliation::parse(&text)),
        crm: crm_references(&place.key("context"), wire.context, notes),
    }
}
