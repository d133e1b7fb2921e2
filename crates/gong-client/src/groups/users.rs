//! Users of the company. For callers that need more of them than a name.

use crate::draft::{Paged, Pending};
use crate::group::operations;
use crate::wire::{records, requests};
use calls::{Timestamp, UserId};

operations! {
    /// Users of the company.
    Users<'a> "users";

    /// All users. `include_avatars` adds staff of Gong, whose ids appear elsewhere.
    read GET "/v2/users" listUsers "api:users:read"
    pub fn list(include_avatars: bool) -> Paged<'a, UserRecord> {
        it => it.maybe("includeAvatars", include_avatars.then_some(true)).paged("users", UserRecord::key)
    }

    /// The users of a filter.
    read POST "/v2/users/extensive" listMultipleUsers "api:users:read"
    pub fn find(filter: UserFilter) -> Paged<'a, UserRecord> {
        it => it.filter(&filter).paged("users", UserRecord::key)
    }

    /// One user.
    read GET "/v2/users/{id}" getUser "api:users:read"
    pub fn get(id: impl Into<UserId>) -> Pending<'a, UserRecord> {
        it => it.path("id", id.into()).one("user")
    }

    /// How a user's settings changed.
    read GET "/v2/users/{id}/settings-history" getUserHistory "api:users:read"
    pub fn settings_history(id: impl Into<UserId>) -> Pending<'a, Vec<SettingChange>> {
        it => it.path("id", id.into()).list("userSettingsHistory")
    }
}

impl UserRecord {
    fn key(&self) -> Option<&str> {
        self.id.as_ref().map(UserId::as_str)
    }
}

records! {
    /// A user as Gong sends them.
    pub struct UserRecord {
        "id" id: Option<UserId>,
        "emailAddress" email_address: Option<String>,
        "created" created: Option<Timestamp>,
        "active" active: Option<bool>,
        "emailAliases" email_aliases: Vec<String>,
        "trustedEmailAddress" trusted_email_address: Option<String>,
        "firstName" first_name: Option<String>,
        "lastName" last_name: Option<String>,
        "title" title: Option<String>,
        "phoneNumber" phone_number: Option<String>,
        "extension" extension: Option<String>,
        "personalMeetingUrls" personal_meeting_urls: Vec<String>,
        "settings" settings: Option<UserSettings>,
        "managerId" manager_id: Option<UserId>,
        "meetingConsentPageUrl" meeting_consent_page_url: Option<String>,
        "conferencingProviders" conferencing_providers: Vec<ConferencingProvider>,
        "spokenLanguages" spoken_languages: Vec<SpokenLanguage>,
    }

    /// What is recorded and imported for a user.
    pub struct UserSettings {
        "webConferencesRecorded" web_conferences_recorded: Option<bool>,
        "preventWebConferenceRecording" prevent_web_conference_recording: Option<bool>,
        "telephonyCallsImported" telephony_calls_imported: Option<bool>,
        "emailsImported" emails_imported: Option<bool>,
        "preventEmailImport" prevent_email_import: Option<bool>,
        "nonRecordedMeetingsImported" non_recorded_meetings_imported: Option<bool>,
        "gongConnectEnabled" gong_connect_enabled: Option<bool>,
    }

    /// A provider of web conferences that a user has.
    pub struct ConferencingProvider {
        "provider" provider: Option<String>,
        "isDefault" is_default: Option<bool>,
    }

    /// A language that a user speaks.
    pub struct SpokenLanguage {
        "language" language: Option<String>,
        "primary" primary: Option<bool>,
    }

    /// A change of one setting of a user.
    pub struct SettingChange {
        "setting" setting: Option<String>,
        "value" value: Option<bool>,
        "time" time: Option<Timestamp>,
    }
}

requests! {
    /// Which users. There is no filter by time of change.
    pub struct UserFilter {
        required {
        }
        optional {
            "createdFromDateTime" created_from_date_time: Timestamp,
            "createdToDateTime" created_to_date_time: Timestamp,
            "includeAvatars" include_avatars: bool,
            "userIds" user_ids: Vec<UserId>,
        }
    }
}
