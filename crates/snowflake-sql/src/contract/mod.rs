//! The traits that every way to Snowflake implements.

mod capabilities;
mod pool;
mod session;

pub use capabilities::SessionCapabilities;
pub use pool::SqlPool;
pub use session::SqlSession;
#[cfg(feature = "mocks")]
pub use {pool::MockSqlPool, session::MockSqlSession};
