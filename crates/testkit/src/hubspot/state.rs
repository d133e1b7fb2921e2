//! Live control of a simulator while clients talk to it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::limits::LimitMeter;
use super::portal::Portal;
use super::token::Token;
use super::{Fault, FaultEffect, HubSpotLimits};
use crate::http::{FaultQueue, RequestSummary, Traffic, TrafficMeter};

/// A handle to a running [`HubSpotSimulator`](super::HubSpotSimulator): what it holds,
/// how it fails, what it saw. Clones share one state; every method takes effect with the
/// next request. Methods that take an id answer `NotFound` when nothing has it.
#[derive(Debug, Clone)]
pub struct HubSpotState {
    pub(super) shared: Arc<Shared>,
}

/// What all connections share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) changing: Mutex<Changing>,
}

/// What stays as it was configured.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) started: Instant,
    pub(super) associations_page: usize,
    pub(super) owners_page: usize,
    pub(super) numeric_association_ids: bool,
    pub(super) gzip_from_bytes: Option<usize>,
}

/// What changes while it runs.
#[derive(Debug)]
pub(super) struct Changing {
    pub(super) portal: Portal,
    /// What search sees while its index stands still.
    pub(super) frozen_index: Option<Portal>,
    pub(super) token: Token,
    pub(super) revoked_scopes: BTreeSet<String>,
    pub(super) limits: LimitMeter,
    pub(super) refusals: u64,
    pub(super) faults: FaultQueue<FaultEffect>,
    pub(super) traffic: TrafficMeter,
    pub(super) correlation_ids: fastrand::Rng,
    /// How far the clock of the limits is ahead.
    pub(super) ahead: Duration,
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Changing> {
        // A panicking test must not hide what the others would show.
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Access, limits, faults.
impl HubSpotState {
    /// Takes a scope from the token, such as `crm.objects.deals.read`.
    pub fn revoke_scope(&self, scope: &str) {
        self.shared.lock().revoked_scopes.insert(scope.to_owned());
    }

    /// Gives a scope back.
    pub fn grant_scope(&self, scope: &str) {
        self.shared.lock().revoked_scopes.remove(scope);
    }

    /// Replaces the token; the old one answers 401 from now on.
    pub fn rotate_token(&self, token: &str) {
        self.shared.lock().token = Token::new(token);
    }

    /// Lets the token expire: 401 with `EXPIRED_AUTHENTICATION` until it is rotated.
    pub fn expire_token(&self) {
        self.shared.lock().token.expire();
    }

    /// Sets new limits; windows and the day's count start over.
    pub fn set_limits(&self, limits: HubSpotLimits) {
        self.shared.lock().limits = LimitMeter::new(limits);
    }

    /// Starts a new day for the daily limit.
    pub fn reset_daily_quota(&self) {
        self.shared.lock().limits.today = 0;
    }

    /// Puts the clock of the limits forward, so that nobody has to wait.
    pub fn pass_time(&self, time: Duration) {
        self.shared.lock().ahead += time;
    }

    /// Lets search see what there is now and nothing newer, as HubSpot's index does for
    /// some seconds, until it is [caught up](Self::catch_up_search).
    pub fn freeze_search(&self) {
        let mut changing = self.shared.lock();
        changing.frozen_index = Some(changing.portal.clone());
    }

    /// Lets search see everything again.
    pub fn catch_up_search(&self) {
        self.shared.lock().frozen_index = None;
    }

    /// Injects a fault. Faults are tried in the order they were injected; at most one
    /// hits a request, and requests refused by token or limits are not hit.
    pub fn inject(&self, fault: Fault) {
        self.shared.lock().faults.add(fault);
    }

    /// Removes every fault.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }
}

/// What was seen.
impl HubSpotState {
    /// Counters since the start or the last [`reset_traffic`](Self::reset_traffic).
    pub fn traffic(&self) -> Traffic {
        self.shared.lock().traffic.traffic()
    }

    /// The last requests, at most 10,000, oldest first.
    pub fn requests(&self) -> Vec<RequestSummary> {
        self.shared.lock().traffic.log()
    }

    /// Clears the counters and the log.
    pub fn reset_traffic(&self) {
        self.shared.lock().traffic.reset();
    }
}
