//! Rows become columns of a Parquet file.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use gong_snowflake::calls::Decimal;
use gong_snowflake::snowflake_store::{ExportRow, ExportTable, ExportType, ExportValue};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};

use crate::Error;

/// Digits of an amount, and those of them behind the point.
const DIGITS: (u8, i8) = (38, 12);

/// A file that is written beside its place.
pub(crate) struct Writer {
    table: ExportTable,
    schema: SchemaRef,
    writer: ArrowWriter<File>,
    draft: PathBuf,
    path: PathBuf,
    digest: Sha256,
    rows: u64,
}

impl Writer {
    pub(crate) fn create(table: ExportTable, path: &Path) -> Result<Self, Error> {
        let draft = path.with_file_name(".data.parquet.new");
        let file = File::create(&draft).map_err(Error::file(&draft))?;
        let schema = schema(table);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .build();
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties));
        Ok(Self {
            table,
            schema,
            writer: writer.map_err(of(table))?,
            draft,
            path: path.to_owned(),
            digest: Sha256::new(),
            rows: 0,
        })
    }

    pub(crate) fn write(&mut self, rows: &[ExportRow]) -> Result<(), Error> {
        for value in rows.iter().flatten() {
            digest(&mut self.digest, value);
        }
        self.rows += rows.len() as u64;
        let batch = batch(self.table, &self.schema, rows);
        let batch = batch.map_err(|error| of(self.table)(error.into()))?;
        self.writer.write(&batch).map_err(of(self.table))?;
        // A row group for what was read together.
        self.writer.flush().map_err(of(self.table))
    }

    /// Moves the file to its place, unless one of the same rows is there; gives the digest of
    /// the rows and how many there are.
    pub(crate) fn finish(self, there: Option<&String>) -> Result<(String, u64), Error> {
        self.writer.close().map_err(of(self.table))?;
        let digest: String = self
            .digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if there == Some(&digest) && self.path.exists() {
            std::fs::remove_file(&self.draft).map_err(Error::file(&self.draft))?;
        } else {
            std::fs::rename(&self.draft, &self.path).map_err(Error::file(&self.path))?;
        }
        Ok((digest, self.rows))
    }
}

fn of(table: ExportTable) -> impl FnOnce(ParquetError) -> Error {
    move |source| Error::Parquet {
        table: table.name(),
        source,
    }
}

fn digest(hasher: &mut Sha256, value: &ExportValue) {
    let text = match value {
        ExportValue::Text(text) => text.clone(),
        ExportValue::Integer(number) => number.to_string(),
        ExportValue::Float(number) => number.to_string(),
        ExportValue::Boolean(flag) => flag.to_string(),
        ExportValue::Instant(instant) => instant.to_string(),
        ExportValue::Decimal(amount) => amount.to_string(),
        _ => String::new(),
    };
    hasher.update(text.len().to_le_bytes());
    hasher.update(text);
}

fn schema(table: ExportTable) -> SchemaRef {
    let fields = table.columns().iter().map(|(name, kind)| {
        let kind = match kind {
            ExportType::Integer => DataType::Int64,
            ExportType::Float => DataType::Float64,
            ExportType::Boolean => DataType::Boolean,
            // Instants of more digits are cut: most readers know microseconds.
            ExportType::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            ExportType::Decimal => DataType::Decimal128(DIGITS.0, DIGITS.1),
            _ => DataType::Utf8,
        };
        Field::new(name.to_lowercase(), kind, true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn batch(
    table: ExportTable,
    schema: &SchemaRef,
    rows: &[ExportRow],
) -> Result<RecordBatch, ArrowError> {
    let columns = table.columns().iter().enumerate();
    let columns = columns.map(|(place, (_, kind))| {
        let values = rows
            .iter()
            .map(|row| row.get(place).unwrap_or(&ExportValue::Null));
        column(*kind, values)
    });
    RecordBatch::try_new(schema.clone(), columns.collect::<Result<_, _>>()?)
}

/// A column of the values that are of its type; others, which a store never gives, are null.
fn column<'a>(
    kind: ExportType,
    values: impl Iterator<Item = &'a ExportValue>,
) -> Result<ArrayRef, ArrowError> {
    macro_rules! built {
        ($builder:expr, $value:ident => $variant:pat => $content:expr) => {{
            let mut builder = $builder;
            for $value in values {
                match $value {
                    $variant => builder.append_value($content),
                    _ => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }};
    }
    Ok(match kind {
        ExportType::Integer => {
            built!(Int64Builder::new(), value => ExportValue::Integer(number) => *number)
        }
        ExportType::Float => {
            built!(Float64Builder::new(), value => ExportValue::Float(number) => *number)
        }
        ExportType::Boolean => {
            built!(BooleanBuilder::new(), value => ExportValue::Boolean(flag) => *flag)
        }
        ExportType::Instant => {
            let builder = TimestampMicrosecondBuilder::new().with_timezone("UTC");
            built!(builder, value => ExportValue::Instant(instant) => instant.as_microsecond())
        }
        ExportType::Decimal => {
            let builder = Decimal128Builder::new().with_precision_and_scale(DIGITS.0, DIGITS.1)?;
            built!(builder, value => ExportValue::Decimal(amount) => units(*amount))
        }
        _ => built!(StringBuilder::new(), value => ExportValue::Text(text) => text),
    })
}

/// An amount in units of its last digit.
fn units(mut amount: Decimal) -> i128 {
    let digits = u32::try_from(DIGITS.1).unwrap_or_default();
    amount = amount.round_dp(digits);
    amount.mantissa() * 10_i128.pow(digits.saturating_sub(amount.scale()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_digits() {
        let units = |text: &str| units(text.parse().unwrap_or_default());
        assert_eq!(units("1"), 1_000_000_000_000);
        assert_eq!(units("-0.000000000001"), -1);
        assert_eq!(
            units("99999999999999.99"),
            99_999_999_999_999_990_000_000_000
        );
    }
}
