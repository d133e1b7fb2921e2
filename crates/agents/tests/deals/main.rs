//! Deals and accounts over their calls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod labelled;
mod made_up;
mod world;
