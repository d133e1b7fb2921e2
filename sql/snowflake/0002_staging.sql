-- Staging: calls, people, topics, CRM links, sentences and chunks, one row each.

CREATE TABLE IF NOT EXISTS STG_GONG_CALLS (
    CALL_ID                        VARCHAR NOT NULL,
    CALL_TITLE                     VARCHAR,
    CALL_DATETIME_UTC              TIMESTAMP_NTZ(9) NOT NULL,
    SCHEDULED_DATETIME_UTC         TIMESTAMP_NTZ(9),
    CALL_DURATION_SECONDS          NUMBER(18, 0) NOT NULL,
    CALL_DIRECTION                 VARCHAR NOT NULL,
    CALL_MEDIA                     VARCHAR NOT NULL,
    CALL_SCOPE                     VARCHAR NOT NULL,
    CALL_SYSTEM                    VARCHAR,
    CALL_LANGUAGE                  VARCHAR,
    CALL_URL                       VARCHAR,
    WORKSPACE_ID                   VARCHAR,
    IS_PRIVATE                     BOOLEAN NOT NULL,
    PRIMARY_USER_ID                VARCHAR,
    PRIMARY_USER_EMAIL             VARCHAR,
    PRIMARY_USER_NAME              VARCHAR,
    PRIMARY_USER_EMAIL_FOLDED      VARCHAR,       -- lower case, for look-ups in any case
    PRIMARY_USER_NAME_FOLDED       VARCHAR,
    HUBSPOT_DEAL_ID                VARCHAR,
    HUBSPOT_CONTACT_ID             VARCHAR,
    HUBSPOT_COMPANY_ID             VARCHAR,
    CRM_MATCH_REASON               VARCHAR,       -- gong_context, participant_email, participant_domain, nobody_known
    CRM_MATCHED_AT                 TIMESTAMP_LTZ(9), -- when records were looked for
    OTHER_CRM_LINKS                NUMBER(9, 0) NOT NULL, -- objects of other CRM systems
    DEAL_NAME                      VARCHAR,       -- the deal as Gong saw it
    DEAL_STAGE                     VARCHAR,
    DEAL_STAGE_AT_CALL             VARCHAR,       -- as Gong saw it at the time of the call
    DEAL_AMOUNT                    NUMBER(38, 12),
    CRM_REFERENCES                 VARIANT NOT NULL, -- CRM objects linked to the call, in Gong's order
    TRACKERS                       VARIANT NOT NULL,
    BRIEF                          VARCHAR,       -- Gong's own summary
    SENTENCE_COUNT                 NUMBER(9, 0),  -- null while no transcript is stored
    SENTENCES_SHA                  VARCHAR(64),   -- of the transcript and of who its voices are
    TALK_RATIO                     FLOAT,         -- 0 to 1
    LONGEST_MONOLOGUE_SECONDS      FLOAT,
    LONGEST_CUSTOMER_STORY_SECONDS FLOAT,
    INTERACTIVITY_SCORE            FLOAT,         -- speaker switches a minute
    PATIENCE_SECONDS               FLOAT,
    QUESTIONS_ASKED_COUNT          NUMBER(9, 0),  -- by the rep
    QUESTION_RATE                  FLOAT,         -- by the rep, an hour
    FILLER_RATE                    FLOAT,         -- per 100 words of the rep
    METRICS                        VARIANT,       -- all figures, speakers included
    SENTIMENT_SCORE                FLOAT,         -- -1 to 1
    SENTIMENT_LABEL                VARCHAR,
    CALL_SUMMARY                   VARCHAR,
    KEY_TOPICS                     VARIANT,
    RISK_INDICATORS                VARIANT,
    NEXT_STEPS                     VARIANT,
    SIGNALS                        VARIANT,
    INSIGHTS_BACKEND               VARCHAR,       -- who computed the insights; null without them
    INSIGHTS_MODEL                 VARCHAR,
    INSIGHTS_AT                    TIMESTAMP_LTZ(9),
    STAGED_AT                      TIMESTAMP_LTZ(9) NOT NULL,
    PROCESSING_ERROR               VARCHAR,
    DELETED_AT                     TIMESTAMP_LTZ(9) -- null while Gong serves the call
)
CLUSTER BY (PRIMARY_USER_NAME, TO_DATE(CALL_DATETIME_UTC))
CHANGE_TRACKING = TRUE
COMMENT = 'Calls, one row each';

