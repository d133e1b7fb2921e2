//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod bad_settings;
mod command_line;
mod commands;
mod composition;
mod crm_faults;
mod endings;
mod forgetting;
mod gong_setup;
mod killed_runs;
mod live_check;
mod live_fallback;
mod redaction;
mod reports;
#[path = "../crates/agents/tests/support/samples.rs"]
mod samples;
mod secrets;
mod settings;
mod shared_readings;
mod snowflake_flow;
mod snowflake_secrets;
mod snowflake_share;
mod snowflake_streaming;
mod statement_texts;
mod traced;
mod validation;
