//! A fixture as rows of the share.

use std::collections::BTreeSet;
use std::time::Duration;

use calls::{Company, Contact, CrmObjectKind, Deal, DealOutcome};
use hubspot_enrich::{CrmSource, InMemoryCrm, Merged};
use serde_json::{Value, json};
use testkit::conformance::crm::CrmFixture;

use super::Share;

impl Share {
    pub(super) async fn load(&self, fixture: &CrmFixture) {
        self.fill(
            "INSERT INTO OBJECTS_DEALS (OBJECTTYPEID, OBJECTID, PROPERTY_DEALNAME, PROPERTY_AMOUNT,
                PROPERTY_DEAL_CURRENCY_CODE, PROPERTY_PIPELINE, PROPERTY_DEALSTAGE, PROPERTY_CLOSEDATE,
                PROPERTY_CREATEDATE, PROPERTY_HUBSPOT_OWNER_ID, PROPERTY_HS_IS_CLOSED, PROPERTY_HS_IS_CLOSED_WON,
                PROPERTY_HS_IS_CLOSED_LOST, PROPERTY_HS_MERGED_OBJECT_IDS, INGESTEDAT)
            SELECT '0-3', V:id::VARCHAR::NUMBER(38, 0), V:name::VARCHAR, V:amount::VARCHAR::NUMBER(38, 8),
                V:currency::VARCHAR, V:pipeline::VARCHAR, V:stage::VARCHAR, V:close::VARCHAR::TIMESTAMP_NTZ,
                V:created::VARCHAR::TIMESTAMP_NTZ, V:owner::VARCHAR::NUMBER(38, 0), V:closed::BOOLEAN, V:won::BOOLEAN,
                V:closed::BOOLEAN AND NOT V:won::BOOLEAN, V:merged::VARCHAR, V:ingested::VARCHAR::TIMESTAMP_NTZ
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            ingested(fixture, fixture.deals.iter().map(|deal| taken_in(deal_row(deal), &fixture.merged.0))),
        )
        .await;
        self.fill(
            "INSERT INTO OBJECTS_CONTACTS (OBJECTID, PROPERTY_EMAIL, PROPERTY_FIRSTNAME, PROPERTY_LASTNAME,
                PROPERTY_JOBTITLE, PROPERTY_ASSOCIATEDCOMPANYID, PROPERTY_HS_ADDITIONAL_EMAILS,
                PROPERTY_HS_MERGED_OBJECT_IDS, INGESTEDAT)
            SELECT V:id::VARCHAR::NUMBER(38, 0), V:email::VARCHAR, V:first::VARCHAR, V:last::VARCHAR,
                V:title::VARCHAR, V:company::VARCHAR::NUMBER(38, 0), V:further::VARCHAR,
                V:merged::VARCHAR, V:ingested::VARCHAR::TIMESTAMP_NTZ
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            ingested(fixture, fixture.contacts.iter().map(|contact| {
                let mut row = taken_in(contact_row(contact), &fixture.merged.1);
                let (id, email) = &fixture.secondary_email;
                if contact.id == *id {
                    row["further"] = format!("{email};other@elsewhere.example").into();
                }
                row
            })),
        )
        .await;
        self.fill(
            "INSERT INTO OBJECTS_COMPANIES (OBJECTID, PROPERTY_NAME, PROPERTY_DOMAIN, PROPERTY_INDUSTRY,
                PROPERTY_HS_MERGED_OBJECT_IDS, INGESTEDAT)
            SELECT V:id::VARCHAR::NUMBER(38, 0), V:name::VARCHAR, V:domain::VARCHAR, V:industry::VARCHAR, V:merged::VARCHAR,
                V:ingested::VARCHAR::TIMESTAMP_NTZ
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            ingested(fixture, fixture.companies.iter().map(|company| taken_in(company_row(company), &fixture.merged.2))),
        )
        .await;
        self.load_catalogues(fixture).await;
        self.load_associations(fixture).await;
    }

    async fn load_catalogues(&self, fixture: &CrmFixture) {
        let stages = fixture.stages.iter().map(|stage| {
            let metadata = stage
                .probability
                .map(|chance| json!({ "probability": chance.to_string() }));
            json!({
                "pipeline": stage.pipeline_id.as_str(),
                "id": stage.id.as_str(),
                "label": stage.label,
                "order": stage.display_order,
                "metadata": metadata.map(|metadata| metadata.to_string()),
            })
        });
        // A stage of tickets, which have pipelines too, and one that nobody can choose.
        let ticket =
            json!({ "pipeline": "0", "id": "1", "label": "New", "order": 0, "type": "0-5" });
        let archived = json!({ "pipeline": "default", "id": "old", "label": "Old", "order": 0,
            "archived": true });
        self.fill(
            "INSERT INTO PIPELINE_STAGES
            SELECT V:pipeline::VARCHAR, V:id::VARCHAR, V:label::VARCHAR, COALESCE(V:type::VARCHAR, '0-3'),
                V:order::NUMBER(9, 0), V:metadata::VARCHAR, COALESCE(V:archived::BOOLEAN, FALSE)
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            stages.chain([ticket, archived]).collect(),
        )
        .await;
        let owners = fixture.owners.iter().chain([&fixture.archived_owner]);
        let owners = owners.map(|owner| {
            let (first, last) = owner
                .name
                .as_deref()
                .unwrap_or(" ")
                .split_once(' ')
                .unwrap();
            json!({ "id": owner.id.as_str(), "first": first, "last": last, "email": owner.email,
                "archived": owner.archived })
        });
        self.fill(
            "INSERT INTO OWNERS
            SELECT V:id::VARCHAR::NUMBER(38, 0), V:first::VARCHAR, V:last::VARCHAR, V:email::VARCHAR,
                V:archived::BOOLEAN
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            owners.collect(),
        )
        .await;
    }

    /// What the in-memory source says of the fixture, with a second row for every pair,
    /// as labels make.
    async fn load_associations(&self, fixture: &CrmFixture) {
        let memory = InMemoryCrm::new()
            .with_deals(fixture.deals.clone())
            .with_contacts(fixture.contacts.clone())
            .with_companies(fixture.companies.clone());
        let ids = |ids: BTreeSet<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let deals = ids(fixture.deals.iter().map(|deal| deal.id.as_str()).collect());
        let contacts = fixture.contacts.iter().map(|contact| contact.id.as_str());
        let contacts = ids(contacts.collect());
        let (deal, contact, company) = (
            CrmObjectKind::Deal,
            CrmObjectKind::Contact,
            CrmObjectKind::Company,
        );
        let pairs = |found: Vec<calls::Association>| {
            let rows = found.into_iter().flat_map(|pair| {
                let row =
                    |main: bool| json!({ "from": pair.from_id, "to": pair.to_id, "main": main });
                [row(pair.is_primary), row(false)]
            });
            rows.collect::<Vec<Value>>()
        };
        let found = memory
            .associations(&deal, &deals, &contact)
            .await
            .unwrap()
            .found;
        self.fill(
            "INSERT INTO ASSOCIATIONS_DEALS_TO_CONTACTS
            SELECT V:from::VARCHAR::NUMBER(38, 0), V:to::VARCHAR::NUMBER(38, 0), V:main::BOOLEAN
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            pairs(found),
        )
        .await;
        let found = memory
            .associations(&deal, &deals, &company)
            .await
            .unwrap()
            .found;
        self.fill(
            "INSERT INTO ASSOCIATIONS_DEALS_TO_COMPANIES
            SELECT V:from::VARCHAR::NUMBER(38, 0), V:to::VARCHAR::NUMBER(38, 0), V:main::BOOLEAN
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            pairs(found),
        )
        .await;
        let found = memory
            .associations(&contact, &contacts, &company)
            .await
            .unwrap()
            .found;
        self.fill(
            "INSERT INTO ASSOCIATIONS_CONTACTS_TO_COMPANIES
            SELECT V:from::VARCHAR::NUMBER(38, 0), V:to::VARCHAR::NUMBER(38, 0), V:main::BOOLEAN
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            pairs(found),
        )
        .await;
    }
}

