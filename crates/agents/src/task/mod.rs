//! Tasks: what a program asks the agents to do, as JSON in and JSON out.
//!
//! [`Dispatcher::run_json`] takes the bytes of a task and answers with one JSON
//! object, whatever the bytes are:
//!
//! ```json
//! {"success": true, "task_type": "analyze_call", "result": {}, "meta": {"duration_ms": 4, "backend": "local", "model": "…"}}
//! {"success": false, "error": {"code": "missing_field", "message": "is missing", "field": "call_id"}}
//! ```

mod batch;
mod dispatch;
mod input;
mod model;

pub use batch::{BatchItem, BatchReport};
pub use dispatch::{Dispatcher, TaskResult};
pub use input::{Field, FieldKind, TaskSpec};
pub use model::{AskAbout, BatchCalls, Likeness, Task, TaskPeriod};
