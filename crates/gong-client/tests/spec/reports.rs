//! What people do with content, reported with all that a report may hold.

use gong_client::GongClient;
use gong_client::groups::words::*;
use gong_client::groups::*;

use super::calls::Called;
use super::full::{at, crm_object, pending};

pub(super) fn of_customers(gong: &GongClient) -> Vec<Called<'_>> {
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
    let crm = || {
        let account = [crm_object("Account")];
        [context::NewCallContext::new(CrmSystem::HubSpot).objects(account)]
    };
    let actor = || {
        let contact = [crm_object("Contact")];
        let context = [context::NewPartyContext::new(CrmSystem::HubSpot).objects(contact)];
        engagement::Actor::new()
            .email("a@b.c")
            .name("A")
            .title("CFO")
            .context(context)
    };
    let sharer = || engagement::Sharer::new().id("1").email("r@s.t").name("R");
    // The specification takes these lists of words for a word.
    let (kind, platform) = (
        "number, string, url, date",
        "Windows, Linux, MacOS, iOS, Android",
    );
    let property = || [engagement::Property::new("a", "b", kind)];
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
        .sharing_message_body("Hi")
        .content_properties(property())
        .event_properties(property())
        .mobile_app_id("m")
        .agent_platform(platform);
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
        .more_info_url("https://a.b")
        .non_company_participants([actor()])
        .tracking_id("t")
        .user_agent("agent")
        .content_properties(property())
        .event_properties(property())
        .mobile_app_id("m")
        .agent_platform(platform);
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
        .sharer(sharer())
        .more_info_url("https://a.b")
        .share_id("s1")
        .sharing_message_subject("Hello")
        .sharing_message_body("Hi")
        .tracking_id("t")
        .user_agent("agent")
        .content_properties(property())
        .event_properties(property())
        .mobile_app_id("m")
        .agent_platform(platform);
    let group = gong.engagement();
    vec![
        pending("addDigitalInteraction", group.add(interaction)),
        pending("contentViewed", group.content_viewed(viewed)),
        pending("contentShared", group.content_shared(shared)),
        pending("customAction", group.custom_action(action)),
    ]
}
