//! Who may see what. For callers that manage access.

use super::Accepted;
use crate::draft::Pending;
use crate::group::operations;
use crate::wire::words::AccessLevel;
use crate::wire::{records, requests};
use calls::{CallId, UserId, WorkspaceId};

operations! {
    /// Permission profiles, and access of single users to single calls.
    Permissions<'a> "permissions";

    /// The profiles of a workspace.
    read GET "/v2/all-permission-profiles" listPermissionProfile ""
    pub fn profiles(workspace: impl Into<WorkspaceId>) -> Pending<'a, Vec<PermissionProfile>> {
        it => it.query("workspaceId", workspace.into()).list("profiles")
    }

    /// One profile.
    read GET "/v2/permission-profile" getPermissionProfile ""
    pub fn profile(id: impl Into<String>) -> Pending<'a, PermissionProfile> {
        it => it.query("profileId", id.into()).one("profile")
    }

    /// The users of a profile.
    read GET "/v2/permission-profile/users" listPermissionProfileUsers "api:users:read"
    pub fn profile_users(id: impl Into<String>) -> Pending<'a, Vec<ProfileUser>> {
        it => it.query("profileId", id.into()).list("users")
    }

    /// Makes a profile in a workspace.
    write POST "/v2/permission-profile" createPermissionProfile ""
    pub fn create_profile(workspace: impl Into<WorkspaceId>, profile: PermissionProfile) -> Pending<'a, PermissionProfile> {
        it => it.query("workspaceId", workspace.into()).json(&profile).one("profile")
    }

    /// Replaces a profile: read it, change what shall be otherwise, and send all of it back.
    ///
    /// ```no_run
    /// # async fn example(gong: gong_client::GongClient) -> gong_client::Result<()> {
    /// let mut profile = gong.permissions().profile("9").await?;
    /// profile.score_calls = Some(true);
    /// gong.permissions().update_profile("9", profile).await?;
    /// # Ok(())
    /// # }
    /// ```
    write PUT "/v2/permission-profile" updatePermissionProfile ""
    pub fn update_profile(id: impl Into<String>, profile: PermissionProfile) -> Pending<'a, PermissionProfile> {
        it => it.query("profileId", id.into()).json(&profile).one("profile")
    }

    /// Which users were given access to calls.
    read POST "/v2/calls/users-access" getUsersAccessToCalls "api:call-user-access:read"
    pub fn call_access(calls: Vec<CallId>) -> Pending<'a, Vec<CallAccess>> {
        it => it.filter(&serde_json::json!({ "callIds": calls })).list("callAccessList")
    }

    /// Gives users access to calls.
    write PUT "/v2/calls/users-access" addUsersAccessToCalls "api:call-user-access:write"
    pub fn give_call_access(access: Vec<CallUsers>) -> Pending<'a, Accepted> {
        it => it.json(&serde_json::json!({ "callAccessList": access })).whole()
    }

    /// Takes access to calls from users.
    write DELETE "/v2/calls/users-access" deleteUsersAccessToCalls "api:call-user-access:write"
    pub fn take_call_access(access: Vec<CallUsers>) -> Pending<'a, Accepted> {
        it => it.json(&serde_json::json!({ "callAccessList": access })).whole()
    }
}

requests! {
    /// A call, and users whose access to it changes.
    pub struct CallUsers {
        required {
            "callId" call_id: CallId,
            "userIds" user_ids: Vec<UserId>,
        }
        optional {
        }
    }
}

