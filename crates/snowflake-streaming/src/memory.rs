//! A channel that writes to memory.

use async_trait::async_trait;

use crate::batch::in_order;
use crate::{Result, Row, RowChannel};

/// A channel into memory, which commits at once: for tests and examples.
#[derive(Debug, Default)]
pub struct InMemoryChannel {
    rows: Vec<Row>,
}

impl InMemoryChannel {
    /// What was appended.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

#[async_trait]
impl RowChannel for InMemoryChannel {
    fn committed(&self) -> Option<u64> {
        self.rows.last().map(Row::offset)
    }

    async fn append(&mut self, rows: &[Row]) -> Result<usize> {
        let new = in_order(rows, self.committed())?;
        self.rows.extend_from_slice(new);
        Ok(new.len())
    }

    async fn flush(&mut self) -> Result<Option<u64>> {
        Ok(self.committed())
    }
}
