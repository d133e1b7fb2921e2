-- The CRM mirror: records as enrichment read them. Amounts are decimal, never floats.

CREATE TABLE IF NOT EXISTS CRM_DEALS (
    DEAL_ID     VARCHAR NOT NULL,
    DEAL_NAME   VARCHAR,
    AMOUNT      NUMBER(38, 12),                   -- in CURRENCY
    CURRENCY    VARCHAR,                          -- ISO 4217
    PIPELINE_ID VARCHAR,
    STAGE_ID    VARCHAR,
    STAGE_LABEL VARCHAR,
    PROBABILITY FLOAT,                            -- 0 to 1
    CLOSE_DATE  TIMESTAMP_LTZ(9),
    CREATED_AT  TIMESTAMP_LTZ(9),
    OWNER_ID    VARCHAR,
    OWNER_NAME  VARCHAR,
    OUTCOME     VARCHAR NOT NULL,                 -- won, lost, open or unknown
    CONTACT_IDS ARRAY NOT NULL,
    COMPANY_IDS ARRAY NOT NULL,                   -- the primary company first
    STAGE_STAYS ARRAY NOT NULL,                   -- objects of stage_id, stage_label, entered, exited; earliest first
    READ_AT     TIMESTAMP_LTZ(9) NOT NULL,
    AS_OF       TIMESTAMP_LTZ(9)                  -- from when the content is at the latest; null for READ_AT
)
COMMENT = 'Deals of the CRM';

CREATE TABLE IF NOT EXISTS CRM_CONTACTS (
    CONTACT_ID    VARCHAR NOT NULL,
    CONTACT_EMAIL VARCHAR,
    CONTACT_NAME  VARCHAR,
    CONTACT_TITLE VARCHAR,
    COMPANY_ID    VARCHAR,
    READ_AT       TIMESTAMP_LTZ(9) NOT NULL
)
COMMENT = 'Contacts of the CRM';

CREATE TABLE IF NOT EXISTS CRM_COMPANIES (
    COMPANY_ID   VARCHAR NOT NULL,
    COMPANY_NAME VARCHAR,
    DOMAIN       VARCHAR,
    INDUSTRY     VARCHAR,
    READ_AT      TIMESTAMP_LTZ(9) NOT NULL
)
COMMENT = 'Companies of the CRM';

CREATE TABLE IF NOT EXISTS CRM_STAGES (
    PIPELINE_ID   VARCHAR NOT NULL,
    STAGE_ID      VARCHAR NOT NULL,               -- unique only within its pipeline
    STAGE_LABEL   VARCHAR NOT NULL,
    PROBABILITY   FLOAT,
    DISPLAY_ORDER NUMBER(9, 0) NOT NULL,
    READ_AT       TIMESTAMP_LTZ(9) NOT NULL
)
COMMENT = 'Stages of deal pipelines';

CREATE TABLE IF NOT EXISTS CRM_OWNERS (
    OWNER_ID    VARCHAR NOT NULL,
    OWNER_NAME  VARCHAR,
    OWNER_EMAIL VARCHAR,
    IS_ARCHIVED BOOLEAN NOT NULL,
    READ_AT     TIMESTAMP_LTZ(9) NOT NULL
)
COMMENT = 'CRM users who own records';

CREATE TABLE IF NOT EXISTS CRM_GONE_RECORDS (
    OBJECT_KIND VARCHAR NOT NULL,                 -- deal, contact, company or owner
    OBJECT_ID   VARCHAR NOT NULL,
    SURVIVOR_ID VARCHAR,                          -- what it was merged into; null when it is missing
    READ_AT     TIMESTAMP_LTZ(9) NOT NULL
)
COMMENT = 'Ids that were asked for and under which the CRM has no record';
