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

-- From when the content of a deal is at the latest; null where it is as fresh as READ_AT.
ALTER TABLE CRM_DEALS ADD COLUMN AS_OF TEXT;

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
