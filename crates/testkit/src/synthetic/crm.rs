//! The CRM's side of the synthetic company, for an in-memory CRM.

use calls::{
    Company, CompanyId, Contact, ContactId, Deal, DealId, DealOutcome, OwnerId, PipelineId, Stage,
    StageId,
};
use rust_decimal::Decimal;

use super::names::COMPANIES;
use super::plan::{BuyerPlan, DealPlan, LOST, STAGES, WON};
use super::rep::REPS;
use super::team::{Team, address};

const PIPELINE: &str = "default";

impl DealPlan {
    pub(super) fn name(&self) -> String {
        let kind = if self.is_customer {
            "renewal"
        } else {
            "new business"
        };
        format!("{} - {kind}", COMPANIES[self.company].0)
    }

    pub(super) fn record(&self, team: &Team) -> Deal {
        let (stage_id, label, probability) = STAGES[self.stage];
        {
            let mut deal = Deal::new(DealId::new(&*self.deal_id));
            deal.name = Some(self.name());
            deal.amount = Some(Decimal::from(self.amount));
            deal.currency = Some("USD".to_owned());
            deal.pipeline_id = Some(PipelineId::from(PIPELINE));
            deal.stage_id = Some(StageId::from(stage_id));
            deal.stage_label = Some(label.to_owned());
            deal.probability = Some(probability);
            deal.close_date = Some(self.close_date);
            deal.created = Some(self.created);
            deal.owner_id = Some(OwnerId::new(format!("9{:04}", self.rep)));
            deal.owner_name = Some(REPS[self.rep].full_name());
            deal.outcome = match self.stage {
                WON => DealOutcome::Won,
                LOST => DealOutcome::Lost,
                _ => DealOutcome::Open,
            };
            deal.contact_ids = self
                .buyers
                .iter()
                .map(|buyer| ContactId::new(&*buyer.contact_id))
                .collect();
            deal.company_ids = vec![CompanyId::new(team.account_id(self.company))];
            deal
        }
    }

    pub(super) fn contacts(&self, team: &Team) -> impl Iterator<Item = Contact> {
        self.buyers.iter().map(|buyer| Contact {
            id: ContactId::new(&*buyer.contact_id),
            email: Some(buyer.email(self.company)),
            name: Some(buyer.full_name()),
            title: Some(buyer.title.to_owned()),
            company_id: Some(CompanyId::new(team.account_id(self.company))),
        })
    }
}

impl BuyerPlan {
    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    pub(super) fn email(&self, company: usize) -> String {
        address(
            &self.full_name(),
            &format!("{}.example", COMPANIES[company].1),
        )
    }
}

/// The company with an index into the list of names.
pub(super) fn company(index: usize, team: &Team) -> Company {
    let (name, domain, industry) = COMPANIES[index];
    Company {
        id: CompanyId::new(team.account_id(index)),
        name: Some(name.to_owned()),
        domain: Some(format!("{domain}.example")),
        industry: Some(industry.to_owned()),
    }
}

/// The pipeline.
pub(super) fn stages() -> Vec<Stage> {
    let stage = |(order, (id, label, probability)): (usize, &(&str, &str, f64))| Stage {
        pipeline_id: PipelineId::from(PIPELINE),
        id: StageId::from(*id),
        label: (*label).to_owned(),
        probability: Some(*probability),
        display_order: order as u32,
    };
    STAGES.iter().enumerate().map(stage).collect()
}
