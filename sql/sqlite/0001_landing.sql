-- Landing: documents as Gong sent them, how far a sync is, and what could not be landed.
--
-- All times are UTC text such as 2026-11-22T10:00:00+00:00, which sorts as time does and
-- which SQLite's date functions read.
--
-- STATE_CHANGED_AT exists for PROCESSED_AT: marking a row processed must not change the
-- size of the row, or SQLite would write all of RAW_DATA again. Its text has a fixed length.
-- RAW_DATA is the last column, so that reading the others never walks its pages.

CREATE TABLE GONG_CALLS_RAW (
    CALL_ID          TEXT NOT NULL PRIMARY KEY,
    PAYLOAD_SHA      TEXT NOT NULL,               -- SHA-256 (hex) of the canonical JSON
    INGESTED_AT      TEXT NOT NULL,               -- when this payload landed
    CORRELATION_ID   TEXT NOT NULL,               -- the run that landed it
    STARTED_AT       TEXT,                        -- from the payload; null where it cannot be read
    SCHEDULED_AT     TEXT,
    PROCESSED        INTEGER NOT NULL DEFAULT 0,
    STATE_CHANGED_AT TEXT NOT NULL,
    PROCESSED_AT     TEXT GENERATED ALWAYS AS (CASE PROCESSED WHEN 1 THEN STATE_CHANGED_AT END) VIRTUAL,
    PROCESSING_ERROR TEXT,
    DELETED_AT       TEXT,                        -- null while Gong serves the call
    RAW_DATA         TEXT NOT NULL
) STRICT;

CREATE INDEX GONG_CALLS_RAW_PENDING ON GONG_CALLS_RAW (CALL_ID)
    WHERE PROCESSED = 0 AND DELETED_AT IS NULL;

CREATE TABLE GONG_CALL_TRANSCRIPTS_RAW (
    CALL_ID          TEXT NOT NULL PRIMARY KEY,
    PAYLOAD_SHA      TEXT NOT NULL,
    INGESTED_AT      TEXT NOT NULL,
    CORRELATION_ID   TEXT NOT NULL,
    PROCESSED        INTEGER NOT NULL DEFAULT 0,
    STATE_CHANGED_AT TEXT NOT NULL,
    PROCESSED_AT     TEXT GENERATED ALWAYS AS (CASE PROCESSED WHEN 1 THEN STATE_CHANGED_AT END) VIRTUAL,
    PROCESSING_ERROR TEXT,
    DELETED_AT       TEXT,
    TRANSCRIPT_DATA  TEXT NOT NULL
) STRICT;

CREATE INDEX GONG_CALL_TRANSCRIPTS_RAW_PENDING ON GONG_CALL_TRANSCRIPTS_RAW (CALL_ID)
    WHERE PROCESSED = 0 AND DELETED_AT IS NULL;

-- One row a committed step of a run, in the order of commit.
CREATE TABLE GONG_INGESTION_STATE (
    STATE_ID             INTEGER PRIMARY KEY AUTOINCREMENT,
    CORRELATION_ID       TEXT NOT NULL,
    SYNC_MODE            TEXT NOT NULL CHECK (SYNC_MODE IN ('full', 'incremental', 'backfill')),
    STREAM               TEXT NOT NULL,
    STEP                 TEXT NOT NULL CHECK (STEP IN ('started', 'page', 'window_done', 'finished')),
    WINDOW_FROM          TEXT NOT NULL,
    WINDOW_TO            TEXT NOT NULL,
    POSITION             TEXT,                    -- where the stream goes on
    LAST_SYNC_TIMESTAMP  TEXT,                    -- the watermark; only on finished runs that set one
    CALLS_SEEN           INTEGER NOT NULL DEFAULT 0,
    CALLS_INSERTED       INTEGER NOT NULL DEFAULT 0,
    CALLS_UPDATED        INTEGER NOT NULL DEFAULT 0,
    CALLS_DELETED        INTEGER NOT NULL DEFAULT 0,
    TRANSCRIPTS_INSERTED INTEGER NOT NULL DEFAULT 0,
    TRANSCRIPTS_MISSING  INTEGER NOT NULL DEFAULT 0,
    DEAD_LETTERS         INTEGER NOT NULL DEFAULT 0,
    COMMITTED_AT         TEXT NOT NULL
) STRICT;

CREATE INDEX GONG_INGESTION_STATE_RUN ON GONG_INGESTION_STATE (CORRELATION_ID, STEP);
CREATE INDEX GONG_INGESTION_STATE_STEP ON GONG_INGESTION_STATE (STEP, SYNC_MODE, STATE_ID);
CREATE INDEX GONG_INGESTION_STATE_POSITION ON GONG_INGESTION_STATE (STREAM, STATE_ID)
    WHERE POSITION IS NOT NULL;

-- LETTER_KEY is `call:<id>`, `window:<from>/<to>` or `run`: what the letter is about.
CREATE TABLE GONG_DEAD_LETTERS (
    LETTER_ID       INTEGER PRIMARY KEY AUTOINCREMENT,
    STREAM          TEXT NOT NULL,
    LETTER_KEY      TEXT NOT NULL,
    CALL_ID         TEXT,
    WINDOW_FROM     TEXT,
    WINDOW_TO       TEXT,
    REASON          TEXT NOT NULL,
    PAYLOAD         TEXT,
    CORRELATION_ID  TEXT NOT NULL,
    ATTEMPTS        INTEGER NOT NULL,
    FIRST_FAILED_AT TEXT NOT NULL,
    LAST_FAILED_AT  TEXT NOT NULL,
    UNIQUE (STREAM, LETTER_KEY)
) STRICT;

-- Calls that landed and could not be transformed; kept, with RESOLVED_AT, once they could.
CREATE TABLE PIPELINE_ERRORS (
    ERROR_ID        INTEGER PRIMARY KEY AUTOINCREMENT,
    STAGE           TEXT NOT NULL,
    CALL_ID         TEXT NOT NULL,
    STREAM          TEXT NOT NULL,
    REASON          TEXT NOT NULL,
    CORRELATION_ID  TEXT NOT NULL,
    ATTEMPTS        INTEGER NOT NULL,
    FIRST_FAILED_AT TEXT NOT NULL,
    LAST_FAILED_AT  TEXT NOT NULL,
    RESOLVED_AT     TEXT,
    UNIQUE (CALL_ID, STAGE)
) STRICT;
