//! Snowflake Cortex by SQL: the AI functions, one batch per statement.
//!
//! Snowflake's advice is SQL for throughput and REST for low latency
//! ([`rest`](crate::rest)). [`CortexSql`] uses the function that is made for a task
//! where there is one (AI_SENTIMENT, AI_CLASSIFY, AI_EMBED), and AI_COMPLETE with a
//! schema for summaries, extraction and completion, whose claims are
//! [checked against the call](crate::grounding).
//!
//! # One bad row
//! Functions that can answer `{value, error}` for each row are asked to. A statement that
//! raises all the same (AI_EMBED, all of `SNOWFLAKE.CORTEX.*` but TRY_COMPLETE,
//! and every function in accounts without the behaviour change 2026_02) is asked again
//! in halves until the bad row stands alone, unless its words speak of something that
//! concerns all rows. After three rows that were refused alone, and none answered, the
//! rest is not asked.
//!
//! # What is paid for
//! is kept: once a row of a batch was answered, a statement that fails later is an error
//! of its own rows.
//!
//! # Nothing answered
//! A model that is gone, a function that the role may not use, a region without it:
//! Snowflake may answer every row with NULL and succeed. A batch of which no row has a
//! value or a reason is therefore an error of kind `Config`, not a result.

mod asker;
mod backend;
mod classification;
mod config;
mod environment;
mod failure;
mod in_database;
mod input;
mod language;
mod models;
mod rows;
mod sentiment;
mod shared_readings;
mod statements;
mod vectors;
mod writer;

pub use backend::CortexSql;
pub use config::{CortexSqlConfig, Functions};
pub use in_database::QuestionInDatabase;
