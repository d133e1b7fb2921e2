//! The business context of calls, mirrored from a CRM into the store.

mod chunks;
mod matching;
mod public_mail;
mod report;

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use calls::{Deal, DealId, Timestamp};
use hubspot_enrich::{Batch, CrmSource};
use resilience::ErrorKind;
use snowflake_store::{
    CallStore, CrmMatch, CrmSnapshot, Gone, GoneRecords, MatchReason, UnlinkedCall,
};
use tracing::Instrument;

use crate::{Error, Result};
use chunks::{CHUNK, distinct};
use matching::KnownRecords;
pub use report::EnrichmentReport;

/// Mirrors the CRM records that calls refer to, and finds those of calls that Gong links
/// to nothing.
///
/// # Requests
/// Ids are collected over all calls first, so each request covers a hundred records
/// that are missing or old, and nothing else: without news, a run sends no request. Ids that
/// the CRM does not have count as requested.
///
/// # Matching
/// A call without CRM context gets the contacts that have the e-mail addresses of its
/// external participants, and their companies; failing that, the companies that have the
/// domains of those addresses (never a public mail domain). It gets a deal when exactly one
/// was live at the time of the call among the contacts' deals, else among the
/// companies'; of several live ones, the one that most of the contacts share. On a tie, the
/// call gets none.
///
/// Addresses in the domains of colleagues belong to colleagues, whatever Gong calls
/// them, and match nothing.
///
/// # Stops and crashes
/// What was stored stays, and the next run requests the rest. A refusal by the CRM
/// (a missing scope, an input that it cannot take) stops only the part that
/// needed it: deals that Gong links are mirrored even if the key may not search contacts.
#[derive(Debug, Clone)]
pub struct Enricher {
    crm: Arc<dyn CrmSource>,
    store: Arc<dyn CallStore>,
}

impl Enricher {
    /// An enricher from a CRM into a store.
    pub fn new(crm: Arc<dyn CrmSource>, store: Arc<dyn CallStore>) -> Self {
        Self { crm, store }
    }

    /// Mirrors what calls refer to and was not requested since `older_than`: deals, and
    /// contacts, companies and owners of calls and of those deals. Also matches calls that
    /// were not matched since.
    ///
    /// # Errors
    /// The CRM's or the store's; what was stored before stays. A refusal that concerns one
    /// part is returned when the others are done; of several, the first.
    pub async fn enrich(&self, older_than: Timestamp) -> Result<EnrichmentReport> {
        let span = tracing::info_span!("enrich");
        self.enrich_all(older_than).instrument(span).await
    }

    async fn enrich_all(&self, older_than: Timestamp) -> Result<EnrichmentReport> {
        let mut run = Run {
            crm: &*self.crm,
            store: &*self.store,
            older_than,
            report: EnrichmentReport::default(),
            refused: None,
            deals_as_of: None,
        };
        let done = run.deals_and_matches().await;
        run.unless_refused(done)?;
        // What deals refer to is known only now, and what contacts refer to after those.
        let done = run.contacts().await;
        run.unless_refused(done)?;
        let done = run.companies_and_owners().await;
        run.unless_refused(done)?;
        match run.refused {
            None => Ok(run.report),
            Some(error) => Err(error),
        }
    }
}

struct Run<'a> {
    crm: &'a dyn CrmSource,
    store: &'a dyn CallStore,
    older_than: Timestamp,
    report: EnrichmentReport,
    /// The first refusal of a part.
    refused: Option<Error>,
    /// The instant that the deals which were read are at least as fresh as.
    deals_as_of: Option<Timestamp>,
}

