//! Which parts of a call a request wants (`contentSelector`).

use serde_json::{Map, Value};

use super::filter::BadRequest;

/// How much of the CRM context is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
enum ContextDepth {
    #[default]
    None,
    /// Links without fields.
    Basic,
    /// Links with fields.
    Extended,
}

/// `contentSelector` of `POST /v2/calls/extensive`. Parts that are not asked for
/// are absent from the reply, not null; without a selector only `metaData` is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct ContentSelector {
    context: ContextDepth,
    timing_now: bool,
    timing_of_call: bool,
    parties: bool,
    content: Vec<&'static str>,
    tracker_occurrences: bool,
    interaction: Vec<&'static str>,
    collaboration: bool,
    media: bool,
}

/// Request flag and reply key in `content`.
const CONTENT: [(&str, &str); 8] = [
    ("structure", "structure"),
    ("topics", "topics"),
    ("trackers", "trackers"),
    ("brief", "brief"),
    ("outline", "outline"),
    ("highlights", "highlights"),
    ("callOutcome", "callOutcome"),
    ("keyPoints", "keyPoints"),
];

/// Request flag and reply key in `interaction`.
const INTERACTION: [(&str, &str); 4] = [
    ("speakers", "speakers"),
    ("video", "video"),
    ("personInteractionStats", "interactionStats"),
    ("questions", "questions"),
];

impl ContentSelector {
    pub(super) fn from_body(body: &Value) -> Result<Self, BadRequest> {
        let selector = &body["contentSelector"];
        let context = match selector["context"].as_str() {
            None | Some("None") => ContextDepth::None,
            Some("Basic") => ContextDepth::Basic,
            Some("Extended") => ContextDepth::Extended,
            Some(other) => {
                return Err(BadRequest(format!(
                    "contentSelector.context: '{other}' is not one of None, Basic, Extended"
                )));
            }
        };
        let timings = selector["contextTiming"].as_array();
        if timings.is_some() && context != ContextDepth::Extended {
            return Err(BadRequest(
                "contentSelector.contextTiming: can be provided only when context is Extended"
                    .to_owned(),
            ));
        }
        let asked_timing = |name: &str| timings.is_some_and(|all| all.iter().any(|t| t == name));
        let fields = &selector["exposedFields"];
        let flags = |group: &str, table: &[(&str, &'static str)]| {
            let asked = table
                .iter()
                .filter(|(flag, _)| fields[group][*flag] == true);
            asked.map(|(_, key)| *key).collect::<Vec<_>>()
        };
        Ok(Self {
            context,
            timing_now: timings.is_none() || asked_timing("Now"),
            timing_of_call: asked_timing("TimeOfCall"),
            parties: fields["parties"] == true,
            content: flags("content", &CONTENT),
            tracker_occurrences: fields["content"]["trackerOccurrences"] == true,
            interaction: flags("interaction", &INTERACTION),
            collaboration: fields["collaboration"]["publicComments"] == true,
            media: fields["media"] == true,
        })
    }

    /// Whether signed media addresses are asked for, which needs a scope of its own.
    pub(super) fn wants_media(&self) -> bool {
        self.media
    }

    /// The part of `call` that is asked for. `signature` makes the media
    /// addresses differ on every request, as Gong signs them anew.
    pub(super) fn select(&self, call: &Value, signature: &str) -> Value {
        let mut reply = Map::new();
        let mut copy = |key: &str, part: Option<Value>| {
            if let Some(part) = part {
                reply.insert(key.to_owned(), part);
            }
        };
        copy("metaData", call.get("metaData").cloned());
        if self.context != ContextDepth::None {
            copy(
                "context",
                call.get("context").map(|context| self.context(context)),
            );
        }
        if self.parties {
            copy(
                "parties",
                call.get("parties").map(|parties| self.party_list(parties)),
            );
        }
        if !self.content.is_empty() {
            copy(
                "content",
                call.get("content").map(|content| self.content(content)),
            );
        }
        if !self.interaction.is_empty() {
            copy(
                "interaction",
                call.get("interaction")
                    .map(|all| keys(all, &self.interaction)),
            );
        }
        if self.collaboration {
            copy("collaboration", call.get("collaboration").cloned());
        }
        if self.media {
            let id = call["metaData"]["id"].as_str().unwrap_or_default();
            let address = |kind: &str| {
                format!(
                    "https://media.gong.example/{id}.{kind}?X-Amz-Expires=28799&X-Amz-Signature={signature}"
                )
            };
            copy(
                "media",
                Some(serde_json::json!({"audioUrl": address("mp3"), "videoUrl": address("mp4")})),
            );
        }
        Value::Object(reply)
    }

    /// Objects of the timings asked for. Recorded replies carry no timing on
    /// accounts, so an object without one is always kept.
    fn context(&self, context: &Value) -> Value {
        let mut context = context.clone();
        for system in context.as_array_mut().into_iter().flatten() {
            let Some(objects) = system.get_mut("objects").and_then(Value::as_array_mut) else {
                continue;
            };
            objects.retain(|object| match object["timing"].as_str() {
                Some("Now") => self.timing_now,
                Some("TimeOfCall") => self.timing_of_call,
                _ => true,
            });
            if self.context == ContextDepth::Basic {
                for object in objects.iter_mut().filter_map(Value::as_object_mut) {
                    object.remove("fields");
                }
            }
        }
        context
    }

    fn party_list(&self, parties: &Value) -> Value {
        let mut parties = parties.clone();
        for party in parties
            .as_array_mut()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
        {
            match (self.context, party.remove("context")) {
                (ContextDepth::None, _) | (_, None) => {}
                (_, Some(context)) => {
                    party.insert("context".to_owned(), self.context(&context));
                }
            }
        }
        parties
    }

    fn content(&self, content: &Value) -> Value {
        let mut content = keys(content, &self.content);
        if !self.tracker_occurrences {
            let trackers = content.get_mut("trackers").and_then(Value::as_array_mut);
            for tracker in trackers
                .into_iter()
                .flatten()
                .filter_map(Value::as_object_mut)
            {
                tracker.remove("occurrences");
                let phrases = tracker.get_mut("phrases").and_then(Value::as_array_mut);
                for phrase in phrases
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_object_mut)
                {
                    phrase.remove("occurrences");
                }
            }
        }
        content
    }
}

/// The asked-for keys that are there; what is not available is silently absent.
fn keys(object: &Value, wanted: &[&str]) -> Value {
    let found = wanted.iter().filter_map(|key| {
        let value = object.get(*key)?;
        Some(((*key).to_owned(), value.clone()))
    });
    Value::Object(found.collect())
}
