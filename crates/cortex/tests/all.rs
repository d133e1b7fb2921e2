//! The tests of this crate, in one program: each more is another to link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod account;
mod asking_labelled;
mod conformance;
mod contract;
mod endpoint;
mod findings;
mod grounding;
mod hybrid;
mod json_lines;
mod languages;
mod model2vec;
mod prompt_injection;
mod reading;
mod reading_by_model;
mod reading_golden;
mod reading_hostile;
mod reading_labelled;
mod readings;
mod redaction;
mod rest_batches;
mod rest_config;
mod rest_conformance;
mod rest_errors;
mod rest_real_server;
mod rest_requests;
mod rest_tasks;
mod sql;
mod sql_batches;
mod sql_limits;
mod sql_models;
mod sql_session;
mod summaries;
mod support;
mod text_encoder;
mod trackers;
mod vader_ground_truth;
