//! HubSpot's CRM over its REST API.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId, Stage,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use resilience::ErrorKind;

use crate::aged::Aged;
use crate::stage_dates::DatedStages;
use crate::{Batch, CrmCapabilities, CrmSource, Error, Result, StageCatalogue};

mod associations;
mod batch_reply;
mod catalogue;
mod config;
mod environment;
mod failure;
mod http;
mod keys;
mod object_kind;
mod objects;
mod search;
mod sifting;
mod stats;
mod token;
mod wire;

pub use config::{ApiVersion, HubSpotConfig};
pub use stats::HubSpotStats;
pub use token::AccessToken;

use http::Http;
use object_kind::ObjectKind;

/// HubSpot's CRM over its REST API, in dated versions.
///
/// It keeps to HubSpot's limits on its own side, waits where HubSpot asks it to, tries
/// again what usually passes, and turns the rest into errors that name the cause and
/// HubSpot's correlation id. Cheap to share in an `Arc`; the limits hold for all who
/// share it.
///
/// # What a request costs
/// N deals take ⌈N/100⌉ + 2·⌈N/1000⌉ requests (their associations with contacts and with
/// companies are read with them), contacts and companies by id ⌈N/100⌉ each, contacts by
/// address ⌈N/100⌉ and a search for every five that are left, companies by domain a search
/// for every fifty, stages one, owners one for every hundred that the account has. So one
/// large request is cheaper than many small ones. Stages and owners are kept for
/// [`with_catalogue_max_age`](HubSpotConfig::with_catalogue_max_age).
///
/// # Where it differs
/// - Ids that were merged away are resolved. Archived records are missing unless
///   [configured](HubSpotConfig::with_archived); owners who left are found.
/// - Ids that are not numbers, such as another CRM's, are missing without asking, and keys
///   that HubSpot calls invalid after asking: they do not stop the rest.
/// - Search, and with it [`companies_by_domain`](CrmSource::companies_by_domain), lags
///   behind edits by seconds.
///
/// ```no_run
/// use hubspot_enrich::{CrmSource, HubSpotApi, HubSpotConfig};
///
/// # async fn example() -> Result<(), hubspot_enrich::Error> {
/// let hubspot = HubSpotApi::new(HubSpotConfig::from_env()?)?;
/// let batch = hubspot.deals(&["9000000001".into()]).await?;
/// println!("{} found, {:?}", batch.found.len(), hubspot.stats());
/// # Ok(())
/// # }
/// ```
pub struct HubSpotApi {
    http: Http,
    stages: Aged<Vec<Stage>>,
    dated: DatedStages,
    owners: Aged<HashMap<OwnerId, Owner>>,
    archived_owners: Aged<HashMap<OwnerId, Owner>>,
}

impl HubSpotApi {
    /// A client for one account. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) when TLS cannot be set up.
    pub fn new(config: HubSpotConfig) -> Result<Self> {
        let max_age = config.catalogue_max_age;
        Ok(Self {
            http: Http::new(config)?,
            stages: Aged::new(max_age),
            dated: DatedStages::new(),
            owners: Aged::new(max_age),
            archived_owners: Aged::new(max_age),
        })
    }

    /// What it has done so far.
    pub fn stats(&self) -> HubSpotStats {
        self.http.stats()
    }

    /// Runs requests, a few at a time, and gives their answers in order.
    async fn all<T>(&self, requests: Vec<impl Future<Output = Result<T>>>) -> Result<Vec<T>> {
        stream::iter(requests)
            .buffered(self.http.config.concurrency)
            .try_collect()
            .await
    }
}

#[async_trait]
impl CrmSource for HubSpotApi {
    fn name(&self) -> &str {
        "hubspot-api"
    }

    fn capabilities(&self) -> CrmCapabilities {
        CrmCapabilities {
            resolves_merged: true,
            finds_archived: self.http.config.finds_archived,
            finds_archived_owners: true,
            matches_secondary_emails: self.http.config.searches_secondary_emails,
            reads_a_copy: false,
            max_lag: Some(SEARCH_LAG),
            catalogue_max_lag: Some(self.http.config.catalogue_max_age),
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
        self.contacts_by_address(emails).await
    }

    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
        self.by_id(ids).await
    }

    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>> {
        self.companies_by_web_domain(domains).await
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
        match (ObjectKind::of(from), ObjectKind::of(to)) {
            (Some(from), Some(to)) if from != to => self.associated(from, ids, to).await,
            _ => {
                let message = format!("associations of {from} with {to} are not supported");
                Err(Error::new(ErrorKind::Unsupported, message))
            }
        }
    }

    async fn stages(&self) -> Result<StageCatalogue> {
        let (stages, read_at) = self.stages.get_or_read(self.read_stages()).await?;
        let undated = self.dated.remember(&stages);
        let mut catalogue = StageCatalogue::new(stages.to_vec(), read_at);
        catalogue.undated = undated;
        Ok(catalogue)
    }
}

/// How far search may lag behind edits; HubSpot names no number.
const SEARCH_LAG: Duration = Duration::from_secs(60);

impl fmt::Debug for HubSpotApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubSpotApi")
            .field("base_url", &self.http.config.base_url.as_str())
            .field("api_version", &self.http.config.api_version)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
