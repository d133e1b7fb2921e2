//! Where small batches wait for others.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use resilience::ErrorKind;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::Batched;
use super::group::{Waiting, send};
use crate::operation::Operation;
use crate::{Error, LanguageBackend, Method, Outcome, Result, usage};

/// A place to wait for each method.
#[derive(Default)]
pub(super) struct Lanes(Mutex<BTreeMap<Method, Arc<dyn Any + Send + Sync>>>);

impl Lanes {
    fn lane<O: Operation>(&self) -> Arc<Lane<O>> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes
            .entry(O::METHOD)
            .or_insert_with(|| Arc::new(Lane::<O>::default()));
        // A method has one type; with another, its batches would go ungathered.
        Arc::clone(lane).downcast().unwrap_or_default()
    }
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lanes").finish_non_exhaustive()
    }
}

/// The group of one method that is still open.
struct Lane<O: Operation>(Mutex<Open<O>>);

struct Open<O: Operation> {
    /// Tells a timer whether the group that it was set for has left already.
    number: u64,
    waiting: Vec<Waiting<O>>,
    items: usize,
    bytes: usize,
}

impl<O: Operation> Default for Lane<O> {
    fn default() -> Self {
        Self(Mutex::new(Open {
            number: 0,
            waiting: Vec::new(),
            items: 0,
            bytes: 0,
        }))
    }
}

impl<O: Operation> Lane<O> {
    fn lock(&self) -> MutexGuard<'_, Open<O>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<O: Operation> Open<O> {
    /// Takes the group and opens the next.
    fn close(&mut self) -> Vec<Waiting<O>> {
        self.number += 1;
        (self.items, self.bytes) = (0, 0);
        std::mem::take(&mut self.waiting)
    }
}

impl<B: LanguageBackend> Batched<B> {
    pub(super) fn gathers(&self) -> bool {
        !self.config.gather.is_zero() && Handle::try_current().is_ok()
    }

    /// Waits for others, at most for the bounded time, and asks with them.
    pub(super) async fn gathered<O: Operation>(
        &self,
        items: &[O::Item],
    ) -> Result<Vec<Outcome<O::Answer>>> {
        let (answer, answered) = oneshot::channel();
        self.join::<O>(Waiting {
            items: items.to_vec(),
            answer,
        });
        let Ok((outcomes, reports)) = answered.await else {
            let message = "a shared round trip ended without an answer";
            return Err(Error::new(ErrorKind::Internal, message));
        };
        reports.into_iter().for_each(usage::report);
        outcomes
    }

    fn join<O: Operation>(&self, waiting: Waiting<O>) {
        let bytes: usize = waiting.items.iter().map(O::item_bytes).sum();
        let lane = self.lanes.lane::<O>();
        let mut open = lane.lock();
        let has_no_room = open.items + waiting.items.len() > self.config.max_items
            || open.bytes.saturating_add(bytes) > self.config.max_bytes;
        if has_no_room && !open.waiting.is_empty() {
            self.depart(open.close());
        }
        if open.waiting.is_empty() {
            self.set_timer(Arc::clone(&lane), open.number);
        }
        open.items += waiting.items.len();
        open.bytes = open.bytes.saturating_add(bytes);
        open.waiting.push(waiting);
        if open.items >= self.config.max_items || open.bytes >= self.config.max_bytes {
            self.depart(open.close());
        }
    }

    fn set_timer<O: Operation>(&self, lane: Arc<Lane<O>>, number: u64) {
        let batched = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(batched.config.gather).await;
            let group = {
                let mut open = lane.lock();
                if open.number != number {
                    return;
                }
                open.close()
            };
            send(&*batched.inner, &batched.round_trips, group).await;
        });
    }

    fn depart<O: Operation>(&self, group: Vec<Waiting<O>>) {
        let batched = self.clone();
        tokio::spawn(async move { send(&*batched.inner, &batched.round_trips, group).await });
    }
}
