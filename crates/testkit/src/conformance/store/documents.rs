//! Documents in Gong's wire format, with only what a case needs.

use calls::RawDocument;
use serde_json::{Value, json};
use snowflake_store::LandingPage;

/// An extensive call, told by what differs from an ordinary one: an hour's
/// conference of the rep Ana Reyes (`u-ana`, voice `v-rep`) with a buyer (voice
/// `v-buyer`), on 2 March 2026 at ten.
#[derive(Debug, Clone)]
pub struct CallDocument {
    id: String,
    value: Value,
}

impl CallDocument {
    /// An ordinary call.
    pub fn new(id: &str) -> Self {
        let value = json!({
            "metaData": {
                "id": id, "url": format!("https://example.test/call?id={id}"),
                "title": format!("Call {id}"), "scheduled": null,
                "started": "2026-03-02T10:00:00Z", "duration": 3600,
                "primaryUserId": "u-ana", "direction": "Conference", "system": "Zoom",
                "scope": "External", "media": "Video", "language": "eng",
                "workspaceId": "w-1", "isPrivate": false,
            },
            "context": [],
            "parties": [
                {"id": "p-1", "userId": "u-ana", "name": "Ana Reyes", "emailAddress": "ana@seller.test",
                 "title": "Account Executive", "speakerId": "v-rep", "affiliation": "Internal"},
                {"id": "p-2", "userId": null, "name": "Bo Lind", "emailAddress": "bo@buyer.test",
                 "title": null, "speakerId": "v-buyer", "affiliation": "External"},
            ],
            "content": {
                "topics": [{"name": "Pricing", "duration": 120}, {"name": "Next steps", "duration": 45.5}],
                "trackers": [{"name": "Competitor", "count": 2}],
                "brief": "They spoke about prices.",
            },
        });
        Self {
            id: id.to_owned(),
            value,
        }
    }

    /// Sets a member of the call's metadata.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.value["metaData"][key] = value.into();
        self
    }

    /// Sets a member of the document.
    #[must_use]
    pub fn with_part(mut self, key: &str, value: Value) -> Self {
        self.value[key] = value;
        self
    }

    /// Starts at an instant.
    #[must_use]
    pub fn at(self, started: &str) -> Self {
        self.with("started", started)
    }

    /// Is hosted by somebody else, the first party.
    #[must_use]
    pub fn hosted_by(mut self, user_id: &str, name: &str, email: &str) -> Self {
        let host = &mut self.value["parties"][0];
        host["userId"] = user_id.into();
        host["name"] = name.into();
        host["emailAddress"] = email.into();
        self.with("primaryUserId", user_id)
    }

    /// Is linked to a HubSpot object of Gong's object type.
    #[must_use]
    pub fn linked(mut self, object_type: &str, id: &str) -> Self {
        let object = json!({"objectType": object_type, "objectId": id, "fields": []});
        match self.value["context"].as_array_mut() {
            Some(contexts) => contexts.push(json!({"system": "HubSpot", "objects": [object]})),
            None => panic!("context is a list"),
        }
        self
    }

    /// The JSON.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The document.
    pub fn document(&self) -> RawDocument {
        raw(&self.id, self.value.to_string())
    }
}

/// One sentence: voice, start and end in milliseconds, words.
pub type Line<'a> = (&'a str, i64, i64, &'a str);

/// A transcript of sentences, each a monologue of its own.
pub fn transcript_document(id: &str, lines: &[Line<'_>]) -> RawDocument {
    let monologues: Vec<Value> = lines
        .iter()
        .map(|(voice, start, end, text)| {
            json!({"speakerId": voice, "topic": null,
                   "sentences": [{"start": start, "end": end, "text": text}]})
        })
        .collect();
    raw(
        id,
        json!({"callId": id, "transcript": monologues}).to_string(),
    )
}

/// A document from JSON text.
pub(crate) fn raw(id: &str, json: impl Into<String>) -> RawDocument {
    RawDocument::new(id.into(), json).unwrap_or_else(|error| panic!("{id}: {error}"))
}

/// A page of calls, each of them ordinary.
pub(crate) fn calls(ids: &[&str]) -> LandingPage {
    page(ids.iter().map(|id| CallDocument::new(id).document()), [])
}

/// A page of documents.
pub(crate) fn page(
    calls: impl IntoIterator<Item = RawDocument>,
    transcripts: impl IntoIterator<Item = RawDocument>,
) -> LandingPage {
    LandingPage::new("run")
        .with_calls(calls.into_iter().collect())
        .with_transcripts(transcripts.into_iter().collect())
}

/// A page that says of calls that they are gone.
pub(crate) fn deletion(ids: &[&str]) -> LandingPage {
    LandingPage::new("run").with_deleted(ids.iter().map(|id| (*id).into()).collect())
}

/// The rep speaks for six seconds and the buyer for four: a talk ratio of 0.6.
pub(crate) const SIX_TO_FOUR: &[Line<'static>] = &[
    (
        "v-rep",
        0,
        6_000,
        "We looked at the numbers of last quarter together.",
    ),
    (
        "v-buyer",
        6_000,
        10_000,
        "The security review takes two weeks with us.",
    ),
];

/// An ordinary call with [`SIX_TO_FOUR`].
pub(crate) fn spoken(id: &str) -> LandingPage {
    page(
        [CallDocument::new(id).document()],
        [transcript_document(id, SIX_TO_FOUR)],
    )
}
