//! Deals and accounts over their calls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

mod labelled;
mod made_up;
mod names;
mod world;
