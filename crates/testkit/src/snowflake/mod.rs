//! A double of Snowflake's session protocol, which drivers speak: it understands no
//! SQL, and misbehaves as a real server and the network before it do.
//!
//! [`SnowflakeDouble`] answers logins, statements, polls for slow statements, parts of
//! results, cancellations and heartbeats. What a statement returns is scripted:
//! [by its text](SnowflakeState::answer) or [by a function](SnowflakeDoubleBuilder::answering).
//! It knows transactions, so it can say which statements are in force
//! ([`SnowflakeState::committed`]), and keeps a log to count round trips by.
//!
//! The shapes are those that gosnowflake's source reads; none was compared with a live
//! account:
//!
//! - Everything that Snowflake itself refuses is HTTP 200 with `success: false`.
//! - A statement that takes over 45 s is answered with 333334 and `getResultUrl`,
//!   which is then asked until another code comes. Here that takes no time.
//! - 390112 ends a session, and with it its open transaction.
//! - Large results have their first rows in the reply, and the rest in parts at
//!   addresses of their own, which want `chunkHeaders` and no token. The parts are
//!   slower the earlier they stand, so that a client has to put them in order itself.
//!
//! What SQL means is [`fakesnow`](crate::fakesnow)'s affair.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), testkit::Error> {
//! use testkit::snowflake::{Answer, Column, SnowflakeDouble};
//!
//! let snowflake = SnowflakeDouble::builder().start().await?;
//! snowflake.state().answer(
//!     "SELECT NAME FROM STG_GONG_CALLS",
//!     Answer::rows([Column::text("NAME")], [[Some("Ada")]]),
//! );
//! assert!(snowflake.url().starts_with("http://127.0.0.1:"));
//! assert!(snowflake.state().statements().is_empty());
//! # Ok(())
//! # }
//! ```

mod answer;
mod bound_json;
mod builder;
mod edition;
mod fault;
mod log;
mod login;
mod record;
mod routes;
mod running;
mod server;
mod sessions;
mod state;
mod statement;
mod wire;

pub use answer::{Answer, Column};
pub use builder::SnowflakeDoubleBuilder;
pub use edition::Edition;
pub use fault::FaultEffect;
pub use record::{BoundValue, LoginRecord, StatementEnd, StatementRecord};
pub use server::SnowflakeDouble;
pub use state::SnowflakeState;

pub use crate::http::Fault;
