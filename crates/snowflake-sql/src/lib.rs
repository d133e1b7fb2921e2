//! SQL on Snowflake: sessions, transactions, bound statements and rows.
//!
//! [`SqlPool`] hands out sessions that belong to one caller at a time;
//! [`SqlSession`] runs statements on them. The text of a [`Statement`] is a
//! compile-time constant except for identifiers, whole numbers and the number of
//! placeholders: [`SqlText`] cannot be made from anything else, so a value can only
//! travel as a [`Bind`].
//!
//! The crates above (`snowflake-store`, `cortex`, `hubspot-enrich`) see the two
//! traits and never a driver.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use snowflake_sql::{
//!     Credentials, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement,
//! };
//! # use testkit::snowflake::{Answer, Column, SnowflakeDouble};
//! # // In place of an account: a double of the session protocol.
//! # let snowflake = SnowflakeDouble::builder().start().await?;
//! # snowflake.state().answer("TITLE", Answer::rows([Column::text("TITLE")], [[Some("Renewal")]]));
//! # let url = snowflake.url();
//!
//! const TITLE: SqlText =
//!     SqlText::fixed("SELECT CALL_TITLE AS TITLE FROM STG_GONG_CALLS WHERE CALL_ID = ?");
//!
//! let credentials = Credentials::programmatic_access_token("SECRET");
//! let config = SnowflakeConfig::new("myorg-sales", "GONG_READER", credentials)?
//!     .with_warehouse("GONG_WH")
//!     .with_database("SALES")
//! #   .with_base_url(&url)?
//!     ;
//! let pool = SnowflakePool::new(config);
//! let rows = pool.query(&Statement::new("title_of_call", TITLE).bind("7782342274025937895")).await?;
//! for row in rows.iter() {
//!     assert_eq!(row.required_text("title")?, "Renewal");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What to know
//! - **Time limits.** `STATEMENT_TIMEOUT_IN_SECONDS` is set when a session logs in, for
//!   all of its statements. The session protocol also takes a limit per statement,
//!   but the connector does not send one. So the client enforces a shorter
//!   [limit of a statement](Statement::with_timeout), by cancelling the statement on
//!   the server; for a longer one the pool logs in a session with that limit.
//! - **A lost reply.** The connector cannot resend a request under its old
//!   `requestId`, by which Snowflake would recognise it. Whatever may still run is
//!   cancelled and sent anew, unless the statement is
//!   [not repeatable](Statement::not_repeatable).
//! - **Errors.** [`Error::fault`] has Snowflake's code and query id; the message says
//!   what to do. Snowflake's words are cut where they might repeat a value. A refusal
//!   without a query id, which gosnowflake's source does not rule out, leaves
//!   the connector without its code, as [`Decode`](resilience::ErrorKind::Decode).
//! - **Bound values** are readable to anyone who may read
//!   `ACCOUNT_USAGE.QUERY_HISTORY`, unless the account sets
//!   `ALLOW_BIND_VALUES_ACCESS = FALSE`.
//! - **Observing.** [`SnowflakePool::observed`] reports every statement to a
//!   [`SqlObserver`]; [`StatementMetrics`] counts. `tracing` events carry names, times and
//!   query ids, at `debug` for statements that succeed and at `warn` for others.
//! - **Not tried on a live account.** The facts about the protocol come from the sources
//!   of Snowflake's own drivers, and the tests run on a double written from them.
//!
//! | feature | what it adds |
//! |---|---|
//! | `connector` (default) | [`SnowflakePool::new`]: sessions on `snowflake-connector-rs` |
//! | `key-pair-jwt` (default) | [`KeyPairTokens`]: tokens for REST interfaces, signed with a key pair |
//! | `token-endpoint` (default) | [`TokenEndpoint`]: tokens that the platform gives a program |
//! | `snowflake-api` | [`SnowflakePool::on_snowflake_api`]: sessions on the crate `snowflake-api`, within the limits listed at [`ApiLogin`] |
//! | `mocks` | `mockall` mocks of the traits, for the tests of other crates |
#![warn(missing_docs)]

mod bind;
#[cfg(any(feature = "connector", feature = "snowflake-api"))]
mod cells;
mod config;
#[cfg(feature = "connector")]
mod connector;
mod contract;
mod error;
#[cfg(any(feature = "connector", feature = "snowflake-api"))]
mod fault;
mod identifier;
mod observe;
mod pool;
mod rows;
#[cfg(feature = "snowflake-api")]
mod snowflake_api;
mod statement;
mod text;
mod token;
#[cfg(any(feature = "connector", feature = "snowflake-api"))]
mod transaction;

#[cfg(feature = "snowflake-api")]
pub use self::snowflake_api::ApiLogin;
pub use bind::Bind;
pub use config::{Account, Credentials, QueryTag, SnowflakeConfig};
#[cfg(feature = "connector")]
pub use connector::ConnectorLogin;
#[cfg(feature = "mocks")]
pub use contract::{MockSqlPool, MockSqlSession};
pub use contract::{SessionCapabilities, SqlPool, SqlSession};
pub use error::{Error, Remedy, Result, SqlFault};
pub use identifier::{Identifier, QualifiedName};
pub use observe::{
    MetricsSnapshot, Outcome, Repetition, SqlObserver, StatementMetrics, StatementReport,
    StatementSummary,
};
#[cfg(feature = "mocks")]
pub use outbound::MockTokenSource;
pub use pool::{Login, PoolSettings, SnowflakePool};
pub use rows::{Row, Rows};
pub use statement::Statement;
pub use text::{Slot, SqlText};
#[cfg(feature = "key-pair-jwt")]
pub use token::KeyPairTokens;
#[cfg(feature = "token-endpoint")]
pub use token::TokenEndpoint;
pub use token::TokenFile;

// What signatures here show, so that a program needs no other crate for it.
pub use outbound::{self, SecretString, Token, TokenKind, TokenSource, Url};
pub use resilience::{self, ErrorKind, RetryPolicy};
