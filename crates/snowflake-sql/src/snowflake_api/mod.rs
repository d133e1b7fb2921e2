//! Sessions on `snowflake-api`.
//!
//! That crate logs at `debug` whatever passes through it: tokens, statements, rows and
//! the addresses at which anybody can read them. So these do not pass through it. It
//! makes the requests (login, key pairs, order, parallel parts), and the
//! [`exchange`], which it takes as a middleware of its HTTP client, completes them on
//! their way out and keeps back on the way in what is only for the session to see.

mod arrow;
mod exchange;
mod login;
mod outcome;
mod outgoing;
mod reply;
mod rows;
mod session;

pub use login::ApiLogin;
