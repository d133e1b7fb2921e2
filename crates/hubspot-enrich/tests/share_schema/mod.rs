//! A schema of the share's shape, filled with a fixture.
#![allow(unreachable_pub)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use calls::{Company, Contact, CrmObjectKind, Deal, DealOutcome};
use hubspot_enrich::{CrmSource, DataShare, DataShareConfig, InMemoryCrm};
use serde_json::{Value, json};
use snowflake_sql::{
    Credentials, Identifier, Slot, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement,
};
use testkit::conformance::crm::CrmFixture;
use testkit::fakesnow::FakeSnow;

/// Tables as the share has them, and columns beside those that are read.
const TABLES: [&str; 9] = [
    "CREATE TABLE OBJECTS_DEALS (OBJECTTYPEID VARCHAR, OBJECTID NUMBER(38, 0), INGESTEDAT TIMESTAMP_NTZ,
        PROPERTY_DEALNAME VARCHAR, PROPERTY_AMOUNT NUMBER(38, 8), PROPERTY_UNPARSED_AMOUNT VARCHAR,
        PROPERTY_DEAL_CURRENCY_CODE VARCHAR, PROPERTY_PIPELINE VARCHAR, PROPERTY_DEALSTAGE VARCHAR,
        PROPERTY_CLOSEDATE TIMESTAMP_NTZ, PROPERTY_CREATEDATE TIMESTAMP_NTZ,
        PROPERTY_HUBSPOT_OWNER_ID NUMBER(38, 0), PROPERTY_HS_IS_CLOSED BOOLEAN,
        PROPERTY_HS_IS_CLOSED_WON BOOLEAN, PROPERTY_SOMETHING_ELSE VARCHAR)",
    "CREATE TABLE OBJECTS_CONTACTS (OBJECTID NUMBER(38, 0), PROPERTY_EMAIL VARCHAR,
        PROPERTY_FIRSTNAME VARCHAR, PROPERTY_LASTNAME VARCHAR, PROPERTY_JOBTITLE VARCHAR,
        PROPERTY_ASSOCIATEDCOMPANYID NUMBER(38, 0))",
    "CREATE TABLE OBJECTS_COMPANIES (OBJECTID NUMBER(38, 0), PROPERTY_NAME VARCHAR,
        PROPERTY_DOMAIN VARCHAR, PROPERTY_INDUSTRY VARCHAR)",
    "CREATE TABLE ASSOCIATIONS_DEALS_TO_CONTACTS (DEAL_OBJECTID NUMBER(38, 0),
        CONTACT_OBJECTID NUMBER(38, 0), ISMAINASSOCIATIONDEFINITION BOOLEAN)",
    "CREATE TABLE ASSOCIATIONS_DEALS_TO_COMPANIES (DEAL_OBJECTID NUMBER(38, 0),
        COMPANY_OBJECTID NUMBER(38, 0), ISMAINASSOCIATIONDEFINITION BOOLEAN)",
    "CREATE TABLE ASSOCIATIONS_CONTACTS_TO_COMPANIES (CONTACT_OBJECTID NUMBER(38, 0),
        COMPANY_OBJECTID NUMBER(38, 0), ISMAINASSOCIATIONDEFINITION BOOLEAN)",
    "CREATE TABLE PIPELINE_STAGES (PIPELINEID VARCHAR, STAGEID VARCHAR, LABEL VARCHAR,
        OBJECTTYPEID VARCHAR, DISPLAYORDER NUMBER(9, 0), METADATA VARCHAR, ARCHIVED BOOLEAN)",
    "CREATE TABLE OWNERS (OWNERID NUMBER(38, 0), FIRSTNAME VARCHAR, LASTNAME VARCHAR, EMAIL VARCHAR)",
    "CREATE TABLE ASSOCIATION_DEFINITIONS (ID NUMBER(38, 0))",
];

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A schema of the share's shape in a database of its own.
pub struct Share {
    pool: Arc<SnowflakePool>,
    database: String,
}

