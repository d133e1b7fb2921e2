-- Whom calls are read by within Snowflake. What it is told is what `CortexSql::read` tells it: `snowflake_setup apply
-- --with ai` writes the row, criteria, schema and version included, from the same settings.
--
-- ENABLED is the switch; one reader is on at a time. MOST_CALLS bounds what a run spends.
CREATE TABLE IF NOT EXISTS GONG_AI_READER (
    BACKEND         VARCHAR NOT NULL,             -- with the version of the criteria
    MODEL           VARCHAR NOT NULL,
    PROMPT_BEFORE   VARCHAR NOT NULL,             -- {fence} is the name of the fence around the call
    PROMPT_AFTER    VARCHAR NOT NULL,
    PARAMETERS      VARCHAR NOT NULL,             -- JSON: how the model answers, room for the answer included
    RESPONSE_FORMAT VARCHAR NOT NULL,             -- JSON: the schema of the answer
    PENDING         VARIANT NOT NULL,             -- a reading that is still to be made
    MOST_SENTENCES  NUMBER(9, 0) NOT NULL,        -- longer calls are left to the client, which reads them in parts
    MOST_ATTEMPTS   NUMBER(4, 0) NOT NULL,
    BATCH_CALLS     NUMBER(9, 0) NOT NULL,        -- what is lost when a statement is cut off
    MOST_CALLS      NUMBER(9, 0) NOT NULL,        -- a run asks about at most
    ENABLED         BOOLEAN NOT NULL
);

-- Calls that lack a reading by the reader that is on, and that may still be asked about: also those that somebody asks
-- about at the moment, or that were refused less than an hour ago. A comparison of hashes, for which no sentence is read.
CREATE OR REPLACE VIEW GONG_AI_WAITING COPY GRANTS AS
SELECT
    C.CALL_ID,
    C.CALL_DATETIME_UTC,
    C.SENTENCES_SHA AS TRANSCRIPT_SHA,
    S.BACKEND,
    S.MODEL,
    S.PENDING,
    S.BATCH_CALLS,
    S.MOST_CALLS,
    R.CLAIMED_AT
FROM STG_GONG_CALLS AS C
INNER JOIN GONG_AI_READER AS S ON S.ENABLED AND C.SENTENCE_COUNT BETWEEN 1 AND S.MOST_SENTENCES
LEFT JOIN CALL_READINGS AS R
    ON R.CALL_ID = C.CALL_ID
    AND R.TRANSCRIPT_SHA = C.SENTENCES_SHA
    AND R.BACKEND = S.BACKEND
    AND R.MODEL = S.MODEL
WHERE C.DELETED_AT IS NULL
    AND C.SENTENCES_SHA IS NOT NULL
    AND (R.CALL_ID IS NULL OR (R.IS_RETRYABLE AND R.ANSWER IS NULL AND R.REQUESTS < S.MOST_ATTEMPTS));

-- The prompts of calls that are claimed and not answered. What was said is data in it: a JSON object a line, between
-- marker lines whose name nobody can guess, and no angle bracket can look like a marker.
CREATE OR REPLACE VIEW GONG_AI_PROMPTS COPY GRANTS AS
WITH CLAIMED AS (
    SELECT R.CALL_ID, R.TRANSCRIPT_SHA, R.BACKEND, R.MODEL, R.CLAIM_ID, S.PROMPT_BEFORE, S.PROMPT_AFTER
    FROM CALL_READINGS AS R
    INNER JOIN GONG_AI_READER AS S ON S.BACKEND = R.BACKEND AND S.MODEL = R.MODEL
    WHERE R.CLAIM_ID IS NOT NULL AND R.ANSWER IS NULL AND R.IS_RETRYABLE
),

-- Who takes part, by the id of a reading.
PARTIES AS (
    SELECT
        P.CALL_ID,
        P.PARTICIPANT_INDEX,
        P.SPEAKER_ID,
        P.USER_ID,
        COALESCE(P.PARTY_ID, P.SPEAKER_ID, P.USER_ID) AS PERSON_ID,
        P.PARTICIPANT_NAME,
        P.PARTICIPANT_TITLE,
        CASE P.AFFILIATION WHEN 'Internal' THEN 'seller' WHEN 'External' THEN 'customer' END AS SIDE
    FROM STG_GONG_CALL_PARTICIPANTS AS P
    WHERE P.CALL_ID IN (SELECT CALL_ID FROM CLAIMED) AND COALESCE(P.PARTY_ID, P.SPEAKER_ID, P.USER_ID) IS NOT NULL
),

VOICES AS (
    SELECT CALL_ID, SPEAKER_ID, PERSON_ID, SIDE
    FROM PARTIES
    WHERE SPEAKER_ID IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (PARTITION BY CALL_ID, SPEAKER_ID ORDER BY PARTICIPANT_INDEX) = 1
),

SAID AS (
    SELECT
        T.CALL_ID,
        T.SENTENCE_INDEX,
        T.TRANSCRIPT_TEXT,
        COALESCE(V.PERSON_ID, T.SPEAKER_ID, 'unknown') AS PERSON_ID,
        V.SIDE
    FROM STG_GONG_CALL_TRANSCRIPTS AS T
    LEFT JOIN VOICES AS V ON V.CALL_ID = T.CALL_ID AND V.SPEAKER_ID = T.SPEAKER_ID
    WHERE T.CALL_ID IN (SELECT CALL_ID FROM CLAIMED)
),

