//! Leases: the right to be the only process that does something for a while.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use calls::Timestamp;
use resilience::ErrorKind;

use crate::{Error, Result, process};

/// A request for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// What only one process may do at a time: `sync`, `backlog`.
    pub name: String,
    /// Who asks for it.
    pub owner: LeaseOwner,
    /// For how long, from a millisecond to a day: it is free for others when it has not been
    /// renewed by then.
    pub duration: Duration,
}

impl LeaseRequest {
    pub(crate) fn validate(&self) -> Result<()> {
        let refuse = |why, field| Err(Error::new(ErrorKind::InvalidInput, why).with_field(field));
        if self.name.is_empty() {
            return refuse("a lease needs a name", "name");
        }
        let bounds = Duration::from_millis(1)..=Duration::from_secs(24 * 60 * 60);
        if !bounds.contains(&self.duration) {
            return refuse("a lease lasts a millisecond to a day", "duration");
        }
        Ok(())
    }
}

/// The holder of a lease. Two are equal if all of their fields are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LeaseOwner {
    /// For people: what it is, such as `ingest, run 1f…`.
    pub label: String,
    /// Where the number of its process means something. The host's name stands before the
    /// first slash.
    pub host: String,
    /// The number of its process.
    pub pid: u32,
    /// When its process started, which tells it from a later one with its number; behind the
    /// first slash, which owner of that process it is.
    pub started: String,
}

impl LeaseOwner {
    /// An owner in this process, different from every other one.
    pub fn this_process(label: impl Into<String>) -> Self {
        static OWNERS: AtomicU64 = AtomicU64::new(1);
        let number = OWNERS.fetch_add(1, Ordering::Relaxed);
        Self {
            label: label.into(),
            host: process::host().to_owned(),
            pid: std::process::id(),
            started: format!("{}/{number}", process::started()),
        }
    }

    /// Whether it was in a process of this host that has certainly ended.
    pub(crate) fn is_gone(&self) -> bool {
        let started = self.started.split('/').next().unwrap_or_default();
        self.host == process::host() && process::has_ended(self.pid, started)
    }
}

/// As a person reads it: `ingest, run 1f… (process 4711 on build-7)`.
impl fmt::Display for LeaseOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.host.split('/').next().unwrap_or_default();
        write!(f, "{} (process {} on {host})", self.label, self.pid)
    }
}

/// The result of a request for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaseOutcome {
    /// The requesting owner has it.
    Held,
    /// Somebody else does.
    HeldBy(HeldBy),
}

/// The holder of a lease, and until when unless it is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBy {
    /// The owner, readable.
    pub owner: String,
    /// When it expires, by the store's clock.
    pub until: Timestamp,
}

impl fmt::Display for HeldBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} until {:.0}", self.owner, self.until)
    }
}
