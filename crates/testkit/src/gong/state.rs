//! Live control over a running simulator.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::tz::TimeZone;
use resilience::ErrorKind;
use serde_json::Value;

use super::bulk::BulkSource;
use super::catalogue::{CallVisibility, Catalogue, StoredCall};
use super::clock::Clock;
use super::credentials::Credentials;
use super::cursor::CursorKind;
use super::endless::EndlessCursors;
use super::fault::{Fault, FaultPlan, RandomFaults};
use super::limits::{GongLimits, LimitMeter};
use super::sight::Sight;
use crate::http::{RequestSummary, Traffic, TrafficMeter};
use crate::{Error, SimulatedCall};

/// A handle to a running [`GongSimulator`](super::GongSimulator): what it serves,
/// how it fails, what it saw. Clones share one state; every method takes effect
/// with the next request and may be used while a client is in the middle of a sync.
#[derive(Debug, Clone)]
pub struct SimulatorState {
    pub(super) shared: Arc<Shared>,
}

/// What all connections share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) started: Instant,
    pub(super) page_size: usize,
    pub(super) cursor_lifetime: Option<Duration>,
    pub(super) gzip_from_bytes: Option<usize>,
    pub(super) users: Vec<Value>,
    pub(super) workspaces: Vec<Value>,
    pub(super) bulk: Option<BulkSource>,
    pub(super) changing: Mutex<Changing>,
}

/// What changes while it runs.
#[derive(Debug)]
pub(super) struct Changing {
    pub(super) catalogue: Catalogue,
    pub(super) records: BTreeMap<String, Vec<Value>>,
    /// The name that is served, and the zone.
    pub(super) time_zone: (String, TimeZone),
    pub(super) sight: Sight,
    pub(super) cursor_kind: CursorKind,
    /// By path.
    pub(super) endless: BTreeMap<String, EndlessCursors>,
    pub(super) clock: Clock,
    pub(super) revoked_scopes: BTreeSet<String>,
    pub(super) credentials: Credentials,
    pub(super) cursor_epoch: u64,
    pub(super) limits: LimitMeter,
    pub(super) faults: FaultPlan,
    pub(super) traffic: TrafficMeter,
    pub(super) request_ids: fastrand::Rng,
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Changing> {
        // A panicking test must not hide what the others would show.
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SimulatorState {
    /// Calls held, visible or not, without the bulk ones.
    pub fn call_count(&self) -> usize {
        self.shared.lock().catalogue.len()
    }

    /// Ids of the calls held, in Gong's order, without the bulk ones.
    pub fn call_ids(&self) -> Vec<String> {
        self.shared.lock().catalogue.ids()
    }

    /// A call as it is held now, whatever its visibility.
    pub fn call(&self, call_id: &str) -> Option<SimulatedCall> {
        let changing = self.shared.lock();
        let call = changing.catalogue.get(call_id)?;
        let transcript = call
            .transcript
            .as_ref()
            .map(|text| serde_json::from_slice(text));
        Some(SimulatedCall {
            extensive: call.extensive.clone(),
            transcript: transcript.and_then(Result::ok),
        })
    }

    /// Adds a call, or replaces the one with its id. Its `started` may be old:
    /// that is how late calls come.
    ///
    /// # Errors
    /// `InvalidInput`, naming the field, without an id or a readable time.
    pub fn add_call(&self, call: SimulatedCall) -> Result<(), Error> {
        let call = StoredCall::new(call)?;
        self.shared.lock().catalogue.put(call);
        Ok(())
    }

    /// Deletes a call with no trace; false when there was none.
    pub fn delete_call(&self, call_id: &str) -> bool {
        self.shared.lock().catalogue.remove(call_id).is_some()
    }

    /// Changes a call's extensive JSON. A new time moves the call in the order.
    ///
    /// # Errors
    /// `NotFound` for an unknown id; `InvalidInput` when the edit leaves no id or
    /// no readable time, and then the call stays as it was.
    pub fn edit_call(&self, call_id: &str, edit: impl FnOnce(&mut Value)) -> Result<(), Error> {
        let mut changing = self.shared.lock();
        let call = changing
            .catalogue
            .get(call_id)
            .ok_or_else(|| unknown(call_id))?;
        let mut extensive = call.extensive.clone();
        edit(&mut extensive);
        let edited = StoredCall {
            transcript: call.transcript.clone(),
            transcript_withheld: call.transcript_withheld,
            visibility: call.visibility,
            patches: call.patches.clone(),
            ..StoredCall::new(SimulatedCall {
                extensive,
                transcript: None,
            })?
        };
        changing.catalogue.remove(call_id);
        changing.catalogue.put(edited);
        Ok(())
    }

    /// Changes a call's title.
    ///
    /// # Errors
    /// As [`edit_call`](Self::edit_call).
    pub fn retitle_call(&self, call_id: &str, title: &str) -> Result<(), Error> {
        self.edit_call(call_id, |call| call["metaData"]["title"] = title.into())
    }

    /// Makes a call private, or not: served as before, with `isPrivate` set.
    ///
    /// # Errors
    /// As [`edit_call`](Self::edit_call).
    pub fn set_private(&self, call_id: &str, is_private: bool) -> Result<(), Error> {
        self.edit_call(call_id, |call| {
            call["metaData"]["isPrivate"] = is_private.into();
        })
    }

    /// Replaces a text, where it first stands in a call's record or in its
    /// transcript's, each time that record is served: for JSON that no library would
    /// write, such as a lone surrogate, the same key twice, or a record without an id.
    /// Records are written without white space. The call is still found by its true
    /// id and time. Patches add up and survive edits; an empty `from` takes all of
    /// the call's patches away.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn patch_json(&self, call_id: &str, from: &str, to: &str) -> Result<(), Error> {
        self.with_call(call_id, |call| match from {
            "" => call.patches.clear(),
            _ => call.patches.push((from.to_owned(), to.to_owned())),
        })
    }

    /// Changes a call's transcript item, of however old a call; an absent one is edited from `null`.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn edit_transcript(
        &self,
        call_id: &str,
        edit: impl FnOnce(&mut Value),
    ) -> Result<(), Error> {
        self.with_call(call_id, |call| {
            let current = call
                .transcript
                .as_ref()
                .map(|text| serde_json::from_slice(text));
            let mut transcript = current.and_then(Result::ok).unwrap_or_default();
            edit(&mut transcript);
            call.transcript = Some(Bytes::from(transcript.to_string()));
        })
    }