impl Share {
    pub const DROP_AMOUNT: &'static str = "ALTER TABLE OBJECTS_DEALS DROP COLUMN PROPERTY_AMOUNT";
    pub const DROP_WON: &'static str =
        "ALTER TABLE OBJECTS_DEALS DROP COLUMN PROPERTY_HS_IS_CLOSED_WON";
    pub const UNPARSED_AMOUNT: &'static str =
        "UPDATE OBJECTS_DEALS SET PROPERTY_AMOUNT = NULL, PROPERTY_UNPARSED_AMOUNT = 'about 20k'";
    pub const FLAGS_AS_TEXT: &'static str = "CREATE OR REPLACE TABLE OBJECTS_DEALS AS
        SELECT * EXCLUDE (PROPERTY_HS_IS_CLOSED, PROPERTY_HS_IS_CLOSED_WON),
            TO_VARCHAR(PROPERTY_HS_IS_CLOSED) AS PROPERTY_HS_IS_CLOSED,
            TO_VARCHAR(PROPERTY_HS_IS_CLOSED_WON) AS PROPERTY_HS_IS_CLOSED_WON
        FROM OBJECTS_DEALS";

    pub fn database(&self) -> &str {
        &self.database
    }

    pub fn pool(&self) -> Arc<dyn SqlPool> {
        self.pool.clone()
    }

    pub fn source(&self) -> DataShare {
        DataShare::new(self.pool(), DataShareConfig::new(&self.database).unwrap())
    }

    /// The secure views, here over this share. The stand-in has one database of that
    /// name for all tests, so the views are made anew with the share's own database in
    /// place of the fixed one.
    pub async fn secured(&self) -> impl CrmSource {
        let views = [
            ("DEALS", "OBJECTS_DEALS"),
            ("CONTACTS", "OBJECTS_CONTACTS"),
            ("COMPANIES", "OBJECTS_COMPANIES"),
            ("DEALS_TO_CONTACTS", "ASSOCIATIONS_DEALS_TO_CONTACTS"),
            ("DEALS_TO_COMPANIES", "ASSOCIATIONS_DEALS_TO_COMPANIES"),
        ];
        self.run("CREATE DATABASE IF NOT EXISTS HUBSPOT_SECURE_SHARE")
            .await;
        self.run("CREATE SCHEMA IF NOT EXISTS HUBSPOT_SECURE_SHARE.PUBLIC")
            .await;
        for (view, table) in views {
            let (view, table): (Identifier, Identifier) =
                (view.parse().unwrap(), table.parse().unwrap());
            let database: Identifier = self.database.parse().unwrap();
            let text = SqlText::template(
                "CREATE OR REPLACE VIEW HUBSPOT_SECURE_SHARE.PUBLIC.{view} AS
                    SELECT * FROM {database}.V2_DAILY.{table}",
                &[
                    ("view", Slot::Identifier(&view)),
                    ("database", Slot::Identifier(&database)),
                    ("table", Slot::Identifier(&table)),
                ],
            );
            let statement = Statement::new("test", text.unwrap());
            self.pool.query(&statement).await.unwrap();
        }
        DataShare::new(self.pool(), DataShareConfig::secure_views().unwrap())
    }

    pub async fn run(&self, text: &'static str) {
        let statement = Statement::new("test", SqlText::fixed(text));
        self.pool.query(&statement).await.unwrap();
    }

    /// Inserts rows, given as a JSON array of objects.
    async fn fill(&self, text: &'static str, rows: Vec<Value>) {
        let statement = Statement::new("test", SqlText::fixed(text)).bind(json!(rows).to_string());
        self.pool.query(&statement).await.unwrap();
    }
}

