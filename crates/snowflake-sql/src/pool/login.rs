//! Where a pool's sessions come from.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use crate::{Result, SessionCapabilities, SqlSession};

/// Logs sessions in, for a [`SnowflakePool`](crate::SnowflakePool).
///
/// # Contract
/// - It does not retry; the pool does.
/// - An error of kind [`Auth`](resilience::ErrorKind::Auth) ends the pool's attempts.
/// - No secret is in an error, in `Debug` or in a log.
#[async_trait]
pub trait Login: Debug + Send + Sync + 'static {
    /// What its sessions can do.
    fn capabilities(&self) -> SessionCapabilities;

    /// A new session, on which the server ends statements after `limit`.
    async fn login(&self, limit: Duration) -> Result<Box<dyn SqlSession>>;
}
