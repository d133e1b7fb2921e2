//! Erasing a person or a call.

use std::fmt;

use calls::{CallId, Timestamp, UserId};
use resilience::ErrorKind;
use serde::Serialize;

use crate::{Error, Result, RetentionOutcome};

/// Whom or what to erase. `Debug` and `Display` show its kind alone.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErasureSubject {
    /// The person with an e-mail address, in any case of letters.
    Email(String),
    /// The person with a telephone number, however it is written: its last nine digits count.
    Phone(String),
    /// The member of the own company with a Gong user id.
    User(UserId),
    /// A call as a whole, with all that was said on it.
    Call(CallId),
}

impl ErasureSubject {
    /// `email`, `phone`, `user` or `call`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
            Self::User(_) => "user",
            Self::Call(_) => "call",
        }
    }

    /// # Errors
    /// `InvalidInput` naming the kind: what was given can be none.
    pub(crate) fn check(&self) -> Result<()> {
        let fits = match self {
            Self::Email(address) => {
                let parts = address.trim().split_once('@');
                parts.is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty())
            }
            Self::Phone(number) => number.chars().filter(char::is_ascii_digit).count() >= 7,
            Self::User(id) => !id.as_str().trim().is_empty(),
            Self::Call(id) => !id.as_str().trim().is_empty(),
        };
        if fits {
            return Ok(());
        }
        let why = match self {
            Self::Email(_) => "is no e-mail address",
            Self::Phone(_) => "has fewer than seven digits",
            Self::User(_) | Self::Call(_) => "is empty",
        };
        Err(Error::new(ErrorKind::InvalidInput, why).with_field(self.kind()))
    }
}

impl fmt::Debug for ErasureSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ErasureSubject").field(&self.kind()).finish()
    }
}

/// A request to erase.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErasureRequest {
    /// Whom or what.
    pub subject: ErasureSubject,
    /// Change nothing: say what would go, and where others speak of the person.
    pub dry_run: bool,
}

impl ErasureRequest {
    /// Erases for good.
    pub fn new(subject: ErasureSubject) -> Self {
        Self {
            subject,
            dry_run: false,
        }
    }

    /// Changes nothing, and lists where others speak of the person.
    #[must_use]
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }
}

/// What an erasure did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Erasure {
    /// For the files: holds no personal data.
    pub receipt: ErasureReceipt,
    /// Where others speak of the person: a dry run lists all of it, an erasure replaced it.
    pub mentions: Vec<Mention>,
    /// The receipt of the fallback of a [`Hybrid`](crate::Hybrid), which erases in both; none of a
    /// store by itself. `mentions` are those of both.
    pub fallback: Option<ErasureReceipt>,
}

/// What was erased, in words that are about nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ErasureReceipt {
    /// Tells receipts apart.
    pub receipt_id: String,
    /// When.
    pub erased_at: Timestamp,
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// Kind of what was asked for: `email`, `phone`, `user` or `call`.
    pub selector: &'static str,
    /// Keyed hash of what was asked for; the key stays in the store, so only the store can tell
    /// whether a receipt is about somebody.
    pub selector_hash: String,
    /// Calls that lost something, ascending.
    pub calls: Vec<CallId>,
    /// How often others speak of the person, without what [stays](Mention::stays).
    pub mentions: u64,
    /// Rows by table that were removed or rewritten; in `GONG_ERASED`, that were added.
    pub tables: Vec<ErasedRows>,
    /// From when nobody can bring the rows back any more, where the engine keeps what is deleted:
    /// on Snowflake, Time Travel and the seven days of Fail-safe have passed by then.
    pub unrecoverable_from: Option<Timestamp>,
    /// What is left to do; empty when the erasure is complete.
    pub remains: Vec<String>,
}

/// How many rows of a table were removed or rewritten; of `GONG_ERASED`, added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ErasedRows {
    /// Table name.
    pub table: String,
    /// Rows.
    pub rows: u64,
}

impl From<RetentionOutcome> for ErasedRows {
    fn from(outcome: RetentionOutcome) -> Self {
        Self {
            table: outcome.table,
            rows: outcome.removed,
        }
    }
}

/// A place where somebody else speaks of the person. `Debug` does not show the words.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Mention {
    /// The call.
    pub call_id: CallId,
    /// Where: a path in Gong's document such as `metaData.title`, `sentence 12`, or a column.
    pub place: String,
    /// The words.
    pub text: String,
    /// Whether erasing leaves them, since they may speak of somebody else: they hold one word of
    /// the name, on a call of the person's where somebody who stays has it too, or on one of
    /// colleagues. Only a dry run looks for these.
    pub stays: bool,
}

impl fmt::Debug for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mention")
            .field("call_id", &self.call_id)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
