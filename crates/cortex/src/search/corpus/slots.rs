//! Who is who: chunks by number, calls by number.
//!
//! Every chunk gets the next number, its slot, and keeps it until the index is
//! compacted. A chunk is looked up through its call, which has few; so no map over all
//! chunks is needed.

use calls::CallId;
use foldhash::HashMap;

use super::model::{CallFilter, ChunkId};

/// Stands for "no call" in a slot whose chunk was removed.
const REMOVED: u32 = u32::MAX;

#[derive(Default)]
pub(super) struct Slots {
    /// By slot: number of the call, or [`REMOVED`].
    call_of: Vec<u32>,
    /// By slot.
    first_sentences: Vec<u32>,
    /// By number of the call.
    calls: Vec<CallEntry>,
    numbers: HashMap<CallId, u32>,
    live: usize,
}

struct CallEntry {
    id: CallId,
    /// Of its chunks, ascending.
    slots: Vec<u32>,
}

/// Which slots a query may find.
pub(super) struct Admitted<'a> {
    call_of: &'a [u32],
    /// By number of the call; `None` when all may be found.
    calls: Option<Vec<bool>>,
}

impl Admitted<'_> {
    #[inline]
    pub(super) fn holds(&self, slot: u32) -> bool {
        let call = self.call_of.get(slot as usize).copied().unwrap_or(REMOVED);
        match &self.calls {
            None => call != REMOVED,
            Some(calls) => calls.get(call as usize).copied().unwrap_or(false),
        }
    }

    /// Whether every live slot may be found.
    pub(super) fn is_all(&self) -> bool {
        self.calls.is_none()
    }
}

impl Slots {
    /// Slots that were given out, with those of removed chunks.
    pub(super) fn len(&self) -> usize {
        self.call_of.len()
    }

    /// Chunks.
    pub(super) fn live(&self) -> usize {
        self.live
    }

    pub(super) fn slot_of(&self, id: &ChunkId) -> Option<u32> {
        let call = self.numbers.get(&id.call_id)?;
        let entry = self.calls.get(*call as usize)?;
        let is_it =
            |slot: &u32| self.first_sentences.get(*slot as usize) == Some(&id.first_sentence);
        entry.slots.iter().copied().find(is_it)
    }

    /// The slots of a call's chunks, ascending.
    pub(super) fn of_call(&self, call_id: &CallId) -> Vec<u32> {
        let call = self.numbers.get(call_id).copied();
        let entry = call.and_then(|call| self.calls.get(call as usize));
        entry.map_or_else(Vec::new, |entry| entry.slots.clone())
    }

    /// The id of a chunk; `None` for one that was removed.
    pub(super) fn id_of(&self, slot: u32) -> Option<ChunkId> {
        let call = *self.call_of.get(slot as usize)?;
        let entry = self.calls.get(call as usize)?;
        Some(ChunkId {
            call_id: entry.id.clone(),
            first_sentence: *self.first_sentences.get(slot as usize)?,
        })
    }

    /// A slot for a chunk that has none.
    pub(super) fn add(&mut self, id: &ChunkId) -> u32 {
        let slot = as_number(self.call_of.len());
        let next = as_number(self.calls.len());
        let call = *self.numbers.entry(id.call_id.clone()).or_insert(next);
        if call == next {
            self.calls.push(CallEntry {
                id: id.call_id.clone(),
                slots: Vec::new(),
            });
        }
        self.calls[call as usize].slots.push(slot);
        self.call_of.push(call);
        self.first_sentences.push(id.first_sentence);
        self.live += 1;
        slot
    }

    pub(super) fn remove(&mut self, slot: u32) {
        let Some(call) = self.call_of.get_mut(slot as usize) else {
            return;
        };
        if let Some(entry) = self.calls.get_mut(*call as usize) {
            entry.slots.retain(|kept| *kept != slot);
            self.live -= 1;
        }
        *call = REMOVED;
    }

    /// Gives the chunks new slots without gaps, in their order, and forgets calls
    /// without chunks. Answers the new slot of each old one; `None` for removed ones.
    pub(super) fn compact(&mut self) -> Vec<Option<u32>> {
        let mut compacted = Self::default();
        let renumbered = (0..as_number(self.len()))
            .map(|slot| self.id_of(slot).map(|id| compacted.add(&id)))
            .collect();
        *self = compacted;
        renumbered
    }

    pub(super) fn admitted(&self, filter: &CallFilter) -> Admitted<'_> {
        let marked = |ids: &std::collections::BTreeSet<CallId>, mark: bool| {
            let mut calls = vec![!mark; self.calls.len()];
            for number in ids.iter().filter_map(|id| self.numbers.get(id)) {
                calls[*number as usize] = mark;
            }
            Some(calls)
        };
        let calls = match filter {
            CallFilter::All => None,
            CallFilter::Except(ids) if ids.is_empty() => None,
            CallFilter::Except(ids) => marked(ids, false),
            CallFilter::Only(ids) => marked(ids, true),
        };
        Admitted {
            call_of: &self.call_of,
            calls,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let entries = self.calls.iter().map(|entry| {
            // The id stands in the list and in the map.
            2 * (size_of::<CallId>() + entry.id.as_str().len())
                + size_of::<Vec<u32>>()
                + 4 * entry.slots.capacity()
        });
        4 * (self.call_of.capacity() + self.first_sentences.capacity()) + entries.sum::<usize>()
    }
}

/// A position as it is kept: `MAX_CHUNKS` of the index keeps them below 2^27.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn as_number(position: usize) -> u32 {
    position as u32
}
