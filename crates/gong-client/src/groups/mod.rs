//! The operations of Gong's API, grouped as Gong groups them, with what they take and give.
//!
//! For callers that name these types; methods of [`GongClient`](crate::GongClient) lead to
//! the groups. Reading is lenient: every field may be absent, and what is not modelled is in
//! `extra`. `Debug` names the fields that a record has and shows nothing of what they hold, so
//! that no log has calls in it; serialised, a record is as Gong sent it, but for nulls.

pub mod audit_logs;
pub mod calls;
pub mod coaching;
pub mod content;
pub mod context;
pub mod crm;
pub mod data_privacy;
pub mod digital;
pub mod engagement;
pub mod entities;
pub mod flows;
pub mod library;
pub mod meetings;
pub mod permissions;
pub mod settings;
pub mod stats;
pub mod targets;
pub mod tasks;
pub mod users;

pub use crate::wire::words;
pub use replies::{Accepted, IntegrationReply};

mod replies;
