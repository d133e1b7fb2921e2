//! Which columns the share has.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use resilience::ErrorKind;
use snowflake_sql::{Identifier, QualifiedName, Rows, Slot, SqlText, Statement};

use super::DataShare;
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

impl DataShare {
    /// The share's columns, looked up when they were not for a while.
    pub(super) async fn columns(&self) -> Result<Arc<Columns>> {
        let (columns, _) = self.columns.get_or_read(self.probe()).await?;
        Ok(columns)
    }

    /// Runs a statement that is built from the share's columns. One of them may have gone
    /// since they were looked up, as that of a property that is archived does: then they
    /// are looked up again, once.
    pub(super) async fn rows(
        &self,
        statement: impl Fn(&Columns) -> Result<Statement> + Send + Sync,
    ) -> Result<Rows> {
        let columns = self.columns().await?;
        match self.pool.query(&statement(&columns)?).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.columns.forget(&columns).await;
                let columns = self.columns().await?;
                let again = self.pool.query(&statement(&columns)?).await;
                again.map_err(of_sql)
            }
            answer => answer.map_err(of_sql),
        }
    }

    async fn probe(&self) -> Result<Columns> {
        let stored = |name: &str| Identifier::stored(name).map_err(of_sql);
        let catalogue = QualifiedName::new([
            self.config.database.clone(),
            stored("INFORMATION_SCHEMA")?,
            stored("COLUMNS")?,
        ]);
        let text = SqlText::template(
            include_str!("../../sql/columns.sql"),
            &[
                ("catalogue", Slot::Name(&catalogue)),
                ("tables", Slot::Placeholders(TABLES.len())),
            ],
        )
        .map_err(of_sql)?;
        let local = TABLES.map(|table| self.config.local_name(table));
        let statement = Statement::new("share_columns", text)
            .bind(self.config.schema_name())
            .bind_all(local.iter().map(String::as_str));
        let rows = self.pool.query(&statement).await.map_err(of_sql)?;
        let mut columns: HashMap<&'static str, HashSet<String>> = HashMap::new();
        for row in rows.iter() {
            let table = row.required_text("TABLE_NAME").map_err(of_sql)?;
            let column = row.required_text("COLUMN_NAME").map_err(of_sql)?;
            let place = local
                .iter()
                .position(|name| name.eq_ignore_ascii_case(table));
            if let Some(place) = place {
                let known = columns.entry(TABLES[place]).or_default();
                known.insert(column.to_ascii_uppercase());
            }
        }
        let columns = Columns(columns);
        columns.require("OBJECTS_DEALS", &["OBJECTID"])?;
        Ok(columns)
    }
}
