//! What changes while the double runs, and the handle to it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::answer::Answer;
use super::builder::SnowflakeDoubleBuilder;
use super::fault::FaultEffect;
use super::record::{LoginRecord, StatementEnd, StatementRecord};
use super::sessions::Sessions;
use super::wire::Part;
use crate::http::{Fault, FaultQueue};

/// What connections share.
pub(super) struct Shared {
    pub(super) settings: SnowflakeDoubleBuilder,
    changing: Mutex<Changing>,
}

#[derive(Default)]
pub(super) struct Changing {
    pub(super) sessions: Sessions,
    pub(super) faults: FaultQueue<FaultEffect>,
    pub(super) answers: Vec<(String, Answer)>,
    pub(super) logins: Vec<LoginRecord>,
    pub(super) log: Vec<StatementRecord>,
    /// Bodies of parts by their address.
    pub(super) parts: HashMap<String, Part>,
    pub(super) requests: u64,
    pub(super) cancellations: u64,
    pub(super) parts_sent: u64,
}

impl Shared {
    pub(super) fn new(settings: SnowflakeDoubleBuilder) -> Self {
        Self {
            settings,
            changing: Mutex::default(),
        }
    }

    /// A panic elsewhere cannot leave this half written.
    pub(super) fn lock(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// The handle to a running double. Clones of it are the same.
#[derive(Debug, Clone)]
pub struct SnowflakeState {
    pub(super) shared: Arc<Shared>,
}

impl SnowflakeState {
    /// Answers statements whose text contains `part`. Of several that match the one
    /// said last answers.
    pub fn answer(&self, part: &str, answer: Answer) {
        let mut changing = self.shared.lock();
        changing.answers.push((part.to_owned(), answer));
    }

    /// Injects a fault. Faults are tried in the order they were injected; at most one
    /// hits a request. `when_body_contains` looks into the body as it was sent, in
    /// which the text of a statement is a JSON string.
    pub fn inject(&self, fault: Fault<FaultEffect>) {
        self.shared.lock().faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Ends every session: their next requests answer 390112, and their transactions
    /// are undone.
    pub fn expire_sessions(&self) {
        self.shared.lock().sessions.end_all();
    }

    /// The logins that were asked for, in order.
    pub fn logins(&self) -> Vec<LoginRecord> {
        self.shared.lock().logins.clone()
    }

    /// The statements that arrived, in order, each of which is a round trip; `BEGIN`,
    /// `COMMIT` and `ROLLBACK` are among them.
    pub fn statements(&self) -> Vec<StatementRecord> {
        self.shared.lock().log.clone()
    }

    /// The texts of the statements that arrived, in order.
    pub fn texts(&self) -> Vec<String> {
        let changing = self.shared.lock();
        changing
            .log
            .iter()
            .map(|record| record.text.clone())
            .collect()
    }

    /// The statements that are in force, in the order of their commits: executed
    /// outside a transaction, or in one that was committed.
    pub fn committed(&self) -> Vec<StatementRecord> {
        let changing = self.shared.lock();
        let places = changing.sessions.committed.iter();
        places
            .filter_map(|place| changing.log.get(*place).cloned())
            .collect()
    }

    /// The statements that were cancelled while they ran.
    pub fn cancelled(&self) -> Vec<StatementRecord> {
        let changing = self.shared.lock();
        let log = changing.log.iter();
        log.filter(|record| record.end == StatementEnd::Cancelled)
            .cloned()
            .collect()
    }

    /// Cancellations that were asked for, of statements that had ended too.
    pub fn cancellations(&self) -> u64 {
        self.shared.lock().cancellations
    }

    /// Sessions that have a transaction open.
    pub fn open_transactions(&self) -> usize {
        self.shared.lock().sessions.open_transactions()
    }

    /// Parts of results that were fetched.
    pub fn parts_sent(&self) -> u64 {
        self.shared.lock().parts_sent
    }

    /// All requests, logins, polls and parts included.
    pub fn requests(&self) -> u64 {
        self.shared.lock().requests
    }

    /// Forgets logins and statements, and what is in force. Sessions live on.
    pub fn reset_log(&self) {
        let mut changing = self.shared.lock();
        changing.log.clear();
        changing.logins.clear();
        changing.sessions.committed.clear();
        changing.sessions.running.clear();
        changing.requests = 0;
        changing.cancellations = 0;
        changing.parts_sent = 0;
    }
}
