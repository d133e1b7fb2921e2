//! A simulator of Gong's public API v2.
//!
//! [`GongSimulator`] listens on loopback and answers `GET /v2/users`,
//! `GET /v2/workspaces`, `GET /v2/calls`, `GET /v2/calls/{id}`,
//! `POST /v2/calls/extensive`, `POST /v2/calls/transcript` and what `set_records` sets
//! (scorecards, reviews, trackers, figures, the library), with what is
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
//! [`Fault`]s, and reports the [`Traffic`] seen:
//!
//! | what real tenants do | how it is asked for |
//! |---|---|
//! | calls and transcripts come late, change, go | `add_call`, `edit_call`, `delete_call`, `set_visibility`, `release_transcript`, `edit_transcript` |
//! | an old recording is uploaded; a meeting starts far from its schedule | `add_call` with an old `started`; `edit_call` of `scheduled` (the filter goes by it for conferences) |
//! | a transcript is withdrawn while its call stays | `withhold_transcript` |
//! | calls become private, or move to another workspace | `set_private`, `edit_call` of `workspaceId` |
//! | the key's sight is narrowed, or it sees nothing | `show_only`, `hide_all_calls`; `served` is what is left |
//! | cursors are page numbers, and deletions shift pages | `set_cursor_kind` |
//! | listings never end | `set_endless_cursors` |
//! | a value of another type than documented | `edit_call`, `edit_transcript` |
//! | lone surrogates, keys that come twice, records without an id | `patch_json` |
//! | a call whose page always fails, a transcript that spoils its batch | `inject` of a `FaultEffect::Status`, `for_call`, `always` |
//! | a firewall's page with status 200 for a while | `inject` of `FaultEffect::HtmlPage`, `lasting` |
//! | a daily quota over weeks; a clock that differs | `set_limits`, `set_now`, `advance` (the clock is also the `Date` of replies) |

mod builder;
mod bulk;
mod catalogue;
mod clock;
mod control;
mod credentials;
mod cursor;
mod endless;
mod exchange;
mod fault;
mod filter;
mod limits;
mod listing;
mod records;
mod reply;
mod routes;
mod selector;
mod server;
mod sight;
mod state;
pub(crate) mod user_record;

pub use crate::http::{RequestSummary, Traffic};
pub use builder::GongSimulatorBuilder;
pub use bulk::BulkCalls;
pub use catalogue::CallVisibility;
pub use cursor::CursorKind;
pub use endless::EndlessCursors;
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