CREATE TABLE IF NOT EXISTS STG_GONG_CALL_TRANSCRIPTS (
    TRANSCRIPT_ID     VARCHAR NOT NULL,           -- <call id>:<index of the sentence>
    CALL_ID           VARCHAR NOT NULL,
    SENTENCE_INDEX    NUMBER(9, 0) NOT NULL,      -- position as Gong sent it, from 0
    SPEAKER_ID        VARCHAR,
    SPEAKER_NAME      VARCHAR,
    SPEAKER_EMAIL     VARCHAR,
    SPEAKER_TYPE      VARCHAR NOT NULL,           -- Internal, External or Unknown
    TRANSCRIPT_TEXT   VARCHAR NOT NULL,
    START_MS          NUMBER(18, 0) NOT NULL,
    END_MS            NUMBER(18, 0) NOT NULL,
    WORD_COUNT        NUMBER(9, 0) NOT NULL,
    SEGMENT_SENTIMENT FLOAT,                      -- -1 to 1
    TOPIC             VARCHAR                     -- Gong's topic for the passage
)
CLUSTER BY (CALL_ID)
CHANGE_TRACKING = TRUE
COMMENT = 'Sentences, one row each; those of a deleted call are gone';

CREATE TABLE IF NOT EXISTS STG_GONG_CALL_PARTICIPANTS (
    CALL_ID            VARCHAR NOT NULL,
    PARTICIPANT_INDEX  NUMBER(9, 0) NOT NULL,     -- position as Gong sent it, from 0
    PARTY_ID           VARCHAR,
    SPEAKER_ID         VARCHAR,
    USER_ID            VARCHAR,
    PARTICIPANT_NAME   VARCHAR,
    PARTICIPANT_EMAIL  VARCHAR,
    PARTICIPANT_TITLE  VARCHAR,
    AFFILIATION        VARCHAR NOT NULL,          -- Internal, External or Unknown
    HUBSPOT_CONTACT_ID VARCHAR,
    CRM_REFERENCES     VARIANT NOT NULL           -- CRM objects linked to the person
)
CLUSTER BY (CALL_ID)
COMMENT = 'People of calls, one row each';

CREATE TABLE IF NOT EXISTS STG_GONG_CALL_TOPICS (
    CALL_ID          VARCHAR NOT NULL,
    TOPIC_INDEX      NUMBER(9, 0) NOT NULL,
    TOPIC_NAME       VARCHAR NOT NULL,
    DURATION_SECONDS FLOAT NOT NULL
)
CLUSTER BY (CALL_ID)
COMMENT = 'Topics that Gong found, one row each';

-- Records of HubSpot, each once a call; of a kind, the one of the smallest index is the call's own
-- (HUBSPOT_DEAL_ID and its like). OBJECT_ID is the surviving record where one was merged.
CREATE TABLE IF NOT EXISTS STG_GONG_CALL_CRM_LINKS (
    CALL_ID     VARCHAR NOT NULL,
    LINK_INDEX  NUMBER(9, 0) NOT NULL,            -- Gong's order, or that of the match
    OBJECT_KIND VARCHAR NOT NULL,                 -- deal, contact or company
    OBJECT_ID   VARCHAR NOT NULL
)
CLUSTER BY (CALL_ID)
COMMENT = 'Which CRM records calls stand with';

-- EMBEDDING_VECTOR is an ARRAY and not a VECTOR, whose dimension is part of its type: models of any dimension share
-- the table, and a search casts (docs/adr/0009-vectors-in-snowflake.md). SEARCH_TERMS is how search by words reads
-- the text: each word in lower case and without its ending, between bars.
CREATE TABLE IF NOT EXISTS STG_GONG_TRANSCRIPT_CHUNKS (
    CALL_ID          VARCHAR NOT NULL,
    CHUNK_INDEX      NUMBER(9, 0) NOT NULL,
    FIRST_SENTENCE   NUMBER(9, 0) NOT NULL,
    LAST_SENTENCE    NUMBER(9, 0) NOT NULL,
    CHUNK_TEXT       VARCHAR NOT NULL,
    CHUNK_SENTIMENT  FLOAT,                       -- mean sentence score, -1 to 1
    EMBEDDING_MODEL  VARCHAR,
    EMBEDDING_DIM    NUMBER(5, 0),
    EMBEDDING_VECTOR ARRAY,                       -- null too where the vector has no direction
    SEARCH_TERMS     VARCHAR NOT NULL,
    TERM_COUNT       NUMBER(9, 0) NOT NULL
)
CLUSTER BY (CALL_ID)
CHANGE_TRACKING = TRUE
COMMENT = 'Runs of turns that are found as one';
