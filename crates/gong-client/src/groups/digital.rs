//! A digital interaction. For callers of [`engagement().add`](super::engagement::Engagement::add).

use crate::wire::requests;
use calls::Timestamp;

requests! {
    /// What somebody did on a website or in a program.
    pub struct DigitalInteraction {
        required {
            "eventId" event_id: String,
            "timestamp" timestamp: Timestamp,
            "eventType" event_type: String,
            "content" content: InteractionContent,
        }
        optional {
            "sourceSystemName" source_system_name: String,
            "sessionId" session_id: String,
            "device" device: String,
            "person" person: InteractionPerson,
            "customFields" custom_fields: Vec<CustomField>,
            "trackingId" tracking_id: String,
        }
    }

    /// What it was done with.
    pub struct InteractionContent {
        required {
            "contentTitle" content_title: String,
        }
        optional {
            "contentId" content_id: String,
            "contentLabel" content_label: Vec<String>,
            "contentUrl" content_url: String,
            "contentAdditionalInfoUrl" content_additional_info_url: String,
            "numericContentDetails" numeric_content_details: NumericContent,
            "stepContentDetails" step_content_details: StepContent,
            "searchObjectDetails" search_object_details: SearchObject,
            "contentCustomFields" content_custom_fields: Vec<CustomField>,
        }
    }

    /// A field of one's own.
    pub struct CustomField {
        required {
            "name" name: String,
            "value" value: String,
        }
        optional {
            "dataType" data_type: String,
        }
    }

    /// Who did it.
    pub struct InteractionPerson {
        required {
        }
        optional {
            "name" name: String,
            "email" email: String,
            "phoneNumber" phone_number: String,
            "personId" person_id: String,
            "personBusinessContext" person_business_context: PersonBusinessContext,
            "location" location: Location,
            "company" company: InteractionCompany,
            "personCustomFields" person_custom_fields: Vec<CustomField>,
        }
    }

    /// Who they are in the CRM.
    pub struct PersonBusinessContext {
        required {
            "objectType" object_type: String,
            "objectId" object_id: String,
        }
        optional {
            "systemName" system_name: String,
        }
    }

    /// Where somebody is.
    pub struct Location {
        required {
        }
        optional {
            "country" country: String,
            "state" state: String,
            "region" region: String,
            "city" city: String,
        }
    }

    /// The company of a person.
    pub struct InteractionCompany {
        required {
        }
        optional {
            "companyId" company_id: String,
            "name" name: String,
            "domain" domain: String,
            "companyBusinessContexts" company_business_contexts: Vec<CompanyBusinessContext>,
        }
    }

    /// What the company is in the CRM.
    pub struct CompanyBusinessContext {
        required {
            "objectType" object_type: String,
            "objectId" object_id: String,
        }
        optional {
            "systemName" system_name: String,
        }
    }

    /// A number, and the range that it is in.
    pub struct NumericContent {
        required {
            "rangeFrom" range_from: i64,
            "rangeTo" range_to: i64,
        }
        optional {
            "value" value: i64,
            "numericType" numeric_type: String,
        }
    }

    /// A step, and all steps that there are.
    pub struct StepContent {
        required {
            "value" value: String,
            "availableSteps" available_steps: Vec<String>,
        }
        optional {
        }
    }

    /// What was searched for.
    pub struct SearchObject {
        required {
            "name" name: String,
            "objectType" object_type: String,
            "domain" domain: String,
        }
        optional {
            "objectId" object_id: String,
            "url" url: String,
        }
    }
}
