//! Operations with all that their requests may hold, for those whose requests may hold more
//! than they must.

use gong_client::groups::words::*;
use gong_client::groups::*;
use gong_client::{
    CallFilter, ContentSelector, Date, GongClient, Paged, Pending, Timestamp, TranscriptFilter,
    UserId,
};
use serde::Serialize;
use serde_json::json;

use super::calls::{Called, one, page};
use super::reports::of_customers;

pub(super) fn pending<'a, T: Serialize + Send + 'static>(
    id: &'static str,
    reply: Pending<'a, T>,
) -> Called<'a> {
    Called {
        id,
        key: "",
        outcome: Box::pin(one(reply)),
    }
}

fn paged<'a, T: Serialize + Send + 'static>(
    id: &'static str,
    mut listing: Paged<'a, T>,
) -> Called<'a> {
    Called {
        id,
        key: "",
        outcome: Box::pin(async move { listing.page(None).await.map(page) }),
    }
}

pub(super) fn at() -> Timestamp {
    "2026-07-01T00:00:00Z".parse().expect("an instant")
}

fn day() -> Date {
    "2026-07-01".parse().expect("a day")
}

/// An object of a CRM. The specification takes objects alone for values, which are text or
/// numbers at Gong.
pub(super) fn crm_object(kind: &str) -> context::NewCrmObject {
    let amount = context::NewCrmField::new().name("Amount").value(json!({}));
    context::NewCrmObject::new(kind, "o1").fields([amount])
}

pub(crate) fn operations_in_full(gong: &GongClient) -> Vec<Called<'_>> {
    let mut all = of_calls(gong);
    all.extend(of_people(gong));
    all.extend(of_flows(gong));
    all.extend(of_setup(gong));
    all.extend(of_customers(gong));
    all
}

fn of_calls(gong: &GongClient) -> Vec<Called<'_>> {
    let filter = || CallFilter {
        workspace_id: Some("5".into()),
        ..CallFilter::between(at(), at())
    };
    let mut hosts = filter();
    hosts.call_ids = vec!["7".into()];
    hosts.primary_user_ids = vec!["1".into()];
    let mut selector = ContentSelector::default();
    selector.media = true;
    let spoken = TranscriptFilter {
        from: Some(at()),
        to: Some(at()),
        workspace_id: Some("5".into()),
        call_ids: vec!["7".into()],
    };
    let party = calls::NewParticipant::new()
        .phone_number("+1 212 555 0100")
        .email_address("a@b.c")
        .name("A")
        .party_id("p1")
        .media_channel_id(0)
        .context([
            context::NewPartyContext::new(CrmSystem::HubSpot).objects([crm_object("Contact")])
        ])
        .user_id("1");
    let spoke = calls::SpeechSegment::new(0, 9, ["p1".to_owned()]);
    let timeline = calls::SpeakersTimeline::new()
        .precise(true)
        .speech_segments([spoke]);
    let call = calls::NewCall::new("u1", at(), [party], Direction::Inbound, "1")
        .title("Demo")
        .purpose("Demo")
        .scheduled_start(at())
        .scheduled_end(at())
        .duration(1.5)
        .disposition("Answered")
        .context(
            [context::NewCallContext::new(CrmSystem::HubSpot).objects([crm_object("Account")])],
        )
        .custom_data("x")
        .speakers_timeline(timeline)
        .meeting_url("https://a.b")
        .call_provider_code("zoom")
        .download_media_url("https://a.b/c.wav")
        .workspace_id("5")
        .language_code("eng")
        .flow_context(calls::FlowContext::new().task_id("9"));
    vec![
        paged("listCalls", gong.calls().list(filter())),
        paged(
            "listCallsExtensive",
            gong.calls().extensive(hosts, selector),
        ),
        paged("getCallTranscripts", gong.calls().transcripts(spoken)),
        pending("addCall", gong.calls().add(call)),
    ]
}

