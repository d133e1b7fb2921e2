//! Erasing people: who they are, and what is left of documents without them.
//!
//! The parts that need no store, so that all stores erase alike.

mod circle;
mod documents;
mod erased;
mod made;
mod page;
mod text;
mod words;

pub(crate) use circle::Circle;
pub(crate) use documents::{Redacted, people, redact, user};
pub(crate) use erased::{Erased, Kind, Known, Selector, digits, known_by, receipt_id};
pub(crate) use made::guard_made;
pub(crate) use page::{Counterparts, guard, guard_crm, guard_letters};
pub(crate) use text::{Scrubber, TOKEN};
pub(crate) use words::folded;
