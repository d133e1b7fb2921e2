//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod bulk_and_recorded;
mod client;
mod examples;
mod gong_clock;
mod gong_live_control;
mod gong_paging;
mod gong_protocol;
mod gong_tenants;
mod hubspot_access;
mod hubspot_associations;
mod hubspot_catalogue;
mod hubspot_client;
mod hubspot_faults;
mod hubspot_records;
mod hubspot_search;
mod store_mocks;
mod synthetic_calls;