/// A share that holds a fixture; `None` without a stand-in.
pub async fn share_of(fixture: &CrmFixture) -> Option<Share> {
    // Kept for the whole program, when this program has started it.
    let fakesnow = Box::leak(Box::new(FakeSnow::available().unwrap()?));
    let database = format!(
        "SHARE_{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let config = SnowflakeConfig::new("test", "tester", Credentials::password("unused"))
        .unwrap()
        .with_base_url(fakesnow.base_url().as_str())
        .unwrap()
        .with_database(&database)
        .with_schema("V2_DAILY");
    let share = Share {
        pool: Arc::new(SnowflakePool::new(config)),
        database,
    };
    for table in TABLES {
        share.run(table).await;
    }
    share.load(fixture).await;
    Some(share)
}

impl Share {
    async fn load(&self, fixture: &CrmFixture) {
        self.fill(
            "INSERT INTO OBJECTS_DEALS (OBJECTTYPEID, OBJECTID, PROPERTY_DEALNAME, PROPERTY_AMOUNT,
                PROPERTY_DEAL_CURRENCY_CODE, PROPERTY_PIPELINE, PROPERTY_DEALSTAGE, PROPERTY_CLOSEDATE,
                PROPERTY_CREATEDATE, PROPERTY_HUBSPOT_OWNER_ID, PROPERTY_HS_IS_CLOSED, PROPERTY_HS_IS_CLOSED_WON)
            SELECT '0-3', V:id::VARCHAR::NUMBER(38, 0), V:name::VARCHAR, V:amount::VARCHAR::NUMBER(38, 8),
                V:currency::VARCHAR, V:pipeline::VARCHAR, V:stage::VARCHAR, V:close::VARCHAR::TIMESTAMP_NTZ,
                V:created::VARCHAR::TIMESTAMP_NTZ, V:owner::VARCHAR::NUMBER(38, 0), V:closed::BOOLEAN, V:won::BOOLEAN
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            fixture.deals.iter().map(deal_row).collect(),
        )
        .await;
        self.fill(
            "INSERT INTO OBJECTS_CONTACTS
            SELECT V:id::VARCHAR::NUMBER(38, 0), V:email::VARCHAR, V:first::VARCHAR, V:last::VARCHAR,
                V:title::VARCHAR, V:company::VARCHAR::NUMBER(38, 0)
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            fixture.contacts.iter().map(contact_row).collect(),
        )
        .await;
        self.fill(
            "INSERT INTO OBJECTS_COMPANIES
            SELECT V:id::VARCHAR::NUMBER(38, 0), V:name::VARCHAR, V:domain::VARCHAR, V:industry::VARCHAR
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            fixture.companies.iter().map(company_row).collect(),
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
        // A stage of tickets, which have pipelines too.
        let ticket =
            json!({ "pipeline": "0", "id": "1", "label": "New", "order": 0, "type": "0-5" });
        self.fill(
            "INSERT INTO PIPELINE_STAGES
            SELECT V:pipeline::VARCHAR, V:id::VARCHAR, V:label::VARCHAR, COALESCE(V:type::VARCHAR, '0-3'),
                V:order::NUMBER(9, 0), V:metadata::VARCHAR, FALSE
            FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
            stages.chain([ticket]).collect(),
        )
        .await;
        let owners = fixture.owners.iter().map(|owner| {
            let (first, last) = owner
                .name
                .as_deref()
                .unwrap_or(" ")
                .split_once(' ')
                .unwrap();
            json!({ "id": owner.id.as_str(), "first": first, "last": last, "email": owner.email })
        });
        self.fill(
            "INSERT INTO OWNERS
            SELECT V:id::VARCHAR::NUMBER(38, 0), V:first::VARCHAR, V:last::VARCHAR, V:email::VARCHAR
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

fn deal_row(deal: &Deal) -> Value {
    let text = |instant: calls::Timestamp| instant.to_string().replace('Z', "");
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
        "closed": deal.outcome != DealOutcome::Open,
        "won": deal.outcome == DealOutcome::Won,
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
