//! HubSpot over REST, against the simulator and against scripted replies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod config;
mod conformance;
mod failures;
mod outbound;
mod outcomes;
mod partial;
mod records;
mod refused_keys;
mod requests;
mod scripted;
mod search;
mod token;
mod world;
