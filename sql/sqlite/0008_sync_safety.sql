-- What keeps a sync right over any history: dead letters by what is at fault, whom the store
-- mirrors, what a run was asked for, and which reader has failed.

-- What a run was asked for; on its start only, and null on starts from before this.
ALTER TABLE GONG_INGESTION_STATE ADD COLUMN SETTINGS TEXT;

-- When a run that ends had begun; on its end only.
ALTER TABLE GONG_INGESTION_STATE ADD COLUMN BEGAN_AT TEXT;

-- Version of the code that could not read the call; null when it was not kept.
ALTER TABLE PIPELINE_ERRORS ADD COLUMN READER_VERSION INTEGER;

ALTER TABLE GONG_DEAD_LETTERS ADD COLUMN READER_VERSION INTEGER NOT NULL DEFAULT 0;
ALTER TABLE GONG_DEAD_LETTERS ADD COLUMN RETIRED_AT TEXT;         -- when a person gave it up

-- LETTER_KEY is `call:<id>`, `record:<digest>` or `window:<from>/<to>`: what is at fault. A call
-- has no window; a record has the shortest one it was met in.
UPDATE GONG_DEAD_LETTERS SET WINDOW_FROM = NULL, WINDOW_TO = NULL WHERE CALL_ID IS NOT NULL;

-- A letter of a run as a whole becomes one of the first day of which there can be calls: it goes
-- when a run has read everything.
UPDATE GONG_DEAD_LETTERS
SET WINDOW_FROM = '2015-01-01T00:00:00+00:00',
    WINDOW_TO = '2015-01-02T00:00:00+00:00',
    LETTER_KEY = 'window:2015-01-01T00:00:00+00:00/2015-01-02T00:00:00+00:00'
WHERE LETTER_KEY = 'run';

-- A record without an id had the key of its window. Its digest is not known to SQL, so it gets
-- one of its own, and goes when its span has been read again.
UPDATE GONG_DEAD_LETTERS
SET LETTER_KEY = PRINTF('record:%064d', LETTER_ID)
WHERE CALL_ID IS NULL AND PAYLOAD IS NOT NULL;

CREATE INDEX GONG_DEAD_LETTERS_ORDER ON GONG_DEAD_LETTERS (FIRST_FAILED_AT, STREAM, LETTER_KEY);

CREATE TABLE GONG_ORIGIN (
    ORIGIN_ID  INTEGER NOT NULL PRIMARY KEY CHECK (ORIGIN_ID = 1),
    HOST       TEXT NOT NULL,                     -- authority of the API
    WORKSPACES TEXT NOT NULL,                     -- JSON: those that were chosen; empty for all
    SET_AT     TEXT NOT NULL
) STRICT;

-- Few calls are deleted: those that are not are counted as the others.
CREATE INDEX GONG_CALLS_RAW_DELETED ON GONG_CALLS_RAW (DELETED_AT) WHERE DELETED_AT IS NOT NULL;
