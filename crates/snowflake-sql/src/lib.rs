//! Snowflake as far as SQL goes: sessions, transactions, bound statements and rows.
//!
//! [`SqlPool`] hands out sessions that belong to one caller at a time, and
//! [`SqlSession`] runs statements on them. The text of a [`Statement`] is fixed when
//! the program is compiled, but for identifiers, whole numbers and the number of
//! placeholders: [`SqlText`] cannot be made from anything else, so a value can only
//! travel as a [`Bind`].
//!
//! What stands on it (`snowflake-store`, `cortex`, `hubspot-enrich`) sees the two
//! traits and never a driver.
//!
//! | feature | what it adds |
//! |---|---|
//! | `connector` (default) | [`SnowflakePool::new`]: sessions on `snowflake-connector-rs` |
//! | `mocks` | `mockall` mocks of the two traits, for the tests of other crates |
#![warn(missing_docs)]

mod bind;
mod config;
#[cfg(feature = "connector")]
mod connector;
mod contract;
mod error;
#[cfg(feature = "connector")]
mod fault;
mod identifier;
mod observe;
mod pool;
mod rows;
mod statement;
mod text;

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
    Metered, MetricsSnapshot, Outcome, Repetition, SqlObserver, StatementMetrics, StatementReport,
    StatementSummary,
};
pub use pool::{Login, PoolSettings, SnowflakePool};
pub use rows::{Row, Rows};
pub use statement::Statement;
pub use text::{Slot, SqlText};
