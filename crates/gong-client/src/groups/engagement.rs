//! What people do with content. For callers whose programs report it to Gong.

use super::context::{NewCallContext, NewPartyContext};
use super::digital::DigitalInteraction;
use super::{Accepted, IntegrationReply};
use crate::draft::Pending;
use crate::group::operations;
use crate::wire::requests;
use crate::wire::words::IntegrationType;
use calls::{Timestamp, WorkspaceId};

operations! {
    /// Reports of what people do with content. Gong recommends
    /// [`add`](Self::add); the other three are the older way.
    Engagement<'a> "engagement";

    /// Somebody did something on a website or in a program.
    write POST "/v2/digital-interaction" addDigitalInteraction "api:digital-interactions:write"
    pub fn add(interaction: DigitalInteraction) -> Pending<'a, Accepted> {
        it => it.json(&interaction).whole()
    }

    /// Somebody looked at content.
    write PUT "/v2/customer-engagement/content/viewed" contentViewed "api:engagement-data:write"
    pub fn content_viewed(event: ContentViewed) -> Pending<'a, IntegrationReply> {
        it => it.json(&event).whole()
    }

    /// Somebody shared content.
    write PUT "/v2/customer-engagement/content/shared" contentShared "api:engagement-data:write"
    pub fn content_shared(event: ContentShared) -> Pending<'a, IntegrationReply> {
        it => it.json(&event).whole()
    }

    /// Somebody did something else with content.
    write PUT "/v2/customer-engagement/action" customAction "api:engagement-data:write"
    pub fn custom_action(event: CustomAction) -> Pending<'a, IntegrationReply> {
        it => it.json(&event).whole()
    }
}

requests! {
    /// Who did something with content.
    pub struct Actor {
        required {
        }
        optional {
            "email" email: String,
            "name" name: String,
            "title" title: String,
            "context" context: Vec<NewPartyContext>,
        }
    }

    /// Who shared content.
    pub struct Sharer {
        required {
        }
        optional {
            "id" id: String,
            "email" email: String,
            "name" name: String,
        }
    }

    /// A property of content or of an event.
    pub struct Property {
        required {
            "name" name: String,
            "value" value: String,
            "dataType" data_type: String,
        }
        optional {
        }
    }

    /// Somebody looked at content.
    pub struct ContentViewed {
        required {
            "reportingSystem" reporting_system: String,
            "eventTimestamp" event_timestamp: Timestamp,
            "contentId" content_id: String,
            "contentUrl" content_url: String,
            "contentTitle" content_title: String,
        }
        optional {
            "eventId" event_id: String,
            "viewActionTitle" view_action_title: String,
            "shareId" share_id: String,
            "viewInfoUrl" view_info_url: String,
            "viewer" viewer: Actor,
            "crmContext" crm_context: Vec<NewCallContext>,
            "contentProperties" content_properties: Vec<Property>,
            "eventProperties" event_properties: Vec<Property>,
            "userAgent" user_agent: String,
            "mobileAppId" mobile_app_id: String,
            "agentPlatform" agent_platform: String,
            "workspaceId" workspace_id: WorkspaceId,
            "trackingId" tracking_id: String,
            "nonCompanyParticipants" non_company_participants: Vec<Actor>,
            "moreInfoUrl" more_info_url: String,
            "actionName" action_name: String,
            "sharer" sharer: Sharer,
            "sharingMessageSubject" sharing_message_subject: String,
            "sharingMessageBody" sharing_message_body: String,
        }
    }

    /// Somebody shared content.
    pub struct ContentShared {
        required {
            "reportingSystem" reporting_system: String,
            "eventTimestamp" event_timestamp: Timestamp,
            "contentId" content_id: String,
            "contentUrl" content_url: String,
            "contentTitle" content_title: String,
        }
        optional {
            "eventId" event_id: String,
            "shareId" share_id: String,
            "shareInfoUrl" share_info_url: String,
            "sharingMessageSubject" sharing_message_subject: String,
            "sharingMessageBody" sharing_message_body: String,
            "sharer" sharer: Sharer,
            "recipients" recipients: Vec<Actor>,
            "crmContext" crm_context: Vec<NewCallContext>,
            "contentProperties" content_properties: Vec<Property>,
            "eventProperties" event_properties: Vec<Property>,
            "workspaceId" workspace_id: WorkspaceId,
            "actionName" action_name: String,
            "nonCompanyParticipants" non_company_participants: Vec<Actor>,
            "moreInfoUrl" more_info_url: String,
            "trackingId" tracking_id: String,
            "mobileAppId" mobile_app_id: String,
            "agentPlatform" agent_platform: String,
            "userAgent" user_agent: String,
        }
    }

    /// Somebody did something else with content.
    pub struct CustomAction {
        required {
            "reportingSystem" reporting_system: String,
            "eventTimestamp" event_timestamp: Timestamp,
        }
        optional {
            "eventId" event_id: String,
            "contentId" content_id: String,
            "contentUrl" content_url: String,
            "contentTitle" content_title: String,
            "actionName" action_name: String,
            "eventInfoUrl" event_info_url: String,
            "actor" actor: Actor,
            "crmContext" crm_context: Vec<NewCallContext>,
            "contentProperties" content_properties: Vec<Property>,
            "eventProperties" event_properties: Vec<Property>,
            "userAgent" user_agent: String,
            "mobileAppId" mobile_app_id: String,
            "agentPlatform" agent_platform: String,
            "workspaceId" workspace_id: WorkspaceId,
            "nonCompanyParticipants" non_company_participants: Vec<Actor>,
            "moreInfoUrl" more_info_url: String,
            "sharer" sharer: Sharer,
            "sharingMessageSubject" sharing_message_subject: String,
            "shareId" share_id: String,
            "trackingId" tracking_id: String,
            "sharingMessageBody" sharing_message_body: String,
        }
    }

    /// Where an integration may be embedded.
    pub struct IntegrationTypeSetting {
        required {
            "integrationType" integration_type: IntegrationType,
            "allowedOrigin" allowed_origin: String,
        }
        optional {
        }
    }
}
