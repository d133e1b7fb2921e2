//! Calls, their transcripts and recordings. For callers that want them typed.
//!
//! Raw documents, as ingestion lands them, are with [`GongApi`](crate::GongApi).

use super::content::{CallContent, Collaboration, Interaction, MediaUrls};
use super::context::{NewCallContext, NewPartyContext};
use crate::draft::{Paged, Pending};
use crate::filter_body::{extensive_body, transcript_body};
use crate::group::operations;
use crate::wire::words::{Affiliation, CallScope, CrmSystem, Direction, MediaKind};
use crate::wire::{records, requests};
use crate::{Body, CallFilter, ContentSelector, TranscriptFilter};
use calls::{CallId, Timestamp, UserId, WorkspaceId};
use serde_json::Value;

operations! {
    /// Calls.
    Calls<'a> "calls";

    /// Calls with their basic metadata. A filter by call or host is refused here.
    read GET "/v2/calls" listCalls "api:calls:read:basic"
    pub fn list(filter: CallFilter) -> Paged<'a, CallMetadata> {
        it => it.basic(&filter).paged("calls", CallMetadata::key)
    }

    /// One call with its basic metadata. A call is not found before its recording is processed.
    read GET "/v2/calls/{id}" getCall "api:calls:read:basic"
    pub fn get(id: impl Into<CallId>) -> Pending<'a, CallMetadata> {
        it => it.path("id", id.into()).one("call")
    }

    /// Calls with the parts that the selector names. Media addresses need the scope
    /// `api:calls:read:media-url` as well.
    read POST "/v2/calls/extensive" listCallsExtensive "api:calls:read:extensive"
    pub fn extensive(filter: CallFilter, selector: ContentSelector) -> Paged<'a, CallRecord> {
        it => it.json(&extensive_body(&filter, &selector)).paged("calls", CallRecord::key)
    }

    /// Transcripts. A call without one is absent.
    read POST "/v2/calls/transcript" getCallTranscripts "api:calls:read:transcript"
    pub fn transcripts(filter: TranscriptFilter) -> Paged<'a, TranscriptRecord> {
        it => it.json(&transcript_body(&filter)).paged("callTranscripts", TranscriptRecord::key)
    }

    /// Adds a call that was recorded elsewhere. Gong refuses a second one with the same
    /// `client_unique_id` and names the first.
    write POST "/v2/calls" addCall "api:calls:create"
    pub fn add(call: NewCall) -> Pending<'a, CallAdded> {
        it => it.json(&call).whole()
    }

    /// Uploads the recording of an added call, at most 1.5 GB, within an hour unless
    /// [`timeout`](Pending::timeout) says otherwise. A stream is sent while it is read, and
    /// cannot be sent twice.
    ///
    /// ```no_run
    /// # async fn example(gong: gong_client::GongClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let file = tokio::fs::File::open("demo.mp4").await?;
    /// let added = gong.calls().add_media("7782342274025937895", "demo.mp4", file).await?;
    /// println!("{:?}", added.url);
    /// # Ok(())
    /// # }
    /// ```
    write PUT "/v2/calls/{id}/media" addCallRecording "api:calls:create"
    pub fn add_media(
        id: impl Into<CallId>,
        file_name: impl Into<String>,
        media: impl Into<Body>,
    ) -> Pending<'a, MediaAdded> {
        it => it.path("id", id.into()).file("mediaFile", file_name.into(), media.into()).whole()
    }
}

impl<'a> Calls<'a> {
    /// Calls from an instant (inclusive) to another (exclusive), with their basic metadata.
    /// Gong compares the *scheduled* time of web conferences.
    ///
    /// ```no_run
    /// # async fn example(gong: gong_client::GongClient) -> gong_client::Result<()> {
    /// use futures_util::TryStreamExt;
    ///
    /// let (from, to) = ("2026-11-01T00:00Z".parse(), "2026-12-01T00:00Z".parse());
    /// let (Ok(from), Ok(to)) = (from, to) else { return Ok(()) };
    /// let mut calls = gong.calls().between(from, to).stream();
    /// while let Some(call) = calls.try_next().await? {
    ///     println!("{:?} {:?}", call.started, call.title);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn between(self, from: Timestamp, to: Timestamp) -> Paged<'a, CallMetadata> {
        self.list(CallFilter::between(from, to))
    }
}

impl CallMetadata {
    fn key(&self) -> Option<&str> {
        self.id.as_ref().map(CallId::as_str)
    }
}

impl CallRecord {
    /// The call's id, which is in its metadata.
    pub fn id(&self) -> Option<&CallId> {
        self.meta_data.as_ref()?.id.as_ref()
    }

    fn key(&self) -> Option<&str> {
        self.id().map(CallId::as_str)
    }
}

impl TranscriptRecord {
    fn key(&self) -> Option<&str> {
        self.call_id.as_ref().map(CallId::as_str)
    }
}

