//! What an account was sent, and what that cost: counted where statements leave for it.

use std::ops::AddAssign;
use std::time::Duration;

use serde_json::Value;
use snowflake_sql::{Bind, Rows, Statement};

/// What was sent so far.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    pub(crate) statements: u64,
    /// Of bound values.
    pub(crate) bytes: u64,
    /// Time in which statements ran, those of models left out.
    pub(crate) ran: Duration,
    /// Requests to models, one a row.
    pub(crate) paid: u64,
    pub(crate) tokens_in: u64,
    pub(crate) tokens_out: u64,
}

impl Sent {
    pub(crate) fn of(statements: &[Statement]) -> Self {
        let bytes = |statement: &Statement| -> u64 {
            let bound = statement.binds().iter().map(|bind| match bind {
                Bind::Text(text) => text.len() as u64,
                _ => 8,
            });
            bound.sum()
        };
        Self {
            statements: statements.len() as u64,
            bytes: statements.iter().map(bytes).sum(),
            ..Self::default()
        }
    }

    /// What a model's replies say that they cost.
    pub(crate) fn with_replies(mut self, replies: &Rows) -> Self {
        for row in replies.iter() {
            let reply: Value = row.json("VALUE").ok().flatten().unwrap_or_default();
            let tokens = |name: &str| reply["usage"][name].as_u64().unwrap_or_default();
            self.paid += 1;
            self.tokens_in += tokens("prompt_tokens");
            self.tokens_out += tokens("completion_tokens");
        }
        self
    }
}

impl AddAssign for Sent {
    fn add_assign(&mut self, more: Self) {
        self.statements += more.statements;
        self.bytes += more.bytes;
        self.ran += more.ran;
        self.paid += more.paid;
        self.tokens_in += more.tokens_in;
        self.tokens_out += more.tokens_out;
    }
}
