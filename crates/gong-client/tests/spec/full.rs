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

fn pending<'a, T: Serialize + Send + 'static>(
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

fn at() -> Timestamp {
    "2026-07-01T00:00:00Z".parse().expect("an instant")
}

fn day() -> Date {
    "2026-07-01".parse().expect("a day")
}

pub(crate) fn operations_in_full(gong: &GongClient) -> Vec<Called<'_>> {
    let mut all = of_calls(gong);
    all.extend(of_people(gong));
    all.extend(of_flows(gong));
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
    // The specification takes objects alone for values, which are text or numbers at Gong.
    let object = |kind: &str| {
        let amount = context::NewCrmField::new().name("Amount").value(json!({}));
        context::NewCrmObject::new(kind, "o1").fields([amount])
    };
    let party = calls::NewParticipant::new()
        .phone_number("+1 212 555 0100")
        .email_address("a@b.c")
        .name("A")
        .party_id("p1")
        .media_channel_id(0)
        .context([context::NewPartyContext::new(CrmSystem::HubSpot).objects([object("Contact")])])
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
        .context([context::NewCallContext::new(CrmSystem::HubSpot).objects([object("Account")])])
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
        .due_date(at());
    let mut invitee = meetings::MeetingInvitee::default();
    invitee.email = Some("c@d.e".to_owned());
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
        pending(
            "assignProspectsCoolOffOverrides",
            group.assign_despite_cool_off(assignment),
        ),
        pending("unassignProspectFlows", group.unassign_prospect(prospect)),
        pending("unassignFlows", group.unassign(instances)),
    ]
}

fn of_customers(gong: &GongClient) -> Vec<Called<'_>> {
    let field = || [digital::CustomField::new("a", "b").data_type("STRING")];
    let content = digital::InteractionContent::new("Page")
        .content_id("c1")
        .content_label(["x".to_owned()])
        .content_url("https://a.b")
        .content_additional_info_url("https://a.b/c")
        .numeric_content_details(
            digital::NumericContent::new(0, 10)
                .value(9)
                .numeric_type("NPS"),
        )
        .step_content_details(digital::StepContent::new("one", ["one".to_owned()]))
        .search_object_details(
            digital::SearchObject::new("A", "VENDOR", "a.b")
                .object_id("s1")
                .url("https://a.b"),
        )
        .content_custom_fields(field());
    let person = digital::InteractionPerson::new()
        .name("A")
        .email("a@b.c")
        .phone_number("+1 212 555 0100")
        .person_id("p1")
        .person_business_context(
            digital::PersonBusinessContext::new("CONTACT", "o1").system_name("HubSpot"),
        )
        .location(
            digital::Location::new()
                .country("US")
                .state("NY")
                .region("East")
                .city("New York"),
        )
        .company(
            digital::InteractionCompany::new()
                .company_id("k1")
                .name("B")
                .domain("b.c")
                .company_business_contexts([
                    digital::CompanyBusinessContext::new("ACCOUNT", "o2").system_name("HubSpot")
                ]),
        )
        .person_custom_fields(field());
    let interaction = digital::DigitalInteraction::new("e1", at(), "visit", content)
        .source_system_name("us")
        .session_id("s")
        .device("PC")
        .person(person)
        .custom_fields(field())
        .tracking_id("t");
    let crm = || [context::NewCallContext::new(CrmSystem::HubSpot)];
    let actor = || {
        let context = [context::NewPartyContext::new(CrmSystem::HubSpot)];
        engagement::Actor::new()
            .email("a@b.c")
            .name("A")
            .title("CFO")
            .context(context)
    };
    let sharer = || engagement::Sharer::new().id("1").email("r@s.t").name("R");
    // Without properties and platform: the specification takes their lists of words for a word.
    let viewed = engagement::ContentViewed::new("us", at(), "c1", "https://a.b", "Page")
        .event_id("e1")
        .view_action_title("Seen")
        .share_id("s1")
        .view_info_url("https://a.b")
        .viewer(actor())
        .crm_context(crm())
        .user_agent("agent")
        .workspace_id("5")
        .tracking_id("t")
        .non_company_participants([actor()])
        .more_info_url("https://a.b")
        .action_name("Seen")
        .sharer(sharer())
        .sharing_message_subject("Hello")
        .sharing_message_body("Hi");
    let shared = engagement::ContentShared::new("us", at(), "c1", "https://a.b", "Page")
        .event_id("e1")
        .share_id("s1")
        .share_info_url("https://a.b")
        .sharing_message_subject("Hello")
        .sharing_message_body("Hi")
        .sharer(sharer())
        .recipients([actor()])
        .crm_context(crm())
        .workspace_id("5")
        .action_name("Shared")
        .more_info_url("https://a.b");
    let action = engagement::CustomAction::new("us", at())
        .event_id("e1")
        .content_id("c1")
        .content_url("https://a.b")
        .content_title("Page")
        .action_name("Done")
        .event_info_url("https://a.b")
        .actor(actor())
        .crm_context(crm())
        .workspace_id("5")
        .non_company_participants([actor()])
        .sharer(sharer());
    let group = gong.engagement();
    vec![
        pending("addDigitalInteraction", group.add(interaction)),
        pending("contentViewed", group.content_viewed(viewed)),
        pending("contentShared", group.content_shared(shared)),
        pending("customAction", group.custom_action(action)),
    ]
}
