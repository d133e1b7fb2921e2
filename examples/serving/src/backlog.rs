//! Analyses calls that have no analysis yet, beside what is asked.
//!
//! Coaching and search compare calls, so they answer with what was analysed before. One
//! process at a time does it: the store's lease says who.

use std::sync::Arc;
use std::time::Duration;

use gong_snowflake::Agents;
use gong_snowflake::agents::{Error, ErrorCode};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The work in the background; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Backlog {
    looked_once: watch::Receiver<bool>,
    _ends: DropGuard,
}

impl Backlog {
    /// Looks now, and again after each pause, while the store answers within `patience` and may
    /// be written: one that is down now may be back by then.
    pub(crate) fn start(agents: &Agents, every: Duration, patience: Duration) -> Self {
        let store = Arc::clone(agents.store());
        let language = agents.language().clone();
        let (done, looked_once) = watch::channel(false);
        let stop = CancellationToken::new();
        let ends = stop.clone().drop_guard();
        let backlog = gong_snowflake::Backlog::new(Arc::clone(&store), language).beside_others();
        let looking = async move {
            loop {
                let looked = match tokio::time::timeout(patience, store.health()).await {
                    Ok(Ok(health)) if health.writable => look(&backlog).await,
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) => Err(error.into()),
                    Err(_) => Err(Error::new(ErrorCode::TimedOut, "the store does not answer")),
                };
                if let Err(error) = looked {
                    tracing::warn!(%error, "calls that are new were not analysed");
                }
                done.send_replace(true);
                tokio::time::sleep(every).await;
            }
        };
        tokio::spawn(async move { stop.run_until_cancelled(looking).await });
        Self {
            looked_once,
            _ends: ends,
        }
    }

    /// Waits for the first look: what was there when the program started is analysed then.
    pub(crate) async fn first_look(&self) {
        let mut looked_once = self.looked_once.clone();
        // An error says that nobody looks any more.
        let _ = looked_once.wait_for(|done| *done).await;
    }
}

async fn look(backlog: &gong_snowflake::Backlog) -> Result<(), Error> {
    match backlog.analyse("serving", |_| {}).await? {
        Ok(report) => tracing::info!(
            analysed = report.analysed,
            failed = report.failed.len(),
            "looked for calls that are new"
        ),
        Err(holder) => tracing::info!(%holder, "calls are being analysed elsewhere"),
    }
    Ok(())
}
