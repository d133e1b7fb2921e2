//! The rows of one request.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use resilience::ErrorKind;

use crate::{Error, Result, Row};

/// Snowflake's limit for a request is 4 MB on the wire. Text of calls compresses
/// to a third or less; half the limit before compression is safe for any text.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The limit that a single row must keep, compressed.
const MOST_COMPRESSED_BYTES: usize = 4 * 1024 * 1024;

/// Rows of one request, compressed once, kept until they are committed.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) body: Vec<u8>,
}

/// The rows behind `latest`.
///
/// # Errors
/// `InvalidInput` when offsets do not rise.
pub(crate) fn in_order(rows: &[Row], latest: Option<u64>) -> Result<&[Row]> {
    if rows
        .windows(2)
        .any(|two| two[0].offset() >= two[1].offset())
    {
        return Err(
            Error::new(ErrorKind::InvalidInput, "offsets must increase strictly")
                .with_field("offset"),
        );
    }
    let new = latest.map_or(0, |latest| {
        rows.partition_point(|row| row.offset() <= latest)
    });
    Ok(&rows[new..])
}

/// Cuts rows into requests.
///
/// # Errors
/// `InvalidInput` when one row is too large for a request.
pub(crate) fn batches(rows: &[Row]) -> Result<Vec<Batch>> {
    let mut batches = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let mut end = start + 1;
        let mut bytes = rows[start].json().len();
        while end < rows.len() && bytes + rows[end].json().len() < MOST_BYTES {
            bytes += rows[end].json().len() + 1;
            end += 1;
        }
        batches.push(batch(&rows[start..end])?);
        start = end;
    }
    Ok(batches)
}

fn batch(rows: &[Row]) -> Result<Batch> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Err(Error::new(ErrorKind::Internal, "a batch without rows"));
    };
    let body = compress(rows).map_err(|error| {
        Error::new(ErrorKind::Internal, "rows cannot be compressed").with_source(error)
    })?;
    if body.len() > MOST_COMPRESSED_BYTES {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "the row at offset {} has {} bytes compressed; a request takes at most \
                 {MOST_COMPRESSED_BYTES}",
                first.offset(),
                body.len(),
            ),
        )
        .with_field("row"));
    }
    Ok(Batch {
        first: first.offset(),
        last: last.offset(),
        body,
    })
}

fn compress(rows: &[Row]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for row in rows {
        encoder.write_all(row.json().as_bytes())?;
        encoder.write_all(b"\n")?;
    }
    encoder.finish()
}