impl Run<'_> {
    /// Keeps a refusal that other parts may not meet for the end; any other error would
    /// meet them too.
    fn unless_refused<T>(&mut self, outcome: Result<T>) -> Result<Option<T>> {
        match outcome {
            Ok(done) => Ok(Some(done)),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Permission | ErrorKind::InvalidInput | ErrorKind::Unsupported
                ) =>
            {
                self.refused.get_or_insert(error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn deals_and_matches(&mut self) -> Result<()> {
        let wanted = self.store.crm_wanted(self.older_than, usize::MAX).await?;
        self.report.other_systems = wanted.other_systems;
        let matched_at = Timestamp::now();
        let looked_up = KnownRecords::look_up(self.crm, &wanted.unlinked).await;
        let looked_up = self.unless_refused(looked_up)?;
        let was_refused = looked_up.is_none();
        let known = looked_up.unwrap_or_default();
        self.report.note_unreadable(&known.unreadable);
        let candidates: HashSet<&DealId> = known.deals().collect();
        let ids = distinct(wanted.deals.iter().chain(known.deals()));
        let wanted_deals: HashSet<&DealId> = wanted.deals.iter().collect();

        let mut live: HashMap<DealId, Deal> = HashMap::new();
        let mut stages = Vec::new();
        if !ids.is_empty() {
            let catalogue = self.crm.stages().await?;
            self.store_stages(&catalogue).await?;
            let undated = catalogue.undated.iter();
            self.report.stages_without_dates = undated.map(ToString::to_string).collect();
            stages = catalogue.stages;
        }
        for ids in ids.chunks(CHUNK) {
            let mut batch = self.crm.deals(ids).await?;
            hubspot_enrich::resolve_stage_labels(&mut batch.found, &stages);
            let of_interest = batch
                .found
                .iter()
                .filter(|deal| candidates.contains(&deal.id));
            live.extend(of_interest.map(|deal| (deal.id.clone(), deal.clone())));
            // Deals that nobody but a candidate list named are mirrored when they are chosen.
            let survivors: HashSet<DealId> = batch
                .merged
                .iter()
                .filter(|pair| wanted_deals.contains(&pair.asked))
                .map(|pair| pair.survivor.clone())
                .collect();
            batch.missing.retain(|id| wanted_deals.contains(id));
            batch
                .found
                .retain(|deal| wanted_deals.contains(&deal.id) || survivors.contains(&deal.id));
            self.report.deals += batch.found.len() as u64;
            let earlier = self.deals_as_of.unwrap_or(batch.as_of);
            self.deals_as_of = Some(earlier.min(batch.as_of));
            let snapshot = CrmSnapshot {
                gone: GoneRecords {
                    deals: self.gone(&batch),
                    ..GoneRecords::default()
                },
                deals: batch.found,
                read_at: batch.read_at,
                as_of: Some(batch.as_of),
                ..CrmSnapshot::default()
            };
            self.store.save_crm(&snapshot).await?;
        }
        if was_refused {
            // Nobody knows whether the CRM knows them.
            return Ok(());
        }
        self.matches(&wanted.unlinked, &known, &live, matched_at)
            .await
    }

    async fn store_stages(&self, catalogue: &hubspot_enrich::StageCatalogue) -> Result<()> {
        let snapshot = CrmSnapshot {
            stages: catalogue.stages.clone(),
            read_at: catalogue.read_at,
            ..CrmSnapshot::default()
        };
        Ok(self.store.save_crm(&snapshot).await?)
    }

    async fn matches(
        &mut self,
        calls: &[UnlinkedCall],
        known: &KnownRecords,
        deals: &HashMap<DealId, Deal>,
        matched_at: Timestamp,
    ) -> Result<()> {
        for calls in calls.chunks(CHUNK) {
            let mut matches: Vec<CrmMatch> = Vec::with_capacity(calls.len());
            for call in calls {
                let matched = known.matched(call, deals, matched_at);
                self.report.ambiguous_deals += u64::from(matched.is_ambiguous);
                *match matched.records.reason {
                    MatchReason::ParticipantEmail => &mut self.report.matched_by_email,
                    MatchReason::ParticipantDomain => &mut self.report.matched_by_domain,
                    _ => &mut self.report.unmatched,
                } += 1;
                matches.push(matched.records);
            }
            // The records first: a call never stands with a record that is not there.
            let named_deals = distinct(matches.iter().flat_map(|matched| &matched.deals));
            let contacts = distinct(matches.iter().flat_map(|matched| &matched.contacts));
            let companies = distinct(matches.iter().flat_map(|matched| &matched.companies));
            let snapshot = CrmSnapshot {
                deals: named_deals
                    .iter()
                    .filter_map(|id| deals.get(id).cloned())
                    .collect(),
                contacts: contacts
                    .iter()
                    .filter_map(|id| known.contact(id).cloned())
                    .collect(),
                companies: companies
                    .iter()
                    .filter_map(|id| known.company(id).cloned())
                    .collect(),
                read_at: known.read_at.unwrap_or(matched_at),
                as_of: self.deals_as_of,
                ..CrmSnapshot::default()
            };
            self.report.deals += snapshot.deals.len() as u64;
            self.report.contacts += snapshot.contacts.len() as u64;
            self.report.companies += snapshot.companies.len() as u64;
            self.store.save_crm(&snapshot).await?;
            self.store.save_crm_matches(&matches).await?;
        }
        Ok(())
    }

    async fn contacts(&mut self) -> Result<()> {
        let wanted = self.store.crm_wanted(self.older_than, usize::MAX).await?;
        for ids in wanted.contacts.chunks(CHUNK) {
            let batch = self.crm.contacts(ids).await?;
            self.report.contacts += batch.found.len() as u64;
            let snapshot = CrmSnapshot {
                gone: GoneRecords {
                    contacts: self.gone(&batch),
                    ..GoneRecords::default()
                },
                contacts: batch.found,
                read_at: batch.read_at,
                ..CrmSnapshot::default()
            };
            self.store.save_crm(&snapshot).await?;
        }
        Ok(())
    }

    async fn companies_and_owners(&mut self) -> Result<()> {
        let wanted = self.store.crm_wanted(self.older_than, usize::MAX).await?;
        for ids in wanted.companies.chunks(CHUNK) {
            let batch = self.crm.companies(ids).await?;
            self.report.companies += batch.found.len() as u64;
            let snapshot = CrmSnapshot {
                gone: GoneRecords {
                    companies: self.gone(&batch),
                    ..GoneRecords::default()
                },
                companies: batch.found,
                read_at: batch.read_at,
                ..CrmSnapshot::default()
            };
            self.store.save_crm(&snapshot).await?;
        }
        // All at once: HubSpot gives its owners as one list, whoever is asked for.
        if wanted.owners.is_empty() {
            return Ok(());
        }
        let batch = self.crm.owners(&wanted.owners).await?;
        self.report.owners += batch.found.len() as u64;
        let snapshot = CrmSnapshot {
            gone: GoneRecords {
                owners: self.gone(&batch),
                ..GoneRecords::default()
            },
            owners: batch.found,
            read_at: batch.read_at,
            ..CrmSnapshot::default()
        };
        Ok(self.store.save_crm(&snapshot).await?)
    }

    /// What was asked for and is not there, counted.
    fn gone<T, Id: Clone + Eq + Hash>(&mut self, batch: &Batch<T, Id>) -> Vec<Gone<Id>> {
        self.report.missing += batch.missing.len() as u64;
        self.report.merged += batch.merged.len() as u64;
        self.report.note_unreadable(&batch.unreadable);
        let missing = batch.missing.iter().map(|id| Gone {
            id: id.clone(),
            survivor: None,
        });
        let merged = batch.merged.iter().map(|pair| Gone {
            id: pair.asked.clone(),
            survivor: Some(pair.survivor.clone()),
        });
        missing.chain(merged).collect()
    }
}
