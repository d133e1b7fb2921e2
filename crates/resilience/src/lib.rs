//! What every client of an outside system needs once, free of any domain.
//!
//! - [`ErrorKind`] and [`Failure`]: errors cut by what the caller does next.
//! - [`error_type!`]: the one opaque error struct that each crate defines.
#![warn(missing_docs)]

mod error;
mod kind;

pub use error::Fault;
pub use kind::{ErrorKind, Failure};
