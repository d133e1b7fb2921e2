//! How many requests an enrichment takes: the least that batching allows.

use std::collections::BTreeSet;

use calls::{Company, CompanyId, Contact, ContactId, Deal, DealId, DealOutcome, Owner, OwnerId};
use hubspot_enrich::{CrmSource, HubSpotConfig};
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{HubSpotLimits, HubSpotSimulator, HubSpotSimulatorBuilder};

use crate::hubspot::world::{World, without_waits};

/// An account in which every deal has two contacts, a company and an owner, and all of
/// these have a deal.
struct Account {
    deals: usize,
    contacts: usize,
    companies: usize,
    owners: usize,
}

/// What ten thousand calls refer to.
const LARGE: Account = Account {
    deals: 4_000,
    contacts: 5_000,
    companies: 1_950,
    owners: 150,
};

const SMALL: Account = Account {
    deals: 250,
    contacts: 301,
    companies: 120,
    owners: 150,
};

impl Account {
    fn deal_ids(&self) -> Vec<DealId> {
        let ids = (0..self.deals).map(|n| DealId::new(format!("9{n:09}")));
        ids.collect()
    }

    fn contact_id(&self, n: usize) -> ContactId {
        ContactId::new(format!("5{:09}", n % self.contacts))
    }

    fn company_id(&self, n: usize) -> CompanyId {
        CompanyId::new(format!("7{:09}", n % self.companies))
    }

    fn simulated(&self) -> HubSpotSimulatorBuilder {
        let some_deal = CrmFixture::new().deals.swap_remove(1);
        let further = self.contacts - self.deals;
        let deals: Vec<Deal> = (0..)
            .zip(self.deal_ids())
            .map(|(n, id)| {
                let mut deal = some_deal.clone();
                deal.id = id;
                deal.outcome = DealOutcome::Open;
                deal.contact_ids = vec![self.contact_id(n), self.contact_id(n + further)];
                deal.company_ids = vec![self.company_id(n)];
                deal.stage_stays = Vec::new();
                deal.owner_id = Some(OwnerId::new((n % self.owners).to_string()));
                deal
            })
            .collect();
        let contacts: Vec<Contact> = (0..self.contacts)
            .map(|n| Contact {
                id: self.contact_id(n),
                email: None,
                name: None,
                title: None,
                company_id: Some(self.company_id(n)),
            })
            .collect();
        let companies: Vec<Company> = (0..self.companies)
            .map(|n| Company {
                id: self.company_id(n),
                name: Some(format!("Company {n}")),
                domain: None,
                industry: None,
            })
            .collect();
        let owners: Vec<Owner> = (0..self.owners)
            .map(|n| Owner {
                id: OwnerId::new(n.to_string()),
                name: Some(format!("Owner {n}")),
                email: None,
                archived: false,
            })
            .collect();
        HubSpotSimulator::builder()
            .stages(&CrmFixture::new().stages)
            .owners(&owners)
            .companies(&companies)
            .contacts(&contacts)
            .deals(&deals)
    }

    /// Reads all deals with all that belongs to them.
    async fn enrich(&self, crm: &dyn CrmSource) {
        let deals = crm.deals(&self.deal_ids()).await.unwrap().found;
        assert_eq!(deals.len(), self.deals);
        assert_eq!(crm.stages().await.unwrap().stages.len(), 7);
        let contacts = distinct(deals.iter().flat_map(|deal| &deal.contact_ids));
        let companies = distinct(deals.iter().flat_map(|deal| &deal.company_ids));
        let owners = distinct(deals.iter().flat_map(|deal| &deal.owner_id));
        let contacts = crm.contacts(&contacts).await.unwrap();
        assert_eq!(contacts.found.len(), self.contacts);
        let companies = crm.companies(&companies).await.unwrap();
        assert_eq!(companies.found.len(), self.companies);
        assert_eq!(crm.owners(&owners).await.unwrap().found.len(), self.owners);
    }

    /// ⌈deals/100⌉ + 2·⌈deals/1000⌉ + ⌈contacts/100⌉ + ⌈companies/100⌉ + pipelines + pages
    /// of owners.
    fn least_requests(&self) -> u64 {
        let batches = |records: usize, batch: usize| records.div_ceil(batch) as u64;
        batches(self.deals, 100)
            + 2 * batches(self.deals, 1_000)
            + batches(self.contacts, 100)
            + batches(self.companies, 100)
            + 1
            + batches(self.owners, 100)
    }
}

fn distinct<'a, Id: Ord + Clone + 'a>(ids: impl Iterator<Item = &'a Id>) -> Vec<Id> {
    let ids: BTreeSet<&Id> = ids.collect();
    ids.into_iter().cloned().collect()
}

#[tokio::test]
async fn ten_thousand_calls_with_four_thousand_deals_take_the_least_requests() {
    // At full speed 121 requests in ten seconds would be 21 too many.
    assert_eq!(LARGE.least_requests(), 121);
    let builder = LARGE.simulated().limits(HubSpotLimits::free());
    let limit = |config: HubSpotConfig| without_waits(config).with_requests_per_ten_seconds(100);
    let world = World::start(builder, limit).await;
    LARGE.enrich(&world.api).await;
    let traffic = world.state().traffic();
    assert_eq!(traffic.requests(), 121, "{:?}", traffic.requests_by_path);
    assert_eq!(traffic.too_many_requests, 0);
    let stats = world.api.stats();
    assert_eq!(
        (stats.requests, stats.retries, stats.refused_for_rate),
        (121, 0, 0)
    );
}

#[tokio::test]
async fn full_batches_are_sent_and_no_id_twice() {
    let world = World::start(SMALL.simulated(), |config| config).await;
    let ids = SMALL.deal_ids().into_iter();
    let ids: Vec<DealId> = ids.flat_map(|id| [id.clone(), id]).collect();
    world.api.deals(&ids).await.unwrap();
    let requests = world.state().requests();
    let mut inputs: Vec<usize> = requests.iter().map(|request| request.inputs).collect();
    inputs.sort_unstable();
    assert_eq!(inputs, [50, 100, 100, 250, 250]);
}
