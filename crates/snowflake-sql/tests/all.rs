//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod config;
mod dropping;
mod fakesnow;
mod login;
mod observing;
mod pool;
mod recovery;
mod secrets;
mod statements;
mod support;
mod token_endpoint;