records! {
    /// Who was given access to a call.
    pub struct CallAccess {
        "callId" call_id: Option<CallId>,
        "users" users: Vec<UserAccess>,
    }

    /// A user with access.
    pub struct UserAccess {
        "userId" user_id: Option<UserId>,
    }

    /// What its users may see and do.
    pub struct PermissionProfile {
        "id" id: Option<String>,
        "name" name: Option<String>,
        "description" description: Option<String>,
        "callsAccess" calls_access: Option<Access>,
        "libraryFolderAccess" library_folder_access: Option<LibraryAccess>,
        "dealsAccess" deals_access: Option<Access>,
        "forecastPermissions" forecast_permissions: Option<ForecastPermissions>,
        "coachingAccess" coaching_access: Option<Access>,
        "insightsAccess" insights_access: Option<Access>,
        "usageAccess" usage_access: Option<Access>,
        "emailsAccess" emails_access: Option<Access>,
        "scoreCalls" score_calls: Option<bool>,
        "overrideScore" override_score: Option<bool>,
        "downloadCallMedia" download_call_media: Option<bool>,
        "shareCallsWithCustomers" share_calls_with_customers: Option<bool>,
        "manuallyScheduleAndUploadCalls" manually_schedule_and_upload_calls: Option<bool>,
        "privateCalls" private_calls: Option<bool>,
        "deleteCalls" delete_calls: Option<bool>,
        "trimCalls" trim_calls: Option<bool>,
        "listenInCalls" listen_in_calls: Option<bool>,
        "deleteEmails" delete_emails: Option<bool>,
        "callsAndSearch" calls_and_search: Option<bool>,
        "library" library: Option<bool>,
        "deals" deals: Option<bool>,
        "createEditAndDeleteDealsBoards" create_edit_and_delete_deals_boards: Option<bool>,
        "dealsInlineEditing" deals_inline_editing: Option<bool>,
        "account" account: Option<bool>,
        "coaching" coaching: Option<bool>,
        "usage" usage: Option<bool>,
        "teamStats" team_stats: Option<bool>,
        "initiatives" initiatives: Option<bool>,
        "market" market: Option<bool>,
        "activity" activity: Option<bool>,
        "forecast" forecast: Option<bool>,
        "forecastManage" forecast_manage: Option<bool>,
        "engageManageCompanyTemplates" engage_manage_company_templates: Option<bool>,
        "engageManageCompanySequences" engage_manage_company_sequences: Option<bool>,
        "engageCreateAndManageRulesets" engage_create_and_manage_rulesets: Option<bool>,
        "engageSnoozeFlowToDosForOthers" engage_snooze_flow_to_dos_for_others: Option<bool>,
        "engageAllowCrmFieldsViewChange" engage_allow_crm_fields_view_change: Option<bool>,
        "viewEngageAnalyticsActivity" view_engage_analytics_activity: Option<bool>,
        "viewEngageAnalyticsPerformance" view_engage_analytics_performance: Option<bool>,
        "viewEngageAnalyticsFlows" view_engage_analytics_flows: Option<bool>,
        "manageGeneralBusinessSettings" manage_general_business_settings: Option<bool>,
        "manageScorecards" manage_scorecards: Option<bool>,
        "exportCallsAndCoachingDataToCSV" export_calls_and_coaching_data_to_csv: Option<bool>,
        "crmDataInlineEditing" crm_data_inline_editing: Option<bool>,
        "crmDataImport" crm_data_import: Option<bool>,
        "viewRevenueAnalytics" view_revenue_analytics: Option<bool>,
        "manageRevenueAnalytics" manage_revenue_analytics: Option<bool>,
        "engageReassignFlowToDosToOthers" engage_reassign_flow_to_dos_to_others: Option<bool>,
        "engageAssignFlowToDosToOthers" engage_assign_flow_to_dos_to_others: Option<bool>,
        "dealsDataExport" deals_data_export: Option<bool>,
        "aiBuilder" ai_builder: Option<bool>,
        "orchestrateCreateAndManagePlays" orchestrate_create_and_manage_plays: Option<bool>,
    }

    /// How far access reaches.
    pub struct Access {
        "permissionLevel" permission_level: Option<AccessLevel>,
        "teamLeadIds" team_lead_ids: Vec<UserId>,
    }

    /// How far access to the library reaches.
    pub struct LibraryAccess {
        "permissionLevel" permission_level: Option<String>,
        "libraryFolderIds" library_folder_ids: Vec<String>,
        "managePublicFolder" manage_public_folder: Option<bool>,
        "manageStreams" manage_streams: Option<bool>,
        "manageFolderCalls" manage_folder_calls: Option<bool>,
        "shareFoldersAndStreams" share_folders_and_streams: Option<bool>,
    }

    /// What may be done with forecasts.
    pub struct ForecastPermissions {
        "forecastAccess" forecast_access: Option<Access>,
        "forecastEditSubmissions" forecast_edit_submissions: Option<Access>,
        "forecastEditTargets" forecast_edit_targets: Option<Access>,
    }

    /// A user of a permission profile.
    pub struct ProfileUser {
        "id" id: Option<UserId>,
        "fullName" full_name: Option<String>,
        "emailAddress" email_address: Option<String>,
    }
}
