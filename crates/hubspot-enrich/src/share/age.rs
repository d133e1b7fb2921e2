//! How old the share's tables are.

use jiff::Timestamp;
use resilience::ErrorKind;
use snowflake_sql::{Identifier, Slot, SqlText, Statement};

use super::failure::of_sql;
use super::{DataShare, ShareSchema};
use crate::{Error, Result, property};

/// When HubSpot put a row into the share.
const INGESTED: &str = "INGESTEDAT";

/// Tables that follow daily, whichever side of the share is read.
const DAILY: [&str; 2] = ["PIPELINE_STAGES", "OWNERS"];

impl DataShare {
    /// A time at which HubSpot had what a table says, given when it is read: when its last
    /// row came, or where it does not say, the time before which it cannot have been filled.
    pub(super) async fn as_of(&self, table: &'static str, read_at: Timestamp) -> Result<Timestamp> {
        let ingested = match self.ingested.get(table) {
            Some(kept) if self.columns().await?.has(table, INGESTED) => {
                let (ingested, _) = kept.get_or_read(self.last_ingestion(table)).await?;
                *ingested
            }
            _ => None,
        };
        let schema = match DAILY.contains(&table) {
            true => ShareSchema::Daily,
            false => self.config.schema,
        };
        Ok(match ingested {
            Some(ingested) => ingested.min(read_at),
            None => read_at.checked_sub(schema.lag()).unwrap_or(read_at),
        })
    }

    /// `None` for an empty table.
    async fn last_ingestion(&self, table: &'static str) -> Result<Option<Timestamp>> {
        let ingested = Identifier::stored(INGESTED).map_err(of_sql)?;
        let name = self.config.table(table)?;
        let text = SqlText::template(
            include_str!("../../sql/last_ingestion.sql"),
            &[
                ("ingested", Slot::Identifier(&ingested)),
                ("table", Slot::Name(&name)),
            ],
        );
        let statement = Statement::new("share_last_ingestion", text.map_err(of_sql)?);
        let rows = self.pool.query(&statement).await.map_err(of_sql)?;
        let Some(row) = rows.iter().next() else {
            return Ok(None);
        };
        let raw = row.text("LAST_INGESTION").map_err(of_sql)?;
        match property::instant(raw) {
            property::Property::Absent => Ok(None),
            property::Property::Value(at) => Ok(Some(at)),
            property::Property::Unreadable { .. } => {
                let message = format!("data share: {INGESTED} of {table} is not an instant");
                Err(Error::new(ErrorKind::Decode, message))
            }
        }
    }
}
