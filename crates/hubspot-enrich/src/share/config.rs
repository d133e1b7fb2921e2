//! Where the share is mounted.

use std::time::Duration;

use snowflake_sql::{Identifier, QualifiedName};

use super::failure::of_sql;
use crate::Result;

/// How fresh the tables are that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ShareSchema {
    /// `V2_DAILY`: tables, refreshed once a day. HubSpot recommends it for queries.
    #[default]
    Daily,
    /// `V2_LIVE`: secure views, refreshed up to every 15 minutes, slower to scan.
    Live,
}

impl ShareSchema {
    /// How old records can be, according to HubSpot.
    pub(super) fn lag(self) -> Duration {
        Duration::from_secs(match self {
            Self::Daily => 24 * 60 * 60,
            Self::Live => 15 * 60,
        })
    }
}

/// Where the share is mounted, and which side of it is read.
#[derive(Debug, Clone)]
pub struct DataShareConfig {
    pub(super) database: Identifier,
    pub(super) schema: ShareSchema,
    /// Secure views in place of the share itself.
    pub(super) is_secured: bool,
}

impl DataShareConfig {
    /// The share under the name that it was mounted by, which is the customer's choice:
    /// there is no default.
    ///
    /// # Errors
    /// `InvalidInput` when it is not an identifier.
    pub fn new(database: &str) -> Result<Self> {
        let database = database
            .parse()
            .map_err(|error| of_sql(error).with_field("database"))?;
        Ok(Self {
            database,
            schema: ShareSchema::default(),
            is_secured: false,
        })
    }

    /// The secure views that `sql/snowflake/setup/05_hubspot_share.sql` makes over the
    /// share (`HUBSPOT_SECURE_SHARE.PUBLIC.DEALS` and others), for roles that may not read
    /// the share itself: privileges on a mounted share are all or nothing.
    /// For callers whose share is of that kind.
    ///
    /// # Errors
    /// None; the signature is that of [`new`](Self::new).
    pub fn secure_views() -> Result<Self> {
        Ok(Self::new("HUBSPOT_SECURE_SHARE")?.over_secure_views())
    }

    /// The database holds secure views in its schema `PUBLIC`.
    pub(super) fn over_secure_views(self) -> Self {
        Self {
            is_secured: true,
            ..self
        }
    }

    /// Which side of the share is read; of secure views, which side they were made over.
    /// They say themselves what they read: here it only decides how old an answer may be
    /// where nothing says how old it is.
    #[must_use]
    pub fn with_schema(mut self, schema: ShareSchema) -> Self {
        self.schema = schema;
        self
    }

    pub(super) fn schema_name(&self) -> &'static str {
        match (self.is_secured, self.schema) {
            (true, _) => "PUBLIC",
            (false, ShareSchema::Daily) => "V2_DAILY",
            (false, ShareSchema::Live) => "V2_LIVE",
        }
    }

    /// The name of a table, given the share's.
    pub(super) fn local_name(&self, table: &str) -> String {
        match self.is_secured {
            false => table.to_owned(),
            true => {
                let table = table.strip_prefix("OBJECTS_").unwrap_or(table);
                table
                    .strip_prefix("ASSOCIATIONS_")
                    .unwrap_or(table)
                    .to_owned()
            }
        }
    }

    /// A table of the share as written in a statement.
    pub(super) fn table(&self, table: &str) -> Result<QualifiedName> {
        Ok(QualifiedName::new([
            self.database.clone(),
            Identifier::stored(self.schema_name()).map_err(of_sql)?,
            Identifier::stored(self.local_name(table)).map_err(of_sql)?,
        ]))
    }
}
