//! Sessions on `snowflake-api`.
//!
//! That crate logs at `debug` whatever passes through it: tokens, statements, rows and
//! the addresses at which anybody can read them. So these do not pass through it. It
//! makes the requests (login, key pairs, order, parallel parts). The
//! [`exchange`], a middleware in its HTTP client, completes them on
//! their way out, and on the way in holds back what only the session may see.

mod arrow;
mod exchange;
mod login;
mod outcome;
mod outgoing;
mod reply;
mod rows;
mod session;

pub use login::ApiLogin;
