//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod analytics;
mod gong_odd_values;
mod gong_properties;
mod gong_recorded;
mod gong_wire;
mod reading;
