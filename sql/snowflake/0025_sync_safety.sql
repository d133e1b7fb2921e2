-- What keeps a sync right over any history: dead letters by what is at fault, whom the store mirrors, what a run was
-- asked for, and which reader has failed.

-- SETTINGS: what a run was asked for; on its start only, and null on starts from before this. BEGAN_AT: when a run that
-- ends had begun; on its end only.
ALTER TABLE GONG_INGESTION_STATE ADD COLUMN IF NOT EXISTS SETTINGS VARCHAR;
ALTER TABLE GONG_INGESTION_STATE ADD COLUMN IF NOT EXISTS BEGAN_AT TIMESTAMP_LTZ(9);

-- Version of the code that could not read the call; null when it was not kept.
ALTER TABLE PIPELINE_ERRORS ADD COLUMN IF NOT EXISTS READER_VERSION NUMBER(10, 0);

-- READER_VERSION: null when it was not kept. RETIRED_AT: when a person gave the letter up.
ALTER TABLE GONG_DEAD_LETTERS ADD COLUMN IF NOT EXISTS READER_VERSION NUMBER(10, 0);
ALTER TABLE GONG_DEAD_LETTERS ADD COLUMN IF NOT EXISTS RETIRED_AT TIMESTAMP_LTZ(9);

-- LETTER_KEY is `call:<id>`, `record:<digest>` or `window:<from>/<to>`: what is at fault. A call has no window; a record
-- has the shortest one it was met in.
UPDATE GONG_DEAD_LETTERS SET WINDOW_FROM = NULL, WINDOW_TO = NULL WHERE CALL_ID IS NOT NULL;

-- A letter of a run as a whole becomes one of the first day of which there can be calls: it goes when a run has read
-- everything.
UPDATE GONG_DEAD_LETTERS
SET
    WINDOW_FROM = CAST('2015-01-01T00:00:00+00:00' AS TIMESTAMP_LTZ),
    WINDOW_TO = CAST('2015-01-02T00:00:00+00:00' AS TIMESTAMP_LTZ),
    LETTER_KEY = 'window:2015-01-01T00:00:00+00:00/2015-01-02T00:00:00+00:00'
WHERE LETTER_KEY = 'run';

-- A record without an id had the key of its window. The client makes digests of canonical JSON, which this is not: it
-- has one of its own, and goes when its span has been read again.
UPDATE GONG_DEAD_LETTERS
SET LETTER_KEY = 'record:' || SHA2(LETTER_ID, 256)
WHERE CALL_ID IS NULL AND PAYLOAD IS NOT NULL AND LETTER_KEY LIKE 'window:%';

CREATE TABLE IF NOT EXISTS GONG_ORIGIN (
    ORIGIN_ID  NUMBER(1, 0) NOT NULL,             -- 1: there is one row
    HOST       VARCHAR NOT NULL,                  -- authority of the API
    WORKSPACES ARRAY NOT NULL,                    -- those that were chosen; empty for all
    SET_AT     TIMESTAMP_LTZ(9) NOT NULL
)
COMMENT = 'Whom this schema mirrors';

-- Retired letters wait for nothing.
CREATE OR REPLACE VIEW VW_GONG_FRESHNESS COPY GRANTS AS
SELECT
    (SELECT MAX(COMMITTED_AT) FROM GONG_INGESTION_STATE WHERE STEP = 'finished') AS LAST_FINISHED_AT,
    (SELECT MAX(LAST_SYNC_TIMESTAMP) FROM GONG_INGESTION_STATE) AS WATERMARK,
    (SELECT COUNT(*) FROM GONG_CALLS_RAW WHERE NOT PROCESSED AND DELETED_AT IS NULL) AS CALLS_TO_TRANSFORM,
    (SELECT COUNT(*) FROM GONG_DEAD_LETTERS WHERE RETIRED_AT IS NULL) AS DEAD_LETTERS,
    (SELECT COUNT(*) FROM PIPELINE_ERRORS WHERE RESOLVED_AT IS NULL) AS UNRESOLVED_ERRORS,
    (SELECT MAX(FAILED_AT) FROM GONG_PROCEDURE_ERRORS) AS PROCEDURE_FAILED_AT;
