//! HubSpot's Snowflake data share, read by SQL.

mod age;
mod associations;
mod catalogue;
mod columns;
mod config;
mod environment;
mod failure;
mod keys;
mod kind;
mod lookup;
mod records;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId,
};
use jiff::Timestamp;
use snowflake_sql::SqlPool;

pub use config::{DataShareConfig, ShareSchema};

use crate::aged::Aged;
use crate::stage_dates::DatedStages;
use crate::{Batch, CrmCapabilities, CrmSource, Result, StageCatalogue, match_key};
use columns::{Columns, TABLES};

/// HubSpot's Snowflake data share.
///
/// HubSpot owns the data; the customer mounts it under a name of their choice and pays
/// for the queries alone. What it is, as far as is known without a live portal:
///
/// - One column per property (`PROPERTY_DEALNAME`), hundreds of them. A property that is
///   archived in HubSpot loses its column, and a statement that names it then fails as
///   a whole: columns are looked up first, every hour and when one has gone, and what is
///   there is asked for. Without the flags of closed and won deals none are read.
/// - Columns have the property's type; text that does not fit stands in
///   `PROPERTY_UNPARSED_<NAME>` and comes out as an
///   [unreadable value](crate::UnreadableValue).
/// - No archived records: such ids are missing. Merged ones are found by what survived them,
///   where the share has `PROPERTY_HS_MERGED_OBJECT_IDS`; without it they are missing too.
/// - `V2_DAILY` is up to a day old, `V2_LIVE` up to 15 minutes, but for stages and
///   owners, which follow daily in both. [`Batch::as_of`] says how old an answer is: the
///   latest `INGESTEDAT` of its tables, and where they have none, the age that they may
///   have at most.
/// - Former owners are found as far as `OWNERS` keeps them.
/// - A contact is found by its secondary addresses where the share has
///   `PROPERTY_HS_ADDITIONAL_EMAILS`.
/// - Dates of stages stand in columns that are named after the stage's id. Nobody documents the names for ids
///   with capitals or hyphens: [`StageCatalogue::undated`] lists such stages.
///
/// ```no_run
/// # async fn demo(pool: std::sync::Arc<dyn snowflake_sql::SqlPool>) -> Result<(), hubspot_enrich::Error> {
/// use hubspot_enrich::{CrmSource, DataShare, DataShareConfig};
///
/// let share = DataShare::new(pool, DataShareConfig::new("HUBSPOT_SHARE")?);
/// let deals = share.deals(&["9012345678".into()]).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct DataShare {
    pool: Arc<dyn SqlPool>,
    config: DataShareConfig,
    columns: Aged<Columns>,
    dated: DatedStages,
    /// By table, when what it has was last taken from HubSpot.
    ingested: HashMap<&'static str, Aged<Option<Timestamp>>>,
}

/// How long it takes until a property that is new in HubSpot is read.
const COLUMNS_MAX_AGE: Duration = Duration::from_secs(60 * 60);
/// How long the time of the last ingestion is kept. It only moves on, so that keeping it
/// makes an answer seem older than it is and never younger.
const INGESTED_MAX_AGE: Duration = Duration::from_secs(10 * 60);

impl DataShare {
    /// A source that reads the share through `pool`.
    pub fn new(pool: Arc<dyn SqlPool>, config: DataShareConfig) -> Self {
        Self {
            pool,
            config,
            columns: Aged::new(COLUMNS_MAX_AGE),
            dated: DatedStages::new(),
            ingested: TABLES
                .into_iter()
                .map(|table| (table, Aged::new(INGESTED_MAX_AGE)))
                .collect(),
        }
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl CrmSource for DataShare {
    fn name(&self) -> &str {
        "hubspot data share"
    }

    fn capabilities(&self) -> CrmCapabilities {
        CrmCapabilities {
            resolves_merged: true,
            matches_secondary_emails: true,
            reads_a_copy: true,
            finds_archived_owners: true,
            max_lag: Some(self.config.schema.lag()),
            catalogue_max_lag: Some(ShareSchema::Daily.lag()),
            ..CrmCapabilities::default()
        }
    }

    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>> {
        let mut batch = self.by_id::<Deal>(ids).await?;
        self.fill_associations(&mut batch).await?;
        Ok(batch)
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>> {
        self.by_id(ids).await
    }

    async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>> {
        self.by_key(emails, &keys::EMAIL, match_key::email).await
    }

    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
        self.by_id(ids).await
    }

    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>> {
        self.by_key(domains, &keys::DOMAIN, match_key::domain).await
    }

    async fn owners(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>> {
        self.owners_by_id(ids).await
    }

    async fn associations(
        &self,
        from: &CrmObjectKind,
        ids: &[String],
        to: &CrmObjectKind,
    ) -> Result<Batch<Association, String>> {
        self.associated(from, ids, to).await
    }

    async fn stages(&self) -> Result<StageCatalogue> {
        self.all_stages().await
    }
}
