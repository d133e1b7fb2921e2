//! Items of `POST /v2/calls/extensive`, and the flat items of `GET /v2/calls`.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::error::{DecodeError, from_json};
use crate::{
    Affiliation, Call, CallId, CrmObjectKind, CrmReference, CrmTiming, Direction, Media, Party,
    PartyId, Scope, SpeakerId, TopicShare, TrackerHit, UserId, WorkspaceId,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extensive {
    meta_data: MetaData,
    #[serde(default)]
    context: Option<Vec<Context>>,
    #[serde(default)]
    parties: Option<Vec<WireParty>>,
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
struct Context {
    #[serde(default)]
    system: Option<String>,
    #[serde(default)]
    objects: Option<Vec<CrmObject>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CrmObject {
    #[serde(default)]
    object_type: Option<String>,
    #[serde(default)]
    object_id: Option<crate::DealId>,
    #[serde(default)]
    timing: Option<String>,
    #[serde(default)]
    fields: Option<Vec<CrmField>>,
}

#[derive(Deserialize)]
struct CrmField {
    #[serde(default)]
    name: Option<String>,
    // The specification says object; the wire has strings, numbers and nulls.
    #[serde(default)]
    value: Value,
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
    #[serde(default)]
    context: Option<Vec<Context>>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    topics: Option<Vec<Topic>>,
    #[serde(default)]
    trackers: Option<Vec<Tracker>>,
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
    count: Option<u64>,
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
            context: None,
            parties: None,
            content: None,
        }
    };
    let scheduled = instant("metaData.scheduled", meta_data.scheduled.as_deref())?;
    let started = instant("metaData.started", meta_data.started.as_deref())?
        .or(scheduled)
        .ok_or_else(|| DecodeError::new("metaData.started", "missing, and so is scheduled"))?;
    let content = content.unwrap_or(Content {
        topics: None,
        trackers: None,
        brief: None,
    });
    Ok(Call {
        id: meta_data.id,
        title: meta_data.title,
        url: meta_data.url,
        started,
        scheduled,
        duration_seconds: seconds(meta_data.duration),
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
        parties: parties.unwrap_or_default().into_iter().map(party).collect(),
        crm: crm_references(context),
        topics: content
            .topics
            .unwrap_or_default()
            .into_iter()
            .filter_map(topic)
            .collect(),
        trackers: content
            .trackers
            .unwrap_or_default()
            .into_iter()
            .filter_map(tracker)
            .collect(),
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
    text.map(|text| {
        text.parse()
            .map_err(|_| DecodeError::new(path, "not an ISO 8601 instant with an offset"))
    })
    .transpose()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn seconds(duration: Option<f64>) -> u64 {
    // Float to integer casts saturate; a negative or absent duration is 0.
    duration.unwrap_or(0.0).round() as u64
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

fn crm_references(contexts: Option<Vec<Context>>) -> Vec<CrmReference> {
    let mut references = Vec::new();
    for context in contexts.unwrap_or_default() {
        let system = context.system.unwrap_or_default();
        for object in context.objects.unwrap_or_default() {
            let (Some(kind), Some(id)) = (object.object_type, object.object_id) else {
                continue;
            };
            let fields = object.fields.unwrap_or_default();
            references.push(CrmReference {
                system: system.clone(),
                kind: CrmObjectKind::parse(&kind),
                id: id.into_string(),
                timing: object.timing.as_deref().and_then(timing),
                name: text_field(&fields, "Name"),
                stage: text_field(&fields, "StageName"),
                amount: amount_field(&fields, "Amount"),
            });
        }
    }
    references
}

fn timing(text: &str) -> Option<CrmTiming> {
    match text {
        "Now" => Some(CrmTiming::Now),
        "TimeOfCall" => Some(CrmTiming::TimeOfCall),
        _ => None,
    }
}

fn field<'a>(fields: &'a [CrmField], name: &str) -> Option<&'a Value> {
    fields
        .iter()
        .find(|field| {
            field
                .name
                .as_deref()
                .is_some_and(|n| n.eq_ignore_ascii_case(name))
        })
        .map(|field| &field.value)
}

fn text_field(fields: &[CrmField], name: &str) -> Option<String> {
    match field(fields, name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn amount_field(fields: &[CrmField], name: &str) -> Option<Decimal> {
    let text = match field(fields, name)? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    text.parse()
        .ok()
        .or_else(|| Decimal::from_scientific(&text).ok())
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
        count: wire.count.unwrap_or(0),
    })
}
