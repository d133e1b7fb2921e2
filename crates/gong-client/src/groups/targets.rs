//! Targets of sellers. For callers that bring them.
//!
//! Gong added them after the specification that this crate knows, so their bodies are JSON
//! as it is.

use crate::draft::Pending;
use crate::group::operations;
use crate::wire::records;
use serde_json::Value;

operations! {
    /// Targets.
    Targets<'a> "targets";

    /// What can be a target.
    read GET "/v2/targets" listTargetDefinitions ""
    pub fn list() -> Pending<'a, AnyReply> {
        it => it.whole()
    }

    /// Sets whose target is what.
    write POST "/v2/targets/{targetId}/assignments" uploadAssignments ""
    pub fn assign(id: impl Into<String>, assignments: Value) -> Pending<'a, AnyReply> {
        it => it.path("targetId", id.into()).json(&assignments).whole()
    }
}

records! {
    /// A reply whose fields are in `extra`.
    pub struct AnyReply {
        "requestId" request_id: Option<String>,
    }
}