    /// Keeps a transcript back, as Gong does until it is ready, or withdraws one that
    /// was served while its call stays.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn withhold_transcript(&self, call_id: &str) -> Result<(), Error> {
        self.with_call(call_id, |call| call.transcript_withheld = true)
    }

    /// Serves a transcript that was kept back.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn release_transcript(&self, call_id: &str) -> Result<(), Error> {
        self.with_call(call_id, |call| call.transcript_withheld = false)
    }

    /// Makes a call invisible, being analysed, or visible.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn set_visibility(&self, call_id: &str, visibility: CallVisibility) -> Result<(), Error> {
        self.with_call(call_id, |call| call.visibility = visibility)
    }

    /// Decides what cursors mean from the next page on.
    pub fn set_cursor_kind(&self, kind: CursorKind) {
        self.shared.lock().cursor_kind = kind;
    }

    /// Takes a scope from the key, such as `api:calls:read:transcript`.
    pub fn revoke_scope(&self, scope: &str) {
        self.shared.lock().revoked_scopes.insert(scope.to_owned());
    }

    /// Gives a scope back.
    pub fn grant_scope(&self, scope: &str) {
        self.shared.lock().revoked_scopes.remove(scope);
    }

    /// Replaces the access key and its secret; the old ones answer 401 from now on.
    pub fn rotate_access_key(&self, key: &str, secret: &str) {
        self.shared.lock().credentials.set_basic(key, secret);
    }

    /// Lets every cursor issued so far expire.
    pub fn expire_cursors(&self) {
        self.shared.lock().cursor_epoch += 1;
    }

    /// Injects a fault. Faults are tried in the order they were injected; at most
    /// one hits a request, and requests refused by auth or limits are not hit.
    pub fn inject(&self, fault: Fault) {
        self.shared.lock().faults.add(fault);
    }

    /// Lets a share of all requests fail, or ends that.
    pub fn set_random_faults(&self, faults: Option<RandomFaults>) {
        self.shared.lock().faults.set_random(faults);
    }

    /// Removes every planned and random fault.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Sets new limits; the bucket is full again, the day's count goes on.
    pub fn set_limits(&self, limits: GongLimits) {
        self.shared.lock().limits.set_limits(limits, Instant::now());
    }

    /// Starts a new day for the daily quota.
    pub fn reset_daily_quota(&self) {
        self.shared.lock().limits.reset_day();
    }

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

    fn with_call(&self, call_id: &str, change: impl FnOnce(&mut StoredCall)) -> Result<(), Error> {
        let mut changing = self.shared.lock();
        change(
            changing
                .catalogue
                .get_mut(call_id)
                .ok_or_else(|| unknown(call_id))?,
        );
        Ok(())
    }
}

fn unknown(call_id: &str) -> Error {
    Error::new(
        ErrorKind::NotFound,
        format!("the simulator holds no call {call_id}"),
    )
    .with_field("call_id")
}