fn of_people(gong: &GongClient) -> Vec<Called<'_>> {
    let users = users::UserFilter::new()
        .created_from_date_time(at())
        .created_to_date_time(at())
        .include_avatars(true)
        .user_ids([UserId::new("1")]);
    let activity = || {
        stats::ActivityFilter::new(day(), day())
            .created_from_date_time(at())
            .created_to_date_time(at())
            .user_ids([UserId::new("1")])
    };
    let reviews = stats::AnsweredScorecardFilter::new()
        .call_from_date(day())
        .call_to_date(day())
        .review_from_date(day())
        .review_to_date(day())
        .review_method(ReviewMethod::Both)
        .reviewed_user_ids([UserId::new("1")])
        .scorecard_ids(["6".to_owned()]);
    let kinds = [TaskKind::Flow, TaskKind::Manual];
    let tasks = tasks::TaskFilter::new("1", kinds, ["CALL".to_owned()], [TaskStatus::Open])
        .workspace_id("5");
    let task = tasks::TaskUpdate::new("1")
        .status(TaskStatus::Done)
        .due_date(at())
        .priority("MEDIUM");
    let invitee = meetings::MeetingInvitee::default()
        .email("c@d.e")
        .display_name("C D")
        .first_name("C")
        .last_name("D");
    let meeting = meetings::NewMeeting::new(at(), at(), [invitee.clone()], "a@b.c")
        .title("Demo")
        .external_id("x1")
        .provider("zoom");
    let moved = meetings::MeetingUpdate::new(at(), at(), [invitee], "a@b.c")
        .title("Demo")
        .external_id("x1")
        .provider("zoom");
    let (stats, settings) = (gong.stats(), gong.settings());
    vec![
        paged("listMultipleUsers", gong.users().find(users)),
        paged("listInteractionStats", stats.interaction(activity())),
        paged(
            "listMultipleUsersAggregateActivity",
            stats.activity(activity()),
        ),
        paged(
            "listMultipleUsersAggregateByPeriod",
            stats.activity_by_period(activity(), AggregationPeriod::Day),
        ),
        paged(
            "listMultipleUsersDayByDayActivity",
            stats.activity_by_day(activity()),
        ),
        paged("listAnsweredScorecards", stats.answered_scorecards(reviews)),
        pending("listTrackers", settings.trackers(Some("5".into()))),
        paged(
            "listLogs",
            gong.audit_logs()
                .list(LogType::UserActivity, at(), Some(at())),
        ),
        pending("listTasks", gong.tasks().list(tasks)),
        pending("updateReminder", gong.tasks().update("9", task)),
        pending("addMeeting", gong.meetings().add(meeting)),
        pending("updateMeeting", gong.meetings().update("9", moved)),
    ]
}

fn of_flows(gong: &GongClient) -> Vec<Called<'_>> {
    let flows = flows::FlowQuery::new("a@b.c")
        .workspace_id("5")
        .folder_id("8")
        .most_recently_assigned(true);
    let folders = flows::FlowFolderQuery::new("a@b.c")
        .parent_id("8")
        .workspace_id("5");
    let overrides = flows::FlowOverrides::new()
        .steps([flows::StepOverride::new(1).subject("Hello").body("Hi")])
        .flow_instance_variables([flows::VariableOverride::new("x", "y")])
        .cool_off_override(true);
    let assignment = flows::FlowAssignment::new(["p".to_owned()], "3", "a@b.c")
        .overrides(overrides)
        .flow_instance_description("For you");
    let assigned = flows::AssignedFlowsFilter::new()
        .crm_prospects_ids(["p".to_owned()])
        .flow_instance_ids(["4".to_owned()]);
    let person = flows::FlowProspect::default()
        .first_name("A")
        .last_name("B")
        .email("c@d.e")
        .job_title("CFO")
        .linked_in_url("https://a.b")
        .crm_id("o1")
        .account_crm_id("o2")
        .company_name("B");
    let many = flows::BulkFlowAssignment::new("a@b.c", "3", [person]);
    let prospect = flows::ProspectUnassignment::new("p")
        .flow_id("3")
        .unassigned_by_user_email("a@b.c");
    let instances =
        flows::FlowUnassignment::new(["4".to_owned()]).unassigned_by_user_email("a@b.c");
    let group = gong.flows();
    vec![
        paged("listFlows", group.list(flows)),
        paged("listFlowsFolders", group.folders(folders)),
        pending("getProspectsAssignedFlows", group.of_prospects(assigned)),
        pending("assignProspects", group.assign(assignment.clone())),
        pending(
            "assignProspectsCoolOffOverrides",
            group.assign_despite_cool_off(assignment),
        ),
        pending("submitFlowProspectsBulkAssignment", group.assign_many(many)),
        pending("unassignProspectFlows", group.unassign_prospect(prospect)),
        pending("unassignFlows", group.unassign(instances)),
    ]
}

fn of_setup(gong: &GongClient) -> Vec<Called<'_>> {
    let field = crm::CrmSchemaField::new("Stage", "Stage", CrmFieldType::Picklist)
        .last_modified(at())
        .is_deleted(false)
        .reference_to("DEAL")
        .ordered_value_list(vec!["Open".to_owned()]);
    let kind = CrmEntityType::Deal;
    let mut all = vec![pending(
        "uploadCrmSchemaField",
        gong.crm().set_schema("6", kind, vec![field]),
    )];
    // It is the same as in replies, which another test holds field by field.
    if let Some(spec) = super::Spec::read() {
        let profile = || {
            let profile = spec.documented(&json!({"$ref": "#/PermissionProfileDTO"}), 1);
            serde_json::from_value(profile).expect("an object")
        };
        let group = gong.permissions();
        all.push(pending(
            "createPermissionProfile",
            group.create_profile("5", profile()),
        ));
        all.push(pending(
            "updatePermissionProfile",
            group.update_profile("9", profile()),
        ));
    }
    all
}
