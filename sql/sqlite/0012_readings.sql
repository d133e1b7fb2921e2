-- What readers understood of calls: one row a call, transcript and reader. The items of a reading are rows of a view.

CREATE TABLE CALL_READINGS (
    CALL_ID         TEXT NOT NULL,
    TRANSCRIPT_SHA  TEXT NOT NULL,                -- SENTENCES_SHA of what was read
    BACKEND         TEXT NOT NULL,                -- who read
    MODEL           TEXT NOT NULL,                -- with its version and that of what it was told
    READ_AT         TEXT NOT NULL,
    CALL_TYPE       TEXT,                         -- discovery, demo, pricing, ...; null when the reader cannot tell
    DEAL_HEALTH     INTEGER,                      -- 0 (dead) to 100 (will sign); null for a call that is about no deal
    DEAL_HEALTH_WHY TEXT NOT NULL,                -- JSON array of what and sentences, strongest first
    SUMMARY         TEXT NOT NULL,                -- empty when nothing was read
    REQUESTS        INTEGER NOT NULL,             -- to another machine
    FAILED          TEXT NOT NULL,                -- JSON array of part, why and is_retryable: what could not be read
    IS_RETRYABLE    INTEGER NOT NULL,             -- whether reading again may give more
    READING         TEXT NOT NULL,                -- JSON: all of it
    PRIMARY KEY (CALL_ID, TRANSCRIPT_SHA, BACKEND, MODEL)
) STRICT;

-- A reading speaks of sentences: it goes when they are others, and with its call.
CREATE TRIGGER CALL_READINGS_OF_A_CHANGED_TRANSCRIPT
AFTER UPDATE OF SENTENCES_SHA ON STG_GONG_CALLS
WHEN OLD.SENTENCES_SHA IS NOT NEW.SENTENCES_SHA
BEGIN
    DELETE FROM CALL_READINGS WHERE CALL_ID = OLD.CALL_ID;
END;

CREATE TRIGGER CALL_READINGS_OF_A_REMOVED_CALL
AFTER DELETE ON STG_GONG_CALLS
BEGIN
    DELETE FROM CALL_READINGS WHERE CALL_ID = OLD.CALL_ID;
END;

-- A row an item. WHAT is in the reader's words, of qualification a JSON array of them; SENTENCES are sentence indices.
CREATE VIEW CALL_READING_ITEMS AS
SELECT
    R.CALL_ID,
    R.TRANSCRIPT_SHA,
    R.BACKEND,
    R.MODEL,
    CASE P.key
        WHEN 'next_steps' THEN 'next_step'
        WHEN 'competitors' THEN 'competitor'
        WHEN 'pains' THEN 'pain'
        WHEN 'moments' THEN 'moment'
        ELSE P.key
    END AS KIND,
    -- Of pushback and moments their kind, of qualification the element.
    CASE P.key WHEN 'qualification' THEN I.key ELSE JSON_EXTRACT(I.value, '$.kind') END AS SUBKIND,
    CASE P.key
        WHEN 'competitors' THEN JSON_EXTRACT(I.value, '$.name')
        ELSE JSON_EXTRACT(I.value, '$.what')
    END AS WHAT,
    JSON_EXTRACT(I.value, '$.owner') AS OWNER,    -- PARTY_ID of a participant, or both
    JSON_EXTRACT(I.value, '$.due') AS DUE,
    JSON_EXTRACT(I.value, '$.due_said') AS DUE_SAID,
    COALESCE(JSON_EXTRACT(I.value, '$.status'), JSON_EXTRACT(I.value, '$.state')) AS STATUS,
    JSON_EXTRACT(I.value, '$.handling') AS HANDLING,
    JSON_EXTRACT(I.value, '$.severity') AS SEVERITY,
    JSON_EXTRACT(I.value, '$.stance') AS STANCE,
    JSON_EXTRACT(I.value, '$.impact') AS IMPACT,
    JSON_EXTRACT(I.value, '$.better') AS BETTER,
    JSON_EXTRACT(I.value, '$.confidence.value') AS CONFIDENCE,
    JSON_EXTRACT(I.value, '$.sentences') AS SENTENCES
FROM CALL_READINGS AS R, JSON_EACH(R.READING) AS P, JSON_EACH(P.value) AS I
WHERE P.key IN (
    'next_steps', 'pushback', 'competitors', 'pricing', 'decision', 'timeline', 'praise', 'pains', 'qualification',
    'moments'
);

-- What is to happen after calls, by whom and by when. A row a step and reader.
CREATE VIEW VW_NEXT_STEPS AS
SELECT
    C.CALL_ID,
    C.CALL_TITLE,
    C.CALL_DATETIME_UTC,
    C.CALL_URL,
    C.PRIMARY_USER_NAME,
    C.HUBSPOT_DEAL_ID,
    I.WHAT,
    I.OWNER,
    (
        SELECT P.PARTICIPANT_NAME
        FROM STG_GONG_CALL_PARTICIPANTS AS P
        WHERE P.CALL_ID = C.CALL_ID AND COALESCE(P.PARTY_ID, P.SPEAKER_ID, P.USER_ID) = I.OWNER
        LIMIT 1
    ) AS OWNER_NAME,
    I.DUE,
    I.DUE_SAID,
    I.STATUS,
    I.CONFIDENCE,
    I.SENTENCES,
    I.BACKEND,
    I.MODEL
FROM CALL_READING_ITEMS AS I
INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = I.CALL_ID AND C.SENTENCES_SHA = I.TRANSCRIPT_SHA
WHERE I.KIND = 'next_step' AND C.DELETED_AT IS NULL;

-- What stands in the way, and how it was answered. A row an item and reader.
CREATE VIEW VW_PUSHBACK AS
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