records! {
    /// What Gong knows about any call.
    pub struct CallMetadata {
        "id" id: Option<CallId>,
        "url" url: Option<String>,
        "title" title: Option<String>,
        "scheduled" scheduled: Option<Timestamp>,
        "started" started: Option<Timestamp>,
        /// Seconds.
        "duration" duration: Option<i64>,
        "primaryUserId" primary_user_id: Option<UserId>,
        "direction" direction: Option<Direction>,
        "system" system: Option<String>,
        "scope" scope: Option<CallScope>,
        "media" media: Option<MediaKind>,
        "language" language: Option<String>,
        "workspaceId" workspace_id: Option<WorkspaceId>,
        "sdrDisposition" sdr_disposition: Option<String>,
        "clientUniqueId" client_unique_id: Option<String>,
        "customData" custom_data: Option<String>,
        "purpose" purpose: Option<String>,
        "meetingUrl" meeting_url: Option<String>,
        "isPrivate" is_private: Option<bool>,
        "calendarEventId" calendar_event_id: Option<String>,
    }

    /// A call with the parts that were asked for. Parts that Gong does not have are absent.
    pub struct CallRecord {
        "metaData" meta_data: Option<CallMetadata>,
        "context" context: Vec<CallContext>,
        "parties" parties: Vec<PartyRecord>,
        "content" content: Option<CallContent>,
        "interaction" interaction: Option<Interaction>,
        "collaboration" collaboration: Option<Collaboration>,
        "media" media: Option<MediaUrls>,
    }

    /// A participant. Who did not speak has no `speaker_id`.
    pub struct PartyRecord {
        "id" id: Option<String>,
        "emailAddress" email_address: Option<String>,
        "name" name: Option<String>,
        "title" title: Option<String>,
        "userId" user_id: Option<UserId>,
        "speakerId" speaker_id: Option<String>,
        "context" context: Vec<PartyContext>,
        "affiliation" affiliation: Option<Affiliation>,
        "phoneNumber" phone_number: Option<String>,
        "methods" methods: Vec<String>,
    }

    /// What a CRM knows about a participant.
    pub struct PartyContext {
        "system" system: Option<CrmSystem>,
        "objects" objects: Vec<CrmObject>,
    }

    /// An object of a CRM.
    pub struct CrmObject {
        "objectType" object_type: Option<String>,
        "objectId" object_id: Option<String>,
        "fields" fields: Vec<CrmField>,
        "timing" timing: Option<String>,
    }

    /// What a CRM knows about a call.
    pub struct CallContext {
        "system" system: Option<CrmSystem>,
        "objects" objects: Vec<CrmObject>,
    }

    /// A field of an object of a CRM.
    pub struct CrmField {
        "name" name: Option<String>,
        "value" value: Value,
    }

    /// The transcript of a call.
    pub struct TranscriptRecord {
        "callId" call_id: Option<CallId>,
        "transcript" transcript: Vec<Monologue>,
    }

    /// What one speaker said without a break.
    pub struct Monologue {
        "speakerId" speaker_id: Option<String>,
        "topic" topic: Option<String>,
        "sentences" sentences: Vec<SentenceRecord>,
    }

    /// A sentence.
    pub struct SentenceRecord {
        /// Milliseconds from the beginning.
        "start" start: Option<i64>,
        /// Milliseconds from the beginning.
        "end" end: Option<i64>,
        "text" text: Option<String>,
    }

    /// A recording was taken.
    pub struct MediaAdded {
        "requestId" request_id: Option<String>,
        "callId" call_id: Option<CallId>,
        "url" url: Option<String>,
    }

    /// A call was added.
    pub struct CallAdded {
        "requestId" request_id: Option<String>,
        "callId" call_id: Option<CallId>,
    }
}

requests! {
    /// A call that was recorded elsewhere.
    pub struct NewCall {
        required {
            /// Guards against adding a call twice.
            "clientUniqueId" client_unique_id: String,
            "actualStart" actual_start: Timestamp,
            "parties" parties: Vec<NewParticipant>,
            "direction" direction: Direction,
            "primaryUser" primary_user: UserId,
        }
        optional {
            "title" title: String,
            "purpose" purpose: String,
            "scheduledStart" scheduled_start: Timestamp,
            "scheduledEnd" scheduled_end: Timestamp,
            /// Seconds.
            "duration" duration: f64,
            "disposition" disposition: String,
            "context" context: Vec<NewCallContext>,
            "customData" custom_data: String,
            "speakersTimeline" speakers_timeline: SpeakersTimeline,
            "meetingUrl" meeting_url: String,
            "callProviderCode" call_provider_code: String,
            "downloadMediaUrl" download_media_url: String,
            "workspaceId" workspace_id: WorkspaceId,
            "languageCode" language_code: String,
            "flowContext" flow_context: FlowContext,
        }
    }

    /// Who took part in a call.
    pub struct NewParticipant {
        required {
        }
        optional {
            "phoneNumber" phone_number: String,
            "emailAddress" email_address: String,
            "name" name: String,
            "partyId" party_id: String,
            "mediaChannelId" media_channel_id: i64,
            "context" context: Vec<NewPartyContext>,
            "userId" user_id: UserId,
        }
    }

    /// Who spoke when.
    pub struct SpeakersTimeline {
        required {
        }
        optional {
            "precise" precise: bool,
            "speechSegments" speech_segments: Vec<SpeechSegment>,
        }
    }

    /// A stretch of speech.
    pub struct SpeechSegment {
        required {
            /// Seconds.
            "fromTime" from_time: i64,
            /// Seconds.
            "toTime" to_time: i64,
            "partyIds" party_ids: Vec<String>,
        }
        optional {
        }
    }

    /// The task of a flow that a call was made for.
    pub struct FlowContext {
        required {
        }
        optional {
            "taskId" task_id: String,
        }
    }
}
