//! Analyses calls that have no analysis yet, before what compares calls is asked.

use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::Arc;

use gong_snowflake::agents::insights::{InsightBuilder, analyse_backlog};
use gong_snowflake::snowflake_store::{CallStore, LeaseKeeper};

use super::ending::tell;

/// Analyses them, unless another process is doing so.
pub(crate) async fn analyse_what_is_new(
    store: &Arc<dyn CallStore>,
    language: &InsightBuilder,
    program: &str,
) -> Result<(), Box<dyn Error>> {
    let lease = match LeaseKeeper::acquire(Arc::clone(store), "backlog", program).await? {
        Ok(lease) => lease,
        Err(holder) => {
            tell!("calls are being analysed by {holder}: answering with what is there");
            return Ok(());
        }
    };
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let analysing = analyse_backlog(Arc::clone(store), language.clone(), workers, |progress| {
        tell!("analysed {} calls that were new", progress.analysed);
    });
    let report = lease.lost().run_until_cancelled(analysing).await;
    lease.release().await?;
    let failed = report
        .transpose()?
        .into_iter()
        .flat_map(|report| report.failed);
    for failure in failed {
        tell!("not analysed: {}: {}", failure.call_id, failure.reason);
    }
    Ok(())
}
