-- Which CRM records a call stands with, and what the mirror knows beside records.

-- Records of HubSpot, each once a call; of a kind, the one of the smallest index is the call's
-- own (HUBSPOT_DEAL_ID and its like). OBJECT_ID is the surviving record where one was merged.
-- LINK_KEY is made as PARTICIPANT_KEY is.
CREATE TABLE STG_GONG_CALL_CRM_LINKS (
    LINK_KEY    INTEGER PRIMARY KEY,
    CALL_ID     TEXT NOT NULL,
    LINK_INDEX  INTEGER NOT NULL,                 -- Gong's order, or that of the match
    OBJECT_KIND TEXT NOT NULL CHECK (OBJECT_KIND IN ('deal', 'contact', 'company')),
    OBJECT_ID   TEXT NOT NULL
) STRICT;

CREATE INDEX STG_GONG_CALL_CRM_LINKS_OBJECT ON STG_GONG_CALL_CRM_LINKS (OBJECT_KIND, OBJECT_ID);

-- A CRM may not say how a deal stands, and may remember in which stage it was when. SQLite cannot
-- change a CHECK, so the table is made anew.
CREATE TEMPORARY TABLE CRM_DEALS_BEFORE AS SELECT * FROM CRM_DEALS;

DROP TABLE CRM_DEALS;

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
    OUTCOME     TEXT NOT NULL CHECK (OUTCOME IN ('won', 'lost', 'open', 'unknown')),
    CONTACT_IDS TEXT NOT NULL,                    -- JSON
    COMPANY_IDS TEXT NOT NULL,                    -- JSON, the primary company first
    READ_AT     TEXT NOT NULL,
    AS_OF       TEXT,                             -- from when it is at the latest; null where it is as fresh as READ_AT
    STAGE_STAYS TEXT NOT NULL                     -- JSON: objects of stage_id, stage_label, entered, exited; earliest first
) STRICT;

INSERT INTO CRM_DEALS
SELECT DEAL_ID, DEAL_NAME, AMOUNT, CURRENCY, PIPELINE_ID, STAGE_ID, STAGE_LABEL, PROBABILITY, CLOSE_DATE, CREATED_AT,
    OWNER_ID, OWNER_NAME, OUTCOME, CONTACT_IDS, COMPANY_IDS, READ_AT, NULL, '[]'
FROM CRM_DEALS_BEFORE;

DROP TABLE CRM_DEALS_BEFORE;

-- Why the records are the call's: gong_context, participant_email, participant_domain or
-- nobody_known; null while Gong links none and none were looked for.
ALTER TABLE STG_GONG_CALLS ADD COLUMN CRM_MATCH_REASON TEXT;
ALTER TABLE STG_GONG_CALLS ADD COLUMN CRM_MATCHED_AT TEXT;        -- when they were looked for
ALTER TABLE STG_GONG_CALLS ADD COLUMN DEAL_STAGE_AT_CALL TEXT;    -- as Gong saw it at the time of the call
ALTER TABLE STG_GONG_CALLS ADD COLUMN OTHER_CRM_LINKS INTEGER NOT NULL DEFAULT 0; -- objects of other CRM systems

CREATE INDEX STG_GONG_CALLS_UNLINKED ON STG_GONG_CALLS (CRM_MATCHED_AT, CALL_ID)
    WHERE DELETED_AT IS NULL AND (CRM_MATCH_REASON IS NULL OR CRM_MATCH_REASON <> 'gong_context');

CREATE INDEX STG_GONG_CALLS_OTHER_CRM ON STG_GONG_CALLS (OTHER_CRM_LINKS)
    WHERE OTHER_CRM_LINKS > 0 AND DELETED_AT IS NULL;

CREATE TABLE CRM_OWNERS (
    OWNER_ID    TEXT NOT NULL PRIMARY KEY,
    OWNER_NAME  TEXT,
    OWNER_EMAIL TEXT,
    IS_ARCHIVED INTEGER NOT NULL,
    READ_AT     TEXT NOT NULL
) STRICT;

-- Ids that were asked for and under which the CRM has no record.
CREATE TABLE CRM_GONE_RECORDS (
    OBJECT_KIND TEXT NOT NULL CHECK (OBJECT_KIND IN ('deal', 'contact', 'company', 'owner')),
    OBJECT_ID   TEXT NOT NULL,
    SURVIVOR_ID TEXT,                             -- what it was merged into; null when it is missing
    READ_AT     TEXT NOT NULL,
    PRIMARY KEY (OBJECT_KIND, OBJECT_ID)
) STRICT, WITHOUT ROWID;

CREATE INDEX CRM_GONE_RECORDS_SURVIVOR ON CRM_GONE_RECORDS (OBJECT_KIND, SURVIVOR_ID)
    WHERE SURVIVOR_ID IS NOT NULL;

-- Calls that are staged already get their links from the next transform.
UPDATE GONG_CALLS_RAW SET PROCESSED = 0 WHERE PROCESSED = 1 AND DELETED_AT IS NULL;
