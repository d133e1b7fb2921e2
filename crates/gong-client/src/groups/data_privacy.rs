//! What Gong holds about a person, and erasing it. For callers that answer such requests.

use super::Accepted;
use super::calls::CrmField;
use crate::draft::Pending;
use crate::group::operations;
use crate::wire::records;
use crate::wire::words::CrmSystem;
use calls::{CallId, Timestamp};

operations! {
    /// Requests of people about their data.
    DataPrivacy<'a> "data_privacy";

    /// All that Gong holds under an e-mail address; empty for an unknown one.
    read GET "/v2/data-privacy/data-for-email-address" findAllReferencesToEmailAddress "api:data-privacy:read"
    pub fn of_email_address(address: impl Into<String>) -> Pending<'a, EmailAddressReferences> {
        it => it.query("emailAddress", address.into()).whole()
    }

    /// All that Gong holds under a telephone number; empty for an unknown one.
    read GET "/v2/data-privacy/data-for-phone-number" findAllReferencesToPhoneNumber "api:data-privacy:read"
    pub fn of_phone_number(number: impl Into<String>) -> Pending<'a, PhoneNumberReferences> {
        it => it.query("phoneNumber", number.into()).whole()
    }

    /// Erases all under an e-mail address: calls that it appears in are deleted, for good.
    /// Gong accepts unknown addresses too, and takes hours.
    write POST "/v2/data-privacy/erase-data-for-email-address" purgeEmailAddress "api:data-privacy:delete"
    pub fn erase_email_address(address: impl Into<String>) -> Pending<'a, Accepted> {
        it => it.query("emailAddress", address.into()).whole()
    }

    /// Erases all under a telephone number: calls that it appears in are deleted, for good.
    /// Gong accepts unknown numbers too, and takes hours.
    write POST "/v2/data-privacy/erase-data-for-phone-number" purgePhoneNumber "api:data-privacy:delete"
    pub fn erase_phone_number(number: impl Into<String>) -> Pending<'a, Accepted> {
        it => it.query("phoneNumber", number.into()).whole()
    }
}

records! {
    /// All that Gong holds under a telephone number.
    pub struct PhoneNumberReferences {
        "requestId" request_id: Option<String>,
        "emails" emails: Vec<EmailMessage>,
        "calls" calls: Vec<CallReference>,
        "meetings" meetings: Vec<MeetingReference>,
        "customerData" customer_data: Vec<CustomerData>,
        "suppliedPhoneNumber" supplied_phone_number: Option<String>,
        "matchingPhoneNumbers" matching_phone_numbers: Vec<String>,
        "emailAddresses" email_addresses: Vec<String>,
    }

    /// All that Gong holds under an e-mail address.
    pub struct EmailAddressReferences {
        "requestId" request_id: Option<String>,
        "emails" emails: Vec<EmailMessage>,
        "calls" calls: Vec<CallReference>,
        "meetings" meetings: Vec<MeetingReference>,
        "customerData" customer_data: Vec<CustomerData>,
        "customerEngagement" customer_engagement: Vec<CustomerEngagement>,
    }

    /// A call that a person took part in.
    pub struct CallReference {
        "id" id: Option<CallId>,
        "status" status: Option<String>,
        "externalSystems" external_systems: Vec<ExternalSystem>,
    }

    /// Objects of a CRM that belong to a call.
    pub struct ExternalSystem {
        "system" system: Option<CrmSystem>,
        "objects" objects: Vec<ExternalSystemObject>,
    }

    /// An object of a CRM.
    pub struct ExternalSystemObject {
        "objectType" object_type: Option<String>,
        "externalId" external_id: Option<String>,
    }

    /// What a CRM holds about a person.
    pub struct CustomerData {
        "system" system: Option<CrmSystem>,
        "objects" objects: Vec<CustomerDataObject>,
    }

    /// A person in a CRM.
    pub struct CustomerDataObject {
        "id" id: Option<String>,
        "objectType" object_type: Option<String>,
        "externalId" external_id: Option<String>,
        "mirrorId" mirror_id: Option<String>,
        "fields" fields: Vec<CrmField>,
    }

    /// An e-mail.
    pub struct EmailMessage {
        "from" from: Option<String>,
        "id" id: Option<String>,
        "sentTime" sent_time: Option<Timestamp>,
        "mailbox" mailbox: Option<String>,
        "messageHash" message_hash: Option<String>,
    }

    /// A meeting.
    pub struct MeetingReference {
        "id" id: Option<String>,
    }

    /// What a person did with content.
    pub struct CustomerEngagement {
        "eventType" event_type: Option<String>,
        "timestamp" timestamp: Option<Timestamp>,
        "contentId" content_id: Option<String>,
        "contentUrl" content_url: Option<String>,
        "reportingSystem" reporting_system: Option<String>,
        "eventName" event_name: Option<String>,
        "sourceEventId" source_event_id: Option<String>,
    }
}
