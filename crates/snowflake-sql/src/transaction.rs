//! The state of a session's transaction, and what it allows.

use resilience::ErrorKind;

use crate::{Error, Result, SqlText};

pub(crate) const BEGIN: SqlText = SqlText::fixed("BEGIN");
pub(crate) const COMMIT: SqlText = SqlText::fixed("COMMIT");
pub(crate) const ROLLBACK: SqlText = SqlText::fixed("ROLLBACK");

/// What is known of the transaction on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transaction {
    None,
    Open,
    /// A statement in it was dropped half way.
    GivenUp,
}

impl Transaction {
    /// What a statement that is dropped half way leaves of it.
    pub(crate) fn dropped(self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Open | Self::GivenUp => Self::GivenUp,
        }
    }

    /// # Errors
    /// `Cancelled` when a statement of it was dropped.
    pub(crate) fn allows_a_statement(self) -> Result<()> {
        if self == Self::GivenUp {
            return Err(Error::new(
                ErrorKind::Cancelled,
                "a statement of the transaction was dropped; roll it back first",
            ));
        }
        Ok(())
    }

    /// # Errors
    /// `Internal` when one is open.
    pub(crate) fn allows_begin(self) -> Result<()> {
        if self != Self::None {
            return Err(Error::new(ErrorKind::Internal, "a transaction is open"));
        }
        Ok(())
    }

    /// What there is after `BEGIN`: none only when Snowflake said that it refuses one.
    /// Should the reply be lost, it may be open.
    pub(crate) fn after_begin(begun: &Result<()>) -> Self {
        let was_refused = |error: &Error| error.fault().is_some_and(|fault| fault.code.is_some());
        match begun {
            Err(error) if was_refused(error) => Self::None,
            _ => Self::Open,
        }
    }

    /// # Errors
    /// `Internal` when none is open, `Cancelled` when a statement of it was dropped.
    pub(crate) fn allows_commit(self) -> Result<()> {
        match self {
            Self::Open => Ok(()),
            Self::None => Err(Error::new(ErrorKind::Internal, "no transaction is open")),
            Self::GivenUp => Err(Error::new(
                ErrorKind::Cancelled,
                "a statement of the transaction was dropped; it cannot be committed",
            )),
        }
    }
}
