-- Staging: calls, people, topics, sentences and chunks, one row each.

CREATE TABLE STG_GONG_CALLS (
    CALL_KEY                       INTEGER PRIMARY KEY, -- internal: the keys of its sentences and people follow from it
    CALL_ID                        TEXT NOT NULL UNIQUE,
    CALL_TITLE                     TEXT,
    CALL_DATETIME_UTC              TEXT NOT NULL,
    SCHEDULED_DATETIME_UTC         TEXT,
    CALL_DURATION_SECONDS          INTEGER NOT NULL,
    CALL_DIRECTION                 TEXT NOT NULL,
    CALL_MEDIA                     TEXT NOT NULL,
    CALL_SCOPE                     TEXT NOT NULL,
    CALL_SYSTEM                    TEXT,
    CALL_LANGUAGE                  TEXT,
    CALL_URL                       TEXT,
    WORKSPACE_ID                   TEXT,
    IS_PRIVATE                     INTEGER NOT NULL,
    PRIMARY_USER_ID                TEXT,
    PRIMARY_USER_EMAIL             TEXT,
    PRIMARY_USER_NAME              TEXT,
    PRIMARY_USER_EMAIL_FOLDED      TEXT,          -- lower case of any script, for look-ups in any case
    PRIMARY_USER_NAME_FOLDED       TEXT,
    HUBSPOT_DEAL_ID                TEXT,
    HUBSPOT_CONTACT_ID             TEXT,
    HUBSPOT_COMPANY_ID             TEXT,
    DEAL_NAME                      TEXT,          -- the deal as Gong saw it
    DEAL_STAGE                     TEXT,
    DEAL_AMOUNT                    TEXT,          -- decimal
    CRM_REFERENCES                 TEXT NOT NULL, -- JSON: CRM objects linked to the call, in Gong's order
    TRACKERS                       TEXT NOT NULL, -- JSON
    BRIEF                          TEXT,          -- Gong's own summary
    SENTENCE_COUNT                 INTEGER,       -- null while no transcript is stored
    SENTENCES_SHA                  TEXT,          -- of the transcript and of who its voices are
    TALK_RATIO                     REAL,          -- 0 to 1
    LONGEST_MONOLOGUE_SECONDS      REAL,
    LONGEST_CUSTOMER_STORY_SECONDS REAL,
    INTERACTIVITY_SCORE            REAL,          -- speaker switches a minute
    PATIENCE_SECONDS               REAL,
    QUESTIONS_ASKED_COUNT          INTEGER,       -- by the rep
    QUESTION_RATE                  REAL,          -- by the rep, an hour
    FILLER_RATE                    REAL,          -- per 100 words of the rep
    METRICS                        TEXT,          -- JSON: all figures, speakers included
    SENTIMENT_SCORE                REAL,          -- -1 to 1
    SENTIMENT_LABEL                TEXT,
    CALL_SUMMARY                   TEXT,
    KEY_TOPICS                     TEXT,          -- JSON, here and below
    RISK_INDICATORS                TEXT,
    NEXT_STEPS                     TEXT,
    SIGNALS                        TEXT,
    INSIGHTS_BACKEND               TEXT,          -- who computed the insights; null without them
    INSIGHTS_MODEL                 TEXT,
    INSIGHTS_AT                    TEXT,
    STAGED_AT                      TEXT NOT NULL,
    PROCESSING_ERROR               TEXT,
    DELETED_AT                     TEXT           -- null while Gong serves the call
) STRICT;

CREATE INDEX STG_GONG_CALLS_REP ON STG_GONG_CALLS (PRIMARY_USER_NAME, CALL_DATETIME_UTC);
CREATE INDEX STG_GONG_CALLS_REP_FOLDED ON STG_GONG_CALLS (PRIMARY_USER_NAME_FOLDED, CALL_DATETIME_UTC);
CREATE INDEX STG_GONG_CALLS_REP_EMAIL ON STG_GONG_CALLS (PRIMARY_USER_EMAIL_FOLDED, CALL_DATETIME_UTC);
CREATE INDEX STG_GONG_CALLS_REP_ID ON STG_GONG_CALLS (PRIMARY_USER_ID, CALL_DATETIME_UTC);
CREATE INDEX STG_GONG_CALLS_TIME ON STG_GONG_CALLS (CALL_DATETIME_UTC);
CREATE INDEX STG_GONG_CALLS_DEAL ON STG_GONG_CALLS (HUBSPOT_DEAL_ID, CALL_DATETIME_UTC)
    WHERE HUBSPOT_DEAL_ID IS NOT NULL;

-- SENTENCE_KEY is CALL_KEY << 24 | SENTENCE_INDEX: sentences of a call stand side by side and
-- those of new calls are appended. A key on (CALL_ID, SENTENCE_INDEX) took 2.9 microseconds a
-- sentence in a bulk load and an index on CALL_ID 1.8; this takes 0.9. To read one call by SQL,
-- go by its range of keys, as statements/sentences.sql does.
CREATE TABLE STG_GONG_CALL_TRANSCRIPTS (
    SENTENCE_KEY      INTEGER PRIMARY KEY,
    CALL_ID           TEXT NOT NULL,
    SENTENCE_INDEX    INTEGER NOT NULL,           -- position as Gong sent it, from 0
    SPEAKER_ID        TEXT,
    SPEAKER_NAME      TEXT,
    SPEAKER_EMAIL     TEXT,
    SPEAKER_TYPE      TEXT NOT NULL,              -- Internal, External or Unknown
    START_MS          INTEGER NOT NULL,
    END_MS            INTEGER NOT NULL,
    WORD_COUNT        INTEGER NOT NULL,
    SEGMENT_SENTIMENT REAL,                       -- -1 to 1
    TOPIC             TEXT,                       -- Gong's topic for the passage
    TRANSCRIPT_TEXT   TEXT NOT NULL,
    TRANSCRIPT_ID     TEXT GENERATED ALWAYS AS (CALL_ID || ':' || SENTENCE_INDEX) VIRTUAL
) STRICT;

