//! Suites that every implementation of a trait passes, so that one can replace
//! another.
//!
//! Each suite is a set of async functions, one behaviour each, and a macro that
//! makes them tests of an implementation.

pub mod crm;
pub mod language;
pub mod outbound;
pub mod store;
