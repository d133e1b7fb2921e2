//! Every operation, called once with whatever it takes.

use futures_util::future::BoxFuture;
use gong_client::groups::words::*;
use gong_client::groups::*;
use gong_client::{
    CallFilter, CallId, ContentSelector, Date, GongClient, Page, Result, Timestamp,
    TranscriptFilter, UserId,
};
use serde::Serialize;
use serde_json::{Value, json};

/// An operation's id, the key that its reply is read under, and what it reads from there.
pub(crate) struct Called<'a> {
    pub(crate) id: &'static str,
    /// Empty for the whole reply.
    pub(crate) key: &'static str,
    pub(crate) outcome: BoxFuture<'a, Result<Value>>,
}

pub(super) async fn one<T: Serialize>(reply: impl IntoFuture<Output = Result<T>>) -> Result<Value> {
    let reply = reply.into_future().await?;
    Ok(serde_json::to_value(reply).expect("JSON"))
}

pub(super) fn page<T: Serialize>(page: Page<T>) -> Value {
    assert_eq!(page.rejected.len(), 0, "{:?}", page.rejected);
    serde_json::to_value(page.items).expect("JSON")
}

pub(crate) fn every_operation(gong: &GongClient) -> Vec<Called<'_>> {
    let mut all: Vec<Called<'_>> = Vec::new();
    macro_rules! one {
        ($id:literal, $key:literal, $reply:expr) => {
            let reply = $reply;
            all.push(Called {
                id: $id,
                key: $key,
                outcome: Box::pin(one(reply)),
            });
        };
    }
    macro_rules! paged {
        ($id:literal, $key:literal, $paged:expr) => {
            let mut paged = $paged;
            all.push(Called {
                id: $id,
                key: $key,
                outcome: Box::pin(async move { paged.page(None).await.map(page) }),
            });
        };
    }
    let at: Timestamp = "2026-07-01T00:00:00Z".parse().expect("an instant");
    let day: Date = "2026-07-01".parse().expect("a day");
    let activity = || stats::ActivityFilter::new(day, day).user_ids([UserId::new("1")]);

    paged!("listCalls", "calls", gong.calls().between(at, at));
    one!("getCall", "call", gong.calls().get("7"));
    paged!(
        "listCallsExtensive",
        "calls",
        gong.calls()
            .extensive(CallFilter::default(), ContentSelector::default())
    );
    paged!(
        "getCallTranscripts",
        "callTranscripts",
        gong.calls().transcripts(TranscriptFilter::default())
    );
    let party = calls::NewParticipant::new()
        .email_address("a@b.c")
        .media_channel_id(0);
    let call = calls::NewCall::new("u1", at, [party], Direction::Inbound, "1").duration(1.5);
    one!("addCall", "", gong.calls().add(call));
    one!(
        "addCallRecording",
        "",
        gong.calls().add_media("7", "a.wav", "RIFF")
    );

    paged!("listUsers", "users", gong.users().list(true));
    paged!(
        "listMultipleUsers",
        "users",
        gong.users().find(users::UserFilter::new())
    );
    one!("getUser", "user", gong.users().get("7"));
    one!(
        "getUserHistory",
        "userSettingsHistory",
        gong.users().settings_history("7")
    );

    paged!(
        "listInteractionStats",
        "peopleInteractionStats",
        gong.stats().interaction(activity())
    );
    paged!(
        "listMultipleUsersAggregateActivity",
        "usersAggregateActivityStats",
        gong.stats().activity(activity())
    );
    paged!(
        "listMultipleUsersAggregateByPeriod",
        "usersAggregateActivity",
        gong.stats()
            .activity_by_period(activity(), AggregationPeriod::Week)
    );
    paged!(
        "listMultipleUsersDayByDayActivity",
        "usersDetailedActivities",
        gong.stats().activity_by_day(activity())
    );
    let filter = stats::AnsweredScorecardFilter::new().review_method(ReviewMethod::Both);
    paged!(
        "listAnsweredScorecards",
        "answeredScorecards",
        gong.stats().answered_scorecards(filter)
    );

    one!("listWorkspaces", "workspaces", gong.settings().workspaces());
    one!("listScorecards", "scorecards", gong.settings().scorecards());
    one!(
        "listTrackers",
        "keywordTrackers",
        gong.settings().trackers(None)
    );
    one!(
        "listBriefs",
        "briefs",
        gong.settings().briefs(Some("5".into()))
    );
    one!(
        "listCallOutcomes",
        "outcomes",
        gong.settings().call_outcomes()
    );
    let setting = engagement::IntegrationTypeSetting::new(IntegrationType::Dialer, "https://a.b");
    one!(
        "integrationSettings",
        "",
        gong.settings().set_integration(vec![setting])
    );

    one!(
        "getLibraryStructure",
        "folders",
        gong.library().folders("5")
    );
    one!(
        "getCallsInSpecificFolder",
        "",
        gong.library().folder_content("5")
    );

    paged!(
        "listLogs",
        "logEntries",
        gong.audit_logs().list(LogType::Access, at, None)
    );
    one!(
        "listUsers_1",
        "coachingData",
        gong.coaching().list("5", "1", at, at)
    );

    one!(
        "findAllReferencesToEmailAddress",
        "",
        gong.data_privacy().of_email_address("a@b.c")
    );
    one!(
        "findAllReferencesToPhoneNumber",
        "",
        gong.data_privacy().of_phone_number("+1 2")
    );
    one!(
        "purgeEmailAddress",
        "",
        gong.data_privacy().erase_email_address("a@b.c")
    );
    one!(
        "purgePhoneNumber",
        "",
        gong.data_privacy().erase_phone_number("+1 2")
    );

    let about = || {
        entities::EntityQuery::new("5", CrmEntityType::Deal, "d1", TimePeriod::Custom)
            .from_date_time(at)
            .to_date_time(at)
    };
    one!("askEntity", "", gong.entities().ask(about(), "What now?"));
    one!(
        "generateBrief",
        "",
        gong.entities().brief(about(), "Handover")
    );

    let kinds = || [TaskKind::Flow];
    let filter = tasks::TaskFilter::new("1", kinds(), ["CALL".to_owned()], [TaskStatus::Open]);
    one!("listTasks", "", gong.tasks().list(filter));
    one!(
        "updateReminder",
        "",
        gong.tasks()
            .update("9", tasks::TaskUpdate::new("1").status(TaskStatus::Done))
    );

    let meeting =
        || meetings::NewMeeting::new(at, at, [meetings::MeetingInvitee::default()], "a@b.c");
    one!("addMeeting", "", gong.meetings().add(meeting()));
    let update =
        meetings::MeetingUpdate::new(at, at, [meetings::MeetingInvitee::default()], "a@b.c");
    one!("updateMeeting", "", gong.meetings().update("9", update));
    one!("deleteMeeting", "", gong.meetings().delete("9", "a@b.c"));
    one!(
        "integrationStatus",
        "users",
        gong.meetings().integration_status(vec!["a@b.c".into()])
    );

    let profile = permissions::PermissionProfile::default;
    one!(
        "listPermissionProfile",
        "profiles",
        gong.permissions().profiles("5")
    );
    one!(
        "getPermissionProfile",
        "profile",
        gong.permissions().profile("9")
    );
    one!(
        "listPermissionProfileUsers",
        "users",
        gong.permissions().profile_users("9")
    );
    one!(
        "createPermissionProfile",
        "profile",
        gong.permissions().create_profile("5", profile())
    );
    one!(
        "updatePermissionProfile",
        "profile",
        gong.permissions().update_profile("9", profile())
    );
    let access = || vec![permissions::CallUsers::new("7", [UserId::new("1")])];
    one!(
        "getUsersAccessToCalls",
        "callAccessList",
        gong.permissions().call_access(vec![CallId::new("7")])
    );
    one!(
        "addUsersAccessToCalls",
        "",
        gong.permissions().give_call_access(access())
    );
    one!(
        "deleteUsersAccessToCalls",
        "",
        gong.permissions().take_call_access(access())
    );

    paged!(
        "listFlows",
        "flows",
        gong.flows().list(flows::FlowQuery::new("a@b.c"))
    );
    paged!(
        "listFlowsFolders",
        "flowsFolders",
        gong.flows().folders(flows::FlowFolderQuery::new("a@b.c"))
    );
    one!(
        "getFlowSteps",
        "flows",
        gong.flows().steps(vec!["3".into()])
    );
    let filter = flows::AssignedFlowsFilter::new().crm_prospects_ids(["p".to_owned()]);
    one!(
        "getProspectsAssignedFlows",
        "prospectsAssigned",
        gong.flows().of_prospects(filter)
    );
    let assignment = || flows::FlowAssignment::new(["p".to_owned()], "3", "a@b.c");
    one!("assignProspects", "", gong.flows().assign(assignment()));
    one!(
        "assignProspectsCoolOffOverrides",
        "",
        gong.flows().assign_despite_cool_off(assignment())
    );
    let many = flows::BulkFlowAssignment::new("a@b.c", "3", [flows::FlowProspect::default()]);
    one!(
        "submitFlowProspectsBulkAssignment",
        "",
        gong.flows().assign_many(many)
    );
    one!(
        "getFlowProspectsBulkAssignment",
        "",
        gong.flows().bulk_assignment("4")
    );
    one!(
        "unassignProspectFlows",
        "",
        gong.flows()
            .unassign_prospect(flows::ProspectUnassignment::new("p"))
    );
    one!(
        "unassignFlows",
        "",
        gong.flows()
            .unassign(flows::FlowUnassignment::new(["4".to_owned()]))
    );

    one!(
        "listGenericCrmIntegration",
        "integrations",
        gong.crm().integrations()
    );
    one!(
        "registerGenericCrmIntegration",
        "",
        gong.crm().register("Own", "a@b.c")
    );
    one!(
        "deleteGenericCrmIntegration",
        "",
        gong.crm().delete("6", "r1")
    );
    let objects = crm::lines([json!({"objectId": "1"})]).expect("JSON");
    one!(
        "uploadCrmData",
        "",
        gong.crm().upload("6", CrmEntityType::Deal, "r1", objects)
    );
    one!("getRequestStatus", "", gong.crm().status("6", "r1"));
    one!(
        "getCrmObjects",
        "",
        gong.crm()
            .objects("6", CrmEntityType::Deal, vec!["1".into()])
    );
    one!(
        "listCrmSchemaFields",
        "",
        gong.crm().schema("6", CrmEntityType::Deal)
    );
    let fields = vec![crm::CrmSchemaField::new(
        "Stage",
        "Stage",
        CrmFieldType::Text,
    )];
    one!(
        "uploadCrmSchemaField",
        "",
        gong.crm().set_schema("6", CrmEntityType::Deal, fields)
    );

    let interaction = digital::DigitalInteraction::new(
        "e1",
        at,
        "visit",
        digital::InteractionContent::new("Page"),
    );
    one!(
        "addDigitalInteraction",
        "",
        gong.engagement().add(interaction)
    );
    let viewed = engagement::ContentViewed::new("us", at, "c1", "https://a.b", "Page");
    one!(
        "contentViewed",
        "",
        gong.engagement().content_viewed(viewed)
    );
    let shared = engagement::ContentShared::new("us", at, "c1", "https://a.b", "Page");
    one!(
        "contentShared",
        "",
        gong.engagement().content_shared(shared)
    );
    one!(
        "customAction",
        "",
        gong.engagement()
            .custom_action(engagement::CustomAction::new("us", at))
    );

    one!("listTargetDefinitions", "", gong.targets().list());
    one!(
        "uploadAssignments",
        "",
        gong.targets().assign("8", json!({"assignments": []}))
    );
    all
}
