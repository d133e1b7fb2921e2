-- The CRM mirror: records as enrichment read them. Amounts are decimal text, never floats.

CREATE TABLE CRM_DEALS (
    DEAL_ID     TEXT NOT NULL PRIMARY KEY,
    DEAL_NAME   TEXT,
    AMOUNT      TEXT,                             -- decimal, in CURRENCY
    CURRENCY    TEXT,                             -- ISO 4217
    PIPELINE_ID TEXT,
    STAGE_ID    TEXT,
    STAGE_LABEL TEXT,
    PROBABILITY REAL,                             -- 0 to 1
    CLOSE_DATE  TEXT,
    CREATED_AT  TEXT,
    OWNER_ID    TEXT,
    OWNER_NAME  TEXT,
    OUTCOME     TEXT NOT NULL CHECK (OUTCOME IN ('won', 'lost', 'open')),
    CONTACT_IDS TEXT NOT NULL,                    -- JSON
    COMPANY_IDS TEXT NOT NULL,                    -- JSON, the primary company first
    READ_AT     TEXT NOT NULL
) STRICT;

CREATE TABLE CRM_CONTACTS (
    CONTACT_ID    TEXT NOT NULL PRIMARY KEY,
    CONTACT_EMAIL TEXT,
    CONTACT_NAME  TEXT,
    CONTACT_TITLE TEXT,
    COMPANY_ID    TEXT,
    READ_AT       TEXT NOT NULL
) STRICT;

CREATE TABLE CRM_COMPANIES (
    COMPANY_ID   TEXT NOT NULL PRIMARY KEY,
    COMPANY_NAME TEXT,
    DOMAIN       TEXT,
    INDUSTRY     TEXT,
    READ_AT      TEXT NOT NULL
) STRICT;

CREATE TABLE CRM_STAGES (
    PIPELINE_ID   TEXT NOT NULL,
    STAGE_ID      TEXT NOT NULL,                  -- unique only within its pipeline
    STAGE_LABEL   TEXT NOT NULL,
    PROBABILITY   REAL,
    DISPLAY_ORDER INTEGER NOT NULL,
    READ_AT       TEXT NOT NULL,
    PRIMARY KEY (PIPELINE_ID, STAGE_ID)
) STRICT, WITHOUT ROWID;
