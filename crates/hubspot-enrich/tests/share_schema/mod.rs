//! A schema of the share's shape, filled with a fixture.
#![allow(unreachable_pub)]

mod load;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use hubspot_enrich::{DataShare, DataShareConfig};
use serde_json::{Value, json};
use snowflake_sql::{
    Credentials, Identifier, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement,
};
use testkit::conformance::crm::CrmFixture;
use testkit::fakesnow::FakeSnow;

/// The very file that sets the secure views up.
const SECURE_VIEWS: &str = include_str!("../../../../sql/snowflake/setup/05_hubspot_share.sql");

/// Tables as the share has them, and columns beside those that are read.
const TABLES: [&str; 9] = [
    "CREATE TABLE OBJECTS_DEALS (OBJECTTYPEID VARCHAR, OBJECTID NUMBER(38, 0), INGESTEDAT TIMESTAMP_NTZ,
        PROPERTY_DEALNAME VARCHAR, PROPERTY_AMOUNT NUMBER(38, 8), PROPERTY_UNPARSED_AMOUNT VARCHAR,
        PROPERTY_DEAL_CURRENCY_CODE VARCHAR, PROPERTY_PIPELINE VARCHAR, PROPERTY_DEALSTAGE VARCHAR,
        PROPERTY_HS_DEAL_STAGE_PROBABILITY NUMBER(38, 8),
        PROPERTY_UNPARSED_HS_DEAL_STAGE_PROBABILITY VARCHAR,
        PROPERTY_CLOSEDATE TIMESTAMP_NTZ, PROPERTY_UNPARSED_CLOSEDATE VARCHAR,
        PROPERTY_CREATEDATE TIMESTAMP_NTZ, PROPERTY_UNPARSED_CREATEDATE VARCHAR,
        PROPERTY_HUBSPOT_OWNER_ID NUMBER(38, 0), PROPERTY_UNPARSED_HUBSPOT_OWNER_ID VARCHAR,
        PROPERTY_HS_IS_CLOSED BOOLEAN, PROPERTY_UNPARSED_HS_IS_CLOSED VARCHAR,
        PROPERTY_HS_IS_CLOSED_WON BOOLEAN, PROPERTY_UNPARSED_HS_IS_CLOSED_WON VARCHAR,
        PROPERTY_HS_IS_CLOSED_LOST BOOLEAN, PROPERTY_UNPARSED_HS_IS_CLOSED_LOST VARCHAR,
        PROPERTY_HS_MERGED_OBJECT_IDS VARCHAR, PROPERTY_SOMETHING_ELSE VARCHAR)",
    "CREATE TABLE OBJECTS_CONTACTS (OBJECTID NUMBER(38, 0), INGESTEDAT TIMESTAMP_NTZ,
        PROPERTY_EMAIL VARCHAR, PROPERTY_FIRSTNAME VARCHAR, PROPERTY_LASTNAME VARCHAR,
        PROPERTY_JOBTITLE VARCHAR, PROPERTY_ASSOCIATEDCOMPANYID NUMBER(38, 0),
        PROPERTY_UNPARSED_ASSOCIATEDCOMPANYID VARCHAR, PROPERTY_HS_ADDITIONAL_EMAILS VARCHAR,
        PROPERTY_HS_MERGED_OBJECT_IDS VARCHAR)",
    "CREATE TABLE OBJECTS_COMPANIES (OBJECTID NUMBER(38, 0), INGESTEDAT TIMESTAMP_NTZ,
        PROPERTY_NAME VARCHAR, PROPERTY_DOMAIN VARCHAR, PROPERTY_INDUSTRY VARCHAR,
        PROPERTY_HS_MERGED_OBJECT_IDS VARCHAR)",
    "CREATE TABLE ASSOCIATIONS_DEALS_TO_CONTACTS (DEAL_OBJECTID NUMBER(38, 0),
        CONTACT_OBJECTID NUMBER(38, 0), ISMAINASSOCIATIONDEFINITION BOOLEAN)",
    "CREATE TABLE ASSOCIATIONS_DEALS_TO_COMPANIES (DEAL_OBJECTID NUMBER(38, 0),
        COMPANY_OBJECTID NUMBER(38, 0), ISMAINASSOCIATIONDEFINITION BOOLEAN)",
    "CREATE TABLE ASSOCIATIONS_CONTACTS_TO_COMPANIES (CONTACT_OBJECTID NUMBER(38, 0),
        COMPANY_OBJECTID NUMBER(38, 0), ISMAINASSOCIATIONDEFINITION BOOLEAN)",
    "CREATE TABLE PIPELINE_STAGES (PIPELINEID VARCHAR, STAGEID VARCHAR, LABEL VARCHAR,
        OBJECTTYPEID VARCHAR, DISPLAYORDER NUMBER(9, 0), METADATA VARCHAR, ARCHIVED BOOLEAN)",
    "CREATE TABLE OWNERS (OWNERID NUMBER(38, 0), FIRSTNAME VARCHAR, LASTNAME VARCHAR, EMAIL VARCHAR,
        ARCHIVED BOOLEAN)",
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
    pub const FORGET_MERGES: &'static str =
        "ALTER TABLE OBJECTS_DEALS DROP COLUMN PROPERTY_HS_MERGED_OBJECT_IDS";
    pub const STAGE_WITH_CAPITALS: &'static str = "INSERT INTO PIPELINE_STAGES
        VALUES ('default', 'Legal-Review', 'Legal review', '0-3', 9, NULL, FALSE)";
    pub const UNPARSED_AMOUNT: &'static str =
        "UPDATE OBJECTS_DEALS SET PROPERTY_AMOUNT = NULL, PROPERTY_UNPARSED_AMOUNT = 'about 20k'";
    pub const STAGE_DATES: [&'static str; 2] = [
        "ALTER TABLE OBJECTS_DEALS ADD COLUMN PROPERTY_HS_V2_DATE_ENTERED_QUALIFIED TIMESTAMP_NTZ",
        "UPDATE OBJECTS_DEALS SET PROPERTY_HS_V2_DATE_ENTERED_QUALIFIED = '2026-03-01 09:00:00'::TIMESTAMP_NTZ",
    ];
    pub const FLAGS_AS_TEXT: &'static str = "CREATE OR REPLACE TABLE OBJECTS_DEALS AS
        SELECT * EXCLUDE (PROPERTY_HS_IS_CLOSED, PROPERTY_HS_IS_CLOSED_WON),
            TO_VARCHAR(PROPERTY_HS_IS_CLOSED) AS PROPERTY_HS_IS_CLOSED,
            TO_VARCHAR(PROPERTY_HS_IS_CLOSED_WON) AS PROPERTY_HS_IS_CLOSED_WON
        FROM OBJECTS_DEALS";

    pub const FORGET_INGESTION: &'static str = "ALTER TABLE OBJECTS_DEALS DROP COLUMN INGESTEDAT";
    pub const STAGE_WITHOUT_LABEL: &'static str =
        "INSERT INTO PIPELINE_STAGES (PIPELINEID, STAGEID, OBJECTTYPEID, DISPLAYORDER, ARCHIVED)
        VALUES ('default', 'nameless', '0-3', 9, FALSE)";

    pub fn database(&self) -> &str {
        &self.database
    }

    pub fn pool(&self) -> Arc<dyn SqlPool> {
        self.pool.clone()
    }

    pub fn source(&self) -> DataShare {
        DataShare::new(self.pool(), DataShareConfig::new(&self.database).unwrap())
    }

    /// The secure views as the file makes them. What the stand-in does not know is left
    /// out: who may read what, and that a view hides its text.
    pub async fn secured(&self) -> DataShare {
        let database: Identifier = self.database.parse().unwrap();
        let lines = SECURE_VIEWS.lines().filter(|line| !line.starts_with("--"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let text = text
            .replace("{hubspot_database}", &database.quoted())
            .replace("{share_schema}", "V2_DAILY");
        for statement in text.split(';').map(str::trim) {
            let for_roles = ["GRANT ", "USE ROLE "];
            if statement.is_empty() || for_roles.iter().any(|verb| statement.starts_with(verb)) {
                continue;
            }
            let known = statement.replace(" SECURE VIEW ", " VIEW ");
            let known = known.replace(" COPY GRANTS AS", " AS");
            assert!(!known.contains('{'), "{known}");
            self.run(Box::leak(known.into_boxed_str())).await;
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
