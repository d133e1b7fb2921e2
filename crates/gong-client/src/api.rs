//! Gong as this workspace sees it.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::{Call, CallId, RawDocument, UserId, WorkspaceId};

use serde_json::value::RawValue;

use crate::{CallFilter, ContentSelector, Cursor, Listing, Page, Result, TranscriptFilter};

/// Gong's API, page by page.
///
/// # Contract
/// - **Order**: records come in Gong's order, which for calls is by the time
///   that the filter compares (scheduled for web conferences), not by `started`.
/// - **Empty results** are an empty page, not an error, although Gong answers
///   404 for them. A key that may see no calls looks exactly the same.
/// - **Missing ids** in a filter are not reported: the call is not on any page.
/// - **Duplicates**: a call that moves while a listing is being paged may appear twice or
///   not at all; callers land idempotently and look back.
/// - **Bad records** are in [`Page::rejected`]; the rest of the page is good.
/// - **Cursor**: pass [`Page::next`] with the *same* filter until it is `None`, or
///   until a [`PageGuard`](crate::PageGuard) says that it never will be.
/// - **Retries** happen inside; a returned error is final for now
///   (`is_exhausted`); [`QuotaExhausted`](resilience::ErrorKind::QuotaExhausted)
///   means stop and resume later.
/// - **Cancellation**: dropping a future loses nothing; requests only read.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait GongApi: Debug + Send + Sync + 'static {
    /// The API's origin: its host and, unless it is the scheme's default, its port,
    /// such as `us-12345.api.gong.io`. It identifies the tenant;
    /// no request is sent.
    fn authority(&self) -> String;

    /// One page of the users of the company.
    async fn users(&self, cursor: Option<Cursor>) -> Result<Page<User>>;

    /// All workspaces.
    async fn workspaces(&self) -> Result<Vec<Workspace>>;

    /// One page of calls with their basic metadata only.
    async fn calls(&self, filter: &CallFilter, cursor: Option<Cursor>) -> Result<Page<Call>>;

    /// One call with its basic metadata.
    ///
    /// # Errors
    /// [`NotFound`](resilience::ErrorKind::NotFound) when Gong does not (or not yet) serve it.
    async fn call(&self, id: &CallId) -> Result<Call>;

    /// One page of calls with the parts that `selector` names, as raw documents
    /// for [`calls::gong::decode_call`].
    async fn extensive_calls(
        &self,
        filter: &CallFilter,
        selector: &ContentSelector,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>>;

    /// One page of transcripts, as raw documents for
    /// [`calls::gong::decode_transcript`]. Calls without a transcript are absent.
    async fn transcripts(
        &self,
        filter: &TranscriptFilter,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>>;

    /// One page of a listing beside calls, its records as Gong sends them.
    async fn records(
        &self,
        listing: &Listing,
        cursor: Option<Cursor>,
    ) -> Result<Page<Box<RawValue>>>;
}

resilience::forward_pointers! {
    GongApi {
        fn authority(&self) -> String;
        async fn users(&self, cursor: Option<Cursor>) -> Result<Page<User>>;
        async fn workspaces(&self) -> Result<Vec<Workspace>>;
        async fn calls(&self, filter: &CallFilter, cursor: Option<Cursor>) -> Result<Page<Call>>;
        async fn call(&self, id: &CallId) -> Result<Call>;
        async fn extensive_calls(
            &self,
            filter: &CallFilter,
            selector: &ContentSelector,
            cursor: Option<Cursor>,
        ) -> Result<Page<RawDocument>>;
        async fn transcripts(
            &self,
            filter: &TranscriptFilter,
            cursor: Option<Cursor>,
        ) -> Result<Page<RawDocument>>;
        async fn records(
            &self,
            listing: &Listing,
            cursor: Option<Cursor>,
        ) -> Result<Page<Box<RawValue>>>;
    }
}

/// A member of the selling company.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// Gong's id.
    pub id: UserId,
    /// E-mail address.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Their manager.
    pub manager_id: Option<UserId>,
    /// Whether they still work there; true where Gong does not say.
    pub active: bool,
}

impl User {
    /// An active user of whom only the id is known.
    pub fn new(id: impl Into<UserId>) -> Self {
        Self {
            id: id.into(),
            email: None,
            first_name: None,
            last_name: None,
            title: None,
            manager_id: None,
            active: true,
        }
    }
}

/// A Gong workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Workspace {
    /// Gong's id.
    pub id: WorkspaceId,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

impl Workspace {
    /// A workspace without a description.
    pub fn new(id: impl Into<WorkspaceId>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            description: None,
        }
    }
}
