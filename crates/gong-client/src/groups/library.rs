//! The library of calls. For callers that look for examples in it.

use crate::draft::Pending;
use crate::group::operations;
use crate::wire::records;
use calls::{CallId, Timestamp, WorkspaceId};

operations! {
    /// Public folders of calls. Private and archived ones are never served.
    Library<'a> "library";

    /// The folders of a workspace. Gong refuses the request without one, whatever its
    /// specification says.
    read GET "/v2/library/folders" getLibraryStructure "api:library:read"
    pub fn folders(workspace: impl Into<WorkspaceId>) -> Pending<'a, Vec<LibraryFolder>> {
        it => it.query("workspaceId", workspace.into()).list("folders")
    }

    /// A folder with its calls.
    read GET "/v2/library/folder-content" getCallsInSpecificFolder "api:library:read"
    pub fn folder_content(folder_id: impl Into<String>) -> Pending<'a, FolderContent> {
        it => it.query("folderId", folder_id.into()).whole()
    }
}

records! {
    /// A public folder.
    pub struct LibraryFolder {
        "id" id: Option<String>,
        "name" name: Option<String>,
        "parentFolderId" parent_folder_id: Option<String>,
        "createdBy" created_by: Option<String>,
        "updated" updated: Option<Timestamp>,
    }

    /// A folder with its calls.
    pub struct FolderContent {
        "requestId" request_id: Option<String>,
        "id" id: Option<String>,
        "name" name: Option<String>,
        "createdBy" created_by: Option<String>,
        "updated" updated: Option<Timestamp>,
        "calls" calls: Vec<LibraryCall>,
    }

    /// A call in a folder.
    pub struct LibraryCall {
        "id" id: Option<CallId>,
        "title" title: Option<String>,
        "note" note: Option<String>,
        "addedBy" added_by: Option<String>,
        "created" created: Option<Timestamp>,
        "url" url: Option<String>,
        "snippet" snippet: Option<Snippet>,
    }

    /// The part of a call that was put into a folder.
    pub struct Snippet {
        /// Seconds.
        "fromSec" from_sec: Option<i64>,
        /// Seconds.
        "toSec" to_sec: Option<i64>,
    }
}
