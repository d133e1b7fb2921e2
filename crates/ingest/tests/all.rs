//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod calendar;
mod crm_world;
mod desired_state;
mod enrichment;
mod enrichment_at_scale;
mod far_side;
mod faults;
mod history;
mod isolation;
mod least_time;
mod live;
mod real_conversations;
mod renamed_stages;
mod schedule;
mod snowflake_runs;
mod streams;
mod world;
