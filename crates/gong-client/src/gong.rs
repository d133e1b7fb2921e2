//! The groups of a client's operations, and Gong as the rest of the workspace sees it.

use async_trait::async_trait;
use calls::{Call, CallId, RawDocument};
use outbound::reqwest::Method;
use serde_json::value::RawValue;

use crate::groups::audit_logs::AuditLogs;
use crate::groups::calls::Calls;
use crate::groups::coaching::Coaching;
use crate::groups::crm::Crm;
use crate::groups::data_privacy::DataPrivacy;
use crate::groups::engagement::Engagement;
use crate::groups::entities::Entities;
use crate::groups::flows::Flows;
use crate::groups::library::Library;
use crate::groups::meetings::Meetings;
use crate::groups::permissions::Permissions;
use crate::groups::settings::Settings;
use crate::groups::stats::Stats;
use crate::groups::targets::Targets;
use crate::groups::tasks::TaskList;
use crate::groups::users::Users;
use crate::raw::RawCall;
use crate::{
    CallFilter, ContentSelector, Cursor, GongApi, GongClient, Listing, Operation, Page, Result,
    TranscriptFilter, User, Workspace, decode,
};

macro_rules! groups {
    ($($(#[$doc:meta])* $accessor:ident: $group:ident,)+) => {
        impl GongClient {
            $(
                $(#[$doc])*
                pub fn $accessor(&self) -> $group<'_> {
                    $group::of(self)
                }
            )+
        }

        /// Every operation that the client has, group by group. For callers that ask for
        /// scopes, and for the tests that compare with Gong's specification.
        pub fn operations() -> impl Iterator<Item = &'static Operation> {
            [$($group::OPERATIONS,)+].into_iter().flatten()
        }
    };
}

groups! {
    /// Calls, transcripts and recordings.
    calls: Calls,
    /// Users of the company.
    users: Users,
    /// Figures about users.
    stats: Stats,
    /// Workspaces, scorecards, trackers, outcomes, briefs.
    settings: Settings,
    /// The library of calls.
    library: Library,
    /// Questions to Gong about entities of the CRM.
    entities: Entities,
    /// How managers coach.
    coaching: Coaching,
    /// Integrations of other CRMs.
    crm: Crm,
    /// Flows of Gong Engage.
    flows: Flows,
    /// Tasks of Gong Engage.
    tasks: TaskList,
    /// Targets of sellers.
    targets: Targets,
    /// Meetings.
    meetings: Meetings,
    /// What people do with content.
    engagement: Engagement,
    /// Who may see what.
    permissions: Permissions,
    /// Requests of people about their data.
    data_privacy: DataPrivacy,
    /// Audit logs.
    audit_logs: AuditLogs,
}

impl GongClient {
    /// A request that this crate does not have, with its limits, retries and errors. For
    /// callers that cannot wait for an operation that Gong has added.
    ///
    /// ```no_run
    /// # async fn example(gong: gong_client::GongClient) -> gong_client::Result<()> {
    /// use gong_client::Method;
    ///
    /// let reply = gong.request(Method::GET, "/v2/workspaces").await?;
    /// println!("{:?}", reply.get("workspaces"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawCall<'_> {
        RawCall::new(self, method, path.into())
    }
}

#[async_trait]
impl GongApi for GongClient {
    fn authority(&self) -> String {
        let base = self.base_url();
        let host = base.host_str().unwrap_or_default();
        match base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    async fn users(&self, cursor: Option<Cursor>) -> Result<Page<User>> {
        let mut users = self.users().list(false).read_by(decode::users);
        users.page(cursor).await
    }

    async fn workspaces(&self) -> Result<Vec<Workspace>> {
        let workspaces = self.settings().workspaces();
        workspaces.read_by(decode::workspaces, Some(Vec::new)).await
    }

    async fn calls(&self, filter: &CallFilter, cursor: Option<Cursor>) -> Result<Page<Call>> {
        let mut calls = self.calls().list(filter.clone()).read_by(decode::calls);
        calls.page(cursor).await
    }

    async fn call(&self, id: &CallId) -> Result<Call> {
        self.calls()
            .get(id.clone())
            .read_by(decode::call, None)
            .await
    }

    async fn extensive_calls(
        &self,
        filter: &CallFilter,
        selector: &ContentSelector,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>> {
        let calls = self.calls().extensive(filter.clone(), *selector);
        calls.read_by(decode::extensive_calls).page(cursor).await
    }

    async fn transcripts(
        &self,
        filter: &TranscriptFilter,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>> {
        let transcripts = self.calls().transcripts(filter.clone());
        transcripts.read_by(decode::transcripts).page(cursor).await
    }

    async fn records(
        &self,
        listing: &Listing,
        cursor: Option<Cursor>,
    ) -> Result<Page<Box<RawValue>>> {
        crate::raw_records::page(self, listing, cursor).await
    }
}
