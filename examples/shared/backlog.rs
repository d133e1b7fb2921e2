//! Analyses calls that have no analysis yet, before what compares calls is asked.

use std::error::Error;
use std::sync::Arc;

use gong_snowflake::Backlog;
use gong_snowflake::agents::insights::InsightBuilder;
use gong_snowflake::snowflake_store::CallStore;

use super::ending::tell;

/// Analyses them, unless another process is doing so.
pub(crate) async fn analyse_what_is_new(
    store: &Arc<dyn CallStore>,
    language: &InsightBuilder,
    program: &str,
) -> Result<(), Box<dyn Error>> {
    let backlog = Backlog::new(Arc::clone(store), language.clone());
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
