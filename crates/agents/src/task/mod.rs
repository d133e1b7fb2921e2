//! Tasks: what a program asks the agents to do, as JSON in and JSON out.
//!
//! [`Dispatcher::run_json`] takes the bytes of a task and answers with one JSON
//! object, whatever the bytes are:
//!
//! ```json
//! {"success": true, "task_type": "analyze_call", "request_id": "…", "version": "0.1.0",
//!  "data_source": "sqlite", "ai_enhanced": false, "confidence": {"value": 0.71, "of": []},
//!  "degraded": [], "result": {}, "meta": {"duration_ms": 4.2, "backend": "local", "model": "…"}}
//! ```
//!
//! An error has the same fields, with `error` (`code`, `message`, perhaps `field`) in place of
//! `result`.

mod batch;
mod cards;
mod confidence;
mod dispatch;
mod gong_setup;
mod input;
mod model;
mod names;
mod reply;
mod result;
mod stats;
mod subject;
mod teams;

pub use batch::{BatchItem, BatchReport};
pub use cards::ScoredCall;
pub use dispatch::Dispatcher;
pub use gong_setup::{GongSetup, LeftOut};
pub use input::{Field, FieldKind, TaskSpec};
pub use model::{AskAbout, BatchCalls, CallFilter, DealNamed, Likeness, Scored, Task, TaskPeriod};
pub use reply::refusal;
pub use result::TaskResult;
pub use stats::TaskStats;
