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
//! | `mocks` | `mockall` mocks of the two traits, for the tests of other crates |
#![warn(missing_docs)]

mod bind;
mod contract;
mod error;
mod identifier;
mod rows;
mod statement;
mod text;

pub use bind::Bind;
#[cfg(feature = "mocks")]
pub use contract::{MockSqlPool, MockSqlSession};
pub use contract::{SessionCapabilities, SqlPool, SqlSession};
pub use error::{Error, Remedy, Result, SqlFault};
pub use identifier::{Identifier, QualifiedName};
pub use rows::{Row, Rows};
pub use statement::Statement;
pub use text::{Slot, SqlText};
