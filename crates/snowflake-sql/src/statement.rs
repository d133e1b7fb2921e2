//! One statement with its values.

use std::time::Duration;

use crate::{Bind, SqlText};

/// One statement with its values, ready to run on any [`SqlSession`](crate::SqlSession).
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    name: &'static str,
    text: SqlText,
    binds: Vec<Bind>,
    timeout: Option<Duration>,
    repeatable: bool,
}

impl Statement {
    /// A statement. The name, such as `land_calls`, is for logs and metrics.
    ///
    /// It counts as [repeatable](Self::is_repeatable) until told otherwise: the
    /// statements of this workspace read, or write what they would write again.
    pub const fn new(name: &'static str, text: SqlText) -> Self {
        Self {
            name,
            text,
            binds: Vec::new(),
            timeout: None,
            repeatable: true,
        }
    }

    /// The value of the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Bind>) -> Self {
        self.binds.push(value.into());
        self
    }

    /// The values of the next placeholders.
    #[must_use]
    pub fn bind_all<B: Into<Bind>>(mut self, values: impl IntoIterator<Item = B>) -> Self {
        self.binds.extend(values.into_iter().map(Into::into));
        self
    }

    /// How long it may run, in place of the session's own limit.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Says that running it twice is not like running it once, so that a lost reply
    /// is an error and not a reason to run it again.
    #[must_use]
    pub fn not_repeatable(mut self) -> Self {
        self.repeatable = false;
        self
    }

    /// What logs and metrics call it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The text.
    pub fn text(&self) -> &SqlText {
        &self.text
    }

    /// The values, in the order of the placeholders.
    pub fn binds(&self) -> &[Bind] {
        &self.binds
    }

    /// How long it may run; `None` is the session's own limit.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Whether it may be sent again after a reply was lost.
    pub fn is_repeatable(&self) -> bool {
        self.repeatable
    }
}
