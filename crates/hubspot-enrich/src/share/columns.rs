//! Which columns the share has.

use std::collections::{HashMap, HashSet};

use resilience::ErrorKind;
use snowflake_sql::Identifier;

use super::failure::of_sql;
use crate::{Error, Result};

/// Every table that is read, by the share's name.
pub(super) const TABLES: [&str; 11] = [
    "OBJECTS_DEALS",
    "OBJECTS_CONTACTS",
    "OBJECTS_COMPANIES",
    "ASSOCIATIONS_DEALS_TO_CONTACTS",
    "ASSOCIATIONS_CONTACTS_TO_DEALS",
    "ASSOCIATIONS_DEALS_TO_COMPANIES",
    "ASSOCIATIONS_COMPANIES_TO_DEALS",
    "ASSOCIATIONS_CONTACTS_TO_COMPANIES",
    "ASSOCIATIONS_COMPANIES_TO_CONTACTS",
    "PIPELINE_STAGES",
    "OWNERS",
];

/// Columns by table, both by the share's names in upper case.
#[derive(Debug)]
pub(super) struct Columns(HashMap<&'static str, HashSet<String>>);

impl Columns {
    pub(super) fn of(columns: HashMap<&'static str, HashSet<String>>) -> Self {
        Self(columns)
    }

    /// Whether a table has a column.
    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.0
            .get(table)
            .is_some_and(|columns| columns.contains(column))
    }

    /// Whether there is such a table.
    pub(super) fn has_table(&self, table: &str) -> bool {
        self.0.contains_key(table)
    }

    /// # Errors
    /// `Config`, naming the table, when the share lacks it or a column without which
    /// nothing can be read.
    pub(super) fn require(&self, table: &'static str, columns: &[&str]) -> Result<()> {
        let refuse = |what: String| {
            Err(Error::new(
                ErrorKind::Config,
                format!("data share: {what}; is it the share, and may the role read it?"),
            )
            .with_field("database"))
        };
        if !self.has_table(table) {
            return refuse(format!("there is no {table}"));
        }
        match columns.iter().find(|column| !self.has(table, column)) {
            Some(column) => refuse(format!("{table} has no column {column}")),
            None => Ok(()),
        }
    }

    /// Those of `wanted` that a table has.
    pub(super) fn present(
        &self,
        table: &str,
        wanted: impl IntoIterator<Item = String>,
    ) -> Result<Vec<Identifier>> {
        let present = wanted.into_iter().filter(|column| self.has(table, column));
        present
            .map(|column| Identifier::stored(column).map_err(of_sql))
            .collect()
    }
}