-- Ids that are long cost tokens and are copied wrongly: people have numbers then.
PEOPLE AS (
    SELECT
        CALL_ID,
        PERSON_ID,
        IFF(
            MAX(LENGTH(PERSON_ID)) OVER (PARTITION BY CALL_ID) <= 12,
            PERSON_ID,
            'p' || ROW_NUMBER() OVER (PARTITION BY CALL_ID ORDER BY PLACE)
        ) AS PERSON_KEY
    FROM (
        SELECT CALL_ID, PERSON_ID, MIN(PLACE) AS PLACE
        FROM (
            SELECT CALL_ID, PERSON_ID, PARTICIPANT_INDEX AS PLACE FROM PARTIES
            UNION ALL
            SELECT CALL_ID, PERSON_ID, 1000000 + SENTENCE_INDEX FROM SAID
        ) AS NAMED
        GROUP BY CALL_ID, PERSON_ID
    ) AS PLACED
),

LINES AS (
    SELECT
        S.CALL_ID,
        LISTAGG(
            TO_JSON(OBJECT_CONSTRUCT('by', K.PERSON_KEY, 'line', S.SENTENCE_INDEX, 'side', S.SIDE, 'text', S.TRANSCRIPT_TEXT)),
            '\n'
        ) WITHIN GROUP (ORDER BY S.SENTENCE_INDEX) AS SENTENCES
    FROM SAID AS S
    INNER JOIN PEOPLE AS K ON K.CALL_ID = S.CALL_ID AND K.PERSON_ID = S.PERSON_ID
    GROUP BY S.CALL_ID
),

KNOWN_PARTIES AS (
    SELECT
        P.CALL_ID,
        ARRAY_AGG(
            OBJECT_CONSTRUCT(
                'id', K.PERSON_KEY, 'name', COALESCE(P.PARTICIPANT_NAME, ''), 'side', P.SIDE, 'role', P.PARTICIPANT_TITLE
            )
        ) WITHIN GROUP (ORDER BY P.PARTICIPANT_INDEX) AS PARTIES
    FROM PARTIES AS P
    INNER JOIN PEOPLE AS K ON K.CALL_ID = P.CALL_ID AND K.PERSON_ID = P.PERSON_ID
    GROUP BY P.CALL_ID
),

HOSTS AS (
    SELECT C.CALL_ID, MIN(K.PERSON_KEY) AS HOST
    FROM STG_GONG_CALLS AS C
    INNER JOIN PARTIES AS P ON P.CALL_ID = C.CALL_ID AND P.USER_ID = C.PRIMARY_USER_ID
    INNER JOIN PEOPLE AS K ON K.CALL_ID = P.CALL_ID AND K.PERSON_ID = P.PERSON_ID
    GROUP BY C.CALL_ID
)

SELECT
    R.CALL_ID,
    R.TRANSCRIPT_SHA,
    R.BACKEND,
    R.MODEL,
    R.CLAIM_ID,
    REPLACE(R.PROMPT_BEFORE, '{fence}', 'call-' || R.CLAIM_ID)
    || REPLACE(
        REPLACE(
            TO_JSON(
                OBJECT_CONSTRUCT(
                    'date', LEFT(TO_CHAR(C.CALL_DATETIME_UTC, 'YYYY-MM-DD'), 10),
                    'weekday', CASE DAYOFWEEKISO(C.CALL_DATETIME_UTC)
                        WHEN 1 THEN 'Monday' WHEN 2 THEN 'Tuesday' WHEN 3 THEN 'Wednesday' WHEN 4 THEN 'Thursday'
                        WHEN 5 THEN 'Friday' WHEN 6 THEN 'Saturday' ELSE 'Sunday' END,
                    'title', COALESCE(C.CALL_TITLE, ''),
                    'language', IFF(
                        LOWER(SPLIT_PART(REPLACE(C.CALL_LANGUAGE, '_', '-'), '-', 1)) = 'eng',
                        'en',
                        LOWER(SPLIT_PART(REPLACE(C.CALL_LANGUAGE, '_', '-'), '-', 1))
                    ),
                    'deal', IFF(
                        C.HUBSPOT_DEAL_ID IS NULL,
                        NULL,
                        OBJECT_CONSTRUCT(
                            'name', C.DEAL_NAME, 'amount', C.DEAL_AMOUNT::FLOAT, 'currency', C.DEAL_CURRENCY, 'stage', C.DEAL_STAGE_AT_CALL
                        )
                    ),
                    'parties', N.PARTIES,
                    'host', H.HOST
                )
            ) || '\n' || L.SENTENCES,
            '<',
            '\\u003c'
        ),
        '>',
        '\\u003e'
    )
    || REPLACE(R.PROMPT_AFTER, '{fence}', 'call-' || R.CLAIM_ID) AS PROMPT
FROM CLAIMED AS R
INNER JOIN VW_ENRICHED_GONG_CALLS AS C ON C.CALL_ID = R.CALL_ID
INNER JOIN LINES AS L ON L.CALL_ID = R.CALL_ID
LEFT JOIN KNOWN_PARTIES AS N ON N.CALL_ID = R.CALL_ID
LEFT JOIN HOSTS AS H ON H.CALL_ID = R.CALL_ID;
