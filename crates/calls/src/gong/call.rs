//! Items of `POST /v2/calls/extensive`, and the flat items of `GET /v2/calls`.

use jiff::Timestamp;
use serde::Deserialize;

use super::crm::{Context, crm_references};
use super::error::{DecodeError, from_json};
use super::list::present;
use crate::{
    Affiliation, Call, CallId, Direction, Media, Party, PartyId, Scope, SpeakerId, TopicShare,
    TrackerHit, UserId, WorkspaceId,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extensive {
    meta_data: MetaData,
    #[serde(default, deserialize_with = "present")]
    context: Vec<Context>,
    #[serde(default, deserialize_with = "present")]
    parties: Vec<WireParty>,
    #[serde(default)]
    content: Option<Content>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetaData {
    id: CallId,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    scheduled: Option<String>,
    #[serde(default)]
    started: Option<String>,
    #[serde(default)]
    duration: Option<f64>,
    #[serde(default)]
    primary_user_id: Option<UserId>,
    #[serde(default)]
    direction: Option<String>,
    #[serde(default)]
    system: Option<String>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    media: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    workspace_id: Option<WorkspaceId>,
    #[serde(default)]
    is_private: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireParty {
    #[serde(default)]
    id: Option<PartyId>,
    #[serde(default)]
    email_address: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    user_id: Option<UserId>,
    #[serde(default)]
    speaker_id: Option<SpeakerId>,
    #[serde(default)]
    affiliation: Option<String>,
    #[serde(default, deserialize_with = "present")]
    context: Vec<Context>,
}

#[derive(Default, Deserialize)]
struct Content {
    #[serde(default, deserialize_with = "present")]
    topics: Vec<Topic>,
    #[serde(default, deserialize_with = "present")]
    trackers: Vec<Tracker>,
    #[serde(default)]
    brief: Option<String>,
}

#[derive(Deserialize)]
struct Topic {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    duration: Option<f64>,
}

#[derive(Deserialize)]
struct Tracker {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    count: Option<f64>,
}

/// Reads an extensive call, or a basic one (the content of `metaData` at top level).
///
/// `started` falls back to `scheduled`; a call with neither is refused, because
/// nothing that is asked by time could ever find it.
///
/// # Errors
/// [`DecodeError`] names the first field that is missing or has a wrong type.
pub fn decode_call(json: &str) -> Result<Call, DecodeError> {
    let Extensive {
        meta_data,
        context,
        parties,
        content,
    } = if is_extensive(json) {
        from_json(json)?
    } else {
        Extensive {
            meta_data: from_json(json)?,
            context: Vec::new(),
            parties: Vec::new(),
            content: None,
        }
    };
    let scheduled = instant("metaData.scheduled", meta_data.scheduled.as_deref())?;
    let started = instant("metaData.started", meta_data.started.as_deref())?
        .or(scheduled)
        .ok_or_else(|| DecodeError::new("metaData.started", "missing, and so is scheduled"))?;
    let content = content.unwrap_or_default();
    Ok(Call {
        id: meta_data.id,
        title: meta_data.title,
        url: meta_data.url,
        started,
        scheduled,
        duration_seconds: whole(meta_data.duration),
        primary_user_id: meta_data.primary_user_id,
        direction: meta_data
            .direction
            .as_deref()
            .map_or(Direction::Unknown, Direction::parse),
        media: meta_data
            .media
            .as_deref()
            .map_or(Media::Unknown, Media::parse),
        scope: meta_data
            .scope
            .as_deref()
            .map_or(Scope::Unknown, Scope::parse),
        system: meta_data.system,
        language: meta_data.language,
        workspace_id: meta_data.workspace_id,
        is_private: meta_data.is_private.unwrap_or(false),
        parties: parties.into_iter().map(party).collect(),
        crm: crm_references(context),
        topics: content.topics.into_iter().filter_map(topic).collect(),
        trackers: content.trackers.into_iter().filter_map(tracker).collect(),
        brief: content.brief,
    })
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

fn instant(path: &str, text: Option<&str>) -> Result<Option<Timestamp>, DecodeError> {
    text.filter(|text| !text.is_empty())
        .map(|text| {
            text.parse()
                .map_err(|_| DecodeError::new(path, "not an ISO 8601 instant with an offset"))
        })
        .transpose()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: Option<f64>) -> u64 {
    // Float to integer casts saturate; what is negative or absent is 0.
    number.unwrap_or(0.0).round() as u64
}

fn party(wire: WireParty) -> Party {
    Party {
        id: wire.id,
        speaker_id: wire.speaker_id,
        user_id: wire.user_id,
        name: wire.name,
        email: wire.email_address,
        title: wire.title,
        affiliation: wire
            .affiliation
            .as_deref()
            .map_or(Affiliation::Unknown, Affiliation::parse),
        crm: crm_references(wire.context),
    }
}

fn topic(wire: Topic) -> Option<TopicShare> {
    Some(TopicShare {
        name: wire.name?,
        duration_seconds: wire.duration.unwrap_or(0.0),
    })
}

fn tracker(wire: Tracker) -> Option<TrackerHit> {
    Some(TrackerHit {
        name: wire.name?,
        count: whole(wire.count),
    })
}
