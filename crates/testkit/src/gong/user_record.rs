//! A user in the shape of `GET /v2/users`.

use serde_json::{Value, json};

/// An active user as Gong sends it, with everything that nobody asks about at
/// its usual value. `email` and `title` are strings or null, as on the wire.
pub(crate) fn user_record(
    id: &str,
    email: Value,
    first_name: &str,
    last_name: &str,
    title: Value,
) -> Value {
    json!({
        "id": id,
        "emailAddress": email,
        "created": "2025-01-06T09:00:00.000-08:00",
        "active": true,
        "emailAliases": [],
        "trustedEmailAddress": null,
        "firstName": first_name,
        "lastName": last_name,
        "title": title,
        "phoneNumber": null,
        "extension": null,
        "personalMeetingUrls": [],
        "settings": {
            "webConferencesRecorded": true,
            "preventWebConferenceRecording": false,
            "telephonyCallsImported": true,
            "emailsImported": true,
            "preventEmailImport": false,
            "nonRecordedMeetingsImported": true,
            "gongConnectEnabled": true,
        },
        "managerId": null,
        "meetingConsentPageUrl": null,
        "conferencingProviders": null,
        "spokenLanguages": [],
    })
}
