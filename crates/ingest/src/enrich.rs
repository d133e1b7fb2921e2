//! The business context of calls, mirrored from a CRM into the store.

use std::collections::BTreeSet;
use std::sync::Arc;

use calls::{CompanyId, ContactId, Timestamp};
use hubspot_enrich::CrmSource;
use serde::Serialize;
use snowflake_store::{CallStore, CrmSnapshot};

use crate::Result;

/// Records of one kind that are read and stored at once: HubSpot's batch size.
const BATCH: usize = 100;

/// Mirrors the CRM records that calls refer to.
#[derive(Debug, Clone)]
pub struct Enricher {
    crm: Arc<dyn CrmSource>,
    store: Arc<dyn CallStore>,
}

/// What was mirrored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EnrichmentReport {
    /// Deals stored.
    pub deals: u64,
    /// Contacts stored.
    pub contacts: u64,
    /// Companies stored.
    pub companies: u64,
    /// Records that calls refer to and the CRM does not have (any more).
    pub missing: u64,
}

impl Enricher {
    /// An enricher from a CRM into a store.
    pub fn new(crm: Arc<dyn CrmSource>, store: Arc<dyn CallStore>) -> Self {
        Self { crm, store }
    }

    /// Mirrors what calls refer to and the store lacks, or has only from before
    /// `older_than`: deals, and contacts and companies of calls and of those deals.
    ///
    /// # Errors
    /// The CRM's or the store's; what was stored before stays.
    pub async fn enrich(&self, older_than: Timestamp) -> Result<EnrichmentReport> {
        let mut report = EnrichmentReport::default();
        let wanted = self.store.crm_wanted(older_than, usize::MAX).await?;
        let mut contacts: BTreeSet<ContactId> = wanted.contacts.into_iter().collect();
        let mut companies: BTreeSet<CompanyId> = wanted.companies.into_iter().collect();

        let stages = if wanted.deals.is_empty() {
            Vec::new()
        } else {
            self.crm.stages().await?
        };
        for ids in wanted.deals.chunks(BATCH) {
            let mut batch = self.crm.deals(ids).await?;
            hubspot_enrich::resolve_stage_labels(&mut batch.found, &stages);
            for deal in &batch.found {
                contacts.extend(deal.contact_ids.iter().cloned());
                companies.extend(deal.company_ids.iter().cloned());
            }
            report.deals += batch.found.len() as u64;
            report.missing += batch.missing.len() as u64;
            let snapshot = CrmSnapshot {
                deals: batch.found,
                stages: stages.clone(),
                read_at: batch.read_at,
                ..CrmSnapshot::default()
            };
            self.store.save_crm(&snapshot).await?;
        }
        let contacts: Vec<ContactId> = contacts.into_iter().collect();
        for ids in contacts.chunks(BATCH) {
            let batch = self.crm.contacts(ids).await?;
            companies.extend(
                batch
                    .found
                    .iter()
                    .filter_map(|contact| contact.company_id.clone()),
            );
            report.contacts += batch.found.len() as u64;
            report.missing += batch.missing.len() as u64;
            let snapshot = CrmSnapshot {
                contacts: batch.found,
                read_at: batch.read_at,
                ..CrmSnapshot::default()
            };
            self.store.save_crm(&snapshot).await?;
        }
        let companies: Vec<CompanyId> = companies.into_iter().collect();
        for ids in companies.chunks(BATCH) {
            let batch = self.crm.companies(ids).await?;
            report.companies += batch.found.len() as u64;
            report.missing += batch.missing.len() as u64;
            let snapshot = CrmSnapshot {
                companies: batch.found,
                read_at: batch.read_at,
                ..CrmSnapshot::default()
            };
            self.store.save_crm(&snapshot).await?;
        }
        Ok(report)
    }
}
