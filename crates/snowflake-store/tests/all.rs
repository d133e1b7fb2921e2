//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod account_check;
mod analysts;
mod chunk_search;
mod columns;
mod conformance;
mod cortex_search;
mod credits;
mod damage;
mod durability;
mod editions;
mod erased_elsewhere;
mod erased_people;
mod erasure;
mod examples;
mod fakesnow;
mod gong_share;
mod hostile;
mod hybrid;
mod hybrid_upkeep;
mod leases;
mod model;
mod neighbours;
mod one_writer;
mod opening;
mod person;
mod refusals;
mod schema;
mod search_service;
mod snowflake_conformance;
mod snowflake_documented;
mod snowflake_files;
mod snowflake_hostile;
mod snowflake_in_database;
mod snowflake_printed;
mod snowflake_round_trips;
mod streamed;
mod streamed_conformance;
mod streamed_landing;
mod views;
