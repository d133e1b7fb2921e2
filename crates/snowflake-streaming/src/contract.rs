//! The contract of every channel.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::{Result, Row};

/// A way for rows into one table, in order and exactly once.
///
/// # Contract
/// - **Offsets** rise strictly within a call of [`append`](Self::append). Rows at or
///   below the highest offset that was appended are left out, so that a caller who
///   starts again may send what it is not sure of.
/// - **Durability**: a row is in the table once [`committed`](Self::committed) has
///   reached its offset, and [`flush`](Self::flush) waits for that. Until then the
///   channel keeps it, and sends it again after a failure.
/// - **Errors** that come out are final for now: a channel retries what passes. After
///   one, rows that are not committed may be appended again.
/// - **Rejected rows**: a row that Snowflake takes and cannot put into the table
///   (a wrong type) is an error of kind `InvalidInput` on the field `row`, naming the
///   offset up to which it is. The call that finds it tells it, once; the row is not
///   in the table although offsets pass it, and the rows around it are kept.
/// - **One writer**: opening a channel takes it away from whoever has it open.
/// - **Dropping** a future loses nothing that the caller cannot append again.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RowChannel: Debug + Send + Sync + 'static {
    /// The offset up to which rows are committed, as far as is known here; `None`
    /// when none ever was.
    fn committed(&self) -> Option<u64>;

    /// Appends rows; returns how many were not left out.
    async fn append(&mut self, rows: &[Row]) -> Result<usize>;

    /// Waits until everything that was appended is committed, and returns
    /// [`committed`](Self::committed).
    async fn flush(&mut self) -> Result<Option<u64>>;
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<C: RowChannel + ?Sized> RowChannel for Box<C> {
    fn committed(&self) -> Option<u64> {
        (**self).committed()
    }

    async fn append(&mut self, rows: &[Row]) -> Result<usize> {
        (**self).append(rows).await
    }

    async fn flush(&mut self) -> Result<Option<u64>> {
        (**self).flush().await
    }
}
