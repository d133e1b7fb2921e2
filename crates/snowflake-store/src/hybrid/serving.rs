//! Who answers the requests of one task.
//!
//! Readers return answers but not whose they are. A [`Hybrid`](super::Hybrid) reports it to
//! the task that runs the request, and [`by_one`] hands the reports out with the task's
//! result, whatever runs at the same time. It also keeps an answer one store's: when a
//! primary fails half way, the task is run again by the fallback alone, since figures of one
//! store and sentences of another need not fit.
//!
//! Work that a task spawns is part of it by [`of_this_task`]; otherwise it is routed by its
//! own keys and reported to nobody.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use resilience::Answered;

/// Who answered the requests of one task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Served {
    by: Vec<ServedBy>,
}

/// How many requests of a task one store answered for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServedBy {
    /// What answered.
    pub source: &'static str,
    /// What is asked first.
    pub primary: &'static str,
    /// Why this one.
    pub answered: Answered,
    /// How many requests.
    pub requests: u64,
}

impl ServedBy {
    /// Who should have answered, and why they did not; `None` for what went its way.
    pub fn instead_of(&self) -> Option<String> {
        let why = self.answered.why()?;
        Some(format!("{}, which {why}", self.primary))
    }
}

impl Served {
    /// Each who answered, and why, in the order of their first answers; empty when no
    /// [`Hybrid`](super::Hybrid) was asked.
    pub fn by(&self) -> &[ServedBy] {
        &self.by
    }

    /// The names of those who answered, each once.
    pub fn sources(&self) -> Vec<&'static str> {
        let mut sources: Vec<&'static str> = Vec::new();
        for one in &self.by {
            if !sources.contains(&one.source) {
                sources.push(one.source);
            }
        }
        sources
    }

    /// Why a primary was left for its fallback, in sentences without a full stop; empty when
    /// none was.
    pub fn degraded(&self) -> Vec<String> {
        let left = self.by.iter().filter_map(|one| {
            let instead_of = one.instead_of()?;
            Some(format!("{} answered in place of {instead_of}", one.source))
        });
        left.collect()
    }

    /// Adds who answered another part of the same work.
    pub fn add(&mut self, other: Self) {
        for one in other.by {
            let is_same = |known: &&mut ServedBy| {
                known.source == one.source && known.answered == one.answered
            };
            match self.by.iter_mut().find(is_same) {
                Some(known) => known.requests += one.requests,
                None => self.by.push(one),
            }
        }
    }

    /// The first reason for which a primary was left.
    fn left_for(&self) -> Option<Answered> {
        let mut reasons = self.by.iter().map(|one| one.answered);
        reasons.find(|answered| answered.is_degraded())
    }

    fn is_mixed(&self) -> bool {
        self.sources().len() > 1
    }
}

#[derive(Debug)]
struct Task {
    key: String,
    given_up: Mutex<Option<Answered>>,
    heard: Mutex<Served>,
}

tokio::task_local! {
    static TASK: Arc<Task>;
}

/// Runs a task whose requests go one way, by its key, and returns with its result who
/// answered them.
///
/// Once a primary has failed, the rest of the task goes to the fallback. If both have answered
/// by the end, the task is run once more by the fallback; should that fail, what came of the
/// first run stands. A task may therefore run twice, and should write only what may be written
/// twice. A task within a task is not told apart from it.
pub async fn by_one<T, E, F>(key: &str, task: impl Fn() -> F) -> (Result<T, E>, Served)
where
    F: Future<Output = Result<T, E>>,
{
    if TASK.try_with(|_| ()).is_ok() {
        return (task().await, Served::default());
    }
    let (result, served) = collected(key, None, task()).await;
    let Some(why) = served.left_for().filter(|_| served.is_mixed()) else {
        return (result, served);
    };
    match collected(key, Some(why), task()).await {
        (Ok(again), served) => (Ok(again), served),
        (Err(_), _) => (result, served),
    }
}

async fn collected<F: Future>(
    key: &str,
    given_up: Option<Answered>,
    future: F,
) -> (F::Output, Served) {
    let task = Arc::new(Task {
        key: key.to_owned(),
        given_up: Mutex::new(given_up),
        heard: Mutex::default(),
    });
    let output = TASK.scope(Arc::clone(&task), future).await;
    let served = std::mem::take(&mut *lock(&task.heard));
    (output, served)
}

/// A future that is part of the task that runs now, whatever polls it. For callers whose
/// tasks spawn work.
pub fn of_this_task<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let task = TASK.try_with(Arc::clone).ok();
    async move {
        match task {
            Some(task) => TASK.scope(task, future).await,
            None => future.await,
        }
    }
}

/// The key of the task that runs, if any.
pub(super) fn key() -> Option<String> {
    TASK.try_with(|task| task.key.clone()).ok()
}

/// Why the task that runs asks the fallback only.
pub(super) fn given_up() -> Option<Answered> {
    TASK.try_with(|task| *lock(&task.given_up)).ok().flatten()
}

/// Tells the task that runs who has answered.
pub(super) fn report(source: &'static str, primary: &'static str, answered: Answered) {
    let _ = TASK.try_with(|task| {
        if answered.is_degraded() {
            lock(&task.given_up).get_or_insert(answered);
        }
        let one = ServedBy {
            source,
            primary,
            answered,
            requests: 1,
        };
        lock(&task.heard).add(Served { by: vec![one] });
    });
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
