//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod conformance;
mod data_share;
mod hubspot;
mod hybrid;
mod property_values;
mod share_schema;
mod stages;
