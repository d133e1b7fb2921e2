//! How managers coach. For callers that follow it.

use std::collections::BTreeMap;

use crate::draft::Pending;
use crate::group::operations;
use crate::wire::records;
use calls::{Timestamp, UserId, WorkspaceId};

operations! {
    /// Coaching.
    Coaching<'a> "coaching";

    /// How a manager coaches their reports, from an instant to another.
    read GET "/v2/coaching" listUsers_1 "api:coaching:read"
    pub fn list(
        workspace: impl Into<WorkspaceId>,
        manager: impl Into<UserId>,
        from: Timestamp,
        to: Timestamp,
    ) -> Pending<'a, Vec<TeamCoaching>> {
        it => it
            .query("workspace-id", workspace.into())
            .query("manager-id", manager.into())
            .query("from", from)
            .query("to", to)
            .list("coachingData")
    }
}

records! {
    /// How a manager coaches.
    pub struct TeamCoaching {
        "manager" manager: Option<CoachingUser>,
        "directReportsMetrics" direct_reports_metrics: Vec<RepCoaching>,
    }

    /// How a report is coached.
    pub struct RepCoaching {
        "report" report: Option<CoachingUser>,
        /// Ids by metric.
        "metrics" metrics: BTreeMap<String, Vec<String>>,
    }

    /// A manager or a report.
    pub struct CoachingUser {
        "id" id: Option<UserId>,
        "emailAddress" email_address: Option<String>,
        "firstName" first_name: Option<String>,
        "lastName" last_name: Option<String>,
        "title" title: Option<String>,
    }
}
