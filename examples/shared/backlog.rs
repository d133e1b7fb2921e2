//! Analyses calls that have no analysis yet, before what compares calls is asked.

use std::error::Error;
use std::sync::Arc;

use gong_snowflake::{Agents, Backlog, Settings};

use super::ending::tell;

/// Analyses them, unless another process is doing so, or the store takes longer to answer than
/// a task would wait for it.
pub(crate) async fn analyse_what_is_new(
    agents: &Agents,
    settings: &Settings,
    program: &str,
) -> Result<(), Box<dyn Error>> {
    let store = agents.store();
    let answered = tokio::time::timeout(settings.store.primary_timeout, store.health()).await;
    answered.map_err(|_| "the store does not answer")??;
    let backlog = Backlog::new(Arc::clone(store), agents.language().clone());
    let tell_progress = |progress: gong_snowflake::agents::insights::BacklogProgress| {
        tell!("analysed {} calls that were new", progress.analysed);
    };
    match backlog.analyse(program, tell_progress).await? {
        Ok(report) => {
            for failure in report.failed {
                tell!("not analysed: {}: {}", failure.call_id, failure.reason);
            }
        }
        Err(holder) => {
            tell!("calls are being analysed by {holder}: answering with what is there");
        }
    }
    Ok(())
}