/// Rows with the time at which the copy was made: some of them came before.
fn ingested(fixture: &CrmFixture, rows: impl Iterator<Item = Value>) -> Vec<Value> {
    let rows = rows.enumerate().map(|(place, mut row)| {
        let earlier = Duration::from_secs(3_600 * (place as u64 % 3));
        let at = fixture.copied_at - earlier;
        row["ingested"] = at.to_string().replace('Z', "").into();
        row
    });
    rows.collect()
}

fn deal_row(deal: &Deal) -> Value {
    let text = |instant: calls::Timestamp| instant.to_string().replace('Z', "");
    let flag = |is: bool| (deal.outcome != DealOutcome::Unknown).then_some(is);
    json!({
        "id": deal.id.as_str(),
        "name": deal.name,
        "amount": deal.amount.map(|amount| amount.to_string()),
        "currency": deal.currency,
        "pipeline": deal.pipeline_id.as_ref().map(|id| id.as_str()),
        "stage": deal.stage_id.as_ref().map(|id| id.as_str()),
        "close": deal.close_date.map(text),
        "created": deal.created.map(text),
        "owner": deal.owner_id.as_ref().map(|id| id.as_str()),
        "closed": flag(deal.outcome.is_closed()),
        "won": flag(deal.outcome == DealOutcome::Won),
    })
}

fn contact_row(contact: &Contact) -> Value {
    let (first, last) = contact
        .name
        .as_deref()
        .unwrap_or(" ")
        .split_once(' ')
        .unwrap();
    json!({
        "id": contact.id.as_str(),
        "email": contact.email,
        "first": first,
        "last": last,
        "title": contact.title,
        "company": contact.company_id.as_ref().map(|id| id.as_str()),
    })
}

fn company_row(company: &Company) -> Value {
    json!({
        "id": company.id.as_str(),
        "name": company.name,
        "domain": company.domain,
        "industry": company.industry,
    })
}

/// A row that says which id its record took in.
fn taken_in<Id: AsRef<str>>(mut row: Value, merged: &Merged<Id>) -> Value {
    if row["id"] == merged.survivor.as_ref() {
        row["merged"] = format!("77; {}", merged.asked.as_ref()).into();
    }
    row
}
