-- What readers understood of calls: one row a call, transcript and reader. The items of a reading are rows of a view.

CREATE TABLE IF NOT EXISTS CALL_READINGS (
    CALL_ID         VARCHAR NOT NULL,
    TRANSCRIPT_SHA  VARCHAR(64) NOT NULL,         -- SENTENCES_SHA of what was read
    BACKEND         VARCHAR NOT NULL,             -- who read
    MODEL           VARCHAR NOT NULL,             -- with its version and that of what it was told
    READ_AT         TIMESTAMP_LTZ(9) NOT NULL,
    CALL_TYPE       VARCHAR,                      -- discovery, demo, pricing, ...; null when the reader cannot tell
    DEAL_HEALTH     NUMBER(3, 0),                 -- 0 (dead) to 100 (will sign); null for a call that is about no deal
    DEAL_HEALTH_WHY VARIANT NOT NULL,             -- array of what and sentences, strongest first
    SUMMARY         VARCHAR NOT NULL,             -- empty when nothing was read
    REQUESTS        NUMBER(10, 0) NOT NULL,       -- to another machine
    FAILED          VARIANT NOT NULL,             -- array of part, why and is_retryable: what could not be read
    IS_RETRYABLE    BOOLEAN NOT NULL,             -- whether reading again may give more
    READING         VARIANT NOT NULL              -- all of it
)
COMMENT = 'What readers understood of calls: one row a call, transcript and reader';

-- A row an item. WHAT is in the reader's words, SENTENCES an array of sentence indices. SUBKIND is the kind of pushback
-- and moments and the element of qualification; OWNER the PARTY_ID of a participant, or both.
CREATE OR REPLACE VIEW CALL_READING_ITEMS COPY GRANTS AS
SELECT
    R.CALL_ID,
    R.TRANSCRIPT_SHA,
    R.BACKEND,
    R.MODEL,
    CASE P.KEY
        WHEN 'next_steps' THEN 'next_step'
        WHEN 'competitors' THEN 'competitor'
        WHEN 'pains' THEN 'pain'
        WHEN 'moments' THEN 'moment'
        ELSE P.KEY
    END AS KIND,
    CASE P.KEY WHEN 'qualification' THEN I.KEY ELSE I.VALUE:kind::VARCHAR END AS SUBKIND,
    CASE P.KEY
        WHEN 'competitors' THEN I.VALUE:name::VARCHAR
        WHEN 'qualification' THEN ARRAY_TO_STRING(I.VALUE:what::ARRAY, '; ')
        ELSE I.VALUE:what::VARCHAR
    END AS WHAT,
    I.VALUE:owner::VARCHAR AS OWNER,
    I.VALUE:due::VARCHAR::DATE AS DUE,
    I.VALUE:due_said::VARCHAR AS DUE_SAID,
    COALESCE(I.VALUE:status::VARCHAR, I.VALUE:state::VARCHAR) AS STATUS,
    I.VALUE:handling::VARCHAR AS HANDLING,
    I.VALUE:severity::NUMBER AS SEVERITY,
    I.VALUE:stance::VARCHAR AS STANCE,
    I.VALUE:impact::VARCHAR AS IMPACT,
    I.VALUE:better::VARCHAR AS BETTER,
    I.VALUE:confidence:value::FLOAT AS CONFIDENCE,
    I.VALUE:sentences AS SENTENCES
FROM CALL_READINGS AS R,
    LATERAL FLATTEN(INPUT => R.READING) AS P,
    LATERAL FLATTEN(INPUT => P.VALUE) AS I
WHERE P.KEY IN (
        'next_steps', 'pushback', 'competitors', 'pricing', 'decision', 'timeline', 'praise', 'pains', 'qualification',
        'moments'
    );

-- What is to happen after calls, by whom and by when. A row a step and reader.
CREATE OR REPLACE VIEW VW_NEXT_STEPS COPY GRANTS AS
SELECT
    C.CALL_ID,
    C.CALL_TITLE,
    C.CALL_DATETIME_UTC,
    C.CALL_URL,
    C.PRIMARY_USER_NAME,
    C.HUBSPOT_DEAL_ID,
    I.WHAT,
    I.OWNER,
    P.PARTICIPANT_NAME AS OWNER_NAME,
    I.DUE,
    I.DUE_SAID,
    I.STATUS,
    I.CONFIDENCE,
    I.SENTENCES,
    I.BACKEND,
    I.MODEL
FROM CALL_READING_ITEMS AS I
INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = I.CALL_ID AND C.SENTENCES_SHA = I.TRANSCRIPT_SHA
LEFT JOIN STG_GONG_CALL_PARTICIPANTS AS P
    ON P.CALL_ID = C.CALL_ID AND COALESCE(P.PARTY_ID, P.SPEAKER_ID, P.USER_ID, P.PARTICIPANT_EMAIL) = I.OWNER
WHERE I.KIND = 'next_step' AND C.DELETED_AT IS NULL;

-- What stands in the way, and how it was answered. A row an item and reader.
CREATE OR REPLACE VIEW VW_PUSHBACK COPY GRANTS AS
SELECT
    C.CALL_ID,
    C.CALL_TITLE,
    C.CALL_DATETIME_UTC,
    C.CALL_URL,
    C.PRIMARY_USER_NAME,
    C.HUBSPOT_DEAL_ID,
    I.SUBKIND AS PUSHBACK_KIND,
    I.WHAT,
    I.SEVERITY,
    I.HANDLING,
    I.CONFIDENCE,
    I.SENTENCES,
    I.BACKEND,
    I.MODEL
FROM CALL_READING_ITEMS AS I
INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = I.CALL_ID AND C.SENTENCES_SHA = I.TRANSCRIPT_SHA
WHERE I.KIND = 'pushback' AND C.DELETED_AT IS NULL;
