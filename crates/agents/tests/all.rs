//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod advice;
mod analysis;
mod ask;
mod backlog;
mod coaching;
mod deal_context;
mod deal_tasks;
mod deals;
mod digest;
mod fault_matrix;
mod follow_up;
mod many_agents;
mod moments;
mod read_by_model;
mod real_conversations;
mod recurring;
mod report;
mod routing;
mod scorecards;
mod scorecards_by_model;
mod second_opinion;
mod similar;
mod snowflake_statements;
mod suggestions;
mod support;
mod task_input;
mod tasks;
mod teams;
