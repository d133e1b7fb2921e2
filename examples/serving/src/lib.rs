//! The tasks of the agents as a service: over HTTP (`serve`), and as tools of the Model
//! Context Protocol (`mcp_server`).
//!
//! Beside them, `webhook` receives what Gong's automation rules send, and `daemon` keeps a
//! store current.
//!
//! Both programs run [`Tasks`] and differ in how they are asked. Whatever they say of a task,
//! its fields and its answer comes from the agents' own tables, so a new task is served as
//! soon as the agents have it.
#![warn(missing_docs)]

mod backlog;
mod bearer;
mod envelope;
mod host;
mod listen;
mod metrics;
mod openapi;
mod options;
mod tasks;
mod telemetry;
mod tools;
mod watching;
mod web;
mod webhook;

pub use bearer::Bearer;
pub use listen::{Listening, stop_on_signals, stop_signal};
pub use metrics::{Meters, measure_store};
pub use options::{
    Failed, LimitArguments, Limits, ReaderArguments, StoreArguments, StorePlace, TokenArguments,
    load,
};
pub use tasks::Tasks;
pub use telemetry::{Telemetry, start_logging};
pub use tools::{Tools, mount};
pub use watching::watching;
pub use web::router;
pub use webhook::{TellingOfCalls, webhook};
