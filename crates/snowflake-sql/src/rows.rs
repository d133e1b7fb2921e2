//! What a statement returned.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use resilience::ErrorKind;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// All rows of one statement, in its order.
///
/// Cells are text in one spelling for every driver: booleans `true` and `false`,
/// instants RFC 3339 in UTC (a TIMESTAMP_NTZ counts as UTC), dates `2026-08-01`,
/// numbers in decimal digits, VARIANT, OBJECT, ARRAY and VECTOR as JSON, BINARY in
/// hexadecimal.
#[derive(Clone, PartialEq, Default)]
pub struct Rows {
    columns: Arc<Columns>,
    rows: Vec<Vec<Option<String>>>,
    query_id: Option<String>,
}

#[derive(Debug, PartialEq, Default)]
struct Columns {
    places: HashMap<String, usize>,
    names: Vec<String>,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows")
            .field("columns", &self.columns.names)
            .field("rows", &self.rows.len())
            .field("query_id", &self.query_id)
            .finish()
    }
}

impl Rows {
    /// Rows under column names; every row has as many cells as there are columns.
    ///
    /// # Errors
    /// `Decode` when a row does not.
    pub fn new(
        columns: impl IntoIterator<Item = impl Into<String>>,
        rows: Vec<Vec<Option<String>>>,
        query_id: Option<String>,
    ) -> Result<Self> {
        let names: Vec<String> = columns.into_iter().map(Into::into).collect();
        if rows.iter().any(|row| row.len() != names.len()) {
            return Err(Error::new(
                ErrorKind::Decode,
                "a row does not have as many cells as there are columns",
            ));
        }
        // Of two columns of one name the first answers.
        let places = names
            .iter()
            .enumerate()
            .rev()
            .map(|(place, name)| (name.to_ascii_uppercase(), place))
            .collect();
        Ok(Self {
            columns: Arc::new(Columns { places, names }),
            rows,
            query_id,
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Names of the columns, as the server spells them.
    pub fn columns(&self) -> &[String] {
        &self.columns.names
    }

    /// Snowflake's id of the query.
    pub fn query_id(&self) -> Option<&str> {
        self.query_id.as_deref()
    }

    /// The rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row {
            columns: &self.columns,
            cells,
        })
    }

    /// The first row.
    pub fn first(&self) -> Option<Row<'_>> {
        self.iter().next()
    }

    /// Rows that a DML statement inserted, updated and deleted together: the sum of
    /// the columns `number of rows …` of its reply. 0 for other statements.
    pub fn affected(&self) -> u64 {
        let Some(row) = self.first() else { return 0 };
        self.columns
            .names
            .iter()
            .zip(row.cells)
            .filter(|(name, _)| name.to_ascii_lowercase().starts_with("number of rows"))
            .filter_map(|(_, cell)| cell.as_deref()?.parse::<u64>().ok())
            .sum()
    }

    /// Bytes of all cells.
    pub fn bytes(&self) -> u64 {
        let cells = self.rows.iter().flatten().flatten();
        cells.map(|cell| cell.len() as u64).sum()
    }
}

/// One row. Columns are named in any case; NULL is `None`.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    columns: &'a Columns,
    cells: &'a [Option<String>],
}

impl std::fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row")
            .field("columns", &self.columns.names)
            .finish_non_exhaustive()
    }
}

impl<'a> Row<'a> {
    /// The cell's text.
    ///
    /// # Errors
    /// `Decode` naming the column when there is no such column; so in all getters.
    pub fn text(&self, column: &str) -> Result<Option<&'a str>> {
        let place = match self.columns.places.get(column) {
            Some(place) => Some(*place),
            None => self
                .columns
                .places
                .get(&column.to_ascii_uppercase())
                .copied(),
        };
        match place.and_then(|place| self.cells.get(place)) {
            Some(cell) => Ok(cell.as_deref()),
            None => Err(unreadable(column, "is not among the columns")),
        }
    }

    /// The cell's text, which must not be NULL.
    ///
    /// # Errors
    /// `Decode` naming the column.
    pub fn required_text(&self, column: &str) -> Result<&'a str> {
        self.text(column)?
            .ok_or_else(|| unreadable(column, "is NULL"))
    }

    /// A whole number; one with a fraction of zeros counts.
    pub fn integer(&self, column: &str) -> Result<Option<i64>> {
        self.read(column, "is not a whole number", |text| {
            text.parse().ok().or_else(|| {
                let number = text.parse::<Decimal>().ok()?;
                number
                    .is_integer()
                    .then(|| i64::try_from(number).ok())
                    .flatten()
            })
        })
    }

    /// A floating-point number.
    pub fn float(&self, column: &str) -> Result<Option<f64>> {
        self.read(column, "is not a number", |text| text.parse().ok())
    }

    /// A decimal number.
    pub fn decimal(&self, column: &str) -> Result<Option<Decimal>> {
        self.read(column, "is not a decimal number", |text| {
            Decimal::from_str(text)
                .or_else(|_| Decimal::from_scientific(text))
                .ok()
        })
    }

    /// A boolean, also one that came as `1` or `0`.
    pub fn boolean(&self, column: &str) -> Result<Option<bool>> {
        self.read(column, "is not a boolean", |text| {
            match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            }
        })
    }

    /// An instant.
    pub fn timestamp(&self, column: &str) -> Result<Option<Timestamp>> {
        self.read(column, "is not an instant", |text| text.parse().ok())
    }

    /// A JSON value of any shape.
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>> {
        self.read(column, "is not the expected JSON", |text| {
            serde_json::from_str(text).ok()
        })
    }

    fn read<T>(
        &self,
        column: &str,
        why: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        match self.text(column)? {
            None => Ok(None),
            Some(text) => parse(text).map(Some).ok_or_else(|| unreadable(column, why)),
        }
    }
}

/// The cell itself is not shown: it may hold what somebody said.
fn unreadable(column: &str, why: &str) -> Error {
    Error::new(ErrorKind::Decode, why).with_field(column)
}
