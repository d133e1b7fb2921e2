-- Landing: documents as Gong sent them, how far a sync is, and what could not be landed.
--
-- Instants are TIMESTAMP_LTZ, so that they compare with CURRENT_TIMESTAMP() in a session of any time zone; columns
-- whose name ends with _UTC are TIMESTAMP_NTZ and hold UTC. Standard tables enforce no primary key: the keys below
-- tell people and optimisers what the statements see to (MERGE by key, of rows that are unique in the source).
-- Streams read the changes of landing, so change tracking is on from the start.

CREATE TABLE IF NOT EXISTS GONG_CALLS_RAW (
    CALL_ID          VARCHAR NOT NULL,
    PAYLOAD_SHA      VARCHAR(64) NOT NULL,        -- SHA-256 (hex) of the canonical JSON, made by the client
    INGESTED_AT      TIMESTAMP_LTZ(9) NOT NULL,   -- when this payload landed
    CORRELATION_ID   VARCHAR NOT NULL,            -- the run that landed it
    STARTED_AT       TIMESTAMP_LTZ(9),            -- from the payload; null where it cannot be read
    SCHEDULED_AT     TIMESTAMP_LTZ(9),
    PROCESSED        BOOLEAN NOT NULL,
    PROCESSED_AT     TIMESTAMP_LTZ(9),
    PROCESSING_ERROR VARCHAR,
    DELETED_AT       TIMESTAMP_LTZ(9),            -- null while Gong serves the call
    RAW_DATA         VARIANT NOT NULL
)
CLUSTER BY (CALL_ID)
CHANGE_TRACKING = TRUE
COMMENT = 'Calls as Gong sent them, one row a call';

CREATE TABLE IF NOT EXISTS GONG_CALL_TRANSCRIPTS_RAW (
    CALL_ID          VARCHAR NOT NULL,
    PAYLOAD_SHA      VARCHAR(64) NOT NULL,
    INGESTED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    CORRELATION_ID   VARCHAR NOT NULL,
    PROCESSED        BOOLEAN NOT NULL,
    PROCESSED_AT     TIMESTAMP_LTZ(9),
    PROCESSING_ERROR VARCHAR,
    DELETED_AT       TIMESTAMP_LTZ(9),
    TRANSCRIPT_DATA  VARIANT NOT NULL
)
CLUSTER BY (CALL_ID)
CHANGE_TRACKING = TRUE
COMMENT = 'Transcripts as Gong sent them, one row a call';

-- One row a committed step of a run. STATE_ID is made by the client (UUID version 7): a transaction that is
-- repeated because the reply to its commit was lost finds its row there, and ids sort as steps follow one another.
CREATE TABLE IF NOT EXISTS GONG_INGESTION_STATE (
    STATE_ID             VARCHAR(36) NOT NULL,
    CORRELATION_ID       VARCHAR NOT NULL,
    SYNC_MODE            VARCHAR NOT NULL,        -- full, incremental or backfill
    STREAM               VARCHAR NOT NULL,
    STEP                 VARCHAR NOT NULL,        -- started, page, window_done or finished
    WINDOW_FROM          TIMESTAMP_LTZ(9) NOT NULL,
    WINDOW_TO            TIMESTAMP_LTZ(9) NOT NULL,
    POSITION             VARCHAR,                 -- where the stream goes on
    LAST_SYNC_TIMESTAMP  TIMESTAMP_LTZ(9),        -- the watermark; only on finished runs that set one
    CALLS_SEEN           NUMBER(18, 0) NOT NULL,
    CALLS_INSERTED       NUMBER(18, 0) NOT NULL,
    CALLS_UPDATED        NUMBER(18, 0) NOT NULL,
    CALLS_DELETED        NUMBER(18, 0) NOT NULL,
    TRANSCRIPTS_INSERTED NUMBER(18, 0) NOT NULL,
    TRANSCRIPTS_MISSING  NUMBER(18, 0) NOT NULL,
    DEAD_LETTERS         NUMBER(18, 0) NOT NULL,
    COMMITTED_AT         TIMESTAMP_LTZ(9) NOT NULL
)
COMMENT = 'How far each run is, one row a committed step';

-- LETTER_KEY is `call:<id>`, `window:<from>/<to>` or `run`: what the letter is about. RECORDING_ID is that of the
-- latest recording, made by the client: the same recording counts once however often it is sent.
CREATE TABLE IF NOT EXISTS GONG_DEAD_LETTERS (
    LETTER_ID       VARCHAR(36) NOT NULL,
    STREAM          VARCHAR NOT NULL,
    LETTER_KEY      VARCHAR NOT NULL,
    CALL_ID         VARCHAR,
    WINDOW_FROM     TIMESTAMP_LTZ(9),
    WINDOW_TO       TIMESTAMP_LTZ(9),
    REASON          VARCHAR NOT NULL,
    PAYLOAD         VARCHAR,
    CORRELATION_ID  VARCHAR NOT NULL,
    ATTEMPTS        NUMBER(9, 0) NOT NULL,
    FIRST_FAILED_AT TIMESTAMP_LTZ(9) NOT NULL,
    LAST_FAILED_AT  TIMESTAMP_LTZ(9) NOT NULL,
    RECORDING_ID    VARCHAR(36) NOT NULL
)
COMMENT = 'What could not be landed, and how often it was tried';

-- Kept, with RESOLVED_AT, once the call could be transformed.
CREATE TABLE IF NOT EXISTS PIPELINE_ERRORS (
    ERROR_ID        VARCHAR(36) NOT NULL,
    STAGE           VARCHAR NOT NULL,
    CALL_ID         VARCHAR NOT NULL,
    STREAM          VARCHAR NOT NULL,
    REASON          VARCHAR NOT NULL,
    CORRELATION_ID  VARCHAR NOT NULL,
    ATTEMPTS        NUMBER(9, 0) NOT NULL,
    FIRST_FAILED_AT TIMESTAMP_LTZ(9) NOT NULL,
    LAST_FAILED_AT  TIMESTAMP_LTZ(9) NOT NULL,
    RESOLVED_AT     TIMESTAMP_LTZ(9),
    RECORDING_ID    VARCHAR(36) NOT NULL
)
COMMENT = 'Calls that landed and could not be transformed';

-- Which payloads are current, for statements that must not stage what has changed since it was read.
CREATE VIEW IF NOT EXISTS GONG_LANDED_CALLS AS
SELECT
    C.CALL_ID,
    C.PAYLOAD_SHA AS CALL_SHA,
    T.PAYLOAD_SHA AS TRANSCRIPT_SHA
FROM GONG_CALLS_RAW AS C
LEFT JOIN GONG_CALL_TRANSCRIPTS_RAW AS T ON T.CALL_ID = C.CALL_ID AND T.DELETED_AT IS NULL
WHERE C.DELETED_AT IS NULL;
