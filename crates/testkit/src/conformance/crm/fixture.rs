//! The records that a source under test holds.

use calls::{
    Company, CompanyId, Contact, ContactId, Deal, DealId, DealOutcome, Owner, OwnerId, PipelineId,
    Stage, StageId, Timestamp,
};
use hubspot_enrich::Merged;
use rust_decimal::Decimal;

/// A small CRM: every outcome, absent values, two pipelines with a stage id in
/// common, companies that share a domain, associations of all kinds, and a record of
/// each kind that is archived and one that was merged away.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CrmFixture {
    /// Live deals, by ascending id.
    pub deals: Vec<Deal>,
    /// Live contacts, by ascending id; the last has no address.
    pub contacts: Vec<Contact>,
    /// Live companies, by ascending id; the last has no domain.
    pub companies: Vec<Company>,
    /// Stages of two pipelines, out of order.
    pub stages: Vec<Stage>,
    /// Records in the recycling bin: the source must not show them. A source that
    /// has no recycling bin leaves them out.
    pub archived: (Deal, Contact, Company),
    /// Ids that were merged away, and live records that took them in. A source that has
    /// lost them, as an export has, leaves them out.
    pub merged: (Merged<DealId>, Merged<ContactId>, Merged<CompanyId>),
    /// An address by which a contact can be found that it does not show. A source that
    /// knows no such addresses leaves it out.
    pub secondary_email: (ContactId, String),
    /// Owners of deals, by ascending id; not all deals have theirs here.
    pub owners: Vec<Owner>,
    /// An owner who left. A source that knows only present users leaves it out.
    pub archived_owner: Owner,
    /// When the records were copied, for a source that reads a copy and knows its age: an
    /// hour before the fixture was made.
    pub copied_at: Timestamp,
}

impl CrmFixture {
    /// The domain of more than one company.
    pub const SHARED_DOMAIN: &'static str = "holding.example";

    /// The records, always the same; only [`copied_at`](Self::copied_at) differs.
    #[allow(clippy::new_without_default)] // there is nothing default about it
    pub fn new() -> Self {
        let mut companies: Vec<Company> = (0..6).map(company).collect();
        for shared in [2, 4] {
            companies[shared].domain = Some(Self::SHARED_DOMAIN.to_owned());
        }
        companies[5].domain = None;
        let mut contacts: Vec<Contact> = (0..8).map(contact).collect();
        contacts[7].email = None;
        let hour_ago = Timestamp::now().as_second() - 3_600;
        let copied_at = Timestamp::from_second(hour_ago).unwrap_or_default();
        let merged = (
            Merged {
                asked: deal(91).id,
                survivor: deal(6).id,
            },
            Merged {
                asked: contact(91).id,
                survivor: contact(3).id,
            },
            Merged {
                asked: company(91).id,
                survivor: company(1).id,
            },
        );
        Self {
            deals: (0..40).map(deal).collect(),
            contacts,
            companies,
            stages: stages(),
            archived: (deal(90), contact(90), company(90)),
            merged,
            secondary_email: (contact(4).id, "four@elsewhere.example".to_owned()),
            owners: [601, 602, 604].map(|n| owner(n, false)).into(),
            archived_owner: owner(603, true),
            copied_at,
        }
    }
}

fn deal(n: u32) -> Deal {
    let (stage, outcome) = match n % 4 {
        0 => ("closedwon", DealOutcome::Won),
        1 => ("closedlost", DealOutcome::Lost),
        _ => ("qualified", DealOutcome::Open),
    };
    let (contacts, companies): (&[u32], &[u32]) = match n % 4 {
        1 => (&[0, 1], &[0]),
        // The primary company is not the one with the lowest id.
        3 => (&[2], &[4, 0]),
        _ => (&[], &[]),
    };
    {
        let mut deal = Deal::new(DealId::new(format!("9000000{n:03}")));
        deal.name = Some(format!("Deal {n} \u{2013} \u{fc}ber 'quoted'"));
        deal.amount = (!n.is_multiple_of(3)).then(|| Decimal::new(i64::from(n) * 100_001, 2));
        deal.currency = Some("EUR".to_owned());
        deal.pipeline_id = Some(PipelineId::new(if n.is_multiple_of(2) {
            "default"
        } else {
            "renewals"
        }));
        deal.stage_id = Some(StageId::new(stage));
        deal.close_date = Timestamp::from_second(1_790_000_000 + i64::from(n) * 86_400).ok();
        deal.created = Timestamp::from_second(1_780_000_000).ok();
        deal.owner_id = (!n.is_multiple_of(5)).then(|| OwnerId::new(format!("{}", 600 + n)));
        deal.outcome = outcome;
        deal.contact_ids = contacts.iter().map(|k| contact(*k).id).collect();
        deal.company_ids = companies.iter().map(|k| company(*k).id).collect();
        deal
    }
}

fn contact(n: u32) -> Contact {
    Contact {
        id: ContactId::new(format!("5000000{n:03}")),
        email: Some(format!("person.{n}@buyer{n}.example")),
        name: Some(format!("Person {n}")),
        title: n.is_multiple_of(2).then(|| "VP Operations".to_owned()),
        company_id: (!n.is_multiple_of(3)).then(|| company(n % 5).id),
    }
}

fn company(n: u32) -> Company {
    Company {
        id: CompanyId::new(format!("7000000{n:03}")),
        name: Some(format!("Company {n}")),
        domain: Some(format!("buyer{n}.example")),
        industry: n.is_multiple_of(2).then(|| "COMPUTER_SOFTWARE".to_owned()),
    }
}

fn owner(n: u32, archived: bool) -> Owner {
    Owner {
        id: OwnerId::new(n.to_string()),
        name: Some(format!("Owner {n}")),
        email: Some(format!("owner.{n}@seller.example")),
        archived,
    }
}

fn stages() -> Vec<Stage> {
    let stage = |pipeline: &str, id: &str, label: &str, probability, display_order| Stage {
        pipeline_id: PipelineId::new(pipeline),
        id: StageId::new(id),
        label: label.to_owned(),
        probability: Some(probability),
        display_order,
    };
    vec![
        stage("renewals", "closedwon", "Renewed", 1.0, 1),
        stage("renewals", "qualified", "Renewal due", 0.7, 0),
        stage("renewals", "closedlost", "Churned", 0.0, 2),
        stage("default", "closedlost", "Closed lost", 0.0, 3),
        stage("default", "closedwon", "Closed won", 1.0, 2),
        stage("default", "qualified", "Qualified", 0.4, 0),
        stage("default", "contractsent", "Contract sent", 0.9, 1),
    ]
}
