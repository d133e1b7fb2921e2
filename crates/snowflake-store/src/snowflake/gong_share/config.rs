//! Where the share is mounted, and what of it is wanted.

use snowflake_sql::{Identifier, QualifiedName};

use crate::Result;
use crate::snowflake::failure::of_sql;

/// The schema that Gong's pages and everybody's queries name.
const SCHEMA: &str = "GONG_DATA_CLOUD";

/// The system whose records this workspace reads.
const CRM: &str = "HubSpot";

/// Where Gong's own share (Gong Data Cloud) is mounted, and what of it is wanted.
///
/// ```
/// use snowflake_store::GongShareConfig;
///
/// let share = GongShareConfig::new("gong_share")?.with_private_calls(false);
/// assert!(GongShareConfig::new("").is_err());
/// # let _ = share;
/// # Ok::<(), snowflake_store::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct GongShareConfig {
    database: Identifier,
    schema: Identifier,
    crm: String,
    private_calls: bool,
}

impl GongShareConfig {
    /// The share as it is mounted: the name of its database is the customer's choice. A name
    /// is written as in SQL: in quotes where it is not in capitals.
    ///
    /// # Errors
    /// `InvalidInput` when it is no name.
    pub fn new(database: &str) -> Result<Self> {
        Ok(Self {
            database: name("database", database)?,
            schema: Identifier::stored(SCHEMA).map_err(of_sql)?,
            crm: CRM.to_owned(),
            private_calls: false,
        })
    }

    /// Another schema than `GONG_DATA_CLOUD`, such as one of views.
    ///
    /// # Errors
    /// `InvalidInput` when it is no name.
    pub fn with_schema(mut self, schema: &str) -> Result<Self> {
        self.schema = name("schema", schema)?;
        Ok(self)
    }

    /// The CRM that calls are linked with: the share does not name it. Default `HubSpot`.
    ///
    /// For callers that have another one: its records are counted and not joined.
    #[must_use]
    pub fn with_crm(mut self, crm: impl Into<String>) -> Self {
        self.crm = crm.into();
        self
    }

    /// Whether private calls are landed. Default no.
    #[must_use]
    pub fn with_private_calls(mut self, wanted: bool) -> Self {
        self.private_calls = wanted;
        self
    }

    pub(super) fn share(&self) -> QualifiedName {
        QualifiedName::new([self.database.clone(), self.schema.clone()])
    }

    pub(super) fn schema(&self) -> &str {
        self.schema.as_str()
    }

    pub(super) fn catalogue(&self) -> Result<QualifiedName> {
        let stored = |name: &str| Identifier::stored(name).map_err(of_sql);
        let (schema, columns) = (stored("INFORMATION_SCHEMA")?, stored("COLUMNS")?);
        Ok(QualifiedName::new([self.database.clone(), schema, columns]))
    }

    pub(super) fn crm(&self) -> &str {
        &self.crm
    }

    pub(super) fn wants_private_calls(&self) -> bool {
        self.private_calls
    }
}

fn name(field: &'static str, text: &str) -> Result<Identifier> {
    text.parse()
        .map_err(|error| of_sql(error).with_field(field))
}
