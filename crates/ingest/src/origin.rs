//! The origin: which tenant a store mirrors.
//!
//! A store filled from one tenant and then synced with another would lose everything
//! to what looks like deletions. It therefore keeps the address and workspaces of
//! its first run.

use calls::WorkspaceId;
use gong_client::GongApi;
use resilience::ErrorKind;
use snowflake_store::{CallStore, Origin};

use crate::{Error, Result, SyncSettings};

/// Where a run reads from.
pub(crate) fn of_run(api: &dyn GongApi, settings: &SyncSettings) -> Origin {
    let workspaces = settings.choice.workspaces.iter();
    let mut workspaces: Vec<String> = workspaces.map(WorkspaceId::to_string).collect();
    workspaces.sort_unstable();
    workspaces.dedup();
    Origin {
        host: api.authority(),
        workspaces,
    }
}

/// Refuses a run that reads from elsewhere than those before it. Returns whether the
/// store does not know yet whom it mirrors, and is to be told once Gong has answered.
pub(crate) async fn check(
    store: &dyn CallStore,
    run: &Origin,
    settings: &SyncSettings,
) -> Result<bool> {
    let Some(stored) = store.origin().await? else {
        return Ok(true);
    };
    if stored == *run {
        return Ok(false);
    }
    if settings.accept_other_origin {
        tracing::warn!(
            before = %name(&stored),
            now = %name(run),
            "the store mirrors another origin from now on"
        );
        return Ok(true);
    }
    let message = format!(
        "the store mirrors {}, but this run reads {}; accept the other origin to continue",
        name(&stored),
        name(run)
    );
    Err(Error::new(ErrorKind::InvalidInput, message).with_field("origin"))
}

fn name(origin: &Origin) -> String {
    match origin.workspaces.as_slice() {
        [] => format!("all workspaces of {}", origin.host),
        some => format!("workspaces {} of {}", some.join(", "), origin.host),
    }
}
