-- requires: tables
-- Who writes staging, and whose turn it is: one row, which a transform, a retention and a page that deletes update
-- first and whose lock they hold until they commit. Landing rows come next in each of them, staging last, so that two
-- writers wait for each other in one order and neither stages what the other has staged.
--
-- WRITER is client (snowflake_store stages, figures and CRM links included) or task (GONG_TRANSFORM does, without
-- them). Whoever is not the writer finds nothing to do.

CREATE TABLE IF NOT EXISTS GONG_STAGING (
    STAGING_ID NUMBER(1, 0) NOT NULL,             -- 1: there is one row
    WRITER     VARCHAR NOT NULL,                  -- client or task
    LOCKED_AT  TIMESTAMP_LTZ(9) NOT NULL          -- by the latest transaction that wrote
)
COMMENT = 'Who writes staging';

MERGE INTO GONG_STAGING AS T
USING (SELECT 1 AS STAGING_ID) AS S ON T.STAGING_ID = S.STAGING_ID
WHEN NOT MATCHED THEN INSERT (STAGING_ID, WRITER, LOCKED_AT) VALUES (S.STAGING_ID, 'client', CURRENT_TIMESTAMP());

-- What a task takes of a call, and the hash of the sentences that it stages.
ALTER TABLE GONG_TRANSFORM_QUEUE ADD COLUMN IF NOT EXISTS TAKES_CALL BOOLEAN;
ALTER TABLE GONG_TRANSFORM_QUEUE ADD COLUMN IF NOT EXISTS TAKES_TRANSCRIPT BOOLEAN;
ALTER TABLE GONG_TRANSFORM_QUEUE ADD COLUMN IF NOT EXISTS SENTENCES_SHA VARCHAR(64);

-- Null for what the client staged: it has figures and CRM links then.
ALTER TABLE STG_GONG_CALLS ADD COLUMN IF NOT EXISTS STAGED_BY VARCHAR;

-- Which payloads are current, for a client that must not stage what has changed since it was read, nor what a task
-- stages.
CREATE OR REPLACE VIEW GONG_LANDED_CALLS COPY GRANTS AS
SELECT
    C.CALL_ID,
    C.PAYLOAD_SHA AS CALL_SHA,
    T.PAYLOAD_SHA AS TRANSCRIPT_SHA
FROM GONG_CALLS_RAW AS C
LEFT JOIN GONG_CALL_TRANSCRIPTS_RAW AS T ON T.CALL_ID = C.CALL_ID AND T.DELETED_AT IS NULL
WHERE C.DELETED_AT IS NULL AND (SELECT MAX(WRITER) FROM GONG_STAGING) = 'client';
