//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod config;
mod faults;
mod fuzz;
mod guard;
mod guard_properties;
mod oauth;
mod operating;
mod operations;
mod paging;
mod prism;
mod processes;
mod recorded;
mod records;
mod refusals;
mod requests;
mod secrets;
mod server;
mod spec;
mod stream;
mod traced;
mod uploads;
mod webhooks;
