//! What a CRM knows about a call or a person. For callers that upload it.

use crate::wire::requests;
use crate::wire::words::CrmSystem;
use serde_json::Value;

requests! {
    /// What a CRM knows about a participant.
    pub struct NewPartyContext {
        required {
            "system" system: CrmSystem,
        }
        optional {
            "objects" objects: Vec<NewCrmObject>,
        }
    }

    /// What a CRM knows about a call.
    pub struct NewCallContext {
        required {
            "system" system: CrmSystem,
        }
        optional {
            "objects" objects: Vec<NewCrmObject>,
        }
    }

    /// An object of a CRM.
    pub struct NewCrmObject {
        required {
            "objectType" object_type: String,
            "objectId" object_id: String,
        }
        optional {
            "fields" fields: Vec<NewCrmField>,
        }
    }

    /// A field of an object of a CRM.
    pub struct NewCrmField {
        required {
        }
        optional {
            "name" name: String,
            "value" value: Value,
        }
    }
}
