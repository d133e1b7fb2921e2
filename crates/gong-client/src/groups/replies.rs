//! Replies of several groups. For callers that keep the ids in them.

use crate::wire::records;

records! {
    /// Gong took the request; `request_id` is what its support asks for.
    pub struct Accepted {
        "requestId" request_id: Option<String>,
    }

    /// Gong took the request.
    pub struct IntegrationReply {
        "requestId" request_id: Option<String>,
        "integrationId" integration_id: Option<String>,
    }
}
