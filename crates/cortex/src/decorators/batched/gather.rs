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
use crate::call::Call;
use crate::{Error, LanguageBackend, Method, Outcome, Result, usage};

/// A place to wait for each method.
#[derive(Default)]
pub(super) struct Lanes(Mutex<BTreeMap<Method, Arc<dyn Any + Send + Sync>>>);

impl Lanes {
    fn lane<C: Call>(&self) -> Arc<Lane<C>> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes
            .entry(C::METHOD)
            .or_insert_with(|| Arc::new(Lane::<C>::default()));
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
struct Lane<C: Call>(Mutex<Open<C>>);

struct Open<C: Call> {
    /// Tells a timer whether the group that it was set for has left already.
    number: u64,
    waiting: Vec<Waiting<C>>,
    items: usize,
    bytes: usize,
}

impl<C: Call> Default for Lane<C> {
    fn default() -> Self {
        Self(Mutex::new(Open {
            number: 0,
            waiting: Vec::new(),
            items: 0,
            bytes: 0,
        }))
    }
}

impl<C: Call> Lane<C> {
    fn lock(&self) -> MutexGuard<'_, Open<C>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Call> Open<C> {
    /// Takes the group and opens the next.
    fn close(&mut self) -> Vec<Waiting<C>> {
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
    pub(super) async fn gathered<C: Call>(
        &self,
        items: &[C::Item],
    ) -> Result<Vec<Outcome<C::Answer>>> {
        let (answer, answered) = oneshot::channel();
        self.join::<C>(Waiting {
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

    fn join<C: Call>(&self, waiting: Waiting<C>) {
        let bytes: usize = waiting.items.iter().map(C::item_bytes).sum();
        let lane = self.lanes.lane::<C>();
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

    fn set_timer<C: Call>(&self, lane: Arc<Lane<C>>, number: u64) {
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

    fn depart<C: Call>(&self, group: Vec<Waiting<C>>) {
        let batched = self.clone();
        tokio::spawn(async move { send(&*batched.inner, &batched.round_trips, group).await });
    }
}
