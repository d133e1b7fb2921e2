//! Statements that are built from the columns that the share has.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use resilience::ErrorKind;
use snowflake_sql::{Identifier, QualifiedName, Rows, Slot, SqlText, Statement};

use super::DataShare;
use super::columns::{Columns, TABLES};
use super::failure::of_sql;
use crate::Result;

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
        let columns = Columns::of(columns);
        columns.require("OBJECTS_DEALS", &["OBJECTID"])?;
        Ok(columns)
    }
}
