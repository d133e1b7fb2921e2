//! Snowflake Cortex by SQL: the AI functions, a batch a statement.
//!
//! Snowflake's advice is SQL for throughput and REST for low latency
//! ([`rest`](crate::rest)). [`CortexSql`] uses the function that is made for a task
//! where there is one (AI_SENTIMENT, AI_CLASSIFY, AI_EMBED), and AI_COMPLETE with a
//! schema for summaries, extraction and completion, whose claims are
//! [held against the call](crate::grounding).
//!
//! # One bad row
//! Functions that can answer `{value, error}` for each row are asked to. Those that
//! raise on the first bad row (AI_EMBED, AI_REDACT, all of `SNOWFLAKE.CORTEX.*` but
//! TRY_COMPLETE) are asked again in halves until the bad row stands alone.
//!
//! # Nothing answered
//! A model that is gone, a function that the role may not use, a region without it:
//! Snowflake may answer every row with NULL and succeed. A batch of which no row has a
//! value is therefore an error of kind `Config`, not a result.

mod backend;
mod classification;
mod config;
mod failure;
mod further;
mod models;
mod rows;
mod sentiment;
mod statements;
mod vectors;
mod writer;

pub use backend::CortexSql;
pub use config::{CortexSqlConfig, Functions};
pub use models::OfferedModel;
