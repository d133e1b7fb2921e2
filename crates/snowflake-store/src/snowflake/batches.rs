//! Splits rows into statements by their compressed size.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{Error, Result};

/// A row that is JSON text already.
pub(super) type JsonRow = Box<RawValue>;

/// A row as JSON text.
pub(super) fn row<T: Serialize + ?Sized>(value: &T) -> Result<JsonRow> {
    to_raw_value(value).map_err(|error| {
        Error::new(ErrorKind::Internal, "value cannot be written as JSON").with_source(error)
    })
}

/// Consecutive rows, each part at most `bytes` large by the estimate that
/// [`SnowflakeStoreConfig`](crate::SnowflakeStoreConfig) explains. A row that is larger
/// stands alone.
pub(super) fn by_size(rows: Vec<JsonRow>, bytes: usize) -> Vec<Vec<JsonRow>> {
    let mut batches = Vec::new();
    let mut batch = Vec::new();
    let mut batch_bytes = 0;
    for row in rows {
        let row_bytes = compressed_bytes(row.get());
        if batch_bytes + row_bytes > bytes && !batch.is_empty() {
            batches.push(std::mem::take(&mut batch));
            batch_bytes = 0;
        }
        batch_bytes += row_bytes;
        batch.push(row);
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}

fn compressed_bytes(text: &str) -> usize {
    let mut counter = DeflateEncoder::new(Counter(0), Compression::fast());
    // Counting cannot fail; a count of nothing would only make batches too large.
    match counter
        .write_all(text.as_bytes())
        .and_then(|()| counter.finish())
    {
        Ok(counter) => counter.0,
        Err(_) => text.len(),
    }
}

struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_in_order_and_none_is_lost() {
        let mut random = 7_u64;
        let rows: Vec<JsonRow> = (0..50)
            .map(|number| {
                // Digits that do not compress well.
                let noise: Vec<u64> = (0..number * 4)
                    .map(|_| {
                        random = random
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1);
                        random
                    })
                    .collect();
                row(&(number, noise)).unwrap()
            })
            .collect();
        let texts: Vec<String> = rows.iter().map(|row| row.get().to_owned()).collect();
        let batches = by_size(rows, 2_000);
        assert!(batches.len() > 5);
        for batch in &batches {
            let bytes: usize = batch.iter().map(|row| compressed_bytes(row.get())).sum();
            assert!(bytes <= 2_000 || batch.len() == 1, "{bytes}");
        }
        let cut: Vec<&str> = batches.iter().flatten().map(|row| row.get()).collect();
        assert_eq!(cut, texts);
    }

    #[test]
    fn the_estimate_is_no_smaller_than_the_whole_compressed() {
        let rows: Vec<JsonRow> = (0..200)
            .map(|number| row(&format!("sentence {number} of a call that goes on")).unwrap())
            .collect();
        let sum: usize = rows.iter().map(|row| compressed_bytes(row.get())).sum();
        assert!(sum >= compressed_bytes(&serde_json::to_string(&rows).unwrap()));
    }
}
