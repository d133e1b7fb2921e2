//! HubSpot's Snowflake data share, read by SQL.

mod associations;
mod catalogue;
mod columns;
mod config;
mod failure;
mod keys;
mod kind;
mod records;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId, Stage,
};
use snowflake_sql::SqlPool;
use tokio::sync::OnceCell;

pub use config::{DataShareConfig, ShareSchema};

use crate::{Batch, CrmCapabilities, CrmSource, Result, match_key};
use columns::Columns;

/// HubSpot's Snowflake data share.
///
/// HubSpot owns the data; the customer mounts it under a name of their choice and pays
/// for the queries alone. What it is, as far as is known without a live portal:
///
/// - One column a property (`PROPERTY_DEALNAME`), hundreds of them. A property that is
///   archived in HubSpot loses its column, and a statement that names it then fails as
///   a whole: columns are looked up once, and what is there is asked for.
/// - Columns have the property's type; text that does not fit stands in
///   `PROPERTY_UNPARSED_<NAME>` and comes out as an
///   [unreadable value](crate::UnreadableValue).
/// - No archived and no merged records: such ids are missing.
/// - `V2_DAILY` is up to a day old, `V2_LIVE` up to 15 minutes, but for stages and
///   owners, which follow daily in both.
/// - Further addresses of contacts are not looked at: a contact is found by its main one.
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
    /// Looked up with the first request; what changes in HubSpot later is seen by the
    /// next program.
    columns: OnceCell<Columns>,
}

impl DataShare {
    /// A source that reads the share through `pool`.
    pub fn new(pool: Arc<dyn SqlPool>, config: DataShareConfig) -> Self {
        Self {
            pool,
            config,
            columns: OnceCell::new(),
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
            max_lag: Some(match self.config.schema {
                ShareSchema::Daily => Duration::from_secs(24 * 60 * 60),
                ShareSchema::Live => Duration::from_secs(15 * 60),
            }),
            ..CrmCapabilities::default()
        }
    }

    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>> {
        let mut batch = self.by_id::<Deal>(ids).await?;
        self.fill_associations(&mut batch.found).await?;
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

    async fn stages(&self) -> Result<Vec<Stage>> {
        self.all_stages().await
    }
}
