//! Holds a lease for as long as something takes.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{CallStore, HeldBy, LeaseOutcome, LeaseOwner, LeaseRequest, Result};

/// How long a lease outlives an owner whom nobody saw end.
const DURATION: Duration = Duration::from_secs(60);

/// A lease that is renewed in the background until it is released or dropped.
///
/// [`release`](Self::release) gives it back; dropping does so too, later and only while the
/// Tokio runtime goes on. A process that is killed leaves it behind: others of its host take
/// it at once, those of other hosts after a minute.
///
/// ```
/// use std::sync::Arc;
/// use snowflake_store::{CallStore, LeaseKeeper, SqliteStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> snowflake_store::Result<()> {
/// let store: Arc<dyn CallStore> = Arc::new(SqliteStore::in_memory().await?);
/// let lease = LeaseKeeper::acquire(store.clone(), "sync", "ingest, run 1").await?;
/// let other = LeaseKeeper::acquire(store, "sync", "ingest, run 2").await?;
/// assert!(other.unwrap_err().owner.starts_with("ingest, run 1"));
/// if let Ok(lease) = lease {
///     // What only one may do, as long as lease.lost() is not cancelled.
///     lease.release().await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LeaseKeeper {
    lease: Lease,
    lost: CancellationToken,
    stop: CancellationToken,
    renewing: Option<JoinHandle<()>>,
    /// Whether dropping it gives the lease back.
    held: bool,
}

#[derive(Debug, Clone)]
struct Lease {
    store: Arc<dyn CallStore>,
    request: LeaseRequest,
}

impl Lease {
    /// Renews until it is stopped or lost. A failure is retried: who cannot reach the
    /// store cannot do there either what the lease is for.
    async fn renew(self, stop: CancellationToken, lost: CancellationToken) {
        let pause = || tokio::time::sleep(DURATION / 3);
        while stop.run_until_cancelled(pause()).await.is_some() {
            match self.store.acquire_lease(&self.request).await {
                Ok(LeaseOutcome::Held) => {}
                Ok(LeaseOutcome::HeldBy(holder)) => {
                    tracing::warn!(lease = %self.request.name, %holder, "lease is lost");
                    lost.cancel();
                    return;
                }
                Err(error) => {
                    tracing::warn!(lease = %self.request.name, %error, "lease is not renewed");
                }
            }
        }
    }

    async fn release(&self) -> Result<()> {
        let LeaseRequest { name, owner, .. } = &self.request;
        self.store.release_lease(name, owner).await
    }
}

impl LeaseKeeper {
    /// Takes the lease `name` of a store for this process, or says who has it; `label` says
    /// to people what it is held for.
    ///
    /// # Errors
    /// As [`Upkeep::acquire_lease`](crate::Upkeep::acquire_lease).
    pub async fn acquire(
        store: Arc<dyn CallStore>,
        name: &str,
        label: impl Into<String>,
    ) -> Result<Result<Self, HeldBy>> {
        let request = LeaseRequest {
            name: name.to_owned(),
            owner: LeaseOwner::this_process(label),
            duration: DURATION,
        };
        // There before the lease is asked for: who is dropped while the store answers may
        // have it already, and would hold up everybody until it expires.
        let mut keeper = Self {
            lease: Lease { store, request },
            lost: CancellationToken::new(),
            stop: CancellationToken::new(),
            renewing: None,
            held: true,
        };
        let Lease { store, request } = &keeper.lease;
        if let LeaseOutcome::HeldBy(holder) = store.acquire_lease(request).await? {
            keeper.held = false;
            return Ok(Err(holder));
        }
        let renew = keeper.lease.clone();
        let renew = renew.renew(keeper.stop.clone(), keeper.lost.clone());
        keeper.renewing = Some(tokio::spawn(renew));
        Ok(Ok(keeper))
    }

    /// Cancelled when somebody else has taken the lease, which happens only after it could
    /// not be renewed for a minute: what it is for has to stop then.
    pub fn lost(&self) -> CancellationToken {
        self.lost.clone()
    }

    /// Gives the lease back.
    ///
    /// # Errors
    /// As [`Upkeep::release_lease`](crate::Upkeep::release_lease); the lease then expires by
    /// itself.
    pub async fn release(mut self) -> Result<()> {
        self.stop.cancel();
        if let Some(renewing) = self.renewing.take() {
            // Waited for, so that no renewal comes behind the release. It does not panic.
            let _ = renewing.await;
        }
        self.held = false;
        self.lease.release().await
    }
}

impl Drop for LeaseKeeper {
    fn drop(&mut self) {
        self.stop.cancel();
        let runtime = tokio::runtime::Handle::try_current();
        let (true, Ok(runtime)) = (self.held, runtime) else {
            return;
        };
        let (lease, renewing) = (self.lease.clone(), self.renewing.take());
        runtime.spawn(async move {
            if let Some(renewing) = renewing {
                let _ = renewing.await;
            }
            if let Err(error) = lease.release().await {
                tracing::warn!(lease = %lease.request.name, %error, "lease is not released");
            }
        });
    }
}
