//! The calls that the simulator holds, in Gong's order.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use bytes::Bytes;
use resilience::ErrorKind;
use serde_json::Value;

use super::cursor::CallKey;
use super::filter::CallFilter;
use crate::{Error, SimulatedCall};

/// Whether Gong has finished a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CallVisibility {
    /// Served.
    #[default]
    Visible,
    /// Being analysed: counted in `totalRecords`, not delivered. Seen on a real
    /// tenant: `totalRecords` 2 with one call, the second minutes later.
    InAnalysis,
    /// Not processed yet: as if it did not exist.
    Invisible,
}

/// One call with its flags.
#[derive(Debug)]
pub(super) struct StoredCall {
    pub(super) key: CallKey,
    pub(super) extensive: Value,
    /// The transcript item as JSON text: most requests only copy it.
    pub(super) transcript: Option<Bytes>,
    pub(super) transcript_withheld: bool,
    pub(super) visibility: CallVisibility,
    /// Text to be replaced in what is served, and by what.
    pub(super) patches: Vec<(String, String)>,
}

impl StoredCall {
    pub(super) fn new(call: SimulatedCall) -> Result<Self, Error> {
        let id = call.id().ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "is not a string").with_field("metaData.id")
        })?;
        let key = CallKey {
            time: call.filter_time()?,
            id: id.to_owned(),
        };
        let transcript = call
            .transcript
            .map(|transcript| Bytes::from(transcript.to_string()));
        Ok(Self {
            key,
            extensive: call.extensive,
            transcript,
            transcript_withheld: false,
            visibility: CallVisibility::Visible,
            patches: Vec::new(),
        })
    }

    /// The call and its transcript as they are served, patches aside.
    pub(super) fn as_served(&self) -> SimulatedCall {
        let transcript = self.served_transcript();
        SimulatedCall {
            extensive: self.extensive.clone(),
            transcript: transcript.and_then(|text| serde_json::from_slice(text).ok()),
        }
    }

    /// Applies the patches to a record that starts at `start`.
    pub(super) fn patch(&self, body: &mut Vec<u8>, start: usize) {
        for (from, to) in &self.patches {
            let record = &body[start..];
            let at = record
                .windows(from.len().max(1))
                .position(|window| window == from.as_bytes());
            if let Some(at) = at.map(|at| start + at) {
                body.splice(at..at + from.len(), to.bytes());
            }
        }
    }

    /// The transcript as served: `None` while it is withheld.
    pub(super) fn served_transcript(&self) -> Option<&Bytes> {
        self.transcript
            .as_ref()
            .filter(|_| !self.transcript_withheld)
    }

    fn metadata_text(&self, key: &str) -> Option<&str> {
        self.extensive["metaData"][key].as_str()
    }
}

/// Which endpoint asks: transcripts skip calls that have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Calls,
    Transcripts,
}

/// Which of the calls that a filter admits.
#[derive(Debug)]
pub(super) struct Range<'a> {
    pub(super) after: Option<&'a CallKey>,
    pub(super) limit: usize,
    /// Whether those in analysis have a place, though they are not delivered.
    pub(super) in_analysis: bool,
}

/// The calls after a position that a filter admits, and how many it admits in all.
#[derive(Debug)]
pub(super) struct Slice<T> {
    pub(super) items: Vec<T>,
    pub(super) total: usize,
}

/// Calls by time and by id.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    by_key: BTreeMap<CallKey, StoredCall>,
    keys: HashMap<String, CallKey>,
}

impl Catalogue {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.by_key.keys().map(|key| key.id.clone()).collect()
    }

    /// Adds a call, or replaces the one with its id.
    pub(super) fn put(&mut self, call: StoredCall) {
        self.remove(&call.key.id.clone());
        self.keys.insert(call.key.id.clone(), call.key.clone());
        self.by_key.insert(call.key.clone(), call);
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<StoredCall> {
        let key = self.keys.remove(id)?;
        self.by_key.remove(&key)
    }

    pub(super) fn get(&self, id: &str) -> Option<&StoredCall> {
        self.by_key.get(self.keys.get(id)?)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut StoredCall> {
        self.by_key.get_mut(self.keys.get(id)?)
    }

    /// The calls of a range, in order.
    pub(super) fn slice<'a>(
        &'a self,
        filter: &CallFilter,
        wanted: Wanted,
        range: &Range<'_>,
    ) -> Slice<&'a StoredCall> {
        let mut slice = Slice {
            items: Vec::new(),
            total: 0,
        };
        if filter.is_impossible() {
            return slice;
        }
        let mut take = |call: &'a StoredCall| {
            if !admits(filter, wanted, call) {
                return;
            }
            slice.total += 1;
            let is_new = range.after.is_none_or(|after| call.key > *after);
            let is_taken = range.in_analysis || call.visibility == CallVisibility::Visible;
            if is_new && is_taken && slice.items.len() < range.limit {
                slice.items.push(call);
            }
        };
        match &filter.call_ids {
            Some(ids) => {
                let mut named: Vec<_> = ids.iter().filter_map(|id| self.get(id)).collect();
                named.sort_by(|a, b| a.key.cmp(&b.key));
                named.into_iter().for_each(&mut take);
            }
            None => {
                let start = match filter.from {
                    Some(time) => Bound::Included(CallKey {
                        time,
                        id: String::new(),
                    }),
                    None => Bound::Unbounded,
                };
                self.by_key
                    .range((start, Bound::Unbounded))
                    .map(|(_, call)| call)
                    .for_each(take);
            }
        }
        slice
    }
}

fn admits(filter: &CallFilter, wanted: Wanted, call: &StoredCall) -> bool {
    call.visibility != CallVisibility::Invisible
        && filter.admits_time(call.key.time)
        && filter.admits_workspace(call.metadata_text("workspaceId"))
        && filter.admits_primary_user(call.metadata_text("primaryUserId"))
        && (wanted == Wanted::Calls || call.served_transcript().is_some())
}