-- PARTICIPANT_KEY and TOPIC_KEY are made as SENTENCE_KEY is, for the same reason.
CREATE TABLE STG_GONG_CALL_PARTICIPANTS (
    PARTICIPANT_KEY    INTEGER PRIMARY KEY,
    CALL_ID            TEXT NOT NULL,
    PARTICIPANT_INDEX  INTEGER NOT NULL,          -- position as Gong sent it, from 0
    PARTY_ID           TEXT,
    SPEAKER_ID         TEXT,
    USER_ID            TEXT,
    PARTICIPANT_NAME   TEXT,
    PARTICIPANT_EMAIL  TEXT,
    PARTICIPANT_TITLE  TEXT,
    AFFILIATION        TEXT NOT NULL,             -- Internal, External or Unknown
    HUBSPOT_CONTACT_ID TEXT,
    CRM_REFERENCES     TEXT NOT NULL              -- JSON: CRM objects linked to the person
) STRICT;

CREATE INDEX STG_GONG_CALL_PARTICIPANTS_CONTACT ON STG_GONG_CALL_PARTICIPANTS (HUBSPOT_CONTACT_ID)
    WHERE HUBSPOT_CONTACT_ID IS NOT NULL;

CREATE TABLE STG_GONG_CALL_TOPICS (
    TOPIC_KEY        INTEGER PRIMARY KEY,
    CALL_ID          TEXT NOT NULL,
    TOPIC_INDEX      INTEGER NOT NULL,
    TOPIC_NAME       TEXT NOT NULL,
    DURATION_SECONDS REAL NOT NULL
) STRICT;

-- The vector stands before the text, so that comparing vectors reads no text.
CREATE TABLE STG_GONG_TRANSCRIPT_CHUNKS (
    CHUNK_ID         INTEGER PRIMARY KEY,
    CALL_ID          TEXT NOT NULL REFERENCES STG_GONG_CALLS (CALL_ID) ON DELETE CASCADE,
    FIRST_SENTENCE   INTEGER NOT NULL,
    LAST_SENTENCE    INTEGER NOT NULL,
    CHUNK_SENTIMENT  REAL,                        -- mean sentence score, -1 to 1
    EMBEDDING_MODEL  TEXT,
    EMBEDDING_DIM    INTEGER,
    EMBEDDING_VECTOR BLOB,                        -- f32, little endian
    CHUNK_TEXT       TEXT NOT NULL
) STRICT;

CREATE INDEX STG_GONG_TRANSCRIPT_CHUNKS_CALL ON STG_GONG_TRANSCRIPT_CHUNKS (CALL_ID);
CREATE INDEX STG_GONG_TRANSCRIPT_CHUNKS_MODEL ON STG_GONG_TRANSCRIPT_CHUNKS (EMBEDDING_MODEL, EMBEDDING_DIM)
    WHERE EMBEDDING_MODEL IS NOT NULL;

CREATE VIRTUAL TABLE STG_GONG_TRANSCRIPT_CHUNKS_FTS USING fts5 (
    CHUNK_TEXT,
    content = 'STG_GONG_TRANSCRIPT_CHUNKS',
    content_rowid = 'CHUNK_ID',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- The index follows the table, whoever writes the table.
CREATE TRIGGER STG_GONG_TRANSCRIPT_CHUNKS_INSERTED AFTER INSERT ON STG_GONG_TRANSCRIPT_CHUNKS
BEGIN
    INSERT INTO STG_GONG_TRANSCRIPT_CHUNKS_FTS (rowid, CHUNK_TEXT) VALUES (new.CHUNK_ID, new.CHUNK_TEXT);
END;

CREATE TRIGGER STG_GONG_TRANSCRIPT_CHUNKS_DELETED AFTER DELETE ON STG_GONG_TRANSCRIPT_CHUNKS
BEGIN
    INSERT INTO STG_GONG_TRANSCRIPT_CHUNKS_FTS (STG_GONG_TRANSCRIPT_CHUNKS_FTS, rowid, CHUNK_TEXT)
    VALUES ('delete', old.CHUNK_ID, old.CHUNK_TEXT);
END;

CREATE TRIGGER STG_GONG_TRANSCRIPT_CHUNKS_UPDATED AFTER UPDATE OF CHUNK_TEXT ON STG_GONG_TRANSCRIPT_CHUNKS
BEGIN
    INSERT INTO STG_GONG_TRANSCRIPT_CHUNKS_FTS (STG_GONG_TRANSCRIPT_CHUNKS_FTS, rowid, CHUNK_TEXT)
    VALUES ('delete', old.CHUNK_ID, old.CHUNK_TEXT);
    INSERT INTO STG_GONG_TRANSCRIPT_CHUNKS_FTS (rowid, CHUNK_TEXT) VALUES (new.CHUNK_ID, new.CHUNK_TEXT);
END;
