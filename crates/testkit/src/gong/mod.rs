//! A simulator of Gong's public API v2.
//!
//! [`GongSimulator`] listens on loopback and answers `GET /v2/users`,
//! `GET /v2/workspaces`, `GET /v2/calls`, `GET /v2/calls/{id}`,
//! `POST /v2/calls/extensive` and `POST /v2/calls/transcript`, with what is
//! known of Gong's own behaviour, from its OpenAPI document, recorded replies
//! and dated probes:
//!
//! - Basic and bearer auth; a bad key and a missing scope are both 401 and only
//!   the message tells them apart.
//! - Pages of 100 with an opaque cursor, absent on the last page; in the query of
//!   a GET, at the top level of a POST's body. In the query of a POST it is
//!   ignored and page 1 comes again.
//! - A filter that matches nothing is 404 with a fixed text; `callIds: []` is 400.
//! - `fromDateTime` is inclusive, `toDateTime` exclusive; both mean the scheduled
//!   time of a web conference and the start of any other call.
//! - No updated-since filter. Calls and transcripts appear late, with old dates;
//!   deletions leave no trace.
//! - Parts that `contentSelector` does not ask for are absent.
//! - 429 with `Retry-After`, `{requestId, errors}` bodies, `x-traceid`.
//!
//! Where Gong's words are not known (cursor errors, dates that cannot be read,
//! 429 and 5xx bodies) the status is Gong's and the text is the simulator's.
//!
//! [`SimulatorState`] changes what is served while a client runs, injects
//! [`Fault`]s, and reports the [`Traffic`] seen.

mod builder;
mod bulk;
mod catalogue;
mod cursor;
mod fault;
mod filter;
mod limits;
mod reply;
mod routes;
mod selector;
mod server;
mod state;
pub(crate) mod user_record;

pub use crate::http::{RequestSummary, Traffic};
pub use builder::GongSimulatorBuilder;
pub use bulk::BulkCalls;
pub use catalogue::CallVisibility;
pub use fault::{Fault, FaultEffect, RandomFaults};
pub use limits::GongLimits;
pub use server::GongSimulator;
pub use state::SimulatorState;

/// Access key that a simulator accepts unless told otherwise.
pub const DEFAULT_ACCESS_KEY: &str = "simulator-key";

/// Secret of [`DEFAULT_ACCESS_KEY`].
pub const DEFAULT_ACCESS_KEY_SECRET: &str = "simulator-secret";

/// Bearer token that a simulator accepts unless told otherwise.
pub const DEFAULT_BEARER_TOKEN: &str = "simulator-token";
