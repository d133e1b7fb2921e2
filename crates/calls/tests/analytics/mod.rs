//! Conversation analytics: examples computed by hand, laws that hold for any
//! transcript, and plausibility on recorded meetings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod definitions;
mod fixture;
mod laws;
mod recorded;
