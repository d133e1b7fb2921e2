//! Meetings that Gong makes. For callers that schedule. Gong calls this a beta.

use crate::draft::Pending;
use crate::group::operations;
use crate::wire::{records, requests};
use calls::Timestamp;

operations! {
    /// Meetings.
    Meetings<'a> "meetings";

    /// Makes a meeting.
    write POST "/v2/meetings" addMeeting "api:meetings:user:create"
    pub fn add(meeting: NewMeeting) -> Pending<'a, MeetingAdded> {
        it => it.json(&meeting).whole()
    }

    /// Changes a meeting.
    write PUT "/v2/meetings/{meetingId}" updateMeeting "api:meetings:user:update"
    pub fn update(id: impl Into<String>, meeting: MeetingUpdate) -> Pending<'a, MeetingUpdated> {
        it => it.path("meetingId", id.into()).json(&meeting).whole()
    }

    /// Deletes a meeting of an organizer.
    write DELETE "/v2/meetings/{meetingId}" deleteMeeting "api:meetings:user:delete"
    pub fn delete(id: impl Into<String>, organizer_email: impl Into<String>) -> Pending<'a, MeetingDeleted> {
        it => it
            .path("meetingId", id.into())
            .json(&serde_json::json!({ "organizerEmail": organizer_email.into() }))
            .whole()
    }

    /// Whether users can make meetings through Gong.
    read POST "/v2/meetings/integration/status" integrationStatus "api:meetings:integration:status"
    pub fn integration_status(emails: Vec<String>) -> Pending<'a, Vec<IntegrationStatus>> {
        it => it.json(&serde_json::json!({ "emails": emails })).list("users")
    }
}

records! {
    /// A meeting was changed.
    pub struct MeetingUpdated {
        "requestId" request_id: Option<String>,
        "meetingId" meeting_id: Option<String>,
    }

    /// A meeting was made.
    pub struct MeetingAdded {
        "requestId" request_id: Option<String>,
        "meetingId" meeting_id: Option<String>,
        "meetingUrl" meeting_url: Option<String>,
        "additionalInvitees" additional_invitees: Vec<MeetingInvitee>,
    }

    /// Who is invited.
    pub struct MeetingInvitee {
        "email" email: Option<String>,
        "displayName" display_name: Option<String>,
        "firstName" first_name: Option<String>,
        "lastName" last_name: Option<String>,
    }

    /// A meeting was deleted.
    pub struct MeetingDeleted {
        "organizerEmail" organizer_email: Option<String>,
    }

    /// Whether a user can make meetings through Gong, and what to do where they cannot.
    pub struct IntegrationStatus {
        "email" email: Option<String>,
        "exists" exists: Option<bool>,
        "valid" valid: Option<bool>,
        "userFacingError" user_facing_error: Option<String>,
        "fixUrl" fix_url: Option<String>,
        "helpUrl" help_url: Option<String>,
    }
}

resilience::setters! {
    MeetingInvitee {
        /// Where the invitation goes.
        email(email: impl Into<String>) = Some(email.into());
        /// The name that others see.
        display_name(display_name: impl Into<String>) = Some(display_name.into());
        /// The given name.
        first_name(first_name: impl Into<String>) = Some(first_name.into());
        /// The family name.
        last_name(last_name: impl Into<String>) = Some(last_name.into());
    }
}

requests! {
    /// A meeting to be made.
    pub struct NewMeeting {
        required {
            "startTime" start_time: Timestamp,
            "endTime" end_time: Timestamp,
            "invitees" invitees: Vec<MeetingInvitee>,
            "organizerEmail" organizer_email: String,
        }
        optional {
            "title" title: String,
            "externalId" external_id: String,
            "provider" provider: String,
        }
    }

    /// A meeting as it shall be.
    pub struct MeetingUpdate {
        required {
            "startTime" start_time: Timestamp,
            "endTime" end_time: Timestamp,
            "invitees" invitees: Vec<MeetingInvitee>,
            "organizerEmail" organizer_email: String,
        }
        optional {
            "title" title: String,
            "externalId" external_id: String,
            "provider" provider: String,
        }
    }
}
