//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod credits;
mod daemon;
mod http;
mod mcp;
mod monitoring;
mod ninety_days;
#[cfg(feature = "otlp")]
mod otlp;
mod prometheus;
mod secrets;
mod support;
mod webhook;
