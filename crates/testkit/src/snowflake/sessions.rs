//! Sessions, their transactions, and statements that are still running.

use std::collections::HashMap;

use super::answer::Answer;

/// What the double remembers of its clients. Statements are known by their place in
/// the log.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_token: HashMap<String, Session>,
    logins: u64,
    /// Places of the statements that are in force, in the order of their commits.
    pub(super) committed: Vec<usize>,
    pub(super) running: HashMap<String, RunningStatement>,
}

#[derive(Debug)]
pub(super) struct Session {
    pub(super) number: u64,
    /// Places of the open transaction's statements.
    open: Option<Vec<usize>>,
}

/// A statement that is polled for, under its query id.
#[derive(Debug)]
pub(super) struct RunningStatement {
    pub(super) place: usize,
    pub(super) token: String,
    pub(super) request_id: String,
    pub(super) answer: Answer,
    /// Polls that come too early; `None`: all.
    pub(super) polls_left: Option<u32>,
}

/// What a statement does to the transaction of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    Begin,
    Commit,
    Rollback,
    No,
}

impl Control {
    pub(super) fn of(text: &str) -> Self {
        let first = text.split_whitespace().next().unwrap_or_default();
        match first.trim_end_matches(';').to_ascii_uppercase().as_str() {
            "BEGIN" => Self::Begin,
            "COMMIT" => Self::Commit,
            "ROLLBACK" => Self::Rollback,
            _ => Self::No,
        }
    }
}

impl Sessions {
    /// A new session's token.
    pub(super) fn log_in(&mut self) -> String {
        self.logins += 1;
        let token = format!("session-token-{:04}", self.logins);
        let session = Session {
            number: self.logins,
            open: None,
        };
        self.by_token.insert(token.clone(), session);
        token
    }

    pub(super) fn get(&self, token: &str) -> Option<&Session> {
        self.by_token.get(token)
    }

    /// Ends a session and undoes its transaction.
    pub(super) fn end(&mut self, token: &str) {
        self.by_token.remove(token);
    }

    pub(super) fn end_all(&mut self) {
        self.by_token.clear();
    }

    /// How many sessions have a transaction open.
    pub(super) fn open_transactions(&self) -> usize {
        let sessions = self.by_token.values();
        sessions.filter(|session| session.open.is_some()).count()
    }

    /// Lets a statement take effect: at once, or when its transaction is committed.
    pub(super) fn execute(&mut self, token: &str, control: Control, place: usize) {
        let Some(session) = self.by_token.get_mut(token) else {
            return;
        };
        match (control, &mut session.open) {
            (Control::Begin, open @ None) => *open = Some(Vec::new()),
            // Snowflake ignores a second BEGIN.
            (Control::Begin, Some(_)) => {}
            (Control::Commit, open) => self.committed.extend(open.take().into_iter().flatten()),
            (Control::Rollback, open) => *open = None,
            (Control::No, Some(open)) => open.push(place),
            (Control::No, None) => self.committed.push(place),
        }
    }
}

impl Session {
    pub(super) fn in_transaction(&self) -> bool {
        self.open.is_some()
    }
}
